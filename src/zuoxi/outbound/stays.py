# SPDX-License-Identifier: Apache-2.0
"""The day's target of effective calls: who has reached it, who is short of it, and who stays to make them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from zuoxi.outbound.facts import ShortfallFacts, TargetFacts
from zuoxi.outbound.models import Attempt, Stay
from zuoxi.outbound.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import UnknownRule, judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


@dataclass(frozen=True, slots=True)
class DayOfCalls:
    """Somebody's outbound calls of one day. `target` None: the pack asks for none, or nobody knows since when he is
    here; `unwritten`: answered calls without a result, which may still count."""

    staff: Staff
    dialled: int
    answered: int
    reached: int
    effective: int
    unwritten: int
    talk_seconds: int
    target: int | None
    finding: Finding | None
    stay: Stay | None = None

    @property
    def missing(self) -> int | None:
        return None if self.target is None else max(self.target - self.effective, 0)

    @property
    def tone(self) -> str:
        return "good" if self.missing == 0 else "plain"

    @property
    def of_target(self) -> str:
        return f"/ {self.target}" if self.target is not None else ""

    @property
    def left_words(self) -> str:
        return _("%(number)d to go") % {"number": self.missing} if self.missing else _("met")

    @property
    def percent(self) -> int | None:
        """Share of the target in whole per cent, 100 at most."""
        return None if not self.target else min(100, self.effective * 100 // self.target)


def target_of(staff: Staff, day: date, handbook: Handbook) -> int | None:
    """Effective calls that the day asks of somebody; None where the pack asks for none."""
    if staff.joined_on is None or staff.joined_on > day:
        return None
    try:
        found = judge("telesales.target", TargetFacts(staff.joined_on, day), handbook, day)
    except UnknownRule:
        return None
    return int(found.details["calls"])


def _shortfall(staff: Staff, day: date, effective: int, handbook: Handbook) -> Finding | None:
    if staff.joined_on is None or staff.joined_on > day:
        return None
    try:
        return judge("telesales.shortfall", ShortfallFacts(staff.joined_on, day, effective), handbook, day)
    except UnknownRule:
        return None


@enforces("CALL-017", "CALL-018")
def days_of_calls(staff: Iterable[Staff], day: date, reached_by: Iterable[str] = ()) -> list[DayOfCalls]:
    """Each person's calls of the day, in the order given. Two queries. `reached_by`: results of a person reached."""
    people = list(staff)
    handbook = site_handbook()
    made = ~Q(state__in=[Attempt.State.DROPPED, Attempt.State.RESERVED])
    answered = Q(answered_at__isnull=False)
    rows = (
        Attempt.objects.filter(staff__in=people, day=day)
        .order_by()
        .values("staff_id")
        .annotate(
            dialled=Count("pk", filter=made),
            answered=Count("pk", filter=answered),
            reached=Count("pk", filter=answered & Q(result__in=list(reached_by))),
            counted=Count("pk", filter=Q(effective=True)),
            unwritten=Count("pk", filter=answered & Q(written_at=None, ended_at__isnull=False)),
            talk=Sum("talk_seconds"),
        )
    )
    by_staff: dict[int, Any] = {row["staff_id"]: row for row in rows}
    stays = {stay.staff_id: stay for stay in Stay.objects.filter(staff__in=people, day=day)}
    found = []
    for one in people:
        row: Any = by_staff.get(one.pk, {})
        effective = row.get("counted", 0)
        found.append(
            DayOfCalls(
                one,
                row.get("dialled", 0),
                row.get("answered", 0),
                row.get("reached", 0),
                effective,
                row.get("unwritten", 0),
                row.get("talk") or 0,
                target_of(one, day, handbook),
                _shortfall(one, day, effective, handbook),
                stays.get(one.pk),
            )
        )
    return found


@enforces("CALL-018")
@transaction.atomic
def begin_stay(staff: Staff, day: date, by: Staff, now: datetime) -> Stay:
    """Somebody who is short stays, watched over by `by`. Raises Refused where he is not short or stays already."""
    if staff.pk == by.pk:
        raise Refused(_("Nobody watches over himself."))
    line = days_of_calls([staff], day)[0]
    if line.finding is None or line.finding.outcome != "stay":
        raise Refused(_("He has made the day's calls, or the pack asks for none."))
    try:
        with transaction.atomic():
            made = Stay.objects.create(
                staff=staff, day=day, missing=line.missing or 0, finding=line.finding.as_json(), watched_by=by,
                begun_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("He stays already.")) from None
    vault.record("outbound.stay.begun", who=by.code, on=("stay", made.pk), staff=staff.code, missing=made.missing)
    return made


@enforces("CALL-018")
@transaction.atomic
def end_stay(pk: int, by: Staff, now: datetime) -> Stay:
    """He goes home; what he made up is kept. Raises Refused when it has ended."""
    stay = Stay.objects.select_for_update().get(pk=pk)
    if stay.ended_at is not None:
        raise Refused(_("This has ended already."))
    later = Attempt.objects.filter(staff_id=stay.staff_id, day=stay.day, effective=True, written_at__gt=stay.begun_at)
    stay.ended_at, stay.made_up = now, later.count()
    stay.save(update_fields=["ended_at", "made_up"])
    return stay
