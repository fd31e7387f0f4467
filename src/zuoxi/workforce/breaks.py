# SPDX-License-Identifier: Apache-2.0
"""Short breaks and meals of a day, laid where the load leaves room. Plain Python over shifts and numbers.

Time is cut into slots of five minutes. First the lock after the start, then the break (decision C-21); never more
people away at once than the pack's share of those on shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.workforce.facts import RosteredShift

SLOT = timedelta(minutes=5)
BREAK, MEAL = "break", "meal"


@dataclass(frozen=True, slots=True)
class BreakRules:
    """In minutes; `away_percent` of those on shift may be away at once."""

    length: int
    every: int
    not_before: int
    meal: int
    away_percent: int


@enforces("FLR-006", "SCH-012", "CALL-006")
def break_rules(handbook: Handbook, day: datetime) -> BreakRules:
    reading = handbook.on(day.date())
    return BreakRules(
        reading.whole("break.minutes"),
        reading.whole("break.every_minutes"),
        reading.whole("break.not_before_minutes"),
        reading.whole("meal.minutes"),
        reading.whole("break.away_percent"),
    )


@dataclass(frozen=True, slots=True)
class Pause:
    """A break or meal as planned."""

    shift_id: int
    kind: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A break for which no slot was left in its hour."""

    shift_id: int
    kind: str
    within: datetime


class _Line:
    """Counts by slot from `start` on: who is on shift, who is away, how many are needed."""

    def __init__(self, shifts: Sequence[RosteredShift], need: Sequence[int], midnight: datetime) -> None:
        self.start = min(one.starts_at for one in shifts)
        self.length = int((max(one.ends_at for one in shifts) - self.start) / SLOT) + 1
        self.on = [0] * self.length
        self.away = [0] * self.length
        for one in shifts:
            for since, until in one.spans:
                for slot in self.slots(since, until):
                    self.on[slot] += 1
        first = int((self.start - midnight).total_seconds() // 1800)
        offset = int((self.start - midnight).total_seconds() % 1800 // 300)
        self.need = [need[(first + (slot + offset) // 6) % 48] if need else 0 for slot in range(self.length)]

    def slots(self, since: datetime, until: datetime) -> range:
        return range(max(int((since - self.start) / SLOT), 0), min(-int((self.start - until) / SLOT), self.length))

    def at(self, slot: int) -> datetime:
        return self.start + SLOT * slot

    def lay(self, window: tuple[datetime, datetime], minutes: int, percent: int) -> datetime | None:
        """Take the slots of the window in which most hands are to spare; None where the share away would be passed."""
        size = max(-(-minutes // 5), 1)
        best: tuple[int, int] | None = None
        for slot in self.slots(*window):
            taken = range(slot, slot + size)
            if self.at(slot) < window[0] or self.at(slot + size) > window[1] or taken.stop > self.length:
                continue
            if any(self.away[step] + 1 > max(floor(self.on[step] * percent / 100), 1) for step in taken):
                continue
            spare = min(self.on[step] - self.away[step] - self.need[step] for step in taken)
            if best is None or spare > best[0]:
                best = (spare, slot)
        if best is None:
            return None
        for step in range(best[1], best[1] + size):
            self.away[step] += 1
        return self.at(best[1])


@enforces("FLR-006", "SCH-012", "CALL-006")
def plan_breaks(
    shifts: Sequence[RosteredShift], rules: BreakRules, need: Sequence[int], midnight: datetime
) -> tuple[list[Pause], list[Unplaced]]:
    """Meals first, they are long; then a break in each hour that has no meal, each where most hands are to spare.

    `need` are people by half hour of the clock from `midnight` on (empty: nothing known). Nobody is placed in the lock
    after his start, and none where the share away would be passed: those are told as unplaced.
    """
    if not shifts:
        return [], []
    line = _Line(shifts, need, midnight)
    pauses: list[Pause] = []
    unplaced: list[Unplaced] = []

    def lay(one: RosteredShift, kind: str, window: tuple[datetime, datetime], minutes: int) -> Pause | None:
        start = line.lay(window, minutes, rules.away_percent)
        if start is None:
            unplaced.append(Unplaced(one.id, kind, window[0]))
            return None
        pauses.append(Pause(one.id, kind, start, start + timedelta(minutes=minutes)))
        return pauses[-1]

    meals = {one.id: lay(one, MEAL, _meal_window(one), one.meal_minutes) for one in shifts if one.meal_minutes}
    for one in shifts:
        meal = meals.get(one.id)
        for window in _hours(one, rules):
            if meal is None or window[0] >= meal.ends_at or window[1] <= meal.starts_at:
                lay(one, BREAK, window, rules.length)
    return sorted(pauses, key=lambda pause: (pause.starts_at, pause.shift_id)), unplaced


def _meal_window(one: RosteredShift) -> tuple[datetime, datetime]:
    """The middle of the shift: from a quarter of it to three quarters."""
    length = one.ends_at - one.starts_at
    return one.starts_at + length / 4, one.ends_at - length / 4


def _hours(one: RosteredShift, rules: BreakRules) -> list[tuple[datetime, datetime]]:
    """The stretches of each span that are owed a break: whole hours, the first one without its lock."""
    found = []
    every = timedelta(minutes=rules.every)
    for since, until in one.spans:
        at = since
        while at + every <= until:
            begin = max(at, one.starts_at + timedelta(minutes=rules.not_before))
            found.append((begin, at + every))
            at += every
    return found


__all__ = ["BREAK", "MEAL", "BreakRules", "Pause", "Unplaced", "break_rules", "plan_breaks"]
