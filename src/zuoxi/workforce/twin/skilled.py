# SPDX-License-Identifier: Apache-2.0
"""How many agents of each group a load of several queues needs in every slot, found by playing the day: where skills
overlap and a rush is carried from one half hour into the next, no formula tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from zuoxi.workforce.erlang import Counts, Floats
from zuoxi.workforce.intraday.multiskill import search
from zuoxi.workforce.intraday.pool import Queues
from zuoxi.workforce.twin import tables
from zuoxi.workforce.twin.engine import simulate
from zuoxi.workforce.twin.scenario import Scenario

_UNPRICED = 30.0
_SLACK = 0.004
_CALLS = 4_000_000
_SHARPER, _ROUGHER = 4, 4
_LEAST_PLAYS = 30


@dataclass(frozen=True, slots=True)
class Skilled:
    """`agents` by group and slot; `service` and `offered` (calls of a day) by queue and slot, played with callers that
    the search never met, nan where nobody calls. `met`: the share of queue slots with calls whose service is no more
    than a point below the target; `rounds` plays of `replications` days each it took."""

    agents: Counts
    service: Floats
    offered: Floats
    met: float
    rounds: int
    replications: int

    def scenario(self, asked: Scenario, slot_seconds: float) -> Scenario:
        """What was asked with these agents."""
        return with_agents(asked, self.agents, slot_seconds)


def required(
    scenario: Scenario,
    targets: Mapping[str, float],
    *,
    slot_seconds: float = 1800.0,
    replications: int | None = None,
    rounds: int = 80,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Skilled:
    """The cheapest agents found that answer the share `targets` of each queue's calls within its time, in every slot;
    the groups' own numbers do not matter, their hour's cost does. Raises ValueError for a queue that nobody serves."""
    slots = int(np.ceil(scenario.horizon_seconds / slot_seconds))
    queues = _queues(scenario, targets)
    calls = _calls(scenario, slots, slot_seconds)
    cost = np.array([_UNPRICED if one.hour_cost is None else max(one.hour_cost, 0.01) for one in scenario.groups])
    done = 0.0
    plays = replications or int(np.clip(_CALLS / max(float(calls.sum()), 1.0), 50, 1000))

    def played(agents: Counts, seed: int, longer: float = 1) -> tuple[Floats, Floats]:
        times = max(int(plays * longer), min(plays, _LEAST_PLAYS))
        found = simulate(with_agents(scenario, agents, slot_seconds), times, seed, workers=workers)
        places = np.minimum((found.course.starts // slot_seconds).astype(np.int64), slots - 1)
        sums = np.zeros((slots, len(queues.handle), tables.TALLY))
        np.add.at(sums, places, found.by_stretch)
        offered, within = sums[:, :, tables.OFFERED].T, sums[:, :, tables.WITHIN].T
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(offered > 0, within / np.where(offered > 0, offered, 1), np.nan), offered

    def tried(agents: Counts) -> Floats:
        nonlocal done
        done += 1
        if progress:
            progress(min(int(done), rounds), rounds)
        return played(agents, seed)[0]

    def sharper(agents: Counts) -> Floats:
        return played(agents, seed + 104_729, _SHARPER)[0]

    def rougher(agents: Counts) -> Floats:
        nonlocal done
        done += 1 / _ROUGHER
        if progress:
            progress(min(int(done), rounds), rounds)
        return played(agents, seed, 1 / _ROUGHER)[0]

    found = search(
        calls, queues, tried, cost=cost, slot_seconds=slot_seconds, rounds=rounds, tolerance=_SLACK, sharper=sharper,
        rougher=rougher,
    )  # fmt: skip
    service, offered = played(found.agents, seed + 7919, _SHARPER)
    known = ~np.isnan(service) & (calls > 0)
    short = known & (service < queues.target[:, None] - 0.01)
    met = float(1 - short.sum() / max(known.sum(), 1))
    return Skilled(found.agents, service, offered, met, found.rounds, plays)


def with_agents(scenario: Scenario, agents: Counts, slot_seconds: float) -> Scenario:
    return scenario.with_groups(
        tuple(
            replace(group, agents_per_interval=tuple(row), interval_seconds=slot_seconds)
            for group, row in zip(scenario.groups, agents.tolist(), strict=True)
        )
    )


def _queues(scenario: Scenario, targets: Mapping[str, float]) -> Queues:
    """What the formulas want to know, which only give the start."""
    patient = [one.patience_seconds for one in scenario.queues if one.patience_seconds is not None]
    return Queues(
        handle=np.array([sum(one.aht_seconds) / len(one.aht_seconds) for one in scenario.queues]),
        within=np.array([one.service_threshold_seconds for one in scenario.queues]),
        target=np.array([targets[one.id] for one in scenario.queues]),
        patience=sum(patient) / len(patient) if len(patient) == len(scenario.queues) else None,
        served=np.array([[scenario.takes(group, one) for one in scenario.queues] for group in scenario.groups]),
    )


def _calls(scenario: Scenario, slots: int, slot_seconds: float) -> Floats:
    """Calls expected by queue and slot."""
    table = tables.tables_of(scenario)
    sums = np.vstack([np.zeros(len(scenario.queues)), np.cumsum(table.rates * np.diff(table.edges)[:, None], axis=0)])
    ends = np.minimum(np.arange(slots + 1) * slot_seconds, table.edges[-1])
    found = np.diff(np.array([np.interp(ends, table.edges, column) for column in sums.T]), axis=1).T
    if len(table.listed):
        at = np.minimum((table.listed[:, 0] // slot_seconds).astype(np.int64), slots - 1)
        np.add.at(found, (at, table.listed_queue), 1.0)
    return np.asarray(found.T)
