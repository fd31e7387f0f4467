# SPDX-License-Identifier: Apache-2.0
"""How many agents of each group a load of several queues needs over time, searched with a simulation.

The formula of `pool` gives the start; hands are added where the simulated service falls short, then taken away, put
into cheaper groups, or two of them replaced by one who serves what both serve, as long as the simulation bears it. How
many at a time is read off the formula's slope and what the simulation leaves to spare, halved where it was too much.
Every other slot is changed at once: what a slot does is felt in itself and in the next.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zuoxi.workforce.erlang import Counts, Floats, fewest
from zuoxi.workforce.intraday.pool import Queues, reached

Simulate = Callable[[Counts], Floats]
"""Agents by group and slot → service level by queue and slot (nan where nobody called)."""
_REPAIRS = 12
_HOPE = 0.03
_PRUDENT = 0.6
"""Of the hands that could be spared by the formula's slope: the more are gone, the dearer the next one is."""
_REACHES = (0.3, 0.2, 0.2, 0.15, 0.1, 0.1, 0.06, 0.06, 0.04)
"""Share of a slot's hands that may be moved in each step downhill."""
_NUDGE = 0.05
"""Share of a slot's hands by which one group is changed to learn the slopes."""
_BY_TWOS = 6
"""Groups up to which two hands are tried for one."""
Move = tuple[int, ...]
"""Hands that each group gains (below nought: gives away)."""


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
    rougher: Simulate | None = None,
) -> Found:
    """The cheapest plan found that falls short of no target by more than the tolerance, or the one that came nearest.
    Groups cost `cost` a slot. Ends when nothing can be spared, or after so many rounds of `simulate`. `sharper`: a
    longer simulation with other callers, which mends at the end what only chance had made look well; `rougher`: a
    quarter as long, with the same callers, which tells slopes."""
    work = _Search(_Asked(calls, queues, cost, slot_seconds, tolerance, rounds), simulate, rougher)
    work.mend()
    work.descend()
    work.mend()
    while work.spare():
        pass
    work.mend()  # what stands now was never played as a whole
    if sharper is not None:
        work.simulate, work.rank, work.agents = sharper, (-1.0, 0.0), work.best.copy()
    work.mend()
    return Found(work.best, work.best_service, work.share(work.best_service), math.ceil(work.done))


@dataclass(frozen=True, slots=True)
class _Asked:
    calls: Floats
    queues: Queues
    cost: Floats
    slot_seconds: float
    tolerance: float
    rounds: int


@dataclass(frozen=True, slots=True)
class _Try:
    """A move so many times over; `strain`: the share of what is to spare that it is thought to take."""

    move: Move
    times: int
    strain: float


def moves_of(queues: Queues, cost: Floats) -> list[Move]:
    """What saves something: a hand fewer, one in a cheaper group, one for two whose queues he all serves."""
    groups = range(len(cost))
    found = set()
    for one in groups:
        found.add(_move(len(cost), [one], []))
        found |= {_move(len(cost), [one], [to]) for to in groups if cost[to] < cost[one]}
    if len(cost) <= _BY_TWOS:
        for one in groups:
            for two in range(one, len(cost)):
                both = queues.served[one] | queues.served[two]
                found |= {
                    _move(len(cost), [one, two], [to])
                    for to in groups
                    if to not in (one, two) and (queues.served[to] >= both).all() and cost[to] < cost[one] + cost[two]
                }
    return sorted(found, key=lambda move: (float(np.array(move) @ cost), move))


def _move(groups: int, gone: list[int], come: list[int]) -> Move:
    return tuple(come.count(place) - gone.count(place) for place in range(groups))


def stepped(spare: Floats, lost: Floats, won: Floats, cost: Floats, bounds: tuple[Counts, Counts]) -> Counts:
    """By group and slot the hands that go (below nought) or come: the cheapest whole numbers within `bounds` (most that
    go, most that come) whose loss is less than a part of what there is to spare, and that win what is missing."""
    from ortools.linear_solver import pywraplp

    found = np.zeros(bounds[0].shape, np.int64)
    for slot in range(spare.shape[1]):
        solver = pywraplp.Solver.CreateSolver("SCIP")
        gone = [solver.IntVar(0, int(most), "") for most in bounds[0][:, slot]]
        come = [solver.IntVar(0, int(most), "") for most in bounds[1][:, slot]]
        short = [solver.NumVar(0, 10, "") for _ in spare]
        for queue, left in enumerate(spare[:, slot]):
            room = float(left) * (_PRUDENT if left > 0 else 1.2)
            balance = sum(
                float(won[group, queue, slot]) * come[group] - float(lost[group, queue, slot]) * gone[group]
                for group in range(len(cost))
            )
            solver.Add(balance + short[queue] >= -room)
        price = sum(float(cost[group]) * (come[group] - gone[group]) for group in range(len(cost)))
        # Who moves without need costs a little: noise in a slope is no reason to move anybody.
        moved = sum(1e-3 * float(cost[group]) * (come[group] + gone[group]) for group in range(len(cost)))
        solver.Minimize(price + moved + 1e4 * float(cost.max()) * sum(short))
        if solver.Solve() in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            found[:, slot] = [round(c.solution_value() - g.solution_value()) for c, g in zip(come, gone, strict=True)]
    return found


class _Search:
    """The plan as it changes; `most` holds how many times at once a move may still be tried in a slot, nought where it
    did not go."""

    def __init__(self, asked: _Asked, simulate: Simulate, rougher: Simulate | None = None) -> None:
        self.calls, self.queues, self.cost, self.simulate = asked.calls, asked.queues, asked.cost, simulate
        self.rougher, self.turn_price = rougher or simulate, 0.25 if rougher else 1.0
        self.slot_seconds, self.tolerance, self.rounds = asked.slot_seconds, asked.tolerance, asked.rounds
        self.done = 0.0
        self.agents = start(self.calls, self.queues, self.cost, self.slot_seconds)
        self.service: Floats = np.full(self.calls.shape, np.nan)
        self.best, self.best_service, self.rank = self.agents, self.service, (-1.0, 0.0)
        self.most: dict[tuple[int, Move], int] = {}
        self.moves = moves_of(self.queues, self.cost)
        self.parity = 0
        self.slopes: tuple[Floats, Floats] | None = None

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

    def descend(self) -> None:
        """All slots at once downhill: what a hand more or fewer of each group does to each queue is played, and the
        cheapest step is taken that by those slopes leaves every queue what it needs."""
        for reach in _REACHES:
            if self.done + (2 * len(self.cost) + 1) * self.turn_price + 1 > self.rounds:
                return
            self.slopes = self._slopes()
            step = stepped(self._short_by(), *self.slopes, self.cost, self._bounds(reach))
            if not step.any():
                continue
            self.agents += step
            self.service = self._play(self.agents)

    def _short_by(self) -> Floats:
        """What there is to spare by queue and slot, below nought where it falls short."""
        free = np.isnan(self.service) | (self.calls <= 0)
        return np.where(free, 1.0, self.service - self.queues.target[:, None] + self.tolerance)

    def _bounds(self, reach: float) -> tuple[Counts, Counts]:
        """Hands by group and slot that may go and that may come in one step."""
        most = np.maximum(np.round(self.agents.sum(axis=0) * reach), 1).astype(np.int64)
        busy = (self.calls > 0).any(axis=0)
        gone: Counts = np.minimum(self.agents, most[None])
        return gone, np.broadcast_to(np.where(busy, most, 0), self.agents.shape)

    def _slopes(self) -> tuple[Floats, Floats]:
        """By group, queue and slot: service lost through a hand fewer, and won through a hand more."""
        change = np.maximum(np.round(self.agents.sum(axis=0) * _NUDGE), 1).astype(np.int64)
        base = self._rough(self.agents)
        lost, won = (np.zeros((len(self.cost), *self.calls.shape)) for _ in range(2))
        for group in range(len(self.cost)):
            fewer, more = self.agents.copy(), self.agents.copy()
            gone = np.minimum(fewer[group], change)
            fewer[group] -= gone
            more[group] += change
            lost[group] = np.nan_to_num((base - self._rough(fewer)) / np.maximum(gone, 1))
            won[group] = np.nan_to_num((self._rough(more) - base) / change)
        return np.maximum(lost, 0.0), np.maximum(won, 0.0)

    def _rough(self, agents: Counts) -> Floats:
        self.done += self.turn_price
        return self.rougher(agents)

    def spare(self) -> bool:
        """Try one move in every other slot; whether there was any to try in these slots or in the others."""
        for _side in range(2):
            self.parity = 1 - self.parity
            chosen = self._chosen()
            if chosen and self.done < self.rounds:
                self._try(chosen)
                return True
        return False

    def _chosen(self) -> dict[int, _Try]:
        """By slot the move that saves most for what it takes of what there is to spare, among those the formula gives
        some hope for."""
        now = self._reckoned(self.agents)
        spare = self._short_by()
        found: dict[int, tuple[float, _Try]] = {}
        for move in self.moves:
            after = self.agents + np.array(move)[:, None]
            loss = self._loss(move, after, now)
            hope = (spare - loss > -_HOPE).all(axis=0) & (after >= 0).all(axis=0)
            strain = (loss / np.maximum(spare, 1e-3)).max(axis=0)
            saved = -float(np.array(move) @ self.cost)
            for place in np.flatnonzero(hope):
                slot = int(place)
                times = self._times(slot, move, float(strain[slot]))
                if slot % 2 != self.parity or not times:
                    continue
                # Of two that go, the one that saves more for its strain; one that may not go comes last.
                worth = saved / max(float(strain[slot]), 0.02) if strain[slot] < 1 else saved * 1e-6
                if slot not in found or worth > found[slot][0] + 1e-12:
                    found[slot] = worth, _Try(move, times, float(strain[slot]))
        return {slot: one for slot, (_worth, one) in found.items()}

    def _loss(self, move: Move, after: Counts, now: Floats) -> Floats:
        """What the move is thought to take from each queue and slot: by the slopes played last, else by formula."""
        if self.slopes is None:
            return np.asarray(np.nan_to_num(now - self._reckoned(np.maximum(after, 0))))
        lost, won = self.slopes
        return np.asarray(
            sum((-step * lost[one] if step < 0 else -step * won[one]) for one, step in enumerate(move) if step)
        )

    def _times(self, slot: int, move: Move, strain: float) -> int:
        there = min((int(self.agents[place, slot]) // -step for place, step in enumerate(move) if step < 0), default=0)
        by_slope = max(int(_PRUDENT / max(strain, 0.02)), 1)
        return min(there, by_slope, self.most.get((slot, move), 1_000))

    def _reckoned(self, agents: Counts) -> Floats:
        return reached(self.calls, agents.astype(np.float64), self.queues, self.slot_seconds).service

    def _try(self, chosen: dict[int, _Try]) -> None:
        before, was = self.agents.copy(), self.service.copy()
        for slot, one in chosen.items():
            self.agents[:, slot] += one.times * np.array(one.move)
        service = self._play(self.agents)
        short: Floats = self._short(service).max(axis=0)
        for slot, one in chosen.items():
            felt = slice(slot, slot + 2)
            if short[felt].max() > 0:
                self.agents[:, slot] = before[:, slot]
                service[:, felt] = was[:, felt]
                self.most[slot, one.move] = one.times // 2
        self.service = service
