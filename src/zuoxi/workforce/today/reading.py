# SPDX-License-Identifier: Apache-2.0
"""The running day as it stands: who is at the telephone when, what came, what is still to come, what it will reach."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import QueueLoad, crews, queue_loads, served_between
from zuoxi.workforce.day_plan import AT_THE_TELEPHONE, adherence_of_shifts, midnight_of
from zuoxi.workforce.demand.running import running, unheard_halves
from zuoxi.workforce.demand.slots import latest_days
from zuoxi.workforce.demand_models import ForecastDay
from zuoxi.workforce.erlang import Floats
from zuoxi.workforce.facts import PlannedPause, RosteredShift
from zuoxi.workforce.forecasting.intraday import Course
from zuoxi.workforce.intraday.outlook import FINE, PER_SLOT, SLOTS, Load, brought_on, on_the_day
from zuoxi.workforce.intraday.pool import Queues, Reached, agents_by_group, groups_of
from zuoxi.workforce.selectors import absences_between, pauses_between, shifts_between
from zuoxi.workforce.today.requirements import Wanted, demand_between, target_of, trainee_shares
from zuoxi.workforce.today.terms import Terms, terms_on

_DAY = timedelta(days=1)
LEAST_PRESENT = 0.5
JUDGED_AFTER = timedelta(hours=4)
"""Rostered time that has to have passed before the day's own presence is believed rather than the handbook's."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's shift of the day (or of the night before) and the slots of five minutes in which he takes calls."""

    shift: RosteredShift
    group: int
    on: Floats


@dataclass(frozen=True, slots=True)
class Picture:
    """`expected` and `arrived` calls, answered in time and gone, by queue and half hour; `seats` of everybody who
    serves a queue and has a shift, `trainings` of those who sit in one instead."""

    day: date
    now: datetime
    midnight: datetime
    queues: tuple[QueueLoad, ...]
    terms: Terms
    expected: Floats
    arrived: Floats
    in_time: Floats
    gone: Floats
    load: Load
    reached: Reached
    seats: tuple[Seat, ...]
    shifts: tuple[RosteredShift, ...]
    pauses: tuple[PlannedPause, ...]
    group_of: dict[int, int]
    forecast: bool

    @property
    def passed(self) -> int:
        """Half hours that are over."""
        return min(max(int((self.now - self.midnight).total_seconds() // 1800), 0), SLOTS)

    def fine(self, moment: datetime) -> int:
        """The slot of five minutes of a moment; may lie before or after the day."""
        return round((moment - self.midnight).total_seconds() / 300)

    def at(self, half: int) -> datetime:
        return self.midnight + timedelta(minutes=30 * half)

    def service(self) -> Floats:
        """Service of each queue and half hour: what was reached, and from now on what is expected."""
        found = self.reached.service.copy()
        with np.errstate(divide="ignore", invalid="ignore"):
            was = np.where(self.arrived > 0, self.in_time / self.arrived, np.nan)
        found[:, : self.passed] = was[:, : self.passed]
        return found

    def service_in_all(self) -> Floats:
        """The same over all queues, by half hour; nan where nobody called."""
        found, weight = self.service(), self.load.calls
        total = np.where(np.isnan(found), 0.0, weight).sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            share: Floats = np.where(total > 0, np.nansum(found * weight, axis=0) / total, np.nan)
        return share

    @property
    def so_far(self) -> float | None:
        """Service of the half hours that are over."""
        came = float(self.arrived[:, : self.passed].sum())
        return float(self.in_time[:, : self.passed].sum()) / came if came else None

    @property
    def whole_day(self) -> float | None:
        """Service over the whole day: what was, and what is expected."""
        found, calls = self.service(), self.load.calls
        total = float(calls[~np.isnan(found)].sum())
        return float(np.nansum(found * calls)) / total if total else None

    @property
    def goal(self) -> float:
        """The target over all queues, by their calls."""
        weight = self.load.calls.sum(axis=1)
        goals = self.load.queues.target
        return float((goals * weight).sum() / weight.sum()) if weight.sum() else float(goals.mean())


def picture_of(day: date, now: datetime) -> Picture | None:
    """The day read whole; None where there is no queue. A dozen queries, constant in the number of people."""
    queues = tuple(queue_loads())
    if not queues:
        return None
    handbook, midnight = site_handbook(), midnight_of(day)
    terms = terms_on(handbook, day)
    place = {one.code: index for index, one in enumerate(queues)}
    (held, joined), days = crews(), latest_days(list(place), day, day)
    wanted = demand_between(day, day, list(queues), days)
    expected, handle, forecast = _expected(wanted, place, midnight, terms, trainee_shares(day, terms, held, joined))
    arrived, in_time, gone = _served(midnight, min(midnight + _DAY, now), queues)
    passed = _passed(midnight, now)
    calls = brought_on(expected, arrived, passed)
    if forecast and passed > 0:
        for queue, line in _brought_up(wanted, arrived, place, days, midnight=midnight, now=now).items():
            calls[place[queue]] = line
    every = shifts_between(day - _DAY, day)
    pauses = pauses_between(midnight - timedelta(hours=12), midnight + timedelta(hours=30))
    serving = {staff: frozenset(place[code] for code in codes if code in place) for staff, codes in held.items()}
    people = sorted(
        {one.staff_id for one in every} if not serving else {one.staff_id for one in every if serving.get(one.staff_id)}
    )
    known = [serving.get(one) or frozenset(place.values()) for one in people]
    group, served = (
        groups_of(known, len(queues)) if people else (np.zeros(0, np.int64), np.ones((1, len(queues)), np.bool_))
    )
    group_of = dict(zip(people, group.tolist(), strict=True))
    seats = _seats(every, pauses, group_of, midnight, day)
    fine = np.array([one.on for one in seats]) if seats else np.zeros((0, FINE))
    hands = agents_by_group(np.array([one.group for one in seats], np.int64), fine, len(served))
    by_half = hands.reshape(len(served), SLOTS, PER_SLOT).mean(axis=2)
    terms_of_queues = Queues(
        handle,
        np.array([target_of(one)[1] for one in queues]),
        np.array([target_of(one)[0] for one in queues]),
        terms.patience,
        served,
    )
    load = Load(calls, by_half, terms_of_queues, min(int(passed), SLOTS), _present(every, group_of, day, now, terms))
    return Picture(
        day, now, midnight, queues, terms, expected, arrived, in_time, gone, load, load.reach(), seats, tuple(every),
        tuple(pauses), group_of, forecast,
    )  # fmt: skip


def _expected(
    wanted: list[Wanted], place: dict[str, int], midnight: datetime, terms: Terms, shares: dict[str, float]
) -> tuple[Floats, Floats, bool]:
    """Calls by queue and half hour, mean handling time by queue, and whether a forecast said so."""
    calls, spent = np.zeros((len(place), SLOTS)), np.zeros(len(place))
    for one in wanted:
        half = int((one.start - midnight).total_seconds() // 1800)
        if 0 <= half < SLOTS:
            calls[place[one.queue], half] += one.calls
            spent[place[one.queue]] += one.calls * one.aht_seconds
    total = calls.sum(axis=1)
    handle = np.where(total > 0, spent / np.maximum(total, 1e-9), 180.0)
    slow = np.array([1 / (shares.get(one, 0.0) / terms.trainee_factor + 1 - shares.get(one, 0.0)) for one in place])
    return calls, handle * slow, any(one.forecast for one in wanted)


def _passed(midnight: datetime, now: datetime) -> float:
    """Half hours of the day that are over, with the part of the one at hand."""
    return min(max((now - midnight).total_seconds() / 1800, 0.0), float(SLOTS))


def _brought_up(
    wanted: list[Wanted],
    arrived: Floats,
    place: dict[str, int],
    days: dict[tuple[str, date], ForecastDay],
    *,
    midnight: datetime,
    now: datetime,
) -> dict[str, Floats]:
    """Calls of the queues that have a forecast as the forecast's own update sees them: how the rest of a day goes along
    with its beginning was learnt when the forecast was made. One query."""
    lines: dict[str, Floats] = {}
    for one in wanted:
        half = int((one.start - midnight).total_seconds() // 1800)
        if one.forecast and 0 <= half < SLOTS:
            low = one.calls if one.low is None else one.low
            high = one.calls if one.high is None else one.high
            lines.setdefault(one.queue, np.zeros((3, SLOTS)))[:, half] = one.calls, low, high
    found = {}
    passed, deaf = _passed(midnight, now), unheard_halves(midnight, now)
    for (queue, _day), row in days.items():
        if queue not in lines:
            continue
        course = Course.from_json(row.run.said.get("course", {}))
        found[queue] = running(queue, lines[queue], arrived[place[queue]], passed, course, unheard=deaf).mean
    return found


def _served(first: datetime, last: datetime, queues: tuple[QueueLoad, ...]) -> tuple[Floats, Floats, Floats]:
    place = {one.code: index for index, one in enumerate(queues)}
    found = np.zeros((3, len(place), SLOTS))
    if last > first:
        for one in served_between(first, last, queues):
            half = int((one.at - first).total_seconds() // 1800)
            if one.queue in place and 0 <= half < SLOTS:
                found[:, place[one.queue], half] = one.offered, one.in_time, one.gone
    return found[0], found[1], found[2]


def _seats(
    shifts: list[RosteredShift], pauses: list[PlannedPause], group_of: dict[int, int], midnight: datetime, day: date
) -> tuple[Seat, ...]:
    """Shifts at the telephone without their breaks, meals and leave."""

    def minutes(moment: datetime) -> float:
        return (moment - midnight).total_seconds() / 60

    away: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for pause in pauses:
        away[pause.shift_id].append((minutes(pause.starts_at), minutes(pause.ends_at)))
    gone: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for absence in absences_between(day, day):
        gone[absence.staff_id].append((minutes(absence.starts_at), minutes(absence.ends_at)))
    found = []
    for one in shifts:
        if one.kind in AT_THE_TELEPHONE and one.staff_id in group_of and one.ends_at > midnight:
            spans = [(minutes(first), minutes(until)) for first, until in one.spans]
            on = on_the_day(spans, [*away[one.id], *gone[one.staff_id]])
            found.append(Seat(one, group_of[one.staff_id], on))
    return tuple(found)


def _present(every: list[RosteredShift], group_of: dict[int, int], day: date, now: datetime, terms: Terms) -> float:
    """Share of the rostered time in which people are there: the day's own once enough of it has passed."""
    usual = 1 - next((one.share for one in terms.causes if one.key == "absence"), 0.0)
    if now < midnight_of(day):
        return usual
    due = [one for one in every if one.day == day and one.kind in AT_THE_TELEPHONE and one.staff_id in group_of]
    seen = adherence_of_shifts(due, now)
    planned = sum((one.planned for one in seen), timedelta())
    if planned < JUDGED_AFTER:
        return usual
    present = sum((one.present for one in seen), timedelta())
    return float(min(max(present / planned, LEAST_PRESENT), 1.0))


def fine_spans(on: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Stretches of slots in which somebody is at the telephone."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0.0], on, [0.0]])))
    return [(int(first), int(until)) for first, until in edges.reshape(-1, 2)]
