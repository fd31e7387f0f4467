# SPDX-License-Identifier: Apache-2.0
"""What a coming day needs where people serve several queues: agents by the queues they serve and half hour, found by
playing the day, beside the sum of what each queue would need for itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import QueueLoad, queue_loads, queues_by_staff
from zuoxi.workforce.day_plan import midnight_of
from zuoxi.workforce.today.requirements import demand_between, required_of, target_of
from zuoxi.workforce.today.terms import terms_on
from zuoxi.workforce.twin.scenario import Group, Queue, Scenario
from zuoxi.workforce.twin.skilled import required

HALVES = 48
_LEAST_HANDLE = 10.0


class NothingNeeded(ValueError):
    """No calls are expected, or nobody serves the queues they come to; the argument says which: "calls" or "people"."""


@dataclass(frozen=True, slots=True)
class SkilledNeed:
    """`groups`: the queues that each group of people serves, and how many people there are of it. `agents` at the
    telephone by group and half hour; `service` (None without calls) and `calls` by queue code and half hour, as played.
    `met`: share of half hours with calls whose service is at most a point below the target; `apart`: agents by half
    hour if every queue were staffed for itself; `unserved`: queues with calls whom nobody serves."""

    day: date
    groups: tuple[tuple[tuple[str, ...], int], ...]
    agents: tuple[tuple[int, ...], ...]
    service: dict[str, tuple[float | None, ...]]
    calls: dict[str, tuple[float, ...]]
    met: float
    apart: tuple[int, ...]
    unserved: tuple[str, ...]

    @property
    def together(self) -> tuple[int, ...]:
        """Agents of all groups by half hour."""
        return tuple(sum(column) for column in zip(*self.agents, strict=True))


@enforces("SCH-001", "CALL-023")
def skilled_need(
    day: date, *, seed: int = 1, rounds: int = 60, progress: Callable[[int, int], None] | None = None
) -> SkilledNeed:
    """Takes some ten seconds, so it belongs into a job; `progress(done, rounds)` may end it by raising. A dozen
    queries. Raises NothingNeeded."""
    loads, serving = {one.code: one for one in queue_loads()}, queues_by_staff()
    calls, handle = _expected(day, list(loads.values()))
    if not calls:
        raise NothingNeeded("calls")
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    for served in serving.values():
        if skills := tuple(sorted(code for code in served if code in calls)):
            counts[skills] += 1
    groups = tuple(sorted(counts.items()))
    reachable = {code for skills, _people in groups for code in skills}
    codes = [code for code in calls if code in reachable]
    if not codes:
        raise NothingNeeded("people")
    terms = terms_on(site_handbook(), day)
    scenario = Scenario(
        tuple(
            Queue(
                code, tuple(calls[code]), 1800.0, tuple(handle[code]), 1.0, terms.patience,
                service_threshold_seconds=target_of(loads[code])[1], skills=(code,),
            )
            for code in codes
        ),
        # Whoever serves more costs a little more, so that the few who can do everything are not spent on plain calls.
        tuple(
            Group("+".join(skills), skills, (0,), hour_cost=terms.hour_cost * (1 + 0.02 * (len(skills) - 1)))
            for skills, _people in groups
        ),
        HALVES * 1800.0,
    )  # fmt: skip
    found = required(
        scenario, {code: target_of(loads[code])[0] for code in codes}, seed=seed, rounds=rounds, progress=progress
    )
    apart = np.zeros(HALVES, np.int64)
    for need in required_of(day, day, loads=list(loads.values()), serving=serving):
        apart[int((need.start - midnight_of(day)).total_seconds() // 1800)] += need.agents
    return SkilledNeed(
        day,
        groups,
        tuple(tuple(row) for row in found.agents.tolist()),
        {
            code: tuple(None if np.isnan(one) else float(one) for one in found.service[place])
            for place, code in enumerate(codes)
        },
        {code: tuple(calls[code]) for code in codes},
        found.met,
        tuple(apart.tolist()),
        tuple(sorted(set(calls) - set(codes))),
    )


def _expected(day: date, loads: list[QueueLoad]) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Calls and handling times by queue and half hour, of the queues that anybody calls."""
    midnight = midnight_of(day)
    calls: dict[str, list[float]] = defaultdict(lambda: [0.0] * HALVES)
    handle: dict[str, list[float]] = defaultdict(lambda: [0.0] * HALVES)
    for one in demand_between(day, day, loads):
        half = int((one.start - midnight).total_seconds() // 1800)
        if 0 <= half < HALVES and one.calls > 0:
            calls[one.queue][half] = one.calls
            handle[one.queue][half] = max(one.aht_seconds, _LEAST_HANDLE)
    for code, rows in handle.items():
        known = [one for one in rows if one]
        usual = sum(known) / len(known)
        handle[code] = [one or usual for one in rows]
    return dict(calls), dict(handle)
