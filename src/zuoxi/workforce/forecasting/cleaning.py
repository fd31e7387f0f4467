# SPDX-License-Identifier: Apache-2.0
"""What in a history is no demand: one caller who rings nine hundred times, an hour in which the line was dead, a day on
which the doors were shut. Each is taken out with a record of what stood there; nothing is changed silently.

The yardstick is robust: the median share of each interval in days of the same kind, times the median level of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from zuoxi.workforce.forecasting.calendars import Calendar, Event
from zuoxi.workforce.forecasting.daily import KINDS, columns_of, whole_days
from zuoxi.workforce.forecasting.profile import weighted_median
from zuoxi.workforce.forecasting.series import Bools, Days, Floats

_LEAST_DAYS: Final = 14
_SHUT: Final = 20.0  # calls expected of a day, at least, for a day without any to be a closed one
_DEAD: Final = 8.0  # calls expected of an interval, at least, for one without any to be an outage


class Cause(StrEnum):
    SPIKE = "spike"
    OUTAGE = "outage"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Repair:
    """From when to when, why, how many calls stood there and how many were expected."""

    start: datetime
    end: datetime
    cause: Cause
    found: float
    expected: float


def expected_by(days: Days, calendar: Calendar) -> Floats:
    """Days × intervals: what the robust yardstick expects of each; nought where nothing is known of the kind of day."""
    counts = days.counts
    kinds = columns_of(days.ordinals(), len(days), calendar).kinds
    overall = _median(counts)
    usual = np.zeros((KINDS, days.slots))
    for kind in range(KINDS):
        rows = counts[kinds == kind]
        usual[kind] = np.where(np.isnan(own := _median(rows)), overall, own) if len(rows) > 2 else overall
    found = np.nan_to_num(usual)[kinds]
    for day in range(len(days)):
        weights = np.where(np.isnan(counts[day]), 0.0, found[day])
        where = weights > 0.5
        if where.sum() > 3:
            found[day] *= weighted_median(counts[day][where] / found[day][where], weights[where])
    return found


def _median(rows: Floats) -> Floats:
    """By column; nan where nothing is known."""
    found = np.full(rows.shape[1], np.nan)
    known = (~np.isnan(rows)).any(axis=0)
    if known.any():
        found[known] = np.nanmedian(rows[:, known], axis=0)
    return found


def _spikes(counts: Floats, expected: Floats) -> Bools:
    """Far above what is expected, and above everything else that was ever seen in that interval but a few times."""
    high = np.nan_to_num(counts) > expected + 8 * np.sqrt(expected + (0.25 * expected) ** 2 + 1) + 10
    # What comes again and again at the same time of day is no accident.
    return np.asarray(high & (high.sum(axis=0) <= max(2, len(counts) // 30)))


def cleaned(days: Days, calendar: Calendar) -> tuple[Days, tuple[Repair, ...]]:
    """The history as demand, and what was taken out of it. Short histories are left alone."""
    if len(days) < _LEAST_DAYS:
        return days, ()
    counts, expected = days.counts.copy(), expected_by(days, calendar)
    usual_day = np.median(np.nansum(counts, axis=1)[np.nansum(counts, axis=1) > 0]) if np.nansum(counts) else 0.0
    repairs: list[Repair] = []
    kinds = columns_of(days.ordinals(), len(days), calendar).kinds
    for day in range(len(days)):
        row = counts[day]
        alike = np.nansum(counts[kinds == kinds[day]], axis=1)
        likely = min(float(np.median(alike)), float(usual_day))
        known = ~np.isnan(row)
        if known.mean() > 0.9 and np.nansum(row) == 0 and likely >= _SHUT:
            repairs.append(_repair(days, (day, 0, days.slots), Cause.CLOSED, (0.0, likely)))
            counts[day] = np.nan
    spikes = _spikes(counts, expected) & ~_named(days, calendar)
    for day, first, last in _runs(spikes):
        found = float(np.nansum(counts[day, first:last]))
        level = float(expected[day, first:last].sum())
        repairs.append(_repair(days, (day, first, last), Cause.SPIKE, (found, level)))
        counts[day, first:last] = expected[day, first:last]
    dead = (counts == 0) & (expected >= _DEAD)
    for day, first, last in _runs(dead):
        repairs.append(_repair(days, (day, first, last), Cause.OUTAGE, (0.0, float(expected[day, first:last].sum()))))
        counts[day, first:last] = np.nan
    repairs.sort(key=lambda one: one.start)
    return Days(days.first, days.minutes, counts, days.ahead), tuple(repairs)


def _runs(marks: Bools) -> list[tuple[int, int, int]]:
    """(day, first, after the last) of every run of marks within a day."""
    found = []
    for day in np.flatnonzero(marks.any(axis=1)):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], marks[day], [False]]).astype(np.int8)))
        found += [(int(day), int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
    return found


def _repair(days: Days, place: tuple[int, int, int], cause: Cause, calls: tuple[float, float]) -> Repair:
    day, first, last = place
    midnight = datetime.combine(days.first + timedelta(days=day), time())
    step = timedelta(minutes=days.minutes)
    return Repair(midnight + first * step, midnight + last * step, cause, *calls)


def slots_of(event: Event, minutes: int, slots: int) -> slice:
    """The intervals of a day that an event touches."""
    return slice(event.from_minute // minutes, min(-(-event.to_minute // minutes), slots))


def _rows(event: Event, first: date, many: int) -> range:
    start = (event.first - first).days
    return range(max(start, 0), max(min((event.last - first).days + 1, many), 0))


def _named(days: Days, calendar: Calendar) -> Bools:
    """Intervals in which something with a name happened: they are left as they are."""
    found = np.zeros(days.counts.shape, dtype=bool)
    for event in calendar.events:
        for day in _rows(event, days.first, len(days)):
            found[day, slots_of(event, days.minutes, days.slots)] = True
    return found


def effects_by_hour(days: Days, calendar: Calendar, horizon: int) -> tuple[Days, Floats]:
    """Events of some hours of a day taken out of the history, and the factors they put on the days ahead.

    An effect that nobody entered is learnt from the past ones of the same code, drawn to none where there were few.
    """
    parts = [one for one in calendar.events if not whole_days(one)]
    factors = np.ones((horizon, days.slots))
    if not parts:
        return days, factors
    counts, expected = days.counts.copy(), expected_by(days, calendar)
    after = days.first + timedelta(days=len(days))
    for code in sorted({one.code for one in parts}):
        same = [one for one in parts if one.code == code]
        seen, usual = 0.0, 0.0
        for event in same:
            for day in _rows(event, days.first, len(days)):
                where = slots_of(event, days.minutes, days.slots)
                known = ~np.isnan(counts[day, where])
                seen += float(counts[day, where][known].sum())
                usual += float(expected[day, where][known].sum())
        learnt = (seen + 5.0) / (usual + 5.0)
        for event in same:
            factor = event.effect if event.effect is not None else learnt
            where = slots_of(event, days.minutes, days.slots)
            for day in _rows(event, days.first, len(days)):
                counts[day, where] /= max(factor, 0.01)
            for day in _rows(event, after, horizon):
                factors[day, where] *= factor
    return Days(days.first, days.minutes, counts, days.ahead), factors
