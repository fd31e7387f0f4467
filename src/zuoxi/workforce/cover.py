# SPDX-License-Identifier: Apache-2.0
"""Cover of a day against the need: as planned, and as a swap would leave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.cells import CellError, menu_on
from zuoxi.workforce.clock import clock_from
from zuoxi.workforce.conflicts import Planned, half_hours
from zuoxi.workforce.models import ShiftAssignment, ShiftSwap, StaffingPlan
from zuoxi.workforce.staffing import need_of_day

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CoverChange:
    """A day of a swap: half hours under the need before and after it. `known` False: there is no need to compare."""

    day: date
    before: int
    after: int
    known: bool


def planned_around(day: date) -> list[Planned]:
    """Every published shift that may reach into the day."""
    rows = ShiftAssignment.objects.filter(day__range=(day - _DAY, day), roster__state="published").exclude(kind="rest")
    return [
        Planned(on, template, kind, clock_from(clock), meal)
        for on, template, kind, clock, meal in rows.values_list("day", "template", "kind", "clock", "meal_minutes")
    ]


def need_on(day: date, projects: set[int] | None = None) -> list[int]:
    """People needed in each half hour of the day, over the plans of the month; noughts where there is none."""
    plans = StaffingPlan.objects.filter(month=day.replace(day=1))
    if projects is not None:
        plans = plans.filter(project_id__in=projects)
    columns = [need_of_day(plan.result, day) for plan in plans]
    return [sum(column) for column in zip(*columns, strict=True)] if columns else [0] * 48


def under(need: list[int], cover: list[int]) -> int:
    return sum(wanted > have for wanted, have in zip(need, cover, strict=True))


def cover_changes(swap: ShiftSwap) -> list[CoverChange]:
    """What the swap does to each of its days."""
    handbook, found = site_handbook(), []
    for text in sorted({day for _person, day, _before, _after in swap.moves}):
        day = date.fromisoformat(text)
        shifts, need = planned_around(day), need_on(day)
        cover = half_hours(shifts, day)
        steps = [0] * 48
        for _person, on, before, after in swap.moves:
            if on != text:
                continue
            for said, sign in ((before, -1), (after, 1)):
                try:
                    parts = menu_on(handbook, day).parse(said)
                except CellError:
                    continue
                hours = half_hours([Planned(day, one.template, one.kind, one.clock) for one in parts], day)
                steps = [have + sign * more for have, more in zip(steps, hours, strict=True)]
        after_it = [have + more for have, more in zip(cover, steps, strict=True)]
        found.append(CoverChange(day, under(need, cover), under(need, after_it), any(need)))
    return found
