# SPDX-License-Identifier: Apache-2.0
"""From the linear programme to a roster: the surest days are fixed and lines priced anew, until all have one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import numpy as np

from zuoxi.workforce.solver.fixing import FREE, WHOLE, Fixings
from zuoxi.workforce.solver.master import TINY, Column, Master, column_of
from zuoxi.workforce.solver.problem import Floats, Ints, Problem
from zuoxi.workforce.solver.state import State


@dataclass(frozen=True, slots=True)
class Clock:
    """`going`: whether to go on; `left`: seconds that are left."""

    going: Callable[[], bool]
    left: Callable[[], float]


@dataclass(slots=True)
class Lines:
    """Lines seen so far, by person, with what each cost at the root's prices; the cheapest of them start a dive."""

    problem: Problem
    cover: Floats
    kept: dict[int, dict[bytes, tuple[float, Column]]] = field(default_factory=dict)

    def keep(self, columns: Collection[Column], most: int = 400) -> None:
        for column in columns:
            days = np.flatnonzero(column.line >= 0)
            worth = column.price - float(self.cover[days, column.line[days]].sum())
            self.kept.setdefault(column.person, {})[column.line.tobytes()] = worth, column
        for person, known in self.kept.items():
            if len(known) > 2 * most:
                cheapest = sorted(known.items(), key=lambda one: one[1][0])[:most]
                self.kept[person] = dict(cheapest)

    def cheapest(self, person: int, cells: Ints, most: int) -> list[Column]:
        """Of the lines that keep what is fixed in `cells`."""
        known = sorted(self.kept.get(person, {}).values(), key=lambda one: one[0])
        if not known:
            return []
        fixed = np.flatnonzero(cells != FREE)
        kept = (np.array([column.line[fixed] for _, column in known]) == cells[fixed]).all(axis=1)
        return [known[place][1] for place in np.flatnonzero(kept)[:most]]


@dataclass(frozen=True, slots=True)
class Manner:
    """`rounds` of pricing between two fixings; `haste`: share of the days in doubt fixed at once; `sure`: share from
    which a day counts as decided; `start`: lines of each person to begin with; `above`: not worth going on when the
    programme costs more."""

    rounds: int = 4
    haste: float = 0.03
    sure: float = 0.95
    start: int = 40
    above: float = np.inf


def dive(
    state: State, lines: Lines, cells: dict[int, Ints], rng: np.random.Generator, clock: Clock, *, manner: Manner
) -> bool:
    """New lines for the people of `cells` (days that keep what they have, or are FREE); the others stand. False, and
    the state as before: time ended, or it would cost too much."""
    problem = state.problem
    old = {person: state.lines[person].copy() for person in cells}
    for person in cells:
        state.take(person, 0, problem.days)
    others = problem.constant + _wishes(problem, state.lines)
    master = Master(problem, list(cells), state.there)
    fixings = Fixings(master, state.tracks, {person: one.copy() for person, one in cells.items()})
    for person, fixed in cells.items():
        master.add(column_of(problem, person, old[person]))
        for column in lines.cheapest(person, fixed, manner.start):
            master.add(column)
    found = _fixed(fixings, rng, clock, manner=manner, others=others)
    lines.keep(master.columns)
    for person in cells:
        state.put(person, 0, old[person] if found is None else found[person])
    return found is not None


def _wishes(problem: Problem, roster: Ints) -> float:
    people, days = np.nonzero(roster >= 0)
    return float(problem.cost[people, days, roster[people, days]].sum())


def _fixed(
    fixings: Fixings, rng: np.random.Generator, clock: Clock, *, manner: Manner, others: float
) -> dict[int, Ints] | None:
    master = fixings.master
    while True:
        if not _priced(fixings, clock, rounds=manner.rounds, seed=int(rng.integers(1 << 20))):
            return None
        if others + master.value() > manner.above:
            return None
        shares = master.shares()
        taken = np.flatnonzero(shares > TINY)
        if len(taken) == len(master.people) and (shares[taken] > WHOLE).all():
            return {master.columns[place].person: master.columns[place].line for place in taken}
        fixings.fix(shares, sure=manner.sure, haste=manner.haste, rng=rng)


def _priced(fixings: Fixings, clock: Clock, *, rounds: int, seed: int) -> bool:
    master = fixings.master
    for turn in range(rounds):
        if not clock.going() or not master.solve(clock.left()):
            return False
        cover, persons = master.prices()
        if not fixings.price(cover, persons, seed + turn, clock.going):
            return True
    return clock.going() and master.solve(clock.left())


def settled(state: State, rng: np.random.Generator, clock: Clock) -> float:
    """Everybody takes his best line beside the others' until nobody gains; the price then."""
    problem, price = state.problem, state.price()
    while clock.going():
        for person in rng.permutation(problem.people):
            if not clock.going():
                break
            old = state.lines[person].copy()
            state.take(person, 0, problem.days)
            track = state.tracks[person]
            _, line = track.best(state.costs(person, 0, problem.days), track.whole(), int(rng.integers(1 << 30)))
            state.put(person, 0, old if line is None else line)
        now = state.price()
        if now >= price - 1e-9:
            break
        price = now
    return price
