# SPDX-License-Identifier: Apache-2.0
"""Dives for some of the people again and again, the others standing, as many at a time as pay."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zuoxi.workforce.solver.diving import Clock, Lines, Manner, dive, settled
from zuoxi.workforce.solver.problem import Ints
from zuoxi.workforce.solver.state import State

LEAST, MOST = 0.08, 0.95


def improve(
    state: State,
    lines: Lines,
    rng: np.random.Generator,
    clock: Clock,
    offered: Callable[[float, Ints], Ints | None],
) -> None:
    """Until the clock stops. `offered` is told each better roster and may give back one that is better still."""
    price = best = state.price()
    best_lines = state.lines.copy()
    share, idle, people = 0.35, 0, state.problem.people
    while clock.going():
        many = min(people, max(3, round(people * share * rng.uniform(0.6, 1.4))))
        free = _drawn(state, many, rng)
        before = state.lines.copy()
        allowance = 0.0 if idle < 30 else float(rng.choice([0.0, 0.001, 0.003])) * best
        manner = Manner(
            rounds=int(rng.integers(3, 7)), haste=float(rng.choice([0.0, 0.05])), above=price - 0.5 + allowance
        )
        dived = dive(state, lines, free, rng, clock, manner=manner)
        now = settled(state, rng, clock) if dived else np.inf
        if now > price + max(allowance, 0.0) + 1e-9:
            state.set_to(before)
            share = max(LEAST, share * 0.98) if dived else min(MOST, share * 1.02)
        else:
            price = now
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


def _drawn(state: State, many: int, rng: np.random.Generator) -> list[int]:
    """Half of the time anybody; else those who could stand where cover is short or over on a costly day."""
    problem = state.problem
    if rng.random() < 0.5:
        return [int(person) for person in rng.choice(problem.people, many, replace=False)]
    short = np.maximum(problem.wanted - state.there, 0) * problem.under
    extra = np.maximum(state.there - problem.wanted, 0) * problem.over
    weights = (short + extra) ** 0.5
    if not weights.sum():
        return [int(person) for person in rng.choice(problem.people, many, replace=False)]
    spot = int(rng.choice(weights.size, p=(weights / weights.sum()).ravel()))
    shift = spot % len(problem.shifts)
    able = (problem.most_of[:, shift] > 0).astype(float) * 3 + 1
    return [int(person) for person in rng.choice(problem.people, many, replace=False, p=able / able.sum())]
