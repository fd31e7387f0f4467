# SPDX-License-Identifier: Apache-2.0
"""Deciding for another from a day to a day: named, checked against circles, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.models import Delegation
from zuoxi.approvals.notices import Sentence, notify
from zuoxi.approvals.refusals import NotDone
from zuoxi.people.models import Staff, User
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault


def _overlapping(from_on: date, until_on: date, kinds: Iterable[str]) -> list[Delegation]:
    wanted = set(kinds)
    rows = Delegation.objects.filter(Q(revoked_at__isnull=True), from_on__lte=until_on, until_on__gte=from_on)
    return [
        one for one in rows.select_related("giver", "taker") if not wanted or not one.kinds or wanted & set(one.kinds)
    ]


@enforces("ORG-001")
def check(giver: Staff | None, taker: Staff, from_on: date, until_on: date, kinds: Iterable[str]) -> None:
    """Raise NotDone when the delegation could not work: to oneself, to a leaver, backwards in time, or in a circle."""
    if until_on < from_on:
        raise NotDone(_("It would end before it begins."), _("Choose a later last day."))
    if giver is not None and giver.pk == taker.pk:
        raise NotDone(_("Nobody stands in for himself."), _("Name somebody else."))
    if not taker.employed or (taker.left_on is not None and taker.left_on <= until_on):
        raise NotDone(_("This person has left, or leaves within that time."), _("Name somebody who stays."))
    if giver is None:
        return
    rows = _overlapping(from_on, until_on, kinds)
    if any(one.giver_id == giver.pk for one in rows):
        raise NotDone(
            _("Somebody stands in for you in that time already."), _("Take that back first, or choose other days.")
        )
    onward = {one.giver_id: one.taker_id for one in rows}
    here, seen = taker.pk, {giver.pk}
    while here in onward:
        if here in seen:
            break
        seen.add(here)
        here = onward[here]
    if here == giver.pk:
        raise NotDone(
            _("In that time this person has handed his own decisions on, and they would come back to you."),
            _("Name somebody else, or have the other stand-in taken back."),
        )


@transaction.atomic
def delegate(
    giver: Staff | None,
    taker: Staff,
    *,
    from_on: date,
    until_on: date,
    by: User,
    now: datetime,
    kinds: Iterable[str] = (),
    reason: str = "",
    role: str = "",
) -> Delegation:
    """Let somebody decide for another on those days (both included). `giver` None with a role word: the named
    stand-in for a duty nobody has. Raises NotDone."""
    wanted = sorted(set(kinds))
    check(giver, taker, from_on, until_on, wanted)
    made = Delegation.objects.create(
        giver=giver,
        taker=taker,
        role=role,
        kinds=wanted,
        from_on=from_on,
        until_on=until_on,
        reason=reason[:200],
        made_at=now,
        made_by=by,
    )
    vault.record(
        "approvals.delegated",
        who=by.get_username(),
        on=("staff", giver.code if giver else role),
        to=taker.code,
        from_on=from_on.isoformat(),
        until_on=until_on.isoformat(),
    )
    text = Sentence(
        _("You decide for %(name)s from %(first)s to %(last)s"),
        name=giver.name if giver else "—",
        first=from_on,
        last=until_on,
    )
    notify(taker, text, reverse("approvals:delegations"), f"delegation:{made.pk}")
    return made


def revoke(delegation: Delegation, *, by: User, now: datetime) -> bool:
    """Take it back; False when it was taken back before."""
    changed = Delegation.objects.filter(pk=delegation.pk, revoked_at__isnull=True).update(revoked_at=now)
    if changed:
        who = delegation.giver.code if delegation.giver else delegation.role
        vault.record("approvals.delegation.revoked", who=by.get_username(), on=("staff", who), to=delegation.taker.code)
    return bool(changed)


def delegations_between(first: date, last: date) -> QuerySet[Delegation]:
    """Those that hold on any day from first to last and were not taken back."""
    rows = Delegation.objects.filter(revoked_at__isnull=True, from_on__lte=last, until_on__gte=first)
    return rows.select_related("giver", "taker")
