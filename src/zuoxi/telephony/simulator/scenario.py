# SPDX-License-Identifier: Apache-2.0
"""A centre made from a scenario file of the digital twin: its queues with their calls, its agents with their hours."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np

from .centre import DAY_STARTS_AT, DEMO, ZONE, AgentProfile, Centre, Patience, QueueProfile, Roster, Spread, person_name

HALVES: Final = 48
_FIRST_CODE: Final = 1001
_LONGEST_TALK: Final = 1200.0
_LAST_PRIORITY: Final = 10
_MOST_AGENTS: Final = 100_000
_MOST_CALLS: Final = 5_000_000
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_OPENS, _SHUTS = DAY_STARTS_AT * 3600 + 72.0, (24 + DAY_STARTS_AT) * 3600 - 360.0
"""Seconds after midnight between which the agents of a simulated day may be there."""


class BadScenario(ValueError):
    """What is missing, by its path in the file."""


def centre_of(data: Any, seed: int = 7) -> Centre:
    """The queues and groups of a scenario as a switch: agents numbered from 1001, group by group, who sign in when
    their place in the plan is first taken and out when it is last; calls by half hour from midnight on, every day
    alike. Raises BadScenario."""
    queues, groups = _rows(data, "queues"), _rows(data, "groups")
    length = _length(queues[0], "queues[0]", 1800.0)
    names = _names(queues)
    profiles = tuple(_queue(one, name, place) for place, (one, name) in enumerate(zip(queues, names, strict=True)))
    if sum(sum(one.half_hours) for one in profiles) > _MOST_CALLS:
        raise BadScenario(f"queues: more than {_MOST_CALLS} calls a day")
    asked = [_skills(one, f"queues[{place}]") or {str(one["id"])} for place, one in enumerate(queues)]
    agents: list[AgentProfile] = []
    hours: dict[str, tuple[float, float]] = {}
    for place, group in enumerate(groups):
        path = f"groups[{place}]"
        step, has = _length(group, path, length), _skills(group, path)
        counts = _people(group, path, step)
        served = tuple(name for name, skills in zip(names, asked, strict=True) if skills <= has)
        for number in range(max(counts, default=0) if served else 0):
            there = [at for at, count in enumerate(counts) if count > number]
            last = there[-1] + 1 if len(counts) > 1 and there[-1] + 1 < len(counts) else math.inf
            code = str(_FIRST_CODE + len(agents))
            hours[code] = _within(there[0] * step, last * step)
            agents.append(
                AgentProfile(code, person_name(seed, len(agents)), f"T{place + 1:02d}", served, leader=number == 0)
            )
    if not agents:
        raise BadScenario("groups: no agent serves a queue")
    profile = DEMO.__class__(
        "scenario", calls=0.0, curve=DEMO.curve, slots=(), weekdays=(1.0,) * 7, days_off=0, outbound=0.0, internal=0.0,
        breaks=False, recordings_lost=0.0, recordings_short=0.0,
    )  # fmt: skip
    return Centre(seed, profile, profiles, tuple(agents), roster=_roster(hours))


def _within(first: float, last: float) -> tuple[float, float]:
    """The hours before the day's start are those after its midnight."""
    if last <= _OPENS:
        return first + 86400.0, min(last + 86400.0, _SHUTS)
    return max(first, _OPENS), last if last < 86400 else _SHUTS


def _names(queues: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the switch calls them: their ids, or numbers where a switch takes no such name (Chinese)."""
    found: list[str] = []
    for place, one in enumerate(queues):
        name = one.get("id")
        if isinstance(name, bool) or not isinstance(name, str | int) or not str(name).strip():
            raise BadScenario(f"queues[{place}].id is missing, or no name")
        found.append(str(name) if _NAME.fullmatch(str(name)) else f"queue{place + 1}")
        if found[-1] in found[:-1]:
            raise BadScenario(f"queues[{place}].id: {name!r} stands twice")
    return found


def _skills(one: Mapping[str, Any], path: str) -> set[str]:
    found = one.get("skills") or []
    if not isinstance(found, list) or not all(isinstance(skill, str | int) for skill in found):
        raise BadScenario(f"{path}.skills has to be a list of names")
    return {str(skill) for skill in found}


def _people(group: Mapping[str, Any], path: str, step: float) -> list[int]:
    """Agents of each interval of the one day that is played."""
    found = _numbers(group, path, "agents_per_interval")
    if any(count != int(count) or count > _MOST_AGENTS for count in found):
        raise BadScenario(f"{path}.agents_per_interval: whole people, and at most {_MOST_AGENTS}")
    return [int(count) for count in found[: math.ceil(86400 / step)]]


def _queue(one: Mapping[str, Any], name: str, place: int) -> QueueProfile:
    path = f"queues[{place}]"
    handle = _numbers(one, path, "aht_seconds")
    mean = max(sum(handle) / len(handle), 1.0)
    wrap = min(_number(one, path, "wrap_up_seconds", 0.0), mean - 1)
    patience = None if one.get("patience_seconds") is None else _number(one, path, "patience_seconds", 0.0)
    return QueueProfile(
        name,
        str(one.get("label") or one["id"]),
        f"4008202{place:03d}",
        0.0,
        _spread(mean - wrap, _number(one, path, "aht_cv", 1.0)),
        _spread(max(wrap, 1.0), 0.3),
        Patience(0.0, 1.0, 1e5 if patience is None else max(patience, 1.0)),
        weight=max(_LAST_PRIORITY - int(_number(one, path, "priority", 1.0)), 0),
        max_wait=1800,
        max_callers=1000,
        hold_rate=0.0,
        blind_rate=0.0,
        attended_rate=0.0,
        target_seconds=int(_number(one, path, "service_threshold_seconds", 20.0)),
        half_hours=_half_hours(one, path),
    )


def _spread(mean: float, cv: float) -> Spread:
    """Lognormal with that mean, as the switch draws talks."""
    variance = math.log1p(cv * cv)
    return Spread(mean * math.exp(-variance / 2), math.sqrt(variance), max(_LONGEST_TALK, 6 * mean))


def _half_hours(one: Mapping[str, Any], path: str) -> tuple[float, ...]:
    """Calls of the 48 half hours of a day; one figure alone holds throughout."""
    length = _length(one, path, 1800.0)
    calls = _numbers(one, path, "arrivals_per_interval")
    if len(calls) == 1:
        return (calls[0] * 1800 / length,) * HALVES
    by_minute = np.zeros(1440)
    for place, count in enumerate(calls):
        first, last = place * length / 60, (place + 1) * length / 60
        edges = np.clip([first, last], 0, 1440)
        minutes = np.arange(int(edges[0]), math.ceil(edges[1]))
        part = np.minimum(minutes + 1, edges[1]) - np.maximum(minutes, edges[0])
        by_minute[minutes] += count * part / (last - first)
    return tuple(by_minute.reshape(HALVES, 30).sum(axis=1).tolist())


def _roster(hours: Mapping[str, tuple[float, float]]) -> Roster:
    def shift(code: str, day: date) -> tuple[datetime, datetime] | None:
        midnight = datetime.combine(day, time(), ZONE)
        first, last = hours[code]
        return midnight + timedelta(seconds=first), midnight + timedelta(seconds=last)

    return shift


def _rows(data: Any, key: str) -> Sequence[Mapping[str, Any]]:
    found = data.get(key) if isinstance(data, dict) else None
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise BadScenario(f"{key} has to be a list of at least one object")
    return found


def _number(one: Mapping[str, Any], path: str, key: str, default: float) -> float:
    found = one.get(key)
    if found is None:
        return default
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found) or found < 0:
        raise BadScenario(f"{path}.{key}: {found!r} is no number of at least nought")
    return float(found)


def _length(one: Mapping[str, Any], path: str, default: float) -> float:
    found = _number(one, path, "interval_seconds", default)
    if found < 1:
        raise BadScenario(f"{path}.interval_seconds: {found:g} is less than a second")
    return found


def _numbers(one: Mapping[str, Any], path: str, key: str) -> list[float]:
    found = one.get(key)
    listed = found if isinstance(found, list) else [found]
    if not listed or any(value is None for value in listed):
        raise BadScenario(f"{path}.{key} has to be a number or a list of them")
    return [_number({key: value}, path, key, 0.0) for value in listed]
