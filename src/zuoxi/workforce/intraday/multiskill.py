# SPDX-License-Identifier: Apache-2.0
"""How many agents of each group a load of several queues needs over time, searched with a simulation.

The formula of `pool` gives the start; then every round simulates the plan, adds an agent where a queue falls short and
takes one away where all its queues have service to spare.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zuoxi.workforce.erlang import Counts, Floats, fewest
from zuoxi.workforce.intraday.pool import Queues, reached

Simulate = Callable[[Counts], Floats]
"""Agents by group and slot → service level by queue and slot (nan where nobody called)."""
_WELL_ABOVE = 0.08


@dataclass(frozen=True, slots=True)
class Found:
    """`met`: share of queue slots with calls whose simulated service is at most the tolerance under the target."""

    agents: Counts
    service: Floats
    met: float
    rounds: int


def start(calls: Floats, queues: Queues, cost: Floats, slot_seconds: float) -> Counts:
    """Agents by group and slot that meet every target by formula, none of whom could be spared; the cheaper of two
    ways: everybody from the cheapest group first, or from the group that serves most. Raises ValueError for a queue
    that nobody serves."""
    ways = []
    for liking in (-cost, queues.served.sum(axis=1) / cost):
        agents = np.zeros((len(queues.served), calls.shape[1]), np.int64)
        for place in range(queues.count):
            able = np.flatnonzero(queues.served[:, place])
            if not len(able):
                raise ValueError(f"nobody serves queue {place}")
            alone = fewest(
                calls[place] / slot_seconds, queues.handle[place], queues.within[place], queues.target[place],
                patience=queues.patience,
            )  # fmt: skip
            agents[able[liking[able].argmax()]] += alone.agents
        ways.append(_spared(agents, calls, queues, cost, slot_seconds))
    priced = np.array([(one * cost[:, None]).sum(axis=0) for one in ways])
    best: Counts = np.where(priced[0] <= priced[1], ways[0], ways[1])
    return best


def _spared(agents: Counts, calls: Floats, queues: Queues, cost: Floats, slot_seconds: float) -> Counts:
    """Take agents away, the dearest first, or put a cheaper one in the place of a dearer, while the formula still
    meets every target."""
    agents, again = agents.copy(), True
    while again:
        again = False
        for group in np.argsort(-cost):
            for other in (None, *np.flatnonzero(cost < cost[group])):
                tried = agents.copy()
                tried[group] = np.maximum(tried[group] - 1, 0)
                if other is not None:
                    tried[other] += 1
                service = reached(calls, tried.astype(np.float64), queues, slot_seconds).service
                fine = (np.isnan(service) | (service >= queues.target[:, None])).all(axis=0) & (agents[group] > 0)
                agents = np.where(fine, tried, agents)
                again |= bool(fine.any())
    return agents


def search(
    calls: Floats,
    queues: Queues,
    simulate: Simulate,
    *,
    cost: Floats,
    slot_seconds: float = 1800,
    rounds: int = 40,
    tolerance: float = 0.01,
) -> Found:
    """The best plan seen: the one that meets most, and among those that meet 99 % the cheapest. Groups cost `cost` a
    slot. Ends when everything is met and nothing can be spared, or after so many rounds."""
    work = _Search(calls, queues, cost, start(calls, queues, cost, slot_seconds))
    best = Found(work.agents, np.full(calls.shape, np.nan), -1.0, 0)
    for number in range(1, rounds + 1):
        service = simulate(work.agents)
        known = ~np.isnan(service) & (calls > 0)
        short = known & (service < queues.target[:, None] - tolerance)
        found = Found(work.agents.copy(), service, float(1 - short.sum() / max(known.sum(), 1)), number)
        if work.rank(found) > work.rank(best):
            best = found
        if not (work.more(service, short) if short.any() else work.fewer(service)):
            break
    return best


class _Search:
    """The plan as it changes; `held` marks what was added or taken once, so that nothing goes to and fro."""

    def __init__(self, calls: Floats, queues: Queues, cost: Floats, agents: Counts) -> None:
        self.calls, self.queues, self.cost, self.agents = calls, queues, cost, agents
        self.held = np.zeros(agents.shape, np.bool_)

    def rank(self, found: Found) -> tuple[float, float]:
        return min(found.met, 0.99), -float((found.agents * self.cost[:, None]).sum())

    def more(self, service: Floats, short: NDArray[np.bool_]) -> bool:
        """More hands in every short slot, in the group that helps the short queues most for its price."""
        for slot in np.flatnonzero(short.any(axis=0)):
            want = np.where(short[:, slot], self.queues.target - service[:, slot], 0.0)
            group = int(((self.queues.served * want[None]).sum(axis=1) / self.cost).argmax())
            self.agents[group, slot] += max(1, int(want.max() * self.agents[:, slot].sum() / 4))
            self.held[group, slot] = True
        return True

    def fewer(self, service: Floats) -> bool:
        """One hand fewer where all queues of a group stay well above their targets; whether any was taken."""
        spare = np.where(np.isnan(service) | (self.calls <= 0), 1.0, service - self.queues.target[:, None])
        for group in np.argsort(-self.cost):
            room = spare[self.queues.served[group]].min(axis=0)
            take = (room > _WELL_ABOVE) & (self.agents[group] > 1) & ~self.held[group]
            self.agents[group] -= take
            self.held[group] |= take
            if take.any():
                return True
        return False
