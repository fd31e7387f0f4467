# SPDX-License-Identifier: Apache-2.0
"""What a course of a what-if does differently: more calls, a campaign, other people, a shift moved, people who call
again or wait to be called back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal
from typing import Any, Final

from zuoxi.workforce.twin.scenario import Group, Queue, Scenario

CALLS, CAMPAIGN, HANDLING, PEOPLE, MOVE, FIGURE = "calls", "campaign", "handling", "people", "move", "figure"
NEWCOMERS, RETRY, CALLBACK = "newcomers", "retry", "callback"
_GOLDEN: Final = 0.6180339887
KINDS: Final = (CALLS, CAMPAIGN, HANDLING, RETRY, CALLBACK, PEOPLE, NEWCOMERS, MOVE, FIGURE)


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` says what `amount` is: percent of the calls (calls) or of the handling time (handling), calls in all a
    day (campaign), people more or, below nought, fewer (people), new people who are still learning (newcomers), people
    whose hours begin `minutes` later (move), percent of those who give up that call again (retry) or leave a number to
    be called back (callback), or the figure `key`'s value. `queue` empty: every queue. From `first` to `last` o'clock
    of every day, `last` 00:00 is the day's end."""

    kind: str
    amount: Decimal
    queue: str = ""
    first: time = time()
    last: time = time()
    minutes: int = 0
    key: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "amount": str(self.amount),
            "queue": self.queue,
            "first": f"{self.first:%H:%M}",
            "last": f"{self.last:%H:%M}",
            "minutes": self.minutes,
            "key": self.key,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Change:
        return cls(
            data["kind"],
            Decimal(data["amount"]),
            data["queue"],
            time.fromisoformat(data["first"]),
            time.fromisoformat(data["last"]),
            data["minutes"],
            data["key"],
        )


def figures_in(changes: Iterable[Change]) -> list[tuple[str, Decimal]]:
    return [(one.key, one.amount) for one in changes if one.kind == FIGURE]


@dataclass(frozen=True, slots=True)
class Learning:
    """How many times as long a new person's calls take, and the days after which half of that is gone."""

    pace: float
    days: float


def applied(scenario: Scenario, changes: Iterable[Change], learning: Learning | None = None) -> Scenario:
    """`learning` None: new people are as quick as the others."""
    for one in changes:
        change = _VERBS.get(one.kind)
        if one.kind == NEWCOMERS:
            scenario = _newcomers(scenario, one, learning)
        elif change is not None:
            scenario = change(scenario, one)
    return scenario


def _seconds(change: Change, later: int = 0) -> tuple[float, float]:
    """From when to when of a day, in seconds; the end lies after the begin."""
    first = change.first.hour * 3600 + change.first.minute * 60
    last = (change.last.hour * 3600 + change.last.minute * 60) or 86400
    if last <= first:
        last += 86400
    return first + later * 60, last + later * 60


def _part(start: float, length: float, span: tuple[float, float]) -> float:
    """Which share of an interval lies within the span of its day, or within that of the day before."""
    found = 0.0
    day = start // 86400
    for shift in (day - 1, day, day + 1):
        low, high = (shift * 86400 + one for one in span)
        found += max(min(high, start + length) - max(low, start), 0.0)
    return min(found / length, 1.0)


def _calls(scenario: Scenario, change: Change) -> Scenario:
    span, factor = _seconds(change), float(change.amount) / 100
    return replace(
        scenario,
        queues=tuple(
            _more_or_fewer(queue, span, factor) if change.queue in ("", queue.id) else queue
            for queue in scenario.queues
        ),
    )


def _more_or_fewer(queue: Queue, span: tuple[float, float], factor: float) -> Queue:
    """Calls that are drawn come in that measure; of those known to the second some stay away, evenly over the day, or
    more are drawn beside them."""
    length = queue.interval_seconds
    calls = [
        max(one * (1 + factor * _part(place * length, length, span)), 0.0)
        for place, one in enumerate(queue.arrivals_per_interval)
    ]
    met = [place for place, at in enumerate(queue.listed_at) if _part(at, 1.0, span) > 0]
    if factor >= 0:
        for place in met:
            calls[min(int(queue.listed_at[place] // length), len(calls) - 1)] += factor
        return replace(queue, arrivals_per_interval=tuple(calls))
    away = {place for step, place in enumerate(met) if (step * _GOLDEN) % 1.0 < -factor}
    stay = [place for place in range(len(queue.listed_at)) if place not in away]
    return replace(
        queue,
        arrivals_per_interval=tuple(calls),
        listed_at=tuple(queue.listed_at[place] for place in stay),
        listed_aht_seconds=tuple(queue.listed_aht_seconds[place] for place in stay if queue.listed_aht_seconds),
        listed_patience=tuple(queue.listed_patience[place] for place in stay if queue.listed_patience),
    )


def _campaign(scenario: Scenario, change: Change) -> Scenario:
    """So many calls more on each day, evenly from `first` to `last`; without a queue, as its calls are shared out."""
    span = _seconds(change)
    length = span[1] - span[0]
    met = [one for one in scenario.queues if change.queue in ("", one.id)]
    whole = sum(sum(one.arrivals_per_interval) + len(one.listed_at) for one in met)
    queues = []
    for queue in scenario.queues:
        if queue in met:
            own = sum(queue.arrivals_per_interval) + len(queue.listed_at)
            share = own / whole if whole else 1 / len(met)
            rate = float(change.amount) * share * queue.interval_seconds / length
            more = [
                calls + rate * _part(place * queue.interval_seconds, queue.interval_seconds, span)
                for place, calls in enumerate(queue.arrivals_per_interval)
            ]
            queues.append(replace(queue, arrivals_per_interval=tuple(max(calls, 0.0) for calls in more)))
        else:
            queues.append(queue)
    return replace(scenario, queues=tuple(queues))


def _handling(scenario: Scenario, change: Change) -> Scenario:
    factor = max(1 + float(change.amount) / 100, 0.01)
    return replace(
        scenario,
        queues=tuple(
            replace(
                queue,
                aht_seconds=tuple(one * factor for one in queue.aht_seconds),
                listed_aht_seconds=tuple(None if one is None else one * factor for one in queue.listed_aht_seconds),
            )
            if change.queue in ("", queue.id)
            else queue
            for queue in scenario.queues
        ),
    )


def _people(scenario: Scenario, change: Change) -> Scenario:
    return _more(scenario, change.queue, int(change.amount), _seconds(change))


def _newcomers(scenario: Scenario, change: Change, learning: Learning | None) -> Scenario:
    """People beside the others who do what the largest fitting group does, slower at first."""
    chosen = _largest(scenario, change.queue)
    if chosen is None:
        return scenario
    nobody = replace(
        chosen, id=f"{chosen.id} +{len(scenario.groups)}", agents_per_interval=(0,) * len(chosen.agents_per_interval),
        pace=learning.pace if learning else 1.0, learning_days=learning.days if learning else None,
    )  # fmt: skip
    return scenario.with_groups((*scenario.groups, _staffed(nobody, int(change.amount), _seconds(change))))


def _retry(scenario: Scenario, change: Change) -> Scenario:
    return _of_those_who_give_up(scenario, change, "retry_share")


def _callback(scenario: Scenario, change: Change) -> Scenario:
    return _of_those_who_give_up(scenario, change, "callback_share")


def _of_those_who_give_up(scenario: Scenario, change: Change, what: str) -> Scenario:
    share: dict[str, Any] = {what: float(change.amount) / 100}
    return replace(
        scenario,
        queues=tuple(replace(one, **share) if change.queue in ("", one.id) else one for one in scenario.queues),
    )


def _move(scenario: Scenario, change: Change) -> Scenario:
    """People whose hours are `first` to `last` begin and end so many minutes later (earlier, below nought)."""
    count = abs(int(change.amount))
    fewer = _more(scenario, change.queue, -count, _seconds(change))
    return _more(fewer, change.queue, count, _seconds(change, change.minutes))


def _more(scenario: Scenario, queue: str, count: int, span: tuple[float, float]) -> Scenario:
    """People more or fewer in the largest group that takes the queue's calls; a group never falls below nobody."""
    chosen = _largest(scenario, queue)
    if chosen is None:
        return scenario
    return replace(
        scenario, groups=tuple(_staffed(one, count, span) if one is chosen else one for one in scenario.groups)
    )


def _largest(scenario: Scenario, queue: str) -> Group | None:
    fitting = [one for one in scenario.groups if not queue or queue in one.skills]
    return max(fitting, key=lambda one: (sum(one.agents_per_interval), one.id), default=None)


def _staffed(group: Group, count: int, span: tuple[float, float]) -> Group:
    return replace(
        group,
        agents_per_interval=tuple(
            max(agents + round(count * _part(place * group.interval_seconds, group.interval_seconds, span)), 0)
            for place, agents in enumerate(group.agents_per_interval)
        ),
    )


_VERBS: Final[dict[str, Callable[[Scenario, Change], Scenario]]] = {
    CALLS: _calls,
    CAMPAIGN: _campaign,
    HANDLING: _handling,
    PEOPLE: _people,
    MOVE: _move,
    RETRY: _retry,
    CALLBACK: _callback,
}
