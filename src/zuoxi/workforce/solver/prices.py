# SPDX-License-Identifier: Apache-2.0
"""A bound without a linear programme, for horizons of which a whole line takes too long to be searched often.

Cover, hours, weekends and shift limits have prices; what is left of a person's rules is how his runs of work and rest
may follow each other, and a best line under these is found in a moment. Whatever the prices, no roster is below the sum
of the best lines and of what the prices are paid for. They are moved towards what the lines lack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from time import monotonic
from typing import NamedTuple

import numpy as np
from numba import njit

from zuoxi.workforce.solver.diving import Clock
from zuoxi.workforce.solver.problem import OFF, SATURDAY, WEEK, Floats, Ints, Problem
from zuoxi.workforce.solver.tracks import Track

# ruff: noqa: PLR0912, PLR0917
ROUNDS = 1200
WIDE, NARROW = 20.0, 0.1
"""How far a price moves in a round, at first and at last: a hundred is what a missing person mostly costs."""
RECENT, LASTING, MEAN = 0.9, 0.999, 0.03
"""Weights of the newest lack in its mean, of the newest square in its own, and of the newest prices in theirs."""
LOOK = 20
"""Rounds between two looks at the mean of the prices, which is mostly better than any of them."""


@njit(cache=True, nogil=True)
def cheapest(rest, longest, shortest, follow, cost, weekend):  # type: ignore[no-untyped-def]
    """(value, groups day by day, OFF): `cost[day, group]`, `weekend` for each weekend of which a day is worked. States
    as in `paths`."""
    days, groups = cost.shape
    states = rest + groups * longest
    left = np.full((days + 1, states), np.inf)
    chosen = np.full((days, states), OFF, dtype=np.int16)
    left[days, :] = 0.0
    for i in range(days - 1, -1, -1):
        week_day = i % WEEK
        for state in range(states):
            resting = state < rest
            before, run = 0, 0
            if not resting:
                before, run = (state - rest) // longest, (state - rest) % longest + 1
            if run > i:
                continue
            best, what = np.inf, OFF
            if resting:
                best = left[i + 1, min(state + 1, rest - 1)]
            elif run >= shortest or run == i:
                best = left[i + 1, 0]
            if (resting and state == rest - 1) or (not resting and run < longest):
                more = weekend if week_day == SATURDAY or (week_day == SATURDAY + 1 and resting) else 0.0
                for g in range(groups):
                    if resting or follow[before, g]:
                        value = cost[i, g] + more + left[i + 1, rest + g * longest + run]
                        if value < best:
                            best, what = value, g
            left[i, state], chosen[i, state] = best, what
    line = np.full(days, OFF, dtype=np.int64)
    state = rest - 1
    for i in range(days):
        g = chosen[i, state]
        line[i] = g
        if g >= 0:
            run = 0 if state < rest else (state - rest) % longest + 1
            state = rest + g * longest + run
        elif state < rest:
            state = min(state + 1, rest - 1)
        else:
            state = 0
    return left[0, rest - 1], line


class Prices(NamedTuple):
    """`cover[day, shift]` what one more is worth; of each person `hours` a mean shift's length more, `weekends` one
    more, `shifts[person, shift]` one more."""

    cover: Floats
    hours: Floats
    weekends: Floats
    shifts: Floats


class Held(NamedTuple):
    """What the lines hold: people by [day, shift], of each person hours, weekends and numbers of each shift."""

    there: Floats
    hours: Floats
    weekends: Floats
    shifts: Floats


@dataclass(slots=True)
class Pricing:
    """`length`: the mean length of a shift, in which hours are counted."""

    problem: Problem
    tracks: list[Track]
    length: float = field(init=False)
    _groups: list[tuple[Ints, Ints, Floats]] = field(init=False, default_factory=list)
    _limited: Floats = field(init=False)

    def __post_init__(self) -> None:
        problem = self.problem
        self.length = float(problem.minutes.mean()) or 1.0
        self._limited = np.where((problem.most_of > 0) & (problem.most_of < problem.days), problem.most_of, np.inf)

    def first(self) -> Prices:
        """The best of a few where every need and every hour has the same price."""
        problem = self.problem
        best = even = self._even(0.0, 0.0)
        bound = self.asked(even)[0]
        for cover, hours in product((0.25, 0.5, 0.75, 0.9, 1.0), (0.0, 0.3, 0.6, 0.8, 0.9, 1.0)):
            even = self._even(cover, hours * cover * float(problem.under.max(initial=0.0)))
            value, _ = self.asked(even)
            if value > bound:
                bound, best = value, even
        return best

    def _even(self, cover: float, hours: float) -> Prices:
        problem, people = self.problem, self.problem.people
        prices = np.where(problem.wanted > 0, cover * problem.under, 0.0)
        return Prices(prices, np.full(people, hours), np.zeros(people), np.zeros((people, len(problem.shifts))))

    def asked(self, prices: Prices) -> tuple[float, Held]:
        """The bound of these prices, and what the best lines hold."""
        problem = self.problem
        total = problem.constant + float((prices.cover * problem.wanted).sum())
        there = np.zeros_like(problem.under)
        hours, weekends = np.zeros(problem.people), np.zeros(problem.people)
        counts = np.zeros((problem.people, len(problem.shifts)))
        each = problem.minutes / self.length
        for person, track in enumerate(self.tracks):
            costs = problem.cost[person] - prices.cover + (each * prices.hours[person] + prices.shifts[person])[None, :]
            value, line = self._best(track, costs, float(prices.weekends[person]))
            price = float(prices.hours[person])
            limit = int(problem.most[person] if price > 0 else problem.least[person]) / self.length
            held = prices.shifts[person] > 0
            total += value - price * limit - float(prices.weekends[person]) * float(problem.weekends[person])
            total -= float((prices.shifts[person][held] * self._limited[person][held]).sum())
            days = np.flatnonzero(line >= 0)
            there[days, line[days]] += 1
            counts[person] = np.bincount(line[days], minlength=len(problem.shifts))
            hours[person] = float(each[line[days]].sum())
            weekends[person] = len(np.unique(days[days % WEEK >= SATURDAY] // WEEK))
        return total, Held(there, hours, weekends, counts)

    def _best(self, track: Track, costs: Floats, weekend: float) -> tuple[float, Ints]:
        shape, problem = track.shape, self.problem
        offered = np.where(problem.may(track.person), costs, np.inf)
        groups = len(shape.follow)
        if not groups:
            return 0.0, np.full(problem.days, OFF, dtype=np.int64)
        number = np.where(shape.class_of >= 0, shape.group[shape.class_of], OFF)
        by_group = np.full((problem.days, groups), np.inf)
        which = np.zeros((problem.days, groups), dtype=np.int64)
        for g in range(groups):
            own = np.flatnonzero(number == g)
            best = offered[:, own].argmin(axis=1)
            which[:, g], by_group[:, g] = own[best], offered[np.arange(problem.days), own[best]]
        value, line = cheapest(track.rest, track.longest, track.shortest, shape.follow, by_group, weekend)
        days = np.flatnonzero(line >= 0)
        line[days] = which[days, line[days]]
        return float(value), line

    def lack(self, prices: Prices, held: Held) -> Prices:
        """Which way the prices have to go, nought where they are at their limit already."""
        problem = self.problem
        cover = problem.wanted - held.there
        cover[((prices.cover >= problem.under) & (cover > 0)) | ((prices.cover <= -problem.over) & (cover < 0))] = 0.0
        most, least = problem.most / self.length, problem.least / self.length
        hours = np.where(prices.hours > 0, held.hours - most, held.hours - least)
        inside = (prices.hours == 0) & (held.hours >= least) & (held.hours <= most)
        above = (prices.hours == 0) & (held.hours > most)
        hours = np.where(inside, 0.0, np.where(above, held.hours - most, hours))
        weekends = held.weekends - problem.weekends
        weekends[(prices.weekends <= 0) & (weekends < 0)] = 0.0
        shifts = np.where(np.isfinite(self._limited), held.shifts - self._limited, 0.0)
        shifts[(prices.shifts <= 0) & (shifts < 0)] = 0.0
        return Prices(cover, hours, weekends, shifts)

    def flat(self, prices: Prices) -> Floats:
        return np.concatenate([one.ravel() for one in prices])

    def lawful(self, flat: Floats) -> Prices:
        """Prices of a flat row, none beyond what it can be."""
        problem, people = self.problem, self.problem.people
        ends = np.cumsum([problem.under.size, people, people])
        cover, hours, weekends, shifts = np.split(flat, ends)
        return Prices(
            np.clip(cover.reshape(problem.under.shape), -problem.over, problem.under),
            hours,
            np.maximum(weekends, 0.0),
            np.maximum(shifts, 0.0).reshape(people, -1),
        )


def bound_by_prices(
    problem: Problem, tracks: list[Track], clock: Clock, told: Callable[[float], None], *, rounds: int = ROUNDS
) -> tuple[float, Prices]:
    """The best bound found and its prices. Each price moves by the mean of what was lacking over how much it varied,
    less and less far; fewer rounds where the time does not suffice."""
    pricing = Pricing(problem, tracks)
    best = pricing.first()
    bound, _ = pricing.asked(best)
    told(bound)
    now = mean = pricing.flat(best)
    recent, lasting = np.zeros_like(now), np.zeros_like(now)
    began, done = monotonic(), 0
    while done < rounds and clock.going():
        value, held = pricing.asked(pricing.lawful(now))
        if value > bound:
            bound, best = value, pricing.lawful(now)
        lack = pricing.flat(pricing.lack(pricing.lawful(now), held))
        done += 1
        recent, lasting = RECENT * recent + (1 - RECENT) * lack, LASTING * lasting + (1 - LASTING) * lack**2
        spent = monotonic() - began
        share = max(done / rounds, spent / max(spent + clock.left(), 1e-9))
        step = WIDE * (NARROW / WIDE) ** share
        now = now + step * (recent / (1 - RECENT**done)) / (np.sqrt(lasting / (1 - LASTING**done)) + 1e-3)
        now = pricing.flat(pricing.lawful(now))
        mean = (1 - MEAN) * mean + MEAN * now
        if done % LOOK == 0:
            value, _ = pricing.asked(pricing.lawful(mean))
            if value > bound:
                bound, best = value, pricing.lawful(mean)
            told(bound)
    told(bound)
    return bound, best
