# SPDX-License-Identifier: Apache-2.0
"""Writing customers down and changing them; every changed field leaves a line with the business it belonged to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.customers import indexing, moments
from zuoxi.customers.facts import CustomerTold
from zuoxi.customers.models import Address, ContactNumber, Customer, FieldChange
from zuoxi.customers.numbers import apart, canonical, parsed
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces, records
from zuoxi.vault import encryption, masking
from zuoxi.vault import services as vault

PLAIN: Final = (
    "name",
    "kind",
    "grade",
    "source",
    "seller",
    "language",
    "parent",
    "identity_kind",
    "birthday",
    "tags",
    "note",
    "unknown",
)
ADDRESS_PARTS: Final = ("province", "city", "district", "community", "building", "unit", "room", "line")
MOST_TAGS: Final = 12
MOST_CHANGED: Final = 2000


class Refused(ValueError):
    """It was not done; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Business:
    """What a change belonged to: a call, a ticket, an order …, by its number or id. Nothing: it will be looked at."""

    kind: str = ""
    number: str = ""


NO_BUSINESS = Business()


def tidy_tags(tags: list[str]) -> list[str]:
    """Short, once each, in their order."""
    return list(dict.fromkeys(tag.strip()[:20] for tag in tags if tag.strip()))[:MOST_TAGS]


def identity_index(number: str) -> bytes:
    return encryption.blind_index(number.strip().upper(), "customers.identity")


@transaction.atomic
def save_customer(
    customer: Customer | None,
    *,
    name: str,
    tags: list[str],
    note: str,
    by: Staff | None,
    now: datetime,
    number: str = "",
    business: Business = NO_BUSINESS,
    **more: Any,
) -> Customer:
    """Make a customer or change one; `more` are further fields of `PLAIN`, and `identity`.

    `number` is one more number of his; raises Refused, with nothing saved, where it is none or another's.
    """
    values = {"name": name, "tags": tags, "note": note, **more}
    if customer is not None:
        changed = change_customer(customer, values, by=by, now=now, business=business)
    else:
        changed = Customer(made_by=by, made_at=now, changed_at=now)
        _lay(changed, _cleaned(values))
        changed.save()
        vault.record("customers.made", who=by.code if by else "", on=("customer", changed.pk), at=now)
        moments.MADE.tell(CustomerTold(changed.pk, now, by.code if by else ""))
    if number:
        if customer is None:
            _add_number(changed, number, "")
        else:
            add_number(changed, number, by=by, now=now, business=business)
    return changed


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises Refused for a field that there is not."""
    kept: dict[str, Any] = {}
    for field, value in values.items():
        if field not in PLAIN and field != "identity":
            raise Refused(_("There is no field “%(field)s”.") % {"field": field})
        if field == "tags":
            kept[field] = tidy_tags(list(value))
        elif field == "note":
            kept[field] = str(value).strip()[:MOST_CHANGED]
        elif isinstance(value, str):
            kept[field] = value.strip()[:80]
        else:
            kept[field] = value
    return kept


def _lay(customer: Customer, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        if field == "identity":
            customer.identity = value or None
            customer.identity_index = identity_index(value) if value else None
        else:
            setattr(customer, field, value)


def shown_value(field: str, value: Any) -> str:
    """A value as the log of changes keeps it: what could be misused is masked."""
    if value is None or value == "":
        return ""
    if field == "identity":
        return masking.identity(str(value))
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, Staff):
        return value.code
    if isinstance(value, Customer):
        return str(value.pk)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


@enforces("CUS-002")
@transaction.atomic
def change_customer(
    customer: Customer,
    values: Mapping[str, Any],
    *,
    by: Staff | None,
    now: datetime,
    business: Business = NO_BUSINESS,
) -> Customer:
    """Change fields and write down each, from what to what, and the business it belonged to (CUS-002).

    A merged customer is not changed: raises Refused and names who stands for him. Nothing changed writes nothing.
    """
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    if held.merged_into_id:
        raise Refused(_("This record was merged into another one meanwhile. Open that one."))
    wanted = _cleaned(values)
    if wanted.get("parent") == held:
        raise Refused(_("Nobody belongs to himself. Choose another household or company."))
    different = {field: value for field, value in wanted.items() if getattr(held, field) != value}
    if not different:
        return held
    write_changes(held, different, by=by, now=now, business=business)
    _lay(held, different)
    held.changed_at = now
    if different.get("name"):
        held.unknown = False
    held.save()
    if "name" in different or "tags" in different:
        indexing.put(held)
    fields = sorted(different)
    vault.record(
        "customers.changed",
        who=by.code if by else "",
        on=("customer", held.pk),
        purpose=" ".join(filter(None, (business.kind, business.number))),
        at=now,
        fields=fields,
    )
    moments.CHANGED.tell(CustomerTold(held.pk, now, by.code if by else ""))
    return held


@records("CUS-002")
def write_changes(
    customer: Customer, values: Mapping[str, Any], *, by: Staff | None, now: datetime, business: Business
) -> None:
    """One line for each field that is about to get another value."""
    FieldChange.objects.bulk_create(
        FieldChange(
            customer=customer,
            field=field,
            old=shown_value(field, getattr(customer, field)),
            new=shown_value(field, value),
            at=now,
            by=by,
            reference_kind=business.kind,
            reference=business.number[:64],
        )
        for field, value in values.items()
    )


def _log(
    customer: Customer, field: str, change: tuple[str, str], *, by: Staff | None, now: datetime, of: Business
) -> None:
    FieldChange.objects.create(
        customer=customer,
        field=field,
        old=change[0],
        new=change[1],
        at=now,
        by=by,
        reference_kind=of.kind,
        reference=of.number[:64],
    )


def _add_number(customer: Customer, number: str, label: str) -> ContactNumber:
    said = parsed(number)
    if not said.valid:
        raise Refused(str(said.problem))
    standing = ContactNumber.objects.filter(number=said.national, extension=said.extension).first()
    if standing and standing.customer_id != customer.pk:
        raise Refused(_("Another customer has this number. Open that one instead."))
    if standing:
        return standing
    try:
        with transaction.atomic():
            return ContactNumber.objects.create(
                customer=customer, number=said.national, extension=said.extension, label=label.strip()[:20]
            )
    except IntegrityError:  # a colleague wrote the same number down in the same second
        raise Refused(_("Another customer has this number. Open that one instead.")) from None


@enforces("CUS-001")
@transaction.atomic
def add_number(
    customer: Customer,
    number: str,
    label: str = "",
    *,
    by: Staff | None = None,
    now: datetime | None = None,
    business: Business = NO_BUSINESS,
) -> ContactNumber:
    """Raises Refused for a number that is none or that another customer has."""
    before = ContactNumber.objects.filter(customer=customer).count()
    made = _add_number(customer, number, label)
    if now is not None and ContactNumber.objects.filter(customer=customer).count() > before:
        _log(customer, "number", ("", masking.phone(made.number)), by=by, now=now, of=business)
    return made


@transaction.atomic
def drop_number(
    customer: Customer,
    number_id: int,
    *,
    by: Staff | None = None,
    now: datetime | None = None,
    business: Business = NO_BUSINESS,
) -> None:
    found = ContactNumber.objects.filter(customer=customer, pk=number_id).first()
    if found is None:
        return
    if now is not None:
        _log(customer, "number", (masking.phone(found.number), ""), by=by, now=now, of=business)
    found.delete()


_PARTS_OF_A_HOUSE = re.compile("号楼|单元|小区|栋|幢|室|号|座|层|楼")


def likeness_of(parts: Mapping[str, str]) -> str:
    """What two spellings of one address have in common: no spaces and signs but between figures, no words for
    building, unit and room. 3号楼2单元501室 and 3-2-501 are alike, 32-501 is another.
    """
    text = _PARTS_OF_A_HOUSE.sub("-", "-".join(parts.get(part, "") for part in ADDRESS_PARTS))
    kept = re.sub(r"[\W_]+", "-", text).lower()
    return re.sub(r"(?<![0-9])-|-(?![0-9])", "", kept)[:120]


@transaction.atomic
def add_address(
    customer: Customer,
    parts: Mapping[str, str],
    *,
    by: Staff | None,
    now: datetime,
    label: str = "",
    preferred: bool = False,
    business: Business = NO_BUSINESS,
) -> Address:
    """One more address; the same again is not kept twice. Raises Refused for one in which nothing stands."""
    kept = {part: str(parts.get(part, "")).strip() for part in ADDRESS_PARTS}
    likeness = likeness_of(kept)
    if not likeness:
        raise Refused(_("Write the address: at least a street or a community."))
    standing = Address.objects.filter(customer=customer, likeness=likeness).first()
    if standing is None:
        first = not Address.objects.filter(customer=customer).exists()
        standing = Address.objects.create(
            customer=customer, likeness=likeness, label=label.strip()[:20], preferred=first, **kept
        )
        _log(customer, "address", ("", masking.address(standing.written)), by=by, now=now, of=business)
    if preferred and not standing.preferred:
        Address.objects.filter(customer=customer, preferred=True).update(preferred=False)
        standing.preferred = True
        standing.save(update_fields=["preferred"])
    return standing


@transaction.atomic
def drop_address(
    customer: Customer, address_id: int, *, by: Staff | None, now: datetime, business: Business = NO_BUSINESS
) -> None:
    found = Address.objects.filter(customer=customer, pk=address_id).first()
    if found is not None:
        _log(customer, "address", (masking.address(found.written), ""), by=by, now=now, of=business)
        found.delete()


@transaction.atomic
def ensure_customer(number: str, name: str = "", *, by: Staff | None = None, now: datetime) -> Customer:
    """The customer with that number, made when there is none. Raises Refused for what is no number."""
    bare = canonical(apart(number)[0])
    found = ContactNumber.objects.select_related("customer").filter(number=bare).order_by("extension").first()
    if bare and found:
        return found.customer
    try:
        with transaction.atomic():
            return save_customer(None, name=name, tags=[], note="", by=by, now=now, number=number, unknown=not name)
    except Refused:
        again = ContactNumber.objects.select_related("customer").filter(number=bare).first()
        if bare and again:
            return again.customer
        raise


@enforces("CUS-001")
def write_down_unknown(*, call: str, by: Staff | None, now: datetime) -> Customer:
    """A customer for a caller who withheld number and name, to be merged when it turns out who it was."""
    note = _("Unknown caller, call %(call)s") % {"call": call}
    return save_customer(
        None, name="", tags=[], note=note, by=by, now=now, unknown=True, business=Business("call", call)
    )


@transaction.atomic
def look_at_change(change_id: int, *, verdict: str, by: Staff, now: datetime) -> bool:
    """Note that a manager looked at a change without business; False when a colleague did so before."""
    seen = FieldChange.objects.filter(pk=change_id, seen_at=None)
    if not seen.update(seen_at=now, seen_by=by, verdict=verdict.strip()[:200]):
        return False
    vault.record("customers.change.seen", who=by.code, on=("customer.change", change_id), purpose=verdict.strip())
    return True


def reveal_number(number: ContactNumber, *, by: Staff | None, purpose: str, ip: str | None) -> str:
    """The whole number, after the purpose has been written into the audit chain; raises Refused without one."""
    _say_purpose("customers.number.revealed", number.customer_id, by, purpose, ip)
    return number.number


def reveal_identity(customer: Customer, *, by: Staff | None, purpose: str, ip: str | None) -> str:
    """The whole number of the identity document, in the same way."""
    _say_purpose("customers.identity.revealed", customer.pk, by, purpose, ip)
    return customer.identity or ""


def _say_purpose(verb: str, customer_id: int, by: Staff | None, purpose: str, ip: str | None) -> None:
    if len(purpose.strip()) < 2:
        raise Refused(_("Say what the number is needed for."))
    vault.record(verb, who=by.code if by else "", on=("customer", customer_id), purpose=purpose.strip(), ip=ip)
