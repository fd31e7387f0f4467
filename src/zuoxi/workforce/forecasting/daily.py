# SPDX-License-Identifier: Apache-2.0
"""What a day is to its model: its kind (day of the week, holiday, make-up day) and what else may move its calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from zuoxi.workforce.forecasting.calendars import Calendar, Event
from zuoxi.workforce.forecasting.series import Floats, Ints, weekdays

MAKE_UP: Final = 7
KINDS: Final = 8
_DAY: Final = timedelta(days=1)
_RAMP: Final = 7
_LONG_ENOUGH_FOR_A_YEAR: Final = 540


@dataclass(frozen=True, slots=True)
class Columns:
    """One column a cause, one row a day; `hold` is how strongly each is drawn to no effect. A holiday is of the kind of
    a Sunday to begin with."""

    ordinals: Ints
    values: Floats
    hold: Floats
    kinds: Ints
    entered: Floats
    """The logarithm of what people expect of events of whole days, by day."""


def _dates(ordinals: Ints) -> list[date]:
    return [date.fromordinal(int(one)) for one in ordinals]


def _month_cycle(days: list[date], waves: int) -> Floats:
    length = [((one.replace(day=28) + 4 * _DAY).replace(day=1) - one.replace(day=1)).days for one in days]
    place = np.array([2 * np.pi * (one.day - 0.5) / many for one, many in zip(days, length, strict=True)])
    return np.stack([turn(place * wave) for wave in range(1, waves + 1) for turn in (np.cos, np.sin)], axis=1)


def _year_cycle(days: list[date], waves: int) -> Floats:
    place = np.array([2 * np.pi * one.timetuple().tm_yday / 365.25 for one in days])
    return np.stack([turn(place * wave) for wave in range(1, waves + 1) for turn in (np.cos, np.sin)], axis=1)


def _kinds(days: list[date], ordinals: Ints, calendar: Calendar) -> Ints:
    kinds = weekdays(ordinals)
    for place, day in enumerate(days):
        if day in calendar.make_up:
            kinds[place] = MAKE_UP
        elif day in calendar.holidays:
            kinds[place] = 6
    return kinds


def _around_holidays(days: list[date], calendar: Calendar) -> Floats:
    """Free day of the new year; other free day; make-up day; eve; first day back; the week to the new year; after."""
    found = np.zeros((len(days), 7))
    for place, day in enumerate(days):
        free = day in calendar.holidays
        found[place, 0] = calendar.festival(day)
        found[place, 1] = free and not calendar.festival(day)
        found[place, 2] = day in calendar.make_up
        if not free:
            found[place, 3] = day + _DAY in calendar.holidays
            found[place, 4] = day - _DAY in calendar.holidays
            to_come = [step for step in range(1, _RAMP + 1) if calendar.festival(day + step * _DAY)]
            gone = [step for step in range(1, _RAMP + 1) if calendar.festival(day - step * _DAY)]
            found[place, 5] = (_RAMP + 1 - to_come[0]) / _RAMP if to_come else 0.0
            found[place, 6] = (_RAMP + 1 - gone[0]) / _RAMP if gone else 0.0
    return found


def whole_days(event: Event) -> bool:
    return event.from_minute <= 0 and event.to_minute >= 1440


def _events(days: list[date], calendar: Calendar) -> tuple[Floats, Floats]:
    """Columns of the events whose effect is to be learnt, and the sum of the logarithms of entered effects."""
    held = [one for one in calendar.events if whole_days(one)]
    codes = sorted({one.code for one in held if one.effect is None})
    columns, entered = np.zeros((len(days), len(codes))), np.zeros(len(days))
    for one in held:
        on = np.array([one.first <= day <= one.last for day in days])
        if one.effect is None:
            columns[on, codes.index(one.code)] = 1.0
        else:
            entered[on] += np.log(max(one.effect, 0.01))
    return columns, entered


def columns_of(ordinals: Ints, history: int, calendar: Calendar) -> Columns:
    """The causes of every day; `history`: how many of them lie in the past."""
    days = _dates(ordinals)
    month = _month_cycle(days, 3)
    parts, hold = [month], [np.full(month.shape[1], 3.0 if history >= 45 else 1e6)]
    if history >= _LONG_ENOUGH_FOR_A_YEAR:
        year = _year_cycle(days, 3)
        parts.append(year)
        hold.append(np.full(year.shape[1], 3.0))
    around = _around_holidays(days, calendar)
    events, entered = _events(days, calendar)
    parts += [around, events]
    hold += [np.full(around.shape[1], 0.5), np.full(events.shape[1], 0.5)]
    return Columns(ordinals, np.hstack(parts), np.concatenate(hold), _kinds(days, ordinals, calendar), entered)
