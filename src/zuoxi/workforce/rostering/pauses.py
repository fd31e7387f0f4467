# SPDX-License-Identifier: Apache-2.0
"""Meals and breaks of a whole roster, laid where the load leaves most hands to spare, in steps of five minutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zuoxi.workforce.rostering.layout import Array
from zuoxi.workforce.rostering.problem import DAY, SLOT, Pattern, Problem

STEP = 5
PER_SLOT = SLOT // STEP
MEAL, BREAK = "meal", "break"


@dataclass(frozen=True, slots=True)
class Pause:
    """`start` and `end` in minutes of the shift's day; `start` None: the share away left no room for it."""

    kind: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Shift:
    person: int
    day: int
    pattern: Pattern


def lay(problem: Problem, shifts: list[Shift], spare: Array) -> list[tuple[Pause, ...]]:
    """Pauses of every shift, meals first. `spare` is cover less need by half hour over all skills."""
    steps = problem.days * DAY // STEP + 2 * DAY // STEP
    room = np.repeat(spare, PER_SLOT).astype(np.int64)
    room = np.concatenate([room, np.zeros(steps - len(room), np.int64)])
    on, away = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
    for one in shifts:
        for start, end in one.pattern.spans:
            on[(one.day * DAY + start) // STEP : (one.day * DAY + end) // STEP] += 1
    most = np.maximum(on * problem.breaks.away_percent // 100, 1)
    found: list[list[Pause]] = [[] for _ in shifts]

    def take(place: int, kind: str, window: tuple[int, int], minutes: int) -> None:
        base = shifts[place].day * DAY
        size = -(-minutes // STEP)
        first, last = -(-(base + window[0]) // STEP), (base + window[1]) // STEP - size
        best, price = -1, -(1 << 60)
        middle = (first + last) // 2
        for step in range(first, last + 1):
            end = step + size
            if (away[step:end] >= most[step:end]).any():
                continue
            worth = int((room[step:end] - away[step:end]).min()) * 1000 - abs(step - middle)
            if worth > price:
                best, price = step, worth
        if best < 0:
            found[place].append(Pause(kind, None, None))
            return
        away[best : best + size] += 1
        found[place].append(Pause(kind, best * STEP - base, (best + size) * STEP - base))

    for place, one in enumerate(shifts):
        if one.pattern.meal_minutes:
            quarter = (one.pattern.end - one.pattern.start) // 4
            take(place, MEAL, (one.pattern.start + quarter, one.pattern.end - quarter), one.pattern.meal_minutes)
    for place, one in enumerate(shifts):
        meal = next(((pause.start, pause.end) for pause in found[place] if pause.start is not None), (None, None))
        for window in _owed(problem, one.pattern):
            if meal[0] is None or meal[1] is None or window[0] >= meal[1] or window[1] <= meal[0]:
                take(place, BREAK, window, problem.breaks.minutes)
    return [tuple(one) for one in found]


def _owed(problem: Problem, pattern: Pattern) -> list[tuple[int, int]]:
    """Stretches that are owed a break: whole hours of each span, the first without its lock."""
    rules, found = problem.breaks, []
    for start, end in pattern.spans:
        at = start
        while rules.every and at + rules.every <= end:
            found.append((max(at, pattern.start + rules.not_before), at + rules.every))
            at += rules.every
    return found
