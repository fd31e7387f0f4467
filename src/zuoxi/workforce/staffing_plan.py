# SPDX-License-Identifier: Apache-2.0
"""What a month needs: last month's traffic by half hour, Erlang C, and the people that are missing to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import Arrivals, QueueLoad, arrivals_between, mean_wrap_up, queue_loads
from zuoxi.web.roles import AGENTS
from zuoxi.workforce.conflicts import Planned, half_hours
from zuoxi.workforce.models import StaffingPlan
from zuoxi.workforce.staffing import Load, need_by_half_hour, people_wanted
from zuoxi.workforce.units import Book, days_of, month_end

_DAY = timedelta(days=1)
HALVES = range(48)


class NoTraffic(ValueError):
    """Last month had no calls and none were entered."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Figures of the pack that the plan rests on, as shares of one where they are percentages."""

    occupancy: float
    shrinkage: float
    least: int
    days_a_week: float

    @classmethod
    def of(cls, handbook: Handbook, day: date) -> Assumptions:
        reading = handbook.on(day)
        return cls(
            float(reading.number("staffing.occupancy_maximum")) / 100,
            float(reading.number("staffing.shrinkage_percent")) / 100,
            reading.whole("staffing.minimum_people"),
            float(reading.number("staffing.days_a_week")),
        )


@enforces("SCH-001", "CALL-023")
@transaction.atomic
def make_plan(month: date, project_id: int, *, factor: Decimal, by: Staff | None, now: datetime) -> StaffingPlan:
    """Reckon the month's need from the month before, times `factor`. Raises NoTraffic where there was none."""
    handbook = site_handbook()
    before = (month - _DAY).replace(day=1)
    zone = handbook.zone
    first, last = datetime.combine(before, time(), zone), datetime.combine(month, time(), zone)
    queues = queue_loads([project_id])
    arrivals = [one for one in arrivals_between(first, min(last, now)) if one.queue in {queue.code for queue in queues}]
    if not arrivals:
        # The running month is better than nothing when the one before has no history yet.
        first = datetime.combine(now.astimezone(zone).date() - timedelta(days=28), time(), zone)
        last = now
        arrivals = [one for one in arrivals_between(first, now) if one.queue in {queue.code for queue in queues}]
    if not arrivals:
        raise NoTraffic
    result = plan_of(
        arrivals, queues, Assumptions.of(handbook, month), float(factor), mean_wrap_up(first, last), zone=zone
    )
    result |= {"from": first.date().isoformat(), "to": (min(last, now)).date().isoformat()}
    plan, _made = StaffingPlan.objects.update_or_create(
        month=month, project_id=project_id,
        defaults={"factor": factor, "result": result, "made_at": now, "made_by": by},
    )  # fmt: skip
    return plan


def plan_of(
    arrivals: list[Arrivals],
    queues: list[QueueLoad],
    assumed: Assumptions,
    factor: float,
    wrap: float | None,
    *,
    zone: Any,
) -> dict[str, Any]:
    """Mean calls of each weekday's half hours, and the people they need. `need`: weekday → 48 figures."""
    calls: dict[tuple[int, str, int], float] = defaultdict(float)
    answered: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    days: dict[int, set[date]] = defaultdict(set)
    for one in arrivals:
        local = one.at.astimezone(zone)
        days[local.isoweekday()].add(local.date())
        calls[local.isoweekday(), one.queue, local.hour * 2 + local.minute // 30] += one.calls
        answered[one.queue][0] += one.answered
        answered[one.queue][1] += one.talk_seconds
    terms = {one.code: one for one in queues}
    need, volume = {}, {}
    for weekday in range(1, 8):
        count = max(len(days[weekday]), 1)
        loads, total = [], 0.0
        for half in HALVES:
            for code, queue in terms.items():
                mean = calls.get((weekday, code, half), 0.0) / count * factor
                total += mean
                if mean:
                    loads.append(Load(half, mean, _handle(queue, answered[code], wrap), *_target(queue)))
        need[str(weekday)] = need_by_half_hour(
            loads, occupancy=assumed.occupancy, shrinkage=assumed.shrinkage, least=assumed.least
        )
        volume[str(weekday)] = round(total, 1)
    handles = {code: round(_handle(queue, answered[code], wrap)) for code, queue in terms.items()}
    return {
        "need": need,
        "calls": volume,
        "handle": handles,
        "shrinkage": assumed.shrinkage,
        "occupancy": assumed.occupancy,
    }


def _handle(queue: QueueLoad, answered: list[int], wrap: float | None) -> float:
    talk = answered[1] / answered[0] if answered[0] else 180.0
    return talk + (wrap if wrap is not None else queue.wrap_seconds)


def _target(queue: QueueLoad) -> tuple[float, float]:
    return min(queue.target_percent / 100, 0.99), float(queue.target_seconds)


@dataclass(frozen=True, slots=True)
class Gap:
    """A day whose plan is short: half hours under the need, the most missing and when."""

    day: date
    halves: int
    most: int
    at: int

    @property
    def time(self) -> str:
        return f"{self.at // 2:02}:{self.at % 2 * 30:02}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan against the roster and the staff: both outputs of SCH-001."""

    plan: StaffingPlan
    wanted: int
    employed: int
    gaps: tuple[Gap, ...]
    curve: tuple[tuple[int, float], ...]

    @property
    def hire(self) -> int:
        return max(self.wanted - self.employed, 0)


@enforces("SCH-001")
def outcome_of(plan: StaffingPlan, hours_a_day: float) -> Outcome:
    """People wanted and employed, and the days on which the roster falls short. Four queries."""
    from zuoxi.workforce.board import shifts_of

    handbook = site_handbook()
    assumed = Assumptions.of(handbook, plan.month)
    need: Mapping[str, list[int]] = plan.result["need"]
    book = Book(plan.month, month_end(plan.month))
    members = [
        one
        for unit, held in book.units().items()
        if unit[0] == plan.project_id
        for one in held
        if one.position in {str(role) for role in AGENTS}
    ]
    shifts = shifts_of(plan.month - _DAY, month_end(plan.month), {one.staff_id for one in members})
    by_day: dict[date, list[Planned]] = {}
    for held in shifts.values():
        for shift, _seat in held:
            by_day.setdefault(shift.day, []).append(shift)
    gaps, covers = [], [[0] * 48]
    for day in days_of(plan.month):
        cover = half_hours([*by_day.get(day, []), *by_day.get(day - _DAY, [])], day)
        covers.append(cover)
        wanted = need[str(day.isoweekday())]
        missing = [asked - have for asked, have in zip(wanted, cover, strict=True)]
        if max(missing) > 0:
            gaps.append(Gap(day, sum(one > 0 for one in missing), max(missing), missing.index(max(missing))))
    mean_need = [max(need[str(weekday)][half] for weekday in range(1, 8)) for half in HALVES]
    mean_cover = [sum(cover[half] for cover in covers) / max(len(covers) - 1, 1) for half in HALVES]
    return Outcome(
        plan,
        people_wanted(need, hours_a_day, assumed.days_a_week),
        len(members),
        tuple(gaps),
        tuple(zip(mean_need, mean_cover, strict=True)),
    )
