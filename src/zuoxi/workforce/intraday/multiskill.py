# SPDX-License-Identifier: Apache-2.0
"""How many agents of each group a load of several queues needs over time, searched with a simulation.

The formula of `pool` gives the start; hands are added where the simulated service falls short, then taken away or put
into cheaper groups slot by slot as long as the simulation bears it. Every other slot is changed at once: what a slot
does is felt in itself and in the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zuoxi.workforce.erlang import Counts, Floats, fewest
from zuoxi.workforce.intraday.pool import Queues, reached

Simulate = Callable[[Counts], Floats]
"""Agents by group and slot → service level by queue and slot (nan where nobody called)."""
_REPAIRS = 12
_HOPE = 0.03
Move = tuple[int, int]
"""The group that gives a hand away, and the one that takes one (−1: none)."""


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
    rounds: int = 60,
    tolerance: float = 0.01,
    sharper: Simulate | None = None,
) -> Found:
    """The cheapest plan found that falls short of no target by more than the tolerance, or the one that came nearest.
    Groups cost `cost` a slot. Ends when nothing can be spared, or after so many rounds of `simulate`. `sharper`: a
    longer simulation with other callers, which mends at the end what only chance had made look well."""
    work = _Search(_Asked(calls, queues, cost, slot_seconds, tolerance, rounds), simulate)
    work.mend()
    while work.spare():
        pass
    if sharper is not None:
        work.simulate, work.rank, work.agents = sharper, (-1.0, 0.0), work.best.copy()
    work.mend()
    return Found(work.best, work.best_service, work.share(work.best_service), work.done)


@dataclass(frozen=True, slots=True)
class _Asked:
    calls: Floats
    queues: Queues
    cost: Floats
    slot_seconds: float
    tolerance: float
    rounds: int


class _Search:
    """The plan as it changes; `barred` holds moves that did not go, by slot."""

    def __init__(self, asked: _Asked, simulate: Simulate) -> None:
        self.calls, self.queues, self.cost, self.simulate = asked.calls, asked.queues, asked.cost, simulate
        self.slot_seconds, self.tolerance, self.rounds, self.done = asked.slot_seconds, asked.tolerance, asked.rounds, 0
        self.agents = start(self.calls, self.queues, self.cost, self.slot_seconds)
        self.service: Floats = np.full(self.calls.shape, np.nan)
        self.best, self.best_service, self.rank = self.agents, self.service, (-1.0, 0.0)
        self.barred: set[tuple[int, Move]] = set()
        cost, groups = self.cost, range(len(self.cost))
        moves = [(one, -1) for one in groups] + [(one, to) for one in groups for to in groups if cost[to] < cost[one]]
        self.moves = sorted(moves, key=self._saved, reverse=True)
        self.parity = 0

    def _saved(self, move: Move) -> float:
        return float(self.cost[move[0]] - (self.cost[move[1]] if move[1] >= 0 else 0.0))

    def _play(self, agents: Counts) -> Floats:
        """Simulate, and remember the plan if it is the best so far."""
        self.done += 1
        service = self.simulate(agents)
        rank = self.share(service), -float((agents * self.cost[:, None]).sum())
        if rank > self.rank:
            self.rank, self.best, self.best_service = rank, agents.copy(), service
        return service

    def share(self, service: Floats) -> float:
        known = ~np.isnan(service) & (self.calls > 0)
        return float(1 - (self._short(service) > 0).sum() / max(known.sum(), 1))

    def _short(self, service: Floats) -> Floats:
        """How far below what is tolerated, nought where it is not."""
        goal = self.queues.target[:, None] - self.tolerance
        return np.where(np.isnan(service) | (self.calls <= 0), 0.0, np.maximum(goal - service, 0.0))

    def mend(self) -> None:
        """Hands where the service falls short, in the group that helps the short queues most for its price."""
        for _turn in range(_REPAIRS):
            self.service = self._play(self.agents)
            short = self._short(self.service)
            if not short.any() or self.done >= self.rounds + _REPAIRS:
                return
            for slot in np.flatnonzero(short.any(axis=0)):
                want = short[:, slot] * self.calls[:, slot]
                group = int(((self.queues.served * want[None]).sum(axis=1) / self.cost).argmax())
                there = self.agents[:, slot].sum()
                self.agents[group, slot] += max(1, int(short[:, slot].max() * there / 5))

    def spare(self) -> bool:
        """Try one move in every other slot; whether there was any to try in these slots or in the others."""
        for _side in range(2):
            self.parity = 1 - self.parity
            chosen = self._chosen()
            if chosen and self.done < self.rounds:
                self._try(chosen)
                return True
        return False

    def _chosen(self) -> dict[int, Move]:
        """By slot the move that would save most among those the formula gives some hope for."""
        now = reached(self.calls, self.agents.astype(np.float64), self.queues, self.slot_seconds).service
        spare = np.where(self.calls > 0, self.service - self.queues.target[:, None] + self.tolerance, 1.0)
        found: dict[int, Move] = {}
        for move in self.moves:
            after = self._after(move)
            then = reached(self.calls, np.maximum(after, 0).astype(np.float64), self.queues, self.slot_seconds).service
            hope = (np.nan_to_num(spare, nan=1.0) + np.nan_to_num(then - now) > -_HOPE).all(axis=0)
            for slot in np.flatnonzero(hope & (self.agents[move[0]] > 0)):
                if slot % 2 == self.parity and slot not in found and (int(slot), move) not in self.barred:
                    found[int(slot)] = move
        return found

    def _after(self, move: Move, slots: list[int] | None = None) -> Counts:
        agents = self.agents.copy()
        where = slice(None) if slots is None else slots
        agents[move[0], where] -= 1
        if move[1] >= 0:
            agents[move[1], where] += 1
        return agents

    def _try(self, chosen: dict[int, Move]) -> None:
        before, was = self.agents.copy(), self.service.copy()
        for slot, move in chosen.items():
            self.agents = self._after(move, [slot])
        service = self._play(self.agents)
        short: Floats = self._short(service).max(axis=0)
        for slot, move in chosen.items():
            felt = slice(slot, slot + 2)
            if short[felt].max() > 0:
                self.agents[:, slot] = before[:, slot]
                service[:, felt] = was[:, felt]
                self.barred.add((slot, move))
        self.service = service
