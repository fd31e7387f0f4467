# SPDX-License-Identifier: Apache-2.0
"""Agents that a load needs, and the people to be rostered for them.

Calls by slot; a target met in every slot or over the day; trainees who take longer; shares of paid time that are lost
by cause; work that may wait until its deadline; and what one agent more or less would change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zuoxi.policy.marks import enforces
from zuoxi.workforce.erlang import Counts, Floats, Impossible, Steady, fewest, steady_a, steady_c


@dataclass(frozen=True, slots=True)
class Terms:
    """`target` of the calls within `within` seconds; agents busy no more than `occupancy`; `patience` None: callers
    wait for ever."""

    target: float
    within: float
    patience: float | None = None
    occupancy: float = 1.0


@dataclass(frozen=True, slots=True)
class Work:
    """Hours of work beside the calls that may be done in the slots from `first` to before `until`."""

    hours: float
    first: int
    until: int


@dataclass(frozen=True, slots=True)
class Blend:
    """`extra` agents by slot for the work that calls leave no time for; `within` hours by slot done between calls."""

    extra: Counts
    within: Floats


@enforces("CALL-023")
def positions(agents: ArrayLike, lost: Mapping[str, float]) -> Counts:
    """People to be rostered for so many at the telephone, when these shares of paid time are lost. Raises Impossible
    when nothing is left."""
    share = sum(lost.values())
    if not 0 <= share < 1 or any(one < 0 for one in lost.values()):
        raise Impossible("shrinkage", "the causes together lie from 0 to below 1")
    whole: Counts = np.ceil(np.asarray(agents, np.float64) / (1 - share) - 1e-9).astype(np.int64)
    return whole


def slowed(handle: ArrayLike, share: float, factor: float) -> Floats:
    """Mean handling time where a `share` of the agents takes `factor` times as long.

    They take fewer calls for that, so the mean of the agents' speeds counts, not of their times.
    """
    if not 0 <= share <= 1 or factor < 1:
        raise Impossible("trainees", "a share from 0 to 1, and a factor of at least 1")
    return np.asarray(handle, np.float64) / (share / factor + 1 - share)


def by_slot(calls: ArrayLike, handle: ArrayLike, seconds: float, terms: Terms) -> Steady:
    """The fewest agents that meet the terms in every slot of so many seconds."""
    rate = np.asarray(calls, np.float64) / seconds
    return fewest(rate, handle, terms.within, terms.target, patience=terms.patience, occupancy=terms.occupancy)


def with_agents(calls: ArrayLike, handle: ArrayLike, agents: ArrayLike, seconds: float, terms: Terms) -> Steady:
    """What so many agents reach."""
    rate = np.asarray(calls, np.float64) / seconds
    if terms.patience is None:
        return steady_c(rate, handle, agents, terms.within)
    return steady_a(rate, handle, terms.patience, agents, terms.within)


def by_day(calls: ArrayLike, handle: ArrayLike, seconds: float, terms: Terms, *, floor: float = 0.5) -> Steady:
    """The fewest agent slots that meet the target over all calls of the day. The cap and the service `floor` hold in
    every slot, lest quiet hours be given up for busy ones.

    Agents are added where the next few of them bring the most calls into time, then taken away where the day bears it.
    """
    counts = np.asarray(calls, np.float64)
    handles = np.broadcast_to(np.asarray(handle, np.float64), counts.shape)
    base = by_slot(counts, handles, seconds, replace(terms, target=min(floor, terms.target))).agents
    most = by_slot(counts, handles, seconds, replace(terms, target=0.9999)).agents
    steps = int((most - base).max(initial=0)) + 1
    ladder = base[:, None] + np.arange(steps)
    grid = with_agents(counts[:, None], handles[:, None], ladder, seconds, terms)
    gained = grid.service_level * counts[:, None]
    place = _climb(gained, float(counts.sum()) * terms.target, most - base)
    return with_agents(counts, handles, base + place, seconds, terms)


def _climb(gained: Floats, wanted: float, most: Counts) -> Counts:
    rows, place = np.arange(len(gained)), np.zeros(len(gained), np.int64)
    while gained[rows, place].sum() < wanted and (place < most).any():
        best, where, far = -1.0, -1, 1
        for row in np.flatnonzero(place < most):
            ahead = gained[row, place[row] + 1 : most[row] + 1] - gained[row, place[row]]
            slope = ahead / np.arange(1, len(ahead) + 1)
            top = int(slope.argmax())
            if slope[top] > best:
                best, where, far = float(slope[top]), int(row), top + 1
        place[where] += far
    for row in np.argsort(-place):
        while (
            place[row] and gained[rows, place].sum() - gained[row, place[row]] + gained[row, place[row] - 1] >= wanted
        ):
            place[row] -= 1
    return place


def blended(agents: Counts, load: Floats, hours_of_slot: float, work: Sequence[Work], occupancy: float) -> Blend:
    """Put work into the time that calls leave, the earliest deadline first; the rest asks for agents where fewest sit.

    The cap on how busy agents are holds for calls and work together.
    """
    for one in work:
        if one.hours < 0 or not 0 <= one.first < one.until <= len(agents):
            raise Impossible("work", "hours of at least nought, within the slots")
    spare = np.maximum(agents * occupancy - load, 0.0) * hours_of_slot
    free, extra = spare.copy(), np.zeros(len(agents))
    for one in sorted(work, key=lambda held: (held.until, held.first)):
        left = one.hours
        for slot in range(one.first, one.until):
            taken = min(left, free[slot])
            free[slot], left = free[slot] - taken, left - taken
        while left > 1e-9:
            slot = one.first + int((agents + np.ceil(extra))[one.first : one.until].argmin())
            room = hours_of_slot * occupancy * (np.floor(extra[slot] + 1 + 1e-9) - extra[slot])
            taken = min(left, room)
            extra[slot], left = extra[slot] + taken / (hours_of_slot * occupancy), left - taken
    return Blend(np.ceil(extra - 1e-9).astype(np.int64), spare - free)


@dataclass(frozen=True, slots=True)
class Curve:
    """What each number of agents around the chosen one reaches and costs, for one slot."""

    agents: Counts
    steady: Steady
    cost: Floats


def curve(calls: float, handle: float, agents: int, seconds: float, terms: Terms, *, hour_cost: float) -> Curve:
    """Four agents fewer to six more. `cost` of their time in the slot."""
    counts = np.arange(max(agents - 4, 0), agents + 7)
    return Curve(counts, with_agents(calls, handle, counts, seconds, terms), counts * hour_cost * seconds / 3600)


def weighted(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float | None:
    """Mean by weight; None where nothing weighs."""
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total else None
