# SPDX-License-Identifier: Apache-2.0
"""Two records that turn out to be one customer are merged, and a merge can be undone exactly.

Rows of other packages keep pointing at the record that went: `selectors.identities_of` finds them all. So a merge in
the middle of a call, or beside an open ticket, changes nothing for either.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.customers import indexing, moments
from zuoxi.customers.changing import Business, Refused, identity_index, write_changes
from zuoxi.customers.facts import CustomerTold
from zuoxi.customers.models import ContactNumber, Customer, Merge
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.vault import encryption
from zuoxi.vault import services as vault

CHOICES: Final = (
    "name",
    "kind",
    "grade",
    "source",
    "seller",
    "language",
    "parent",
    "identity",
    "birthday",
    "note",
)
KEPT, GONE, BOTH = "kept", "gone", "both"


def _snapshot(one: Customer) -> dict[str, Any]:
    """What a merge may change of a record, as JSON; the identity document itself stays where it is sealed."""
    return {
        "name": one.name,
        "kind": one.kind,
        "unknown": one.unknown,
        "grade": one.grade,
        "source": one.source,
        "seller": one.seller_id,
        "language": one.language,
        "parent": one.parent_id,
        "identity_kind": one.identity_kind,
        "birthday": one.birthday.isoformat() if one.birthday else None,
        "tags": one.tags,
        "note": one.note,
        "changed_at": one.changed_at.isoformat(),
    }


def _locked(*ids: int) -> dict[int, Customer]:
    """Both rows, locked in the order of their ids, so that two merges at once wait instead of standing still."""
    rows = Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {one.pk: one for one in rows}


@enforces("CUS-016")
@transaction.atomic
def merge_customers(kept_id: int, gone_id: int, *, chosen: Mapping[str, str], by: Staff | None, now: datetime) -> Merge:
    """`chosen`: for each field of `CHOICES` "kept" or "gone" (default: what is not empty, of `kept` first); the note
    may be "both". Tags are joined, numbers go to `kept`. Raises Refused when one was merged away meanwhile.
    """
    rows = _locked(kept_id, gone_id)
    if kept_id == gone_id or len(rows) != 2:
        raise Refused(_("Choose two different customers."))
    kept, gone = rows[kept_id], rows[gone_id]
    if kept.merged_into_id or gone.merged_into_id:
        raise Refused(_("One of the two was merged meanwhile. Open the one that stands."))
    picked = {field: _picked(field, kept, gone, chosen.get(field, "")) for field in CHOICES}
    moved = {
        "numbers": list(ContactNumber.objects.filter(customer=gone).values_list("pk", flat=True)),
        "same": list(Customer.objects.filter(merged_into=gone).values_list("pk", flat=True)),
        "members": list(Customer.objects.filter(parent=gone).values_list("pk", flat=True)),
        "identity": picked["identity"] == GONE,
    }
    before = {KEPT: _snapshot(kept), GONE: _snapshot(gone), "identity": _sealed_hex(kept)}
    values = _values(kept, gone, picked)
    different = {field: value for field, value in values.items() if getattr(kept, field) != value}
    merge = Merge.objects.create(kept=kept, gone=gone, before=before, chosen=picked, moved=moved, at=now, by=by)
    _apply(merge, kept, gone, different)
    return merge


def _apply(merge: Merge, kept: Customer, gone: Customer, different: Mapping[str, Any]) -> None:
    moved, by, now = merge.moved, merge.by, merge.at
    write_changes(kept, different, by=by, now=now, business=Business("merge", str(merge.pk)))
    for field, value in different.items():
        setattr(kept, field, value)
    if "identity" in different:
        kept.identity_index, kept.identity_kind = gone.identity_index, gone.identity_kind
    kept.changed_at, gone.merged_into = now, kept
    kept.unknown = kept.unknown and gone.unknown
    if kept.parent_id == gone.pk:
        kept.parent = None
    kept.save()
    indexing.put(kept)
    gone.save(update_fields=["merged_into"])
    ContactNumber.objects.filter(pk__in=moved["numbers"]).update(customer=kept)
    Customer.objects.filter(pk__in=moved["same"]).update(merged_into=kept)
    Customer.objects.filter(pk__in=moved["members"]).exclude(pk=kept.pk).update(parent=kept)
    vault.record("customers.merged", who=by.code if by else "", on=("customer", kept.pk), gone=gone.pk, merge=merge.pk)
    moments.MERGED.tell(CustomerTold(gone.pk, now, by.code if by else "", kept.pk))


def _picked(field: str, kept: Customer, gone: Customer, wish: str) -> str:
    if wish == BOTH and field == "note":
        return BOTH
    if wish in (KEPT, GONE):
        return wish
    return GONE if not getattr(kept, field) and getattr(gone, field) else KEPT


def _values(kept: Customer, gone: Customer, picked: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        field: getattr(gone if picked[field] == GONE else kept, field) for field in CHOICES if picked[field] != BOTH
    }
    if picked["note"] == BOTH:
        values["note"] = "\n".join(filter(None, (kept.note, gone.note)))
    values["tags"] = list(dict.fromkeys([*kept.tags, *gone.tags]))
    return values


def _sealed_hex(one: Customer) -> str:
    """The identity document sealed for the merge's record: plain text must not stand in a JSON column."""
    return encryption.seal(one.identity.encode(), f"customers.merge:{one.pk}").hex() if one.identity else ""


def _opened(sealed: str, customer_id: int) -> str | None:
    return encryption.unseal(bytes.fromhex(sealed), f"customers.merge:{customer_id}").decode() if sealed else None


@enforces("CUS-016")
@transaction.atomic
def undo_merge(merge_id: int, *, by: Staff | None, now: datetime) -> Merge:
    """Put both back as they were before: values, numbers, who stood behind whom.

    A field that was changed after the merge keeps its new value in `kept`. Raises Refused when it was undone before or
    when `kept` itself was merged on meanwhile (that merge is undone first).
    """
    merge = Merge.objects.select_for_update().get(pk=merge_id)
    if merge.undone_at:
        raise Refused(_("This merge was undone before."))
    rows = _locked(merge.kept_id, merge.gone_id)
    kept, gone = rows[merge.kept_id], rows[merge.gone_id]
    if gone.merged_into_id != kept.pk:
        raise Refused(_("The customer was merged again since. Undo the later merge first."))
    later = Merge.objects.filter(kept=kept, undone_at=None, pk__gt=merge.pk).exists()
    if later:
        raise Refused(_("Another record was merged into this customer since. Undo that merge first."))
    _put_back(kept, merge, now)
    Customer.objects.filter(pk=gone.pk).update(merged_into=None)
    ContactNumber.objects.filter(pk__in=merge.moved["numbers"], customer=kept).update(customer=gone)
    Customer.objects.filter(pk__in=merge.moved["same"], merged_into=kept).update(merged_into=gone)
    Customer.objects.filter(pk__in=merge.moved["members"], parent=kept).update(parent=gone)
    merge.undone_at, merge.undone_by = now, by
    merge.save(update_fields=["undone_at", "undone_by"])
    vault.record(
        "customers.merge.undone", who=by.code if by else "", on=("customer", kept.pk), gone=gone.pk, merge=merge.pk
    )
    return merge


def _put_back(kept: Customer, merge: Merge, now: datetime) -> None:
    """Each field that the merge set and nobody changed since gets its value of before."""
    before = merge.before[KEPT]
    since = set(kept.changes.filter(at__gt=merge.at).values_list("field", flat=True))
    for field, value in before.items():
        name = f"{field}_id" if field in ("seller", "parent") else field
        if field in since or field == "changed_at":
            continue
        setattr(kept, name, date.fromisoformat(value) if field == "birthday" and value else value)
    if merge.moved["identity"] and "identity" not in since:
        kept.identity = _opened(merge.before["identity"], kept.pk)
        kept.identity_index = identity_index(kept.identity) if kept.identity else None
    kept.changed_at = datetime.fromisoformat(before["changed_at"]) if not since else now
    kept.save()
    indexing.put(kept)
