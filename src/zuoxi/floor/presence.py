# SPDX-License-Identifier: Apache-2.0
"""Who keeps watch on the floor: arriving, leaving with a stand-in, and the day's timeline with its gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zuoxi.floor.judgements import StandInFacts, judge_stand_in
from zuoxi.floor.models import Presence
from zuoxi.floor.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault
from zuoxi.workforce import selectors as workforce

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Watch:
    """One stretch of somebody in charge. `until` None: still there."""

    name: str
    code: str
    since: datetime
    until: datetime | None
    stands_in: bool
    why: str


def gaps(needed: Iterable[Span], watched: Sequence[Span]) -> list[Span]:
    """The parts of the needed stretches in which nobody was in charge, in order; those that touch are one. Pure."""
    found: list[Span] = []
    for start, end in united(needed):
        at = start
        for since, until in united(watched):
            if until <= at or since >= end:
                continue
            if since > at:
                found.append((at, since))
            at = max(at, until)
        if at < end:
            found.append((at, end))
    return found


def united(spans: Iterable[Span]) -> list[Span]:
    """The same time as stretches that neither overlap nor touch."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


@enforces("FLR-007")
@transaction.atomic
def arrive(staff: Staff, now: datetime, *, stand_in_for: Presence | None = None) -> Presence:
    """Take the watch. A stand-in must be a team leader or above. Raises Refused."""
    reading = site_handbook().on(now.astimezone(site_handbook().zone).date())
    facts = StandInFacts(staff.name, ",".join(sorted(staff.roles_on(reading.on))))
    finding = judge_stand_in(facts, reading)
    if finding.outcome != "allowed":
        raise Refused(str(finding.why), finding)
    try:
        with transaction.atomic():
            made = Presence.objects.create(staff=staff, arrived_at=now, stand_in_for=stand_in_for)
    except IntegrityError:
        raise Refused(_("%(who)s keeps watch already.") % {"who": staff.name}) from None
    vault.record("floor.watch.taken", who=staff.code, on=("staff", staff.code), stand_in=stand_in_for is not None)
    return made


@enforces("FLR-007")
@transaction.atomic
def leave(staff: Staff, why: str, stand_in: Staff | None, now: datetime) -> Presence:
    """Give the watch up. Whoever is the last in charge while people work names a stand-in. Raises Refused."""
    mine = Presence.objects.select_for_update().filter(staff=staff, left_at=None).first()
    if mine is None:
        raise Refused(_("You do not keep watch at present."))
    others = Presence.objects.filter(left_at=None).exclude(pk=mine.pk).exists()
    if stand_in is not None and stand_in.pk == staff.pk:
        raise Refused(_("Nobody stands in for himself."))
    if stand_in is None and not others and workforce.on_shift(now):
        raise Refused(_("You are the only one in charge while people work: name a stand-in, a team leader or above."))
    if stand_in is not None and not Presence.objects.filter(staff=stand_in, left_at=None).exists():
        arrive(stand_in, now, stand_in_for=mine)
    mine.left_at, mine.left_why = now, why.strip()[:120]
    mine.save(update_fields=["left_at", "left_why"])
    vault.record("floor.watch.left", who=staff.code, on=("staff", staff.code), why=mine.left_why)
    return mine


def watches_between(since: datetime, until: datetime) -> list[Watch]:
    """Who was in charge in the stretch, by beginning."""
    rows = Presence.objects.filter(Q(left_at=None) | Q(left_at__gt=since), arrived_at__lt=until)
    return [
        Watch(row.staff.name, row.staff.code, row.arrived_at, row.left_at, row.stand_in_for_id is not None,
              row.left_why)
        for row in rows.select_related("staff").order_by("arrived_at")
    ]  # fmt: skip


def gaps_between(since: datetime, until: datetime, watches: Sequence[Watch]) -> list[Span]:
    """Stretches of the day in which people were rostered and nobody was in charge."""
    day = since.astimezone(site_handbook().zone).date()
    shifts = workforce.shifts_between(day - timedelta(days=1), day)
    needed = [
        (max(start, since), min(end, until))
        for one in shifts
        if one.kind == "work"
        for start, end in one.spans
        if start < until and end > since
    ]
    return gaps(needed, [(one.since, one.until or until) for one in watches])
