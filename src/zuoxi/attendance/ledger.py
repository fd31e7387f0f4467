# SPDX-License-Identifier: Apache-2.0
"""Everything that a stretch of days is judged from, read at once for many people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from zuoxi.attendance.matching import Due, Record
from zuoxi.attendance.models import Excuse, Punch
from zuoxi.attendance.verdicts import ExcuseSpan, LeaveSpan
from zuoxi.leave import selectors as leave
from zuoxi.people import selectors as people
from zuoxi.policy.handbook import Handbook
from zuoxi.workforce import selectors as workforce

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CentreExcuse:
    """An excuse with whom it is for: one person, a team, or (both None) everybody."""

    span: ExcuseSpan
    staff_id: int | None
    team_id: int | None

    def holds_for(self, staff_id: int, team_id: int | None) -> bool:
        if self.staff_id is not None:
            return self.staff_id == staff_id
        return self.team_id is None or self.team_id == team_id


@dataclass(slots=True)
class Facts:
    """By staff id: shifts, clock records, leave and false leave by day, post and team at the end of the days."""

    first: date
    last: date
    dues: dict[int, list[Due]] = field(default_factory=lambda: defaultdict(list))
    meals: dict[int, int] = field(default_factory=dict)
    records: dict[int, list[Record]] = field(default_factory=lambda: defaultdict(list))
    leaves: dict[tuple[int, date], list[LeaveSpan]] = field(default_factory=lambda: defaultdict(list))
    untrue: set[tuple[int, date]] = field(default_factory=set)
    lapsed: set[tuple[int, date]] = field(default_factory=set)
    excuses: list[CentreExcuse] = field(default_factory=list)
    positions: dict[int, str] = field(default_factory=dict)
    teams: dict[int, int | None] = field(default_factory=dict)

    @property
    def staff_ids(self) -> list[int]:
        """Everybody of whom anything is known in these days."""
        return sorted({*self.dues, *self.records, *(staff for staff, _day in self.leaves)})


def bounds(first: date, last: date, handbook: Handbook) -> tuple[datetime, datetime]:
    """The moments between which a record may belong to one of the days: a day more on both sides."""
    begin = datetime.combine(first - _DAY, time(), handbook.zone)
    return begin, datetime.combine(last + 2 * _DAY, time(), handbook.zone)


def read(first: date, last: date, handbook: Handbook, staff_ids: Collection[int] | None = None) -> Facts:
    """The facts of the days `first` to `last`, both included; nine queries whatever the number of people."""
    facts = Facts(first, last)
    _read_posts(facts, staff_ids)
    for shift in workforce.shifts_between(first - _DAY, last + _DAY, staff_ids):
        due = Due(
            shift.id,
            shift.staff_id,
            shift.day,
            shift.starts_at,
            shift.ends_at,
            shift.spans,
            shift.template,
            shift.team_id,
            shift.kind,
        )
        facts.dues[shift.staff_id].append(due)
        if shift.meal_minutes:
            facts.meals[shift.id] = shift.meal_minutes
    _read_records(facts, handbook, staff_ids)
    gone: set[int] = set()
    for one in leave.proposed_absences(first, last, staff_ids):
        gone.add(one.leave_id)
        (facts.untrue if one.cause == "untrue" else facts.lapsed).add((one.staff_id, one.day))
    for taken in leave.leave_days_between(first, last, staff_ids):
        if taken.leave_id not in gone:
            span = LeaveSpan(taken.starts_at, taken.ends_at, taken.kind, taken.share)
            facts.leaves[taken.staff_id, taken.day].append(span)
    _read_excuses(facts, handbook)
    return facts


def _read_posts(facts: Facts, staff_ids: Collection[int] | None) -> None:
    wanted = None if staff_ids is None else set(staff_ids)
    for post in sorted(people.post_spells(facts.first, facts.last), key=lambda one: one.from_on):
        if wanted is None or post.staff_id in wanted:
            facts.positions[post.staff_id] = post.position
            facts.teams[post.staff_id] = post.team_id


def _read_records(facts: Facts, handbook: Handbook, staff_ids: Collection[int] | None) -> None:
    since, until = bounds(facts.first, facts.last, handbook)
    rows = Punch.objects.filter(at__gte=since, at__lt=until, superseded_by__isnull=True)
    if staff_ids is not None:
        rows = rows.filter(staff_id__in=list(staff_ids))
    fields = ("staff_id", "id", "at", "direction", "source", "device")
    for staff_id, *record in rows.order_by().values_list(*fields):
        facts.records[staff_id].append(Record(*record))


def _read_excuses(facts: Facts, handbook: Handbook) -> None:
    from zuoxi.attendance.handbook import CAUSES

    causes = handbook.entries(CAUSES)
    since, until = bounds(facts.first, facts.last, handbook)
    for one in Excuse.objects.filter(starts_at__lt=until, ends_at__gt=since).order_by("starts_at", "pk"):
        missing = one.cause in causes and causes[one.cause].missing
        span = ExcuseSpan(one.starts_at, one.ends_at, one.cause, missing, one.untrue_at is not None)
        facts.excuses.append(CentreExcuse(span, one.staff_id, one.team_id))
