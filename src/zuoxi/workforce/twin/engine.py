# SPDX-License-Identifier: Apache-2.0
"""Play a scenario many times over and say what came of it, and how sure that is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zuoxi.workforce.twin import tables
from zuoxi.workforce.twin.bands import Band, band
from zuoxi.workforce.twin.scenario import Group, Queue, Scenario
from zuoxi.workforce.twin.tables import Tables, tables_of

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

MOST_REPLICATIONS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Means of the replications. Service level: answered within the time ÷ offered; `asa_seconds`: wait of all callers,
    those who gave up included; `answered_wait` of those who were answered. `occupancy`: of the groups that may take
    the queue's calls."""

    offered: float
    answered: float
    abandoned: float
    left: float
    again: float
    passed_on: float
    called_back: float
    service_level: Band
    asa_seconds: Band
    answered_wait: Band
    abandonment: Band
    occupancy: Band

    def as_json(self) -> dict[str, Any]:
        return {
            "offered": self.offered,
            "answered": self.answered,
            "abandoned": self.abandoned,
            "waiting_at_end": self.left,
            "repeated": self.again,
            "transferred_in": self.passed_on,
            "called_back": self.called_back,
            "service_level": self.service_level.as_json(),
            "asa_seconds": self.asa_seconds.as_json(),
            "answered_wait_seconds": self.answered_wait.as_json(),
            "abandonment": self.abandonment.as_json(),
            "occupancy": self.occupancy.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Hours:
    """A group's hours: `planned` as in the scenario, `there` after absence and adherence, `over` beyond the plan to
    finish a call, `busy` with callers. `cost` of planned and over hours; None where no cost of an hour is given."""

    planned: Band
    there: Band
    over: Band
    busy: Band
    occupancy: Band
    cost: Band | None

    def as_json(self) -> dict[str, Any]:
        return {
            "planned_hours": self.planned.as_json(),
            "present_hours": self.there.as_json(),
            "overrun_hours": self.over.as_json(),
            "busy_hours": self.busy.as_json(),
            "occupancy": self.occupancy.as_json(),
            "cost": self.cost.as_json() if self.cost else None,
        }


@dataclass(frozen=True, slots=True)
class Course:
    """By stretch of time, all queues together: begins in seconds, calls offered, service level with its band over the
    replications (nan where nobody called), and agents planned."""

    starts: Floats
    offered: Floats
    level: Floats
    level_low: Floats
    level_high: Floats
    agents: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    queues: dict[str, Figures]
    all: Figures
    groups: dict[str, Hours]
    staff: Hours
    course: Course
    by_stretch: Floats
    samples: dict[str, list[float]]
    replications: int
    seed: int
    calls: int
    seconds: float

    """`by_stretch`: the mean tally of a replication by stretch (`course.starts`), queue and column of `tables`.
    `samples`: of all queues and groups together, one value a replication, to set two plays with one seed beside each
    other day by day."""

    @property
    def calls_per_second(self) -> float:
        return self.calls / self.seconds if self.seconds else 0.0


class Ready:
    """The compiled loop; made once, because the first call of a process loads or compiles it."""

    _run: Callable[..., Any] | None = None

    @classmethod
    def run(cls) -> Callable[..., Any]:
        if cls._run is None:
            from zuoxi.workforce.twin import kernel

            tiny = Scenario((Queue("a", (1.0,)),), (Group("a", (), (1,)),), 60.0)
            _play(kernel.run, tiny, tables_of(tiny), 0)
            cls._run = kernel.run
        return cls._run


def simulate(
    scenario: Scenario,
    replications: int = 20,
    seed: int = 1,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Play `replications` independent days. The same seed gives the same outcome, however many threads play.

    `progress(done, all)` is told after each; what it raises ends the play.
    """
    run, table = Ready.run(), tables_of(scenario)
    seeds = [int(one >> np.uint64(1)) for one in np.random.SeedSequence(seed).generate_state(replications, np.uint64)]
    sums = _Sums(scenario, table, replications)
    began = time.perf_counter()
    threads = min(workers or os.cpu_count() or 1, replications)
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(_play, run, scenario, table, one) for one in seeds]
        try:
            for place, one in enumerate(waiting):
                sums.add(place, one.result())
                if progress:
                    progress(place + 1, replications)
        except BaseException:
            for one in waiting:
                one.cancel()
            raise
    return sums.outcome(seed, time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class Played:
    """One replication as the loop gives it back, and the staff that were there, by stretch and group."""

    tally: Floats
    busy: Floats
    over: Floats
    calls: int
    staff: NDArray[np.int64]
    trace: Floats


def play_once(scenario: Scenario, seed: int, trace: int = 0) -> Played:
    """One replication, with the first `trace` calls one by one: entered, wait, queue, group or −1 who gave up."""
    return _play(Ready.run(), scenario, tables_of(scenario), seed, trace)


def _play(run: Callable[..., Any], scenario: Scenario, table: Tables, seed: int, trace: int = 0) -> Played:
    staff, rates = _who_came(scenario, table, seed), _how_many_call(scenario, table, seed)
    told = np.empty((trace, 4))
    while True:
        room = table.room.copy()
        tally, busy, over, calls, traced, narrow = run(
            seed, float(scenario.warmup_seconds), table.edges, rates, table.handle, staff, table.pace, table.traits,
            table.priority, table.serves, table.takers, table.listed, table.listed_queue, room, told,
        )  # fmt: skip
        if not narrow:
            return Played(tally, busy, over, calls, staff, told[:traced])
        table.room[narrow - 1] = max(table.room[narrow - 1], 4 * room[narrow - 1])


def _who_came(scenario: Scenario, table: Tables, seed: int) -> NDArray[np.int64]:
    """The staff by stretch and group, less who is absent that day, on a break or elsewhere."""
    found = table.staff.copy()
    for place, group in enumerate(scenario.groups):
        share = group.adherence * (1 - group.break_share)
        if group.absence == 0 and share == 1:
            continue
        rng = np.random.default_rng((seed, 1, place))
        here = np.concatenate([[0], np.cumsum(rng.random(int(found[:, place].max(initial=0))) >= group.absence)])
        found[:, place] = here[found[:, place]]
        if share < 1:
            found[:, place] = rng.binomial(found[:, place], share)
    return found


def _how_many_call(scenario: Scenario, table: Tables, seed: int) -> Floats:
    """The expected calls, times the day's own factor of each queue that has one."""
    if not any(one.volume_cv for one in scenario.queues):
        return table.rates
    factors = np.ones(len(scenario.queues))
    for place, queue in enumerate(scenario.queues):
        if queue.volume_cv:
            spread = np.log1p(queue.volume_cv**2)
            factors[place] = np.random.default_rng((seed, 2, place)).lognormal(-spread / 2, np.sqrt(spread))
    return np.ascontiguousarray(table.rates * factors)


class _Sums:
    """What is kept of each replication: totals by queue and group, and the course summed over replications."""

    def __init__(self, scenario: Scenario, table: Tables, replications: int) -> None:
        self.scenario, self.table, self.replications = scenario, table, replications
        queues, groups, stretches = len(scenario.queues), len(scenario.groups), len(table.edges) - 1
        self.totals = np.zeros((replications, queues, tables.TALLY))
        self.there, self.over, self.busy = (np.zeros((replications, groups)) for _ in range(3))
        self.offered = np.zeros(stretches)
        self.level, self.squares, self.told = (np.zeros(stretches) for _ in range(3))
        self.calls = 0
        self.tally = np.zeros((stretches, queues, tables.TALLY))
        edges = np.clip(table.edges, scenario.warmup_seconds, None)
        self.lengths = np.diff(edges)

    def add(self, place: int, one: Played) -> None:
        self.totals[place] = one.tally.sum(axis=0)
        self.busy[place], self.over[place] = one.busy, one.over
        self.there[place] = (one.staff * self.lengths[:, None]).sum(axis=0) + one.over
        self.calls += one.calls
        self.tally += one.tally
        offered, within = one.tally[:, :, tables.OFFERED].sum(axis=1), one.tally[:, :, tables.WITHIN].sum(axis=1)
        some = offered > 0
        level = within[some] / offered[some]
        self.offered += offered
        self.level[some] += level
        self.squares[some] += level * level
        self.told += some

    def outcome(self, seed: int, seconds: float) -> Outcome:
        queues, groups = self.scenario.queues, self.scenario.groups
        taken = [[place for place, group in enumerate(groups) if self.scenario.takes(group, queue)] for queue in queues]
        planned = (self.table.staff * self.lengths[:, None]).sum(axis=0)
        costs = [group.hour_cost for group in groups]
        every = list(range(len(groups)))
        return Outcome(
            queues={queue.id: self._figures(self.totals[:, place], taken[place]) for place, queue in enumerate(queues)},
            all=self._figures(self.totals.sum(axis=1), every),
            groups={group.id: self._hours([place], planned, costs) for place, group in enumerate(groups)},
            staff=self._hours(every, planned, costs),
            course=self._course(),
            by_stretch=self.tally / self.replications,
            samples=self._samples(planned, costs),
            replications=self.replications,
            seed=seed,
            calls=self.calls,
            seconds=seconds,
        )

    def _figures(self, totals: Floats, groups: list[int]) -> Figures:
        means = totals.mean(axis=0)
        offered, answered = totals[:, tables.OFFERED], totals[:, tables.ANSWERED]
        return Figures(
            offered=float(means[tables.OFFERED]),
            answered=float(means[tables.ANSWERED]),
            abandoned=float(means[tables.ABANDONED]),
            left=float(means[tables.LEFT]),
            again=float(means[tables.AGAIN]),
            passed_on=float(means[tables.MOVED_IN]),
            called_back=float(means[tables.CALLED_BACK]),
            service_level=band(_shares(totals[:, tables.WITHIN], offered), least=0, most=1),
            asa_seconds=band(_shares(totals[:, tables.WAITED], offered), least=0),
            answered_wait=band(_shares(totals[:, tables.WAITED_ANSWERED], answered), least=0),
            abandonment=band(_shares(totals[:, tables.ABANDONED], offered), least=0, most=1),
            occupancy=self._occupancy(groups),
        )

    def _occupancy(self, groups: list[int]) -> Band:
        return band(_shares(self.busy[:, groups].sum(axis=1), self.there[:, groups].sum(axis=1)), least=0, most=1)

    def _hours(self, groups: list[int], planned: Floats, costs: list[float | None]) -> Hours:
        paid = planned[groups] / 3600 + self.over[:, groups] / 3600
        prices = [costs[place] for place in groups]
        known = [one for one in prices if one is not None]
        return Hours(
            planned=band([planned[groups].sum() / 3600] * self.replications),
            there=band(self.there[:, groups].sum(axis=1) / 3600),
            over=band(self.over[:, groups].sum(axis=1) / 3600, least=0),
            busy=band(self.busy[:, groups].sum(axis=1) / 3600),
            occupancy=self._occupancy(groups),
            cost=band((paid * np.array(known)).sum(axis=1)) if len(known) == len(prices) else None,
        )

    def _samples(self, planned: Floats, costs: list[float | None]) -> dict[str, list[float]]:
        whole = self.totals.sum(axis=1)
        offered = whole[:, tables.OFFERED]
        found = {
            "service_level": _shares(whole[:, tables.WITHIN], offered),
            "asa_seconds": _shares(whole[:, tables.WAITED], offered),
            "abandonment": _shares(whole[:, tables.ABANDONED], offered),
            "occupancy": _shares(self.busy.sum(axis=1), self.there.sum(axis=1)),
            "over_hours": (self.over.sum(axis=1) / 3600).tolist(),
            "planned_hours": [float(planned.sum() / 3600)] * self.replications,
        }
        known = [one for one in costs if one is not None]
        if len(known) == len(costs):
            found["cost"] = ((planned + self.over) / 3600 @ np.array(known)).tolist()
        return found

    def _course(self) -> Course:
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self.level / self.told
            spread = np.sqrt(np.maximum(self.squares / self.told - mean * mean, 0))
        return Course(
            starts=self.table.edges[:-1],
            offered=self.offered / self.replications,
            level=mean,
            level_low=np.maximum(mean - spread, 0),
            level_high=np.minimum(mean + spread, 1),
            agents=self.table.staff.sum(axis=1).astype(np.float64),
        )


def _shares(above: Floats, below: Floats) -> list[float]:
    return [float(a / b) if b > 0 else float("nan") for a, b in zip(above, below, strict=True)]
