# SPDX-License-Identifier: Apache-2.0
"""Draws a scenario from what the centre knows: calls of a past or a coming stretch, and who is there to take them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from zuoxi.people.selectors import staff_by_codes
from zuoxi.policy.handbook import Handbook
from zuoxi.telephony.facts import AgentState
from zuoxi.telephony.selectors import (
    Caller,
    QueueLoad,
    Waits,
    callers_between,
    mean_ring,
    mean_wrap_up,
    presence_between,
    queue_loads,
    queues_by_staff,
    waits_between,
)
from zuoxi.workforce.facts import RosteredShift
from zuoxi.workforce.scenarios.terms import Terms
from zuoxi.workforce.selectors import demand_of, shifts_between
from zuoxi.workforce.twin.scenario import Group, Queue, Scenario

Floats = NDArray[np.float64]
Skills = frozenset[str]

PAST_EVERY = 1800
COMING_EVERY = 300
STAFF_EVERY = 600
ON_THE_PHONES = frozenset({AgentState.READY, AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP})
_DAY = timedelta(days=1)
_LEAST_GONE = 5


class NothingToPlay(ValueError):
    """No calls, or nobody to take them; the argument says which: "calls" or "people"."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole days of the site from `first`."""

    first: date
    days: int
    handbook: Handbook

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), self.handbook.zone)

    @property
    def ends(self) -> datetime:
        return self.begins + self.days * _DAY

    @property
    def seconds(self) -> float:
        return float(self.days * 86400)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Calls of one queue every so many seconds of the stretch, and how they were handled: one time for all, or each."""

    load: QueueLoad
    calls: tuple[float, ...]
    handle: tuple[float, ...]
    after: float
    cv: float
    patience: float
    ring: float
    every: int = COMING_EVERY
    listed: tuple[float, ...] = ()
    handled: tuple[float | None, ...] = ()
    waits: tuple[float, ...] = ()


def past_traffic(stretch: Stretch, terms: Terms) -> list[Traffic]:
    """The day's own callers, each at his second. Who was answered talks as long again and waits at least as long, who
    gave up does so again after the same time; everything beyond that is drawn."""
    rows = waits_between(stretch.begins, stretch.ends, PAST_EVERY // 60)
    own: dict[str, list[Caller]] = defaultdict(list)
    for one in callers_between(stretch.begins, stretch.ends):
        own[one.queue].append(one)
    return [_listed(one, own[one.load.code], stretch) for one in _traffic(stretch, terms, rows, 1, PAST_EVERY)]


def _listed(one: Traffic, callers: list[Caller], stretch: Stretch) -> Traffic:
    """`one.calls` holds what those listed leave of it: nothing."""
    return replace(
        one,
        calls=(0.0,) * len(one.calls),
        listed=tuple((caller.at - stretch.begins).total_seconds() for caller in callers),
        handled=tuple(None if caller.talk is None else caller.talk + one.after for caller in callers),
        waits=tuple(float(caller.wait if caller.gone else -caller.wait) for caller in callers),
    )


def coming_traffic(stretch: Stretch, terms: Terms, today: date) -> list[Traffic]:
    """What is forecast; for queues and days without a forecast, what the same weekdays of the last whole weeks brought
    on average."""
    gap = max(math.ceil((stretch.first + stretch.days * _DAY - today).days / 7), 1)
    rows: list[Waits] = []
    weeks = 0
    for back in range(gap, gap + terms.weeks_back):
        moved = timedelta(weeks=back)
        found = waits_between(stretch.begins - moved, stretch.ends - moved, COMING_EVERY // 60)
        weeks += bool(found)
        rows += found
    return [_forecast(one, stretch) for one in _traffic(stretch, terms, rows, weeks or 1, COMING_EVERY)]


def _forecast(one: Traffic, stretch: Stretch) -> Traffic:
    """The queue's forecast, where there is one for the whole stretch; within a half hour as its weekdays ran, because a
    broadcast brings its callers in minutes."""
    slots = demand_of(one.load.code, stretch.first, stretch.first + (stretch.days - 1) * _DAY)
    if len(slots) != stretch.days * 48:
        return one
    wanted = np.array([max(slot.calls, 0.0) for slot in slots])
    shape = np.array(one.calls).reshape(len(slots), -1)
    whole = shape.sum(axis=1, keepdims=True)
    parts = np.where(whole > 0, shape / np.where(whole > 0, whole, 1.0), 1 / shape.shape[1])
    handle = np.repeat([slot.aht_seconds or one.handle[0] for slot in slots], shape.shape[1])
    return replace(one, calls=tuple((parts * wanted[:, None]).ravel().tolist()), handle=tuple(handle.tolist()))


def _traffic(stretch: Stretch, terms: Terms, rows: list[Waits], share: int, every: int) -> list[Traffic]:
    by_queue: dict[str, list[Waits]] = defaultdict(list)
    for one in rows:
        by_queue[one.queue].append(one)
    first = min((one.at for one in rows), default=stretch.begins)
    wrap = mean_wrap_up(first, stretch.ends)
    ring = mean_ring(first, stretch.ends)
    counts: dict[str, Floats] = defaultdict(lambda: np.zeros(stretch.days * 86400 // every))
    week = 7 * 86400
    for one in rows:
        offset = (one.at - stretch.begins).total_seconds()
        place = int(offset // every) if 0 <= offset < stretch.seconds else int(offset % week // every)
        if place < len(counts[one.queue]):
            counts[one.queue][place] += one.offered / share
    return [
        replace(_one(load, counts[load.code], by_queue[load.code], (wrap, ring), terms), every=every)
        for load in queue_loads()
        if load.code in counts
    ]


def _one(
    load: QueueLoad, calls: Floats, rows: list[Waits], measured: tuple[float | None, float | None], terms: Terms
) -> Traffic:
    """`measured`: mean seconds of wrap-up and of ringing, None where none were recorded."""
    wrap, ring = measured
    answered, talk = sum(one.answered for one in rows), sum(one.talk for one in rows)
    after = float(load.wrap_seconds) if wrap is None else wrap
    mean = talk / answered if answered else 180.0
    spread = sum(one.talk_squares for one in rows) / answered - mean * mean if answered else mean * mean
    ringing = terms.ring if ring is None else ring
    gone = sum(one.gone for one in rows)
    waited = max(sum(one.waited for one in rows) - ringing * answered, 0.0)
    return Traffic(
        load=load,
        calls=tuple(calls.tolist()),
        handle=(max(mean + after, 1.0),),
        after=max(after, 0.5),
        cv=min(math.sqrt(max(spread, 0.0)) / (mean + after), 5.0) if mean + after else 1.0,
        # Waiting of all, without the ringing, ÷ those who gave up: who was answered would have stayed longer.
        patience=max(waited / gone, 1.0) if gone >= _LEAST_GONE else terms.patience,
        ring=ringing,
    )


def staff_as_it_was(stretch: Stretch) -> dict[Skills, Floats]:
    """Agents on the phones by their queues, on average of each ten minutes."""
    rows = presence_between(stretch.begins, stretch.ends)
    people = staff_by_codes({code for code, *_rest in rows})
    queues = queues_by_staff()
    found: dict[Skills, Floats] = defaultdict(lambda: np.zeros(int(stretch.seconds // STAFF_EVERY)))
    for code, state, begun, ended in rows:
        skills = queues.get(people[code].pk) if code in people else None
        if skills and state in ON_THE_PHONES:
            _lay(found[skills], stretch, begun, ended or stretch.ends)
    return dict(found)


def staff_as_rostered(
    stretch: Stretch, terms: Terms, *, published: bool, moved: timedelta = timedelta()
) -> dict[Skills, Floats]:
    """Agents on shift by their queues; a meal that the roster leaves to the day is spread over its shift. `moved`: the
    roster of days so much earlier."""
    first = stretch.first - moved
    shifts = shifts_between(first - _DAY, first + (stretch.days - 1) * _DAY, published=published)
    queues = queues_by_staff()
    found: dict[Skills, Floats] = defaultdict(lambda: np.zeros(int(stretch.seconds // STAFF_EVERY)))
    for shift in shifts:
        skills = queues.get(shift.staff_id)
        if skills and shift.kind in ("work", "flex"):
            share = _there(shift, terms)
            for begun, ended in shift.spans:
                _lay(found[skills], stretch, begun + moved, ended + moved, share)
    return dict(found)


def _there(shift: RosteredShift, terms: Terms) -> float:
    """The share of the shift's hours that is left beside a meal."""
    if not shift.meal_minutes:
        return 1.0
    minutes = sum(((end - start).total_seconds() for start, end in shift.spans), 0.0) / 60
    return max(1 - terms.meal_minutes / minutes, 0.0) if minutes else 0.0


def _lay(slots: Floats, stretch: Stretch, begun: datetime, ended: datetime, share: float = 1.0) -> None:
    """Add a person's time to the ten minutes that it touches."""
    low = max((begun - stretch.begins).total_seconds(), 0.0)
    high = min((ended - stretch.begins).total_seconds(), stretch.seconds)
    if high <= low:
        return
    first, last = int(low // STAFF_EVERY), min(int(high // STAFF_EVERY), len(slots) - 1)
    if first == last:
        slots[first] += share * (high - low) / STAFF_EVERY
        return
    slots[first] += share * ((first + 1) * STAFF_EVERY - low) / STAFF_EVERY
    slots[first + 1 : last] += share
    slots[last] += share * (high - last * STAFF_EVERY) / STAFF_EVERY


def scenario_of(
    stretch: Stretch, traffic: list[Traffic], staff: Mapping[Skills, Floats], terms: Terms, *, as_planned: bool
) -> Scenario:
    """`as_planned`: absence and breaks still have to be taken off; otherwise the staff is who was there.

    Raises NothingToPlay.
    """
    codes = {one.load.code for one in traffic if any(one.calls) or one.listed}
    groups = []
    for number, (skills, people) in enumerate(sorted(staff.items(), key=lambda one: sorted(one[0])), 1):
        if skills & codes and people.any():
            groups.append(
                Group(
                    id=f"{number} " + "+".join(sorted(skills)),
                    skills=tuple(sorted(skills)),
                    agents_per_interval=_whole(people),
                    interval_seconds=STAFF_EVERY,
                    absence=terms.absence if as_planned else 0.0,
                    break_share=terms.break_share if as_planned else 0.0,
                    hour_cost=terms.hour_cost,
                )
            )
    if not codes:
        raise NothingToPlay("calls")
    served = {code for group in groups for code in group.skills}
    queues = tuple(_queue(one) for one in traffic if one.load.code in codes & served)
    if not groups or not queues:
        raise NothingToPlay("people")
    return Scenario(queues, tuple(groups), stretch.seconds)


def _whole(people: Floats) -> tuple[int, ...]:
    """Whole agents; what is cut off is carried on to the next ten minutes, so that the hours stay the same."""
    found, owed = [], 0.0
    for value in people.tolist():
        agents = max(math.floor(value + owed + 0.5), 0)
        owed = value + owed - agents
        found.append(agents)
    return tuple(found)


def _queue(one: Traffic) -> Queue:
    return Queue(
        id=one.load.code,
        arrivals_per_interval=one.calls,
        interval_seconds=one.every,
        aht_seconds=one.handle,
        aht_cv=one.cv,
        patience_seconds=one.patience,
        service_threshold_seconds=float(one.load.target_seconds),
        skills=(one.load.code,),
        ring_seconds=one.ring,
        listed_at=one.listed,
        listed_aht_seconds=one.handled,
        listed_patience=one.waits,
    )
