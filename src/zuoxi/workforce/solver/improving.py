# SPDX-License-Identifier: Apache-2.0
"""Dives for a part of the roster again and again, the rest standing: the ways that paid most are taken most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np

from zuoxi.workforce.solver.diving import Clock, Lines, Manner, dive, settled
from zuoxi.workforce.solver.fixing import FREE
from zuoxi.workforce.solver.problem import WEEK, Ints
from zuoxi.workforce.solver.state import State

LEAST, MOST = 0.06, 0.95
FEW_WEEKS = 28
"""Days that are freed at once at most where a line is too long to be searched as a whole."""
Cells = dict[int, Ints]


@dataclass(slots=True)
class Way:
    """How a part is drawn; `share`: how large it is, `worth`: what it saved lately a second."""

    drawn: Callable[[State, float, np.random.Generator], Cells]
    share: float
    worth: float = 0.0


def improve(
    state: State,
    lines: Lines,
    rng: np.random.Generator,
    clock: Clock,
    offered: Callable[[float, Ints], Ints | None],
    *,
    whole: bool = True,
) -> None:
    """Until the clock stops. `offered` is told each better roster and may give back one that is better still. `whole`:
    lines are short enough to be searched as a whole."""
    price = best = state.price()
    best_lines, idle = state.lines.copy(), 0
    ways = [Way(_people, 0.35), Way(_days, 0.35), Way(_both, 0.6)] if whole else [Way(_weeks, 0.5)]
    while clock.going():
        way, began = _way(ways, rng), monotonic()
        cells = way.drawn(state, way.share * rng.uniform(0.6, 1.4), rng)
        before = state.lines.copy()
        allowance = 0.0 if idle < 30 else float(rng.choice([0.0, 0.001, 0.003])) * best
        manner = Manner(
            rounds=int(rng.integers(2, 6)), haste=float(rng.choice([0.02, 0.08])), above=price - 0.5 + allowance
        )
        dived = dive(state, lines, cells, rng, clock, manner=manner)
        now = np.inf if not dived else settled(state, rng, clock) if whole else state.price()
        if now > price + max(allowance, 0.0) + 1e-9:
            state.set_to(before)
            way.share = max(LEAST, way.share * 0.98) if dived else min(MOST, way.share * 1.02)
        else:
            price = now
        way.worth = 0.9 * way.worth + 0.1 * max(best - price, 0.0) / max(monotonic() - began, 1e-3)
        idle = 0 if price < best - 1e-9 else idle + 1
        if price < best - 1e-9:
            best, best_lines = price, state.lines.copy()
        if (other := offered(best, best_lines)) is not None:
            best_lines = other
        elif idle % 60 != 59 or price <= best + 1e-9:
            continue
        state.set_to(best_lines)
        price = best = state.price()
    state.set_to(best_lines)


def _way(ways: list[Way], rng: np.random.Generator) -> Way:
    worth = np.array([one.worth for one in ways])
    odds = np.full(len(ways), 0.5 / len(ways)) + 0.5 * (
        worth / worth.sum() if worth.sum() > 0 else np.full(len(ways), 1 / len(ways))
    )
    return ways[int(rng.choice(len(ways), p=odds / odds.sum()))]


def _people(state: State, share: float, rng: np.random.Generator) -> Cells:
    """Whole lines of some people: half of the time anybody, else mostly those who could stand where cover is costly."""
    many = min(state.problem.people, max(2, round(state.problem.people * share)))
    line = np.full(state.problem.days, FREE, dtype=np.int64)
    return {person: line.copy() for person in _drawn(state, many, rng)}


def _days(state: State, share: float, rng: np.random.Generator) -> Cells:
    """Some days in a row of everybody."""
    problem = state.problem
    many = min(problem.days, max(3, round(problem.days * share)))
    middle = int(rng.integers(problem.days)) if rng.random() < 0.5 else _spot(state, rng)[0]
    first = min(max(middle - many // 2, 0), problem.days - many)
    return {person: _open(state, person, first, first + many) for person in range(problem.people)}


def _both(state: State, share: float, rng: np.random.Generator) -> Cells:
    """Some people on some weeks."""
    problem = state.problem
    people = min(problem.people, max(3, round(problem.people * share**0.5)))
    many = min(problem.days, max(WEEK, round(problem.days * share**0.5)))
    first = int(rng.integers(problem.days - many + 1))
    return {person: _open(state, person, first, first + many) for person in _drawn(state, people, rng)}


def _weeks(state: State, share: float, rng: np.random.Generator) -> Cells:
    """Some people on a few weeks: the fewer days, the more people."""
    problem = state.problem
    many = min(problem.days, int(rng.integers(WEEK, FEW_WEEKS + 1)))
    people = min(problem.people, max(3, round(share * problem.people * FEW_WEEKS / many)))
    middle = int(rng.integers(problem.days)) if rng.random() < 0.5 else _spot(state, rng)[0]
    first = min(max(middle - many // 2, 0), problem.days - many)
    return {person: _open(state, person, first, first + many) for person in _drawn(state, people, rng)}


def _open(state: State, person: int, first: int, end: int) -> Ints:
    line: Ints = state.lines[person].copy()
    line[first:end] = FREE
    return line


def _spot(state: State, rng: np.random.Generator) -> tuple[int, int]:
    """A day and shift drawn by what its cover costs; any when all is covered."""
    problem = state.problem
    short = np.maximum(problem.wanted - state.there, 0) * problem.under
    extra = np.maximum(state.there - problem.wanted, 0) * problem.over
    weights = (short + extra) ** 0.5
    whole = weights.sum()
    place = int(rng.choice(weights.size, p=(weights / whole).ravel())) if whole else int(rng.integers(weights.size))
    return place // len(problem.shifts), place % len(problem.shifts)


def _drawn(state: State, many: int, rng: np.random.Generator) -> list[int]:
    problem = state.problem
    if rng.random() < 0.5:
        return [int(person) for person in rng.choice(problem.people, many, replace=False)]
    able = (problem.most_of[:, _spot(state, rng)[1]] > 0).astype(float) * 3 + 1
    return [int(person) for person in rng.choice(problem.people, many, replace=False, p=able / able.sum())]
