# SPDX-License-Identifier: Apache-2.0
"""What each queue needs in each half hour of some days: from the forecast, or from the weeks before where none was
made yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

import numpy as np
from django.utils import timezone

from zuoxi.people.selectors import staff_by_id
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import QueueLoad, arrivals_between, mean_wrap_up, queue_loads, queues_by_staff
from zuoxi.workforce.demand.slots import demand_of
from zuoxi.workforce.demand_models import ForecastDay
from zuoxi.workforce.intraday import requirement
from zuoxi.workforce.today.terms import Terms, terms_on

By = Literal["interval", "day"]
HALVES = 48
LOOK_BACK = 4
"""Weeks whose same weekdays give the mean where no forecast was made."""
LEAST_HANDLE, USUAL_HANDLE = 10.0, 180.0
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Calls of one queue expected in the half hour from `start`, with their band and mean handling time. `forecast`
    False: the mean of the weeks before."""

    queue: str
    start: datetime
    calls: float
    low: float | None
    high: float | None
    aht_seconds: float
    forecast: bool


@dataclass(frozen=True, slots=True)
class Need:
    """What a queue needs in the half hour from `start`: agents at the telephone, people rostered for them, and the
    service and occupancy (0 to 1) that so many agents reach."""

    queue: str
    start: datetime
    calls: float
    low: float | None
    high: float | None
    aht_seconds: float
    agents: int
    positions: int
    service: float
    occupancy: float
    forecast: bool


def demand_between(
    first: date, last: date, queues: list[QueueLoad], held: Mapping[tuple[str, date], ForecastDay] | None = None
) -> list[Wanted]:
    """Calls of every half hour of the days: the stored forecast where there is one, else the mean of the same weekday
    over the last weeks; half hours without a call expected are absent. `held`: the forecast's days where they are known
    already."""
    zone = site_handbook().zone
    found = {(one.queue, one.start): one for one in _forecast(first, last, held)}
    spoken = {one.start.astimezone(zone).date() for one in found.values()}
    silent = [day for day in _days(first, last) if day not in spoken]
    if silent:
        found |= {(one.queue, one.start): one for one in _before(silent, queues)}
    known = {one.code for one in queues}
    return sorted((one for one in found.values() if one.queue in known), key=lambda one: (one.start, one.queue))


def _days(first: date, last: date) -> list[date]:
    return [first + _DAY * step for step in range((last - first).days + 1)]


def _forecast(first: date, last: date, held: Mapping[tuple[str, date], ForecastDay] | None) -> list[Wanted]:
    return [
        Wanted(
            one.queue,
            one.start,
            float(one.calls),
            one.low,
            one.high,
            USUAL_HANDLE if one.aht_seconds is None else float(one.aht_seconds),
            forecast=True,
        )
        for one in demand_of(None, first, last, held)
    ]


def _before(days: list[date], queues: list[QueueLoad]) -> list[Wanted]:
    """Means of the weeks before the earliest of the days, one query of the visits and one of the wrap-ups."""
    zone = site_handbook().zone
    until = min(*days, timezone.localdate())
    since = datetime.combine(until - 7 * LOOK_BACK * _DAY, time(), zone)
    end = datetime.combine(until, time(), zone)
    wrap = mean_wrap_up(since, end)
    calls: dict[tuple[str, int, int], int] = defaultdict(int)
    talked: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    seen: dict[int, set[date]] = defaultdict(set)
    for one in arrivals_between(since, end):
        local = one.at.astimezone(zone)
        seen[local.isoweekday()].add(local.date())
        calls[one.queue, local.isoweekday(), local.hour * 2 + local.minute // 30] += one.calls
        talked[one.queue][0] += one.answered
        talked[one.queue][1] += one.talk_seconds
    found = []
    for queue in queues:
        answered, talk = talked[queue.code]
        after = wrap if wrap is not None else float(queue.wrap_seconds)
        handle = max((talk / answered if answered else USUAL_HANDLE) + after, LEAST_HANDLE)
        for day in days:
            weekday = day.isoweekday()
            for half in range(HALVES):
                came = calls.get((queue.code, weekday, half), 0)
                if came:
                    start = datetime.combine(day, time(half // 2, half % 2 * 30), zone)
                    mean = came / max(len(seen[weekday]), 1)
                    found.append(Wanted(queue.code, start, mean, None, None, handle, forecast=False))
    return found


def trainee_shares(
    on: date,
    terms: Terms,
    serving: Mapping[int, Collection[str]] | None = None,
    joined: Mapping[int, date | None] | None = None,
) -> dict[str, float]:
    """Queue → share of those who serve it that joined lately; `serving`, and when people `joined`, where it is known
    already."""
    serving = queues_by_staff() if serving is None else serving
    began = {pk: one.joined_on for pk, one in staff_by_id(serving).items()} if joined is None else joined
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for staff_id, queues in serving.items():
        since = began.get(staff_id)
        fresh = since is not None and 0 <= (on - since).days <= terms.trainee_days
        for queue in queues:
            counts[queue][0] += 1
            counts[queue][1] += fresh
    return {queue: fresh / many for queue, (many, fresh) in counts.items()}


def target_of(queue: QueueLoad) -> tuple[float, float]:
    """Share (below 1) and seconds of the queue's target."""
    return min(max(queue.target_percent / 100, 0.01), 0.99), float(queue.target_seconds)


@enforces("SCH-001", "CALL-023")
def required_of(
    first: date,
    last: date,
    queue: str | None = None,
    *,
    by: By = "interval",
    loads: Sequence[QueueLoad] | None = None,
    serving: Mapping[int, Collection[str]] | None = None,
) -> list[Need]:
    """What is needed from the first day to the last, by half hour and queue, every queue for itself.

    `by` "day": the target holds over a queue's day, with a floor in each half hour. Half hours without a call are
    absent. Seven queries or fewer, whatever the number of days; `loads` and `serving` where they are known already.
    """
    queues = [one for one in (queue_loads() if loads is None else loads) if queue is None or one.code == queue]
    terms = terms_on(site_handbook(), first)
    shares = trainee_shares(first, terms, serving)
    held: dict[tuple[str, date], list[Wanted]] = defaultdict(list)
    zone = site_handbook().zone
    for one in demand_between(first, last, queues):
        held[one.queue, one.start.astimezone(zone).date()].append(one)
    found: list[Need] = []
    for load in queues:
        for (code, _day), wanted in held.items():
            if code == load.code:
                found += _needs(load, wanted, terms, shares.get(code, 0.0), by)
    return sorted(found, key=lambda one: (one.start, one.queue))


def _needs(load: QueueLoad, wanted: list[Wanted], terms: Terms, trainees: float, by: By) -> list[Need]:
    calls = np.array([one.calls for one in wanted])
    handle = requirement.slowed([one.aht_seconds for one in wanted], trainees, terms.trainee_factor)
    share, within = target_of(load)
    goal = requirement.Terms(share, within, terms.patience, terms.occupancy)
    if by == "day":
        found = requirement.by_day(calls, handle, 1800.0, goal, floor=min(terms.day_floor, share))
    else:
        found = requirement.by_slot(calls, handle, 1800.0, goal)
    people = requirement.positions(found.agents, terms.lost)
    return [
        Need(
            one.queue, one.start, one.calls, one.low, one.high, float(handle[place]), int(found.agents[place]),
            int(people[place]), float(found.service_level[place]), float(found.occupancy[place]), one.forecast,
        )
        for place, one in enumerate(wanted)
    ]  # fmt: skip
