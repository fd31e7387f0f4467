# SPDX-License-Identifier: Apache-2.0
"""Improvement by taking a few people's days out and putting them back exactly, one person after the other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import exp

import numpy as np

from zuoxi.workforce.solver.instances import Unreadable
from zuoxi.workforce.solver.problem import OFF, Floats, Ints, Problem
from zuoxi.workforce.solver.state import State
from zuoxi.workforce.solver.tracks import Stretch, Track

LONG = 90
"""Days from which on stretches are searched instead of whole lines."""


def first_lines(
    problem: Problem, tracks: list[Track], rng: np.random.Generator, going: Callable[[], bool]
) -> Ints | None:
    """Everybody put in one after the other. Raises Unreadable, naming him, for one who has no lawful line at all; None:
    the time ended before, or none was found for a line too long to be searched whole."""
    state = State(problem, tracks, np.full((problem.people, problem.days), OFF, dtype=np.int64))
    for person in rng.permutation(problem.people):
        if not going():
            return None
        seed, costs = int(rng.integers(1 << 30)), state.costs(person, 0, problem.days)
        if problem.days <= LONG:
            _, line = tracks[person].best(costs, tracks[person].whole(), seed)
        else:
            line = _paced(tracks[person], costs, seed)
        if line is None and problem.days > LONG:
            return None
        if line is None:
            raise Unreadable(problem.names[person], "the limits and days off of this person leave no lawful roster")
        state.put(person, 0, line)
    return state.lines


LARGEST = 120_000_000
"""Values of the longest search over a whole line."""
PIECE, AHEAD = 28, 14
"""Days of a long line set at a time, and days beyond them that are looked at and thrown away."""


def _paced(track: Track, costs: Floats, seed: int) -> Ints | None:
    """A lawful line set piece by piece, its totals spread over the days that are free; looser from try to try, and at
    last searched whole where that fits into memory."""
    days = track.problem.days
    for room, ahead in product((1, 2, 4, 8, 16), (AHEAD, 2 * AHEAD)):
        line = np.full(days, OFF, dtype=np.int64)
        for first in range(0, days, PIECE):
            one = track.onward(line, first, min(first + PIECE + ahead, days), room)
            _, found = track.best(costs[one.first : one.end], one, seed)
            if found is None:
                break
            line[first : first + PIECE] = found[first - one.first :][:PIECE]
        else:
            return line
    whole = track.whole()
    return track.best(costs, whole, seed)[1] if track.size(whole) < LARGEST else None


def ruin(
    state: State,
    rng: np.random.Generator,
    going: Callable[[], bool],
    offer: Callable[[float, Ints], None],
    *,
    heat: float,
    cooling: float,
) -> None:
    """Goes on while `going` says so, and offers each roster that is the best so far."""
    price = best = state.price()
    while going():
        people = rng.permutation(state.problem.people)[: int(rng.integers(2, 6))]
        stretches = [_stretch(state, int(person), rng) for person in people]
        first, end = min(one.first for one in stretches), max(one.end for one in stretches)
        part = state.price_of(first, end)
        before = [
            state.lines[person, one.first : one.end].copy() for person, one in zip(people, stretches, strict=True)
        ]
        for person, one in zip(people, stretches, strict=True):
            state.take(person, one.first, one.end)
        for person, one, old in zip(people, stretches, before, strict=True):
            _insert(state, int(person), one, old, rng)
        now = price + state.price_of(first, end) - part
        if now <= price or rng.random() < exp((price - now) / max(heat, 1e-9)):
            price = now
        else:
            for person, one, old in zip(people, stretches, before, strict=True):
                state.take(person, one.first, one.end)
                state.put(person, one.first, old)
        if price < best - 1e-9:
            best = price
            offer(price, state.lines)
        heat *= cooling


def _stretch(state: State, person: int, rng: np.random.Generator) -> Stretch:
    days = state.problem.days
    if days <= LONG and rng.random() < 0.5:
        return state.tracks[person].whole()
    length = int(rng.integers(min(7, days), min(days, 35) + 1))
    first = int(rng.integers(0, days - length + 1))
    return state.tracks[person].stretch(state.lines[person], first, first + length)


def _insert(state: State, person: int, one: Stretch, old: Ints, rng: np.random.Generator) -> None:
    costs = state.costs(person, one.first, one.end)
    noise = rng.exponential(float(rng.choice([0.0, 1.0, 5.0])), costs.shape)
    _, line = state.tracks[person].best(costs + noise, one, int(rng.integers(1 << 30)))
    state.put(person, one.first, old if line is None else line)
