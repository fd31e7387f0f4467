# SPDX-License-Identifier: Apache-2.0
"""From the linear programme to a roster: the surest lines are fixed, the others priced anew, until all have one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from zuoxi.workforce.solver.master import Column, Master, column_of, price_round
from zuoxi.workforce.solver.problem import Floats, Ints, Problem
from zuoxi.workforce.solver.state import State
from zuoxi.workforce.solver.tracks import Track

SURE = 0.95


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

    def cheapest(self, person: int, most: int) -> list[Column]:
        known = sorted(self.kept.get(person, {}).values(), key=lambda one: one[0])
        return [column for _, column in known[:most]]


@dataclass(frozen=True, slots=True)
class Manner:
    """`rounds` of pricing between two choices; `haste`: share of the people fixed at once when nobody is sure; `start`:
    lines of each person to begin with; `above`: not worth going on when the programme costs more."""

    rounds: int = 6
    haste: float = 0.03
    start: int = 60
    above: float = np.inf


def dive(
    state: State, lines: Lines, free: Sequence[int], rng: np.random.Generator, clock: Clock, *, manner: Manner
) -> bool:
    """New lines for `free`, the others stand. False, and the state as before: time ended, or it would cost too much."""
    problem = state.problem
    old = {person: state.lines[person].copy() for person in free}
    for person in free:
        state.take(person, 0, problem.days)
    others = problem.constant + _wishes(problem, state.lines)
    master = Master(problem, free, state.there)
    for person in free:
        master.add(column_of(problem, person, old[person]))
        for column in lines.cheapest(person, manner.start):
            master.add(column)
    found = _fixed(master, state.tracks, rng, clock, manner=manner, others=others)
    lines.keep(master.columns)
    for person in free:
        state.put(person, 0, old[person] if found is None else found[person])
    return found is not None


def _wishes(problem: Problem, roster: Ints) -> float:
    people, days = np.nonzero(roster >= 0)
    return float(problem.cost[people, days, roster[people, days]].sum())


def _fixed(
    master: Master, tracks: list[Track], rng: np.random.Generator, clock: Clock, *, manner: Manner, others: float
) -> dict[int, Ints] | None:
    unfixed, found = set(master.people), {}
    many = max(1, int(len(unfixed) * manner.haste))
    while unfixed:
        seed = int(rng.integers(1 << 20))
        if not _priced(master, tracks, sorted(unfixed), clock, rounds=manner.rounds, seed=seed):
            return None
        if others + master.value() > manner.above:
            return None
        for place in _chosen(master, unfixed, many, rng):
            column = master.columns[place]
            found[column.person] = column.line
            unfixed.discard(column.person)
            master.bar(
                other for other, one in enumerate(master.columns) if one.person == column.person and other != place
            )
    return found


def _priced(
    master: Master, tracks: list[Track], people: Sequence[int], clock: Clock, *, rounds: int, seed: int
) -> bool:
    for turn in range(rounds):
        if not clock.going() or not master.solve(clock.left()):
            return False
        cover, persons = master.prices()
        if not price_round(master, tracks, cover, people, seed=seed + turn, beat=persons, going=clock.going).new:
            return True
    return clock.going() and master.solve(clock.left())


def _chosen(master: Master, unfixed: set[int], many: int, rng: np.random.Generator) -> list[int]:
    """Places of the columns to fix: all that are sure, else the `many` with the largest shares."""
    shares = master.shares()
    best: dict[int, tuple[float, int]] = {}
    for place in np.flatnonzero(shares > 1e-6):
        person = master.columns[place].person
        if person in unfixed:
            best[person] = max(best.get(person, (0.0, -1)), (float(shares[place]), int(place)))
    sure = [place for share, place in best.values() if share >= SURE]
    drawn = sorted(best.values(), key=lambda one: -one[0] * (1 + 0.1 * rng.random()))
    return sure if len(sure) >= many else [place for _, place in drawn[:many]]


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
