# SPDX-License-Identifier: Apache-2.0
"""The plan of a day: breaks and meals kept, moved, put off; and what became of the shifts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from zuoxi.policy.marks import enforces, records
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import presence_between, queues_by_staff
from zuoxi.workforce.adherence import Adherence, adherence_of
from zuoxi.workforce.breaks import Unplaced, break_rules, plan_breaks
from zuoxi.workforce.cover import need_on
from zuoxi.workforce.facts import PlannedPause, RosteredShift, Span
from zuoxi.workforce.models import PlannedBreak
from zuoxi.workforce.selectors import shifts_between

_DAY = timedelta(days=1)
AT_THE_TELEPHONE = frozenset({"work", "flex"})


def at_the_telephone(shifts: Iterable[RosteredShift]) -> list[RosteredShift]:
    """Those of the shifts that take calls: work and reserve, of people who serve a queue (everybody, where no queue
    has members yet)."""
    serving = queues_by_staff()
    return [one for one in shifts if one.kind in AT_THE_TELEPHONE and (not serving or one.staff_id in serving)]


def midnight_of(day: date) -> datetime:
    return datetime.combine(day, time(), site_handbook().zone)


@enforces("SCH-012", "FLR-006", "SCH-011")
@transaction.atomic
def plan_day(day: date, *, staff_ids: Collection[int] | None = None, keep_moved: bool = True) -> list[Unplaced]:
    """Plan breaks and meals of the shifts that start on the day anew; what somebody moved by hand stays.

    Everybody's shifts count for the cover, `staff_ids` only says whose breaks are written.
    """
    shifts = at_the_telephone(shifts_between(day, day))
    rules = break_rules(site_handbook(), midnight_of(day))
    pauses, unplaced = plan_breaks(shifts, rules, need_on(day), midnight_of(day))
    wanted = {one.id for one in shifts if staff_ids is None or one.staff_id in staff_ids}
    rows = PlannedBreak.objects.filter(shift_id__in=wanted)
    kept: set[int] = set()
    if keep_moved:
        kept = set(rows.exclude(moved_by="").values_list("shift_id", flat=True))
    rows.exclude(shift_id__in=kept).delete()
    PlannedBreak.objects.bulk_create(
        [
            PlannedBreak(shift_id=one.shift_id, kind=one.kind, starts_at=one.starts_at, ends_at=one.ends_at)
            for one in pauses
            if one.shift_id in wanted - kept
        ],
        batch_size=500,
    )
    return [one for one in unplaced if one.shift_id in wanted]


@records("SCH-012", "SCH-013")
@transaction.atomic
def put_off(since: datetime, minutes: int, *, staff_ids: Collection[int], by: str) -> int:
    """Put off the breaks and meals that would begin within the next half hour, because the load is too high."""
    rows = PlannedBreak.objects.filter(
        starts_at__gte=since, starts_at__lt=since + timedelta(minutes=30), shift__staff_id__in=staff_ids
    )
    step = timedelta(minutes=minutes)
    return rows.update(starts_at=F("starts_at") + step, ends_at=F("ends_at") + step, moved_by=by)


@records("SCH-012", "FLR-006")
@transaction.atomic
def move_break(planned: PlannedBreak, starts_at: datetime, *, by: str) -> bool:
    """Move one break; False where it would leave its shift or fall into the lock after the start."""
    shift = planned.shift
    lock = timedelta(minutes=break_rules(site_handbook(), starts_at).not_before)
    length = planned.ends_at - planned.starts_at
    if shift.starts_at is None or shift.ends_at is None:
        return False
    if starts_at < shift.starts_at + lock or starts_at + length > shift.ends_at:
        return False
    PlannedBreak.objects.filter(pk=planned.pk).update(starts_at=starts_at, ends_at=starts_at + length, moved_by=by)
    return True


def pauses_of_shifts(shift_ids: Collection[int]) -> dict[int, list[PlannedPause]]:
    """Shift → its planned breaks and meals, in order."""
    fields = ("pk", "shift_id", "shift__staff_id", "shift__staff__code", "kind", "starts_at", "ends_at")
    found: dict[int, list[PlannedPause]] = {}
    rows = PlannedBreak.objects.filter(shift_id__in=list(shift_ids)).order_by("starts_at", "pk")
    for row in rows.values_list(*fields):
        found.setdefault(row[1], []).append(PlannedPause(*row))
    return found


def adherence_between(
    first: date, last: date, now: datetime, staff_ids: Collection[int] | None = None
) -> list[Adherence]:
    """The shifts of the days that have begun, against the states of the telephones. Two queries."""
    return adherence_of_shifts(at_the_telephone(shifts_between(first, last, staff_ids)), now)


def adherence_of_shifts(shifts: Iterable[RosteredShift], now: datetime) -> list[Adherence]:
    """The same of shifts at the telephone that are known already. One query."""
    shifts = [one for one in shifts if one.starts_at <= now]
    if not shifts:
        return []
    since = min(one.starts_at for one in shifts) - timedelta(hours=2)
    until = min(max(one.ends_at for one in shifts) + timedelta(hours=2), now)
    seen: dict[str, list[Span]] = {}
    codes = {one.staff_code for one in shifts}
    for code, _state, start, left in presence_between(since, until, codes):
        held = seen.setdefault(code, [])
        end = min(left or now, now)
        if held and start <= held[-1][1] + timedelta(seconds=5):
            held[-1] = (held[-1][0], max(end, held[-1][1]))
        else:
            held.append((start, end))
    return [adherence_of(one, seen.get(one.staff_code, ()), now) for one in shifts]


@dataclass(frozen=True, slots=True)
class CoverLine:
    """A half hour of a day: needed, planned, there. `there` None: not yet, or not known."""

    at: datetime
    need: int
    planned: int
    there: int | None

    @property
    def short(self) -> bool:
        return self.need > self.planned


def cover_of(day: date, shifts: list[RosteredShift], now: datetime) -> list[CoverLine]:
    """The 48 half hours of a day."""
    midnight, need = midnight_of(day), need_on(day)
    taking_calls = at_the_telephone(shifts)
    states = presence_between(midnight, min(midnight + _DAY, now)) if midnight < now else []
    lines = []
    for half in range(48):
        at = midnight + timedelta(minutes=30 * half)
        middle = at + timedelta(minutes=15)
        there = None
        if middle <= now:
            there = len(
                {code for code, _state, start, end in states if start <= middle and (end is None or end > middle)}
            )
        planned = sum(one.covers(middle) for one in taking_calls)
        lines.append(CoverLine(at, need[half], planned, there))
    return lines
