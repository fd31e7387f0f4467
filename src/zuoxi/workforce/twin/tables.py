# SPDX-License-Identifier: Apache-2.0
"""A scenario as the arrays that the event loop runs on: one row for each stretch in which nothing planned changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zuoxi.workforce.twin.scenario import Group, Queue, Scenario

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

# Columns of `traits`, one row a queue.
PATIENCE: Final = 0
PATIENCE_CV: Final = 1
AHT_CV: Final = 2
THRESHOLD: Final = 3
TALK_SHARE: Final = 4
RETRY: Final = 5
RETRY_AFTER: Final = 6
CALLBACK: Final = 7
CALLBACK_AFTER: Final = 8
TRANSFER: Final = 9
TRANSFER_TO: Final = 10
RING: Final = 11
TRAITS: Final = 12

# Columns of the tally, one row for each stretch and queue.
OFFERED: Final = 0
ANSWERED: Final = 1
WITHIN: Final = 2
ABANDONED: Final = 3
WAITED: Final = 4
WAITED_ANSWERED: Final = 5
CALLED_BACK: Final = 6
AGAIN: Final = 7
MOVED_IN: Final = 8
LEFT: Final = 9
HANDLED: Final = 10
TALLY: Final = 11

_MOST_STEPS: Final = 2000
_ROOM: Final = 1024  # a power of two


@dataclass(frozen=True, slots=True)
class Tables:
    """`edges` has one entry more than there are stretches; `rates` calls a second by stretch and queue; `staff` agents
    by stretch and group as planned; `serves` the queues of a group by priority, `takers` the groups of a queue,
    narrowest first, both filled up with −1. `listed` is (entered, handling or nan, patience or nan) of the calls known
    to the second, in order, `listed_queue` their queues. `room` is what the loop may use, and grows as plays need more:
    callers who wait in one queue, and who come again or are passed on."""

    edges: Floats
    rates: Floats
    handle: Floats
    staff: Counts
    pace: Floats
    traits: Floats
    priority: Counts
    serves: Counts
    takers: Counts
    listed: Floats
    listed_queue: Counts
    room: Counts


def tables_of(scenario: Scenario) -> Tables:
    queues, groups = scenario.queues, scenario.groups
    edges = _edges(scenario)
    starts = edges[:-1]
    serves = [
        sorted((q for q, one in enumerate(queues) if scenario.takes(group, one)), key=lambda q: queues[q].priority)
        for group in groups
    ]
    takers = [
        sorted((g for g in range(len(groups)) if q in serves[g]), key=lambda g: len(serves[g]))
        for q in range(len(queues))
    ]
    listed, listed_queue = _listed(queues)
    return Tables(
        edges=edges,
        rates=np.ascontiguousarray(np.array([_rates(one, starts) for one in queues]).T),
        handle=np.ascontiguousarray(
            np.array([_held(one.aht_seconds, one.interval_seconds, starts) for one in queues]).T
        ),
        staff=np.ascontiguousarray(
            np.array([_held(one.agents_per_interval, one.interval_seconds, starts) for one in groups], np.int64).T
        ),
        pace=np.ascontiguousarray(np.array([_pace(one, starts) for one in groups]).T),
        traits=np.array([_traits(one, queues) for one in queues]),
        priority=np.array([one.priority for one in queues], np.int64),
        serves=_filled(serves),
        takers=_filled(takers),
        listed=listed,
        listed_queue=listed_queue,
        room=np.array([_ROOM, _ROOM], np.int64),
    )


def _listed(queues: tuple[Queue, ...]) -> tuple[Floats, Counts]:
    tables, places = [np.empty((0, 3))], [np.empty(0, np.int64)]
    for place, queue in enumerate(queues):
        drawn = (None,) * len(queue.listed_at)
        columns = (queue.listed_at, queue.listed_aht_seconds or drawn, queue.listed_patience or drawn)
        tables.append(np.array(columns, np.float64).T.reshape(-1, 3))
        places.append(np.full(len(drawn), place, np.int64))
    rows, of = np.concatenate(tables), np.concatenate(places)
    order = np.argsort(rows[:, 0], kind="stable")
    return np.ascontiguousarray(rows[order]), of[order]


def _edges(scenario: Scenario) -> Floats:
    """Where any plan may change, from 0 to the horizon, the end of the warm-up among them."""
    horizon = scenario.horizon_seconds
    found = {0.0, horizon}
    if 0 < scenario.warmup_seconds < horizon:
        found.add(float(scenario.warmup_seconds))
    lengths = {(one.interval_seconds, len(one.arrivals_per_interval)) for one in scenario.queues}
    lengths |= {(one.interval_seconds, len(one.aht_seconds)) for one in scenario.queues}
    lengths |= {(one.interval_seconds, len(one.agents_per_interval)) for one in scenario.groups}
    for length, count in lengths:
        if count > 1:
            found |= {length * step for step in range(1, count + 1) if length * step < horizon}
    for group in scenario.groups:
        if group.learning_days is not None and group.pace != 1:
            step = max(min(86400.0, group.learning_days * 86400 / 4), horizon / _MOST_STEPS)
            found |= set(np.arange(step, horizon, step).tolist())
    return np.array(sorted(found))


def _rates(queue: Queue, starts: Floats) -> Floats:
    """Calls a second; one figure alone holds throughout, after the last of several nobody calls."""
    calls = np.array(queue.arrivals_per_interval, np.float64)
    if len(calls) > 1:
        calls = np.append(calls, 0.0)
    found: Floats = calls[_places(starts, queue.interval_seconds, len(calls))] / queue.interval_seconds
    return found


def _held(values: tuple[float, ...] | tuple[int, ...], length: float, starts: Floats) -> Floats:
    """The figure of each stretch; the last one holds on."""
    found: Floats = np.array(values, np.float64)[_places(starts, length, len(values))]
    return found


def _places(starts: Floats, length: float, count: int) -> Counts:
    return np.minimum(np.floor(starts / length + 1e-9).astype(np.int64), count - 1)


def _pace(group: Group, starts: Floats) -> Floats:
    if group.learning_days is None:
        return np.full(starts.shape, group.pace)
    return np.asarray(1 + (group.pace - 1) * 0.5 ** (starts / 86400 / group.learning_days))


def _traits(queue: Queue, queues: tuple[Queue, ...]) -> list[float]:
    names = [one.id for one in queues]
    mean = sum(queue.aht_seconds) / len(queue.aht_seconds)
    row = [0.0] * TRAITS
    row[PATIENCE] = np.inf if queue.patience_seconds is None else queue.patience_seconds
    row[PATIENCE_CV] = queue.patience_cv
    row[AHT_CV] = queue.aht_cv
    row[THRESHOLD] = queue.service_threshold_seconds
    row[TALK_SHARE] = max(0.0, 1 - queue.wrap_up_seconds / mean) if mean else 1.0
    row[RING] = queue.ring_seconds
    row[RETRY], row[RETRY_AFTER] = queue.retry_share, queue.retry_after_seconds
    row[CALLBACK], row[CALLBACK_AFTER] = queue.callback_share, queue.callback_after_seconds
    row[TRANSFER] = queue.transfer_share
    row[TRANSFER_TO] = names.index(queue.transfer_to) if queue.transfer_share else -1
    return row


def _filled(lists: list[list[int]]) -> Counts:
    width = max((len(one) for one in lists), default=0) or 1
    return np.array([one + [-1] * (width - len(one)) for one in lists], np.int64)
