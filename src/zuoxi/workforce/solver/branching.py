# SPDX-License-Identifier: Apache-2.0
"""The bound raised by cases: where the programme has half a person on a shift, it is solved for fewer and for more.

A case is what it says of cover (so many at least, so many at most) and of cells (this person has, or has not, this
shift or rest on a day); its bound is that of the programme grown under it. The lowest bound of the cases still open is
below every roster. A case goes when its bound says that no better roster is in it, or when few lines are in question
and the choice among them is made whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

import numpy as np

from zuoxi.workforce.solver.diving import Clock
from zuoxi.workforce.solver.master import TINY, Column, Master, column_of
from zuoxi.workforce.solver.problem import OFF, Floats, Ints, Problem, price_of
from zuoxi.workforce.solver.tracks import Stretch, Track

DEAR = 1e4
"""What a row out of reach costs: more than any branch is worth."""
TRIED = 4
"""Ways to part a case that are looked at before one is taken."""
KEPT = 6000
"""Columns from which on the dear ones go."""

Spot = tuple[int, int]
Cell = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """`cover`: least and most on a day's shift; `cells` (person, day, shift or OFF): has it, or has not."""

    cover: dict[Spot, Spot] = field(default_factory=dict)
    cells: dict[Cell, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`bound` of a case; its `shares` by place of the column, empty when it goes."""

    bound: float
    shares: dict[int, float]


class Keeper(Protocol):
    """Whoever holds the best roster and the bound."""

    price: float

    def offer(self, price: float, lines: Ints) -> None: ...

    def raise_bound(self, bound: float) -> None: ...


@dataclass(slots=True)
class Branching:
    """`columns` to begin with, see `start`. It can be run again and goes on where it stopped."""

    problem: Problem
    tracks: list[Track]
    columns: list[Column]
    clock: Clock
    keeper: Keeper
    cases: list[tuple[float, int, Case]] = field(default_factory=list)
    began: bool = False
    master: Master = field(init=False)
    _numbers: Iterator[int] = field(default_factory=count)

    def start(self, columns: list[Column], bound: float) -> None:
        """The first case, which says nothing; only the first call counts."""
        if self.began:
            return
        self.began = True
        self._anew(columns)
        self._open(bound, Case())

    def run(self) -> None:
        """Until the bound meets the best roster or the clock stops."""
        while self.cases and self.clock.going():
            self.keeper.raise_bound(min(self.cases[0][0], self.keeper.price))
            floor, _, case = heappop(self.cases)
            if self._goes(floor):
                continue
            outcome = self._solved(case)
            if outcome is None:
                self._open(floor, case)
                return
            if self._goes(outcome.bound) or not outcome.shares:
                continue
            parts = self._parts(case, outcome.shares)
            if not parts:
                lines = self._roster(outcome.shares)
                self.keeper.offer(price_of(self.problem, lines), lines)
            for part in parts:
                self._open(max(outcome.bound, floor), part)
        if not self.cases:
            self.keeper.raise_bound(self.keeper.price)

    def _open(self, bound: float, case: Case) -> None:
        """Prices are whole numbers: of cases with the same bound above theirs the youngest is next."""
        heappush(self.cases, (float(np.ceil(bound - TINY)), -next(self._numbers), case))

    def _goes(self, bound: float) -> bool:
        return bool(np.ceil(bound - TINY) >= self.keeper.price - TINY)

    def _anew(self, columns: list[Column]) -> None:
        self.master = Master(self.problem, range(self.problem.people), np.zeros_like(self.problem.wanted))
        self.master.spare(DEAR)
        for column in columns:
            self.master.add(column)

    def _solved(self, case: Case) -> Outcome | None:
        """None: the clock stopped."""
        master, problem = self.master, self.problem
        if len(master.columns) > KEPT:
            self._thin()
            master = self.master
        self._apply(case)
        stretches = [self._stretch(case, person) for person in range(problem.people)]
        bound, turn = -np.inf, 0
        while True:
            if not self.clock.going() or not master.solve(self.clock.left()):
                return None
            value = master.value() + problem.constant
            if np.ceil(bound - TINY) >= np.ceil(value - TINY) or value - bound < 1e-4:
                return Outcome(bound, self._shares())
            cover, persons = master.prices()
            total, new = 0.0, 0
            for person, stretch in enumerate(stretches):
                price, line = self.tracks[person].best(problem.cost[person] - cover, stretch, turn + person)
                total += min(price, DEAR)
                if line is not None and price < persons[person] - TINY:
                    new += master.add(column_of(problem, person, line))
            bound = max(bound, total + problem.constant + self._cover_part(case, cover))
            if self._goes(bound) or not new:
                return Outcome(bound, self._shares() if not self._goes(bound) else {})
            turn += 1

    def _shares(self) -> dict[int, float]:
        shares = self.master.shares()
        return {int(place): float(shares[place]) for place in np.flatnonzero(shares > 1e-6)}

    def _cover_part(self, case: Case, cover: Floats) -> float:
        """The least that shortage and excess cost at these prices, within what the case says."""
        problem, total = self.problem, 0.0
        for day, shift in self.master.slacks:
            price = float(cover[day, shift])
            total += price * float(problem.wanted[day, shift])
            (least, most), (fewest, highest) = self._slack(case, (day, shift))
            for each, low, high in (
                (float(problem.under[day, shift]) - price, least, most),
                (float(problem.over[day, shift]) + price, fewest, highest),
                (DEAR - price, 0, problem.people),
            ):
                total += each * (low if each >= 0 else high)
        return total

    def _slack(self, case: Case, spot: Spot) -> tuple[Spot, Spot]:
        """Least and most of what is short, and of what is too much."""
        wanted, people = int(self.problem.wanted[spot]), self.problem.people
        least, most = case.cover.get(spot, (0, people))
        return (max(wanted - most, 0), max(wanted - least, 0)), (max(least - wanted, 0), max(most - wanted, 0))

    def _apply(self, case: Case) -> None:
        for spot, slacks in self.master.slacks.items():
            for slack, (low, high) in zip(slacks, self._slack(case, spot), strict=True):
                slack.SetBounds(float(low), float(high))
        places: tuple[list[int], list[int]] = ([], [])
        for place, column in enumerate(self.master.columns):
            places[_lies_in(column, case)].append(place)
        self.master.bar(places[0])
        self.master.admit(places[1])

    def _stretch(self, case: Case, person: int) -> Stretch:
        one = self.tracks[person].whole()
        for (who, day, value), has in case.cells.items():
            if who != person:
                continue
            if value == OFF and has:
                one.open[day] = False
            elif value == OFF or has:
                one.off_ok[day] = False
            if value >= 0:
                allowed = one.open[day, value]
                if has:
                    one.open[day] = False
                one.open[day, value] = allowed and has
        return one

    def _thin(self) -> None:
        """The dearest columns at the prices of the last solution go."""
        cover, _ = self.master.prices()
        worth = []
        for column in self.master.columns:
            days = np.flatnonzero(column.line >= 0)
            worth.append(column.price - float(cover[days, column.line[days]].sum()))
        kept: list[Column] = []
        for person in range(self.problem.people):
            own = [place for place, column in enumerate(self.master.columns) if column.person == person]
            own.sort(key=worth.__getitem__)
            kept += [self.master.columns[place] for place in own[: KEPT // 3 // self.problem.people]]
        self._anew(kept)

    def _parts(self, case: Case, shares: dict[int, float]) -> list[Case]:
        """The case in two; nothing when the shares are a roster."""
        cover, cells = self._halves(shares)
        choices: list[tuple[Case, Case]] = []
        for day, shift, held in cover[:TRIED]:
            least, most = case.cover.get((day, shift), (0, self.problem.people))
            low = int(np.floor(held))
            fewer = Case({**case.cover, (day, shift): (least, min(low, most))}, case.cells)
            more = Case({**case.cover, (day, shift): (max(low + 1, least), most)}, case.cells)
            choices.append((fewer, more))
        if not choices:
            choices = [
                (Case(case.cover, {**case.cells, cell: False}), Case(case.cover, {**case.cells, cell: True}))
                for cell in cells[:TRIED]
            ]
        if len(choices) < 2:
            return list(choices[0]) if choices else []
        promises = [self._promise(parts) for parts in choices]
        return list(choices[promises.index(max(promises))])

    def _promise(self, parts: tuple[Case, Case]) -> float:
        """How far both halves lift the programme, before new lines are looked for."""
        values = []
        for part in parts:
            self._apply(part)
            solved = self.master.solve(max(self.clock.left(), 0.01))
            values.append(self.master.value() if solved else 0.0)
        return min(values) + 0.2 * max(values)

    def _halves(self, shares: dict[int, float]) -> tuple[list[tuple[int, int, float]], list[Cell]]:
        """Cover and cells that are no whole number, those nearest to a half first."""
        problem = self.problem
        held = np.zeros((problem.people, problem.days, len(problem.shifts) + 1))
        for place, share in shares.items():
            column = self.master.columns[place]
            held[column.person, np.arange(problem.days), column.line] += share
        there = held.sum(axis=0)[:, :-1]
        part = np.minimum(there - np.floor(there), np.ceil(there) - there)
        cover = [(day, shift) for day, shift in self.master.slacks if part[day, shift] > 1e-5]
        cover.sort(key=lambda one: -part[one])
        rest = np.minimum(held, 1 - held)
        off = rest[:, :, -1]
        cells: list[Cell] = []
        for person, day in np.argwhere(off > 1e-5):
            cells.append((int(person), int(day), OFF))
        cells.sort(key=lambda one: -off[one[0], one[1]])
        if not cells:
            cells = [(int(p), int(d), int(s)) for p, d, s in np.argwhere(rest[:, :, :-1] > 1e-5)]
            cells.sort(key=lambda one: -rest[one])
        return [(day, shift, float(there[day, shift])) for day, shift in cover], cells

    def _roster(self, shares: dict[int, float]) -> Ints:
        lines = np.full((self.problem.people, self.problem.days), OFF, dtype=np.int64)
        for place in shares:
            lines[self.master.columns[place].person] = self.master.columns[place].line
        return lines


def _lies_in(column: Column, case: Case) -> bool:
    return all(
        bool(column.line[day] == value) == has
        for (person, day, value), has in case.cells.items()
        if person == column.person
    )
