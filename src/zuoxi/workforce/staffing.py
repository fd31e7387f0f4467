# SPDX-License-Identifier: Apache-2.0
"""How many agents a load needs (Erlang C), and what a month needs by half hour. Plain Python over numbers and dates."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zuoxi.policy.marks import enforces

DAY_KINDS = ("1", "2", "3", "4", "5", "6", "7")
"""Days of the week, Monday first; what a plan keeps is a mean day of each."""
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Staffing:
    """What so many agents reach. `occupancy` and `service_level` 0 to 1, `asa_seconds` the mean wait of all."""

    agents: int
    service_level: float
    asa_seconds: float
    occupancy: float
    wait_probability: float


def erlang_b(agents: int, load: float) -> float:
    """Share of calls lost where nobody can wait; `load` in erlang. Exact, by the stable recursion."""
    lost = 1.0
    for count in range(1, agents + 1):
        lost = load * lost / (count + load * lost)
    return lost


def erlang_c(agents: int, load: float) -> float:
    """Probability that a call has to wait; 1 where the agents cannot carry the load."""
    if load <= 0:
        return 0.0
    if agents <= load:
        return 1.0
    lost = erlang_b(agents, load)
    return agents * lost / (agents - load * (1 - lost))


def reached(agents: int, calls: float, interval: float, handle: float, within: float) -> Staffing:
    """What `agents` reach with `calls` an interval of so many seconds, each `handle` seconds long."""
    load = calls * handle / interval
    if load <= 0:
        return Staffing(agents, 1.0, 0.0, 0.0, 0.0)
    if agents <= load:
        return Staffing(agents, 0.0, math.inf, min(load / agents, 1.0) if agents else 1.0, 1.0)
    waits = erlang_c(agents, load)
    level = 1 - waits * math.exp(-(agents - load) * within / handle)
    return Staffing(agents, level, waits * handle / (agents - load), load / agents, waits)


@enforces("CALL-023", "SCH-001")
def agents_for(
    calls: float,
    handle: float,
    *,
    interval: float = 1800,
    target: float = 0.8,
    within: float = 20,
    occupancy: float = 1.0,
) -> Staffing:
    """The fewest agents that answer the share `target` within `within` seconds and are busy no more than `occupancy`.

    Raises ValueError for figures that cannot be.
    """
    if calls < 0 or handle < 0 or interval <= 0 or not 0 <= target < 1 or within < 0 or not 0 < occupancy <= 1:
        raise ValueError("calls and handling time are not negative, the target lies from 0 to below 1")
    load = calls * handle / interval
    if load == 0:
        return Staffing(0, 1.0, 0.0, 0.0, 0.0)
    agents = max(1, math.floor(load) + 1, math.ceil(load / occupancy - 1e-9))
    while agents < _MOST:
        found = reached(agents, calls, interval, handle, within)
        if found.service_level >= target and found.occupancy <= occupancy + 1e-12:
            return found
        agents += 1
    raise ValueError("no number of agents reaches the target")


@enforces("CALL-023")
def with_shrinkage(agents: int, shrinkage: float, least: int) -> int:
    """People to be rostered for so many at the telephone; where no call is expected, still the least watch."""
    return max(math.ceil(agents / (1 - shrinkage) - 1e-9) if agents else 0, least)


@dataclass(frozen=True, slots=True)
class Load:
    """Calls of one queue in one half hour of a mean day (0 to 47), and their handling time in seconds."""

    half: int
    calls: float
    handle: float
    target: float
    within: float


def need_by_half_hour(loads: Iterable[Load], *, occupancy: float, shrinkage: float, least: int) -> list[int]:
    """People needed in each half hour of the day, every queue for itself, shrinkage over the sum."""
    agents = [0] * 48
    for one in loads:
        agents[one.half] += agents_for(
            one.calls, one.handle, target=one.target, within=one.within, occupancy=occupancy
        ).agents
    return [with_shrinkage(count, shrinkage, least) for count in agents]


def need_of_day(result: Mapping[str, Any], day: date) -> list[int]:
    """The 48 figures of a kept plan for a day; noughts where it says nothing."""
    need: Sequence[int] = result.get("need", {}).get(str(day.isoweekday()), ())
    return list(need) if len(need) == 48 else [0] * 48


def person_hours(need: Sequence[int]) -> float:
    return sum(need) / 2


@enforces("SCH-001")
def people_wanted(need_by_weekday: Mapping[str, Sequence[int]], hours_a_day: float, days_a_week: float) -> int:
    """People who must be employed to work a mean week of that need, and at least as many as the busiest half hour."""
    hours = sum(person_hours(need) for need in need_by_weekday.values())
    busiest = max((max(need, default=0) for need in need_by_weekday.values()), default=0)
    if hours_a_day <= 0 or days_a_week <= 0:
        raise ValueError("a working week has hours")
    return max(math.ceil(hours / (hours_a_day * days_a_week) - 1e-9), busiest)
