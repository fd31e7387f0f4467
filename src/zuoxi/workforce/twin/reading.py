# SPDX-License-Identifier: Apache-2.0
"""A scenario file as JSON, checked field by field: what is wrong is named by its path, `queues[0].aht_seconds`."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from zuoxi.workforce.twin.scenario import (
    DEFAULT_INTERVAL,
    DEFAULT_THRESHOLD,
    BadScenario,
    Group,
    Queue,
    Scenario,
)

MOST_AGENTS: Final = 100_000
MOST_CALLS: Final = 200_000_000
MOST_INTERVALS: Final = 100_000
_MOST: Final = 1e12

_QUEUE: Final = frozenset(Queue.__dataclass_fields__)
_GROUP: Final = frozenset(Group.__dataclass_fields__)
_SCENARIO: Final = frozenset({"queues", "groups", "horizon_seconds", "warmup_seconds", "name"})


def read_scenario(text: str) -> Scenario:
    """Raises BadScenario for what is no JSON or no scenario."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise BadScenario("scenario", f"is no JSON: {wrong.msg}", wrong.lineno) from wrong
    except RecursionError as wrong:
        raise BadScenario("scenario", "is nested too deeply") from wrong
    except ValueError as wrong:  # a whole number of thousands of digits
        raise BadScenario("scenario", "holds a number of too many digits") from wrong
    return scenario_of(data)


def scenario_of(data: Any) -> Scenario:
    fields = _Fields("", data, _SCENARIO)
    queues = tuple(_queue(_Fields(f"queues[{place}]", one, _QUEUE)) for place, one in enumerate(fields.rows("queues")))
    groups = tuple(
        _group(_Fields(f"groups[{place}]", one, _GROUP), queues[0].interval_seconds)
        for place, one in enumerate(fields.rows("groups"))
    )
    longest = max(len(one.arrivals_per_interval) * one.interval_seconds for one in queues)
    horizon = fields.number("horizon_seconds", longest, above=0)
    warmup = fields.number("warmup_seconds", 0.0)
    if warmup >= horizon:
        raise BadScenario("warmup_seconds", f"{warmup:g} leaves nothing of the {horizon:g} seconds to the horizon")
    found = Scenario(queues, groups, horizon, warmup, fields.text("name", ""))
    _check_whole(found)
    return Scenario(queues, groups, horizon, warmup, found.name, tuple(_notes(found)))


def _queue(one: _Fields) -> Queue:
    name = one.name()
    handle = one.data.get("aht_seconds")
    listed, each = _listed(one)
    return Queue(
        id=name,
        arrivals_per_interval=one.numbers("arrivals_per_interval"),
        interval_seconds=one.number("interval_seconds", DEFAULT_INTERVAL, above=0),
        aht_seconds=one.numbers("aht_seconds", above=0)
        if isinstance(handle, list)
        else (one.number("aht_seconds", None, above=0),),
        aht_cv=one.number("aht_cv", 1.0, most=20),
        patience_seconds=None
        if one.data.get("patience_seconds") is None
        else one.number("patience_seconds", None, above=0),
        patience_cv=one.number("patience_cv", 1.0, most=20),
        priority=one.whole("priority", 1),
        service_threshold_seconds=one.number("service_threshold_seconds", DEFAULT_THRESHOLD),
        skills=(name,) if one.data.get("skills") is None else one.names("skills"),
        wrap_up_seconds=one.number("wrap_up_seconds", 0.0),
        ring_seconds=one.number("ring_seconds", 0.0),
        listed_at=listed,
        listed_aht_seconds=each[0],
        listed_patience=each[1],
        retry_share=one.share("retry_share", 0.0),
        retry_after_seconds=one.number("retry_after_seconds", 300.0, above=0),
        callback_share=one.share("callback_share", 0.0, whole=True),
        callback_after_seconds=one.number("callback_after_seconds", 60.0),
        transfer_share=one.share("transfer_share", 0.0),
        transfer_to=one.text("transfer_to", ""),
        volume_cv=one.number("volume_cv", 0.0, most=5),
    )


def _listed(one: _Fields) -> tuple[tuple[float, ...], list[tuple[float | None, ...]]]:
    """Calls known to the second, how long each took and when it gives up; null: drawn."""
    listed = one.numbers("listed_at") if one.data.get("listed_at") else ()
    columns: list[tuple[float | None, ...]] = []
    for key in ("listed_aht_seconds", "listed_patience"):
        given = one.data.get(key) or []
        if not isinstance(given, list) or (given and len(given) != len(listed)):
            raise BadScenario(f"{one.path}.{key}", f"has to be a list of {len(listed)}, one for each call listed")
        columns.append(
            tuple(
                None if value is None else one.positive(f"{key}[{place}]", value) for place, value in enumerate(given)
            )
        )
    return listed, columns


def _group(one: _Fields, length: float) -> Group:
    learning = one.data.get("learning_days")
    cost = one.data.get("hour_cost")
    return Group(
        id=one.name(),
        skills=one.names("skills"),
        agents_per_interval=one.wholes("agents_per_interval"),
        interval_seconds=one.number("interval_seconds", length, above=0),
        absence=one.share("absence", 0.0),
        adherence=one.share("adherence", 1.0, whole=True),
        break_share=one.share("break_share", 0.0),
        pace=one.number("pace", 1.0, above=0, most=100),
        learning_days=None if learning is None else one.number("learning_days", None, above=0),
        hour_cost=None if cost is None else one.number("hour_cost", None),
    )


def _check_whole(scenario: Scenario) -> None:
    for kind, ids in (("queues", [one.id for one in scenario.queues]), ("groups", [one.id for one in scenario.groups])):
        for place, name in enumerate(ids):
            if name in ids[:place]:
                raise BadScenario(f"{kind}[{place}].id", f"{name!r} stands twice")
    ids = [one.id for one in scenario.queues]
    calls = 0.0
    for place, queue in enumerate(scenario.queues):
        if not any(scenario.takes(group, queue) for group in scenario.groups):
            raise BadScenario(f"queues[{place}].skills", f"no group has all of {', '.join(queue.skills)}")
        if queue.transfer_share and queue.transfer_to not in ids:
            raise BadScenario(f"queues[{place}].transfer_to", f"{queue.transfer_to!r} is none of the queues")
        spans = scenario.horizon_seconds / queue.interval_seconds
        listed = queue.arrivals_per_interval
        calls += listed[0] * spans if len(listed) == 1 else sum(listed)
    if calls > MOST_CALLS:
        raise BadScenario("queues", f"{calls:.0f} calls are more than the {MOST_CALLS} that can be played")
    for place, queue in enumerate(scenario.queues):
        if scenario.horizon_seconds / queue.interval_seconds > MOST_INTERVALS:
            raise BadScenario(f"queues[{place}].interval_seconds", f"makes more than {MOST_INTERVALS} intervals")
    if not any(sum(one.agents_per_interval) for one in scenario.groups):
        for place, queue in enumerate(scenario.queues):
            if queue.patience_seconds is None:
                raise BadScenario(
                    f"queues[{place}].patience_seconds", "callers wait for ever, and there is no agent in any group"
                )


def _notes(scenario: Scenario) -> list[str]:
    """What was supposed where the lists end before the horizon."""
    found = []
    for queue in scenario.queues:
        count = len(queue.arrivals_per_interval)
        if count > 1 and count * queue.interval_seconds < scenario.horizon_seconds:
            found.append(f"queue {queue.id}: no calls after {count * queue.interval_seconds:g} s, where its list ends")
    for group in scenario.groups:
        count = len(group.agents_per_interval)
        if count > 1 and count * group.interval_seconds < scenario.horizon_seconds:
            found.append(f"group {group.id}: its last number holds on after {count * group.interval_seconds:g} s")
    return found


class _Fields:
    """The fields of one object of the file, each read with its limits."""

    def __init__(self, path: str, data: Any, known: frozenset[str]) -> None:
        self.path = path
        if not isinstance(data, dict):
            raise BadScenario(path or "scenario", "has to be an object with named fields")
        for key in data:
            if key not in known:
                raise BadScenario(self._at(key), f"is not known; known are {', '.join(sorted(known))}")
        self.data: dict[str, Any] = data

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def rows(self, key: str) -> list[Any]:
        found = self.data.get(key)
        if not isinstance(found, list) or not found:
            raise BadScenario(self._at(key), "has to be a list of at least one")
        return found

    def name(self) -> str:
        found = self.data.get("id")
        if not isinstance(found, str | int) or isinstance(found, bool) or not str(found).strip():
            raise BadScenario(self._at("id"), "has to be a name")
        if not str(found).isprintable():
            raise BadScenario(self._at("id"), "has to be a name that can be written")
        return str(found)

    def text(self, key: str, default: str) -> str:
        found = self.data.get(key, default)
        if found is None:
            return default
        if not isinstance(found, str):
            raise BadScenario(self._at(key), f"{found!r} is no text")
        return found

    def number(self, key: str, default: float | None, *, above: float | None = None, most: float = math.inf) -> float:
        if self.data.get(key) is None:
            if default is None:
                raise BadScenario(self._at(key), "is missing")
            return default
        return self._number(self._at(key), self.data[key], above, most)

    def positive(self, key: str, value: Any) -> float:
        return self._number(self._at(key), value, 0.0, math.inf)

    def share(self, key: str, default: float, *, whole: bool = False) -> float:
        found = self.number(key, default)
        if found > 1 or (found == 1 and not whole):
            raise BadScenario(self._at(key), f"{found:g} lies from 0 to {'1' if whole else 'below 1'}")
        return found

    def whole(self, key: str, default: int) -> int:
        found = self.data.get(key, default)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int) or abs(found) > 1_000_000:
            raise BadScenario(self._at(key), f"{found!r} is no whole number")
        return found

    def numbers(self, key: str, *, above: float | None = None) -> tuple[float, ...]:
        return tuple(
            self._number(f"{self._at(key)}[{place}]", one, above, math.inf) for place, one in enumerate(self._list(key))
        )

    def wholes(self, key: str) -> tuple[int, ...]:
        found = []
        for place, one in enumerate(self._list(key)):
            where = f"{self._at(key)}[{place}]"
            value = self._number(where, one, None, MOST_AGENTS)
            if value != int(value):
                raise BadScenario(where, f"{one!r}: agents are whole people")
            found.append(int(value))
        return tuple(found)

    def names(self, key: str) -> tuple[str, ...]:
        found = self.data.get(key)
        if not isinstance(found, list):
            raise BadScenario(self._at(key), "has to be a list of names")
        for place, one in enumerate(found):
            if not isinstance(one, str | int) or isinstance(one, bool):
                raise BadScenario(f"{self._at(key)}[{place}]", f"{one!r} is no name")
        return tuple(str(one) for one in found)

    def _list(self, key: str) -> list[Any]:
        found = self.data.get(key)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return [found]
        if not isinstance(found, list) or not found:
            raise BadScenario(self._at(key), "has to be a list of numbers")
        if len(found) > MOST_INTERVALS:
            raise BadScenario(self._at(key), f"has more than {MOST_INTERVALS} intervals")
        return found

    @staticmethod
    def _number(where: str, value: Any, above: float | None, most: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _MOST:
            raise BadScenario(where, f"{repr(value)[:40]} is no number")
        if value < 0 or (above is not None and value <= above):
            raise BadScenario(where, f"{value!r} has to be {'more than' if above is not None else 'at least'} nought")
        if value > most:
            raise BadScenario(where, f"{value!r} is more than {most:g}")
        return float(value)
