# SPDX-License-Identifier: Apache-2.0
"""Working days: the statutory holidays and make-up working days of a country, with the site's own days over them.

Holidays come from the `holidays` library, brought up to date with it; a year that is not announced yet has only what is
certain, and `announced` says so. A pack's `calendars` entry `business` may name further working and free days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.handbook import Handbook

_DAY = timedelta(days=1)
_LONGEST = 3660  # days looked through for a working day before giving up: a calendar without any is a mistake


class DayKind(StrEnum):
    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # a weekend day that is worked in exchange for a holiday


class CalendarBody(Body):
    """`country`: of the statutory holidays ("" = none); `weekend`: days of the week off (1 Monday … 7 Sunday)."""

    clauses: tuple[str, ...] = ()
    label: Label
    country: str = "CN"
    weekend: tuple[int, ...] = (6, 7)
    working: tuple[date, ...] = ()
    free: tuple[date, ...] = ()


CALENDARS = section("calendars", CalendarBody)


@lru_cache(maxsize=64)
def _statutory(country: str, year: int, language: str) -> tuple[Mapping[date, str], frozenset[date], bool]:
    if not country:
        return {}, frozenset(), True
    found: Any = holidays.country_holidays(country, years=year, language=language)
    made_up = frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    # Exchanges are announced each autumn for the next year; a year of the list without one is not announced yet.
    return dict(found.items()), made_up, bool(made_up) or country != "CN"


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The business calendar of a handbook."""

    body: CalendarBody

    def kind_of(self, day: date) -> DayKind:
        if day in self.body.working:
            return DayKind.WORKING
        if day in self.body.free:
            return DayKind.HOLIDAY
        named, made_up, _announced = _statutory(self.body.country, day.year, "zh_CN")
        if day in made_up:
            return DayKind.MAKE_UP
        if day in named:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.isoweekday() in self.body.weekend else DayKind.WORKING

    def is_working_day(self, day: date) -> bool:
        return self.kind_of(day) in (DayKind.WORKING, DayKind.MAKE_UP)

    def holiday_name(self, day: date, language: str = "zh_CN") -> str:
        """What the free day is called ("" for any other day); `language` "en_US" for English."""
        return _statutory(self.body.country, day.year, language)[0].get(day, "")

    def announced(self, year: int) -> bool:
        """Whether the exchanges of that year are known; if not, its make-up days may still come."""
        return _statutory(self.body.country, year, "zh_CN")[2]

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that many working days after `day` (`count` ≥ 1); `day` itself does not count.

        Raises ValueError for a count below one, or a calendar without working days.
        """
        if count < 1:
            raise ValueError("count working days from one up")
        left = count
        for step in range(1, _LONGEST):
            here = day + _DAY * step
            if self.is_working_day(here):
                left -= 1
                if left == 0:
                    return here
        raise ValueError("the calendar has no working days")

    def working_day_on_or_before(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        for step in range(_LONGEST):
            if self.is_working_day(day - _DAY * step):
                return day - _DAY * step
        raise ValueError("the calendar has no working days")

    def working_days(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included; nought when they are the wrong way round."""
        return sum(self.is_working_day(first + _DAY * step) for step in range((last - first).days + 1))


def calendar_of(handbook: Handbook, key: str = "business") -> WorkCalendar:
    """The handbook's calendar of that key. Raises NoSuchEntry."""
    return WorkCalendar(handbook.entry(CALENDARS, key))


@dataclass(frozen=True, slots=True)
class OfficeTime:
    """Time that runs on working days from `opens` to `closes` of the site's clock, and stands still else."""

    calendar: WorkCalendar
    opens: time
    closes: time
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"office hours end ({self.closes:%H:%M}) before they begin ({self.opens:%H:%M})")

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The moment by which `span` of office time has run since `start`. Raises ValueError without working days."""
        day, left = start.astimezone(self.zone).date(), span
        for step in range(_LONGEST):
            opened, closed = self._hours(day + _DAY * step)
            begin = max(opened, start)
            if begin >= closed:
                continue
            if left <= closed - begin:
                return (begin + left).astimezone(self.zone)
            left -= closed - begin
        raise ValueError("the calendar has no working days")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Office time from `start` to `end`; nought when they are the wrong way round."""
        first, last = (one.astimezone(self.zone).date() for one in (start, end))
        total = timedelta()
        for step in range((last - first).days + 1):
            opened, closed = self._hours(first + _DAY * step)
            total += max(min(closed, end) - max(opened, start), timedelta())
        return total

    def _hours(self, day: date) -> tuple[datetime, datetime]:
        """When the day opens and closes; the same moment twice on a day off."""
        opened = datetime.combine(day, self.opens, self.zone)
        closes = self.closes if self.calendar.is_working_day(day) else self.opens
        return opened, datetime.combine(day, closes, self.zone)
