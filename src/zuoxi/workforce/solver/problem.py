# SPDX-License-Identifier: Apache-2.0
"""An instance as arrays, for what makes rosters: people by rows, days and shifts by columns, OFF = -1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd

import numpy as np
from numpy.typing import NDArray

from zuoxi.workforce.solver.instances import Instance, Unreadable

OFF = -1
WEEK, SATURDAY = 7, 5
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Problem:
    """`cost[p, d, s]`: what a shift adds for one person over a day off, whose cost is in `constant`.

    `minutes`, `least`, `most` are counted in `unit` minutes; `most_of[p, s]`: 0 when the person must not have it.
    A shift on a day without a cover line is wanted by nobody and costs nothing there.
    """

    names: tuple[str, ...]
    shifts: tuple[str, ...]
    days: int
    unit: int
    minutes: Ints
    follow: Flags
    cost: Floats
    constant: float
    free: Flags
    most_of: Ints
    least: Ints
    most: Ints
    longest: Ints
    shortest: Ints
    rest: Ints
    weekends: Ints
    wanted: Ints
    under: Floats
    over: Floats

    @property
    def people(self) -> int:
        return len(self.names)

    def may(self, person: int) -> Flags:
        """[day, shift]: what the person's days off and shift limits leave open."""
        allowed: Flags = self.free[person][:, None] & (self.most_of[person] > 0)[None, :]
        return allowed

    def named(self, roster: Ints) -> dict[str, list[str]]:
        return {
            name: [self.shifts[shift] if shift >= 0 else "" for shift in roster[row]]
            for row, name in enumerate(self.names)
        }

    def numbered(self, roster: Mapping[str, Sequence[str]]) -> Ints:
        place = {name: number for number, name in enumerate(self.shifts)} | {"": OFF}
        return np.array([[place[shift] for shift in roster[name]] for name in self.names], dtype=np.int64)


def problem_of(instance: Instance) -> Problem:
    """Raises Unreadable, naming the person, when the limits of one contradict each other by themselves."""
    names, shifts, days = tuple(instance.people), tuple(instance.shifts), instance.days
    row = {name: number for number, name in enumerate(names)}
    place = {name: number for number, name in enumerate(shifts)}
    _contradictions(instance)
    unit = reduce(gcd, (one.minutes for one in instance.shifts.values())) or 1
    cost, constant = np.zeros((len(names), days, len(shifts))), 0.0
    for wish in instance.wanted:
        cost[row[wish.person], wish.day, place[wish.shift]] -= wish.weight
        constant += wish.weight
    for wish in instance.unwanted:
        cost[row[wish.person], wish.day, place[wish.shift]] += wish.weight
    wanted = np.zeros((days, len(shifts)), dtype=np.int64)
    under, over = np.zeros((days, len(shifts))), np.zeros((days, len(shifts)))
    for one in instance.cover:
        spot = one.day, place[one.shift]
        wanted[spot], under[spot], over[spot] = one.wanted, one.under, one.over
    people = list(instance.people.values())
    free = np.ones((len(names), days), dtype=np.bool_)
    for name, off in instance.days_off.items():
        free[row[name], sorted(off)] = False
    return Problem(
        names=names,
        shifts=shifts,
        days=days,
        unit=unit,
        minutes=np.array([one.minutes // unit for one in instance.shifts.values()], dtype=np.int64),
        follow=np.array(
            [[after not in before.never_before for after in shifts] for before in instance.shifts.values()],
            dtype=np.bool_,
        ),
        cost=cost,
        constant=constant,
        free=free,
        most_of=np.array([[one.most_of.get(shift, 0) for shift in shifts] for one in people], dtype=np.int64),
        least=np.array([-(-one.least_minutes // unit) for one in people], dtype=np.int64),
        most=np.array([one.most_minutes // unit for one in people], dtype=np.int64),
        longest=np.array([one.longest_work for one in people], dtype=np.int64),
        shortest=np.array([one.shortest_work for one in people], dtype=np.int64),
        rest=np.array([max(one.shortest_rest, 1) for one in people], dtype=np.int64),
        weekends=np.array([one.most_weekends for one in people], dtype=np.int64),
        wanted=wanted,
        under=under,
        over=over,
    )


def _contradictions(instance: Instance) -> None:
    seen = set()
    for one in instance.cover:
        if (one.day, one.shift) in seen:
            raise Unreadable("cover", f"day {one.day}, shift {one.shift} stands twice")
        seen.add((one.day, one.shift))
    for person in instance.people.values():
        if person.least_minutes > person.most_minutes:
            limits = f"at least {person.least_minutes} minutes and at most {person.most_minutes}"
            raise Unreadable(person.name, f"{limits} contradict each other")


def price_of(problem: Problem, roster: Ints) -> float:
    """The objective of a whole roster."""
    total = problem.constant
    worked = roster >= 0
    people, days = np.nonzero(worked)
    total += float(problem.cost[people, days, roster[people, days]].sum())
    return total + float(cover_price(problem, cover_of(problem, roster)))


def cover_of(problem: Problem, roster: Ints) -> Ints:
    """[day, shift]: how many are there."""
    there = np.zeros((problem.days, len(problem.shifts)), dtype=np.int64)
    people, days = np.nonzero(roster >= 0)
    np.add.at(there, (days, roster[people, days]), 1)
    return there


def cover_price(problem: Problem, there: Ints) -> float:
    short = np.maximum(problem.wanted - there, 0)
    extra = np.maximum(there - problem.wanted, 0)
    return float((short * problem.under).sum() + (extra * problem.over).sum())


def marginal(problem: Problem, there: Ints, first: int, end: int) -> Floats:
    """[day from `first`, shift]: what one more person there changes in the cost of cover."""
    days = slice(first, end)
    return np.where(there[days] < problem.wanted[days], -problem.under[days], problem.over[days])
