# SPDX-License-Identifier: Apache-2.0
"""Arithmetic of shifts: clock times to moments, hours, overlap and rest. Plain Python, no clock, no database.

A `Clock` counts minutes from the midnight with which the starting day begins, so 24:30 is 1470 and belongs to the day
before; a shift across midnight is one shift of the day on which it starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from zuoxi.policy.marks import enforces

DAY = 24 * 60
_TIME = r"(\d{1,2})(?:[:.]?(\d{2}))?"
_SPAN = re.compile(rf"^\s*{_TIME}\s*-\s*{_TIME}\s*$")
_TYPED = str.maketrans(
    {
        "\uff1a": ":",
        "\uff0c": ",",
        "\u3001": ",",
        "\uff1b": ",",
        ";": ",",
        "\u2013": "-",
        "\u2014": "-",
        "~": "-",
        "\uff5e": "-",
    }
)


class Clock(NamedTuple):
    """Working spans in minutes from the starting day's midnight, in order, none touching the one before."""

    spans: tuple[tuple[int, int], ...]

    @property
    def minutes(self) -> int:
        return sum(end - start for start, end in self.spans)

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]

    def __str__(self) -> str:
        return ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in self.spans)


EMPTY = Clock(())


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _minute(hours: str, minutes: str | None) -> int:
    made = int(hours) * 60 + int(minutes or 0)
    if made > DAY or int(minutes or 0) > 59:
        raise ValueError(f"{hours}:{minutes or '00'} is no time of day")
    return made


@enforces("SCH-026")
def clock_of(spans: Iterable[str]) -> Clock:
    """Read "09:00-12:00" and the like. An end at or before its start, and a start before the last end, lie on the
    next day. Raises ValueError with what cannot be read: nonsense, no length, more than a day in all."""
    made: list[tuple[int, int]] = []
    for text in spans:
        found = _SPAN.match(text.translate(_TYPED))
        if found is None:
            raise ValueError(f"{text!r} is no span like 09:00-12:00")
        start, end = _minute(found[1], found[2]), _minute(found[3], found[4])
        after = made[-1][1] if made else 0
        while start < after:
            start, end = start + DAY, end + DAY
        if end <= start:
            end += DAY
        if made and start == after:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    if made and (made[0][0] >= DAY or made[-1][1] - made[0][0] > DAY):
        raise ValueError("a shift begins on its own day and lasts no longer than a day")
    return Clock(tuple(made))


@lru_cache(maxsize=4096)
def clock_from(text: str) -> Clock:
    """The same of one text with commas between the spans, as rows keep it."""
    return clock_of([part for part in text.translate(_TYPED).split(",") if part.strip()])


def moments_of(clock: Clock, day: date, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """The spans as moments; clock times of the site, whatever its zone does in between."""
    return tuple((_moment(day, start, zone), _moment(day, end, zone)) for start, end in clock.spans)


def spans_of(text: str, day: date, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """The spans of a row's clock text as moments."""
    return moments_of(clock_from(text), day, zone)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    over, within = divmod(minutes, DAY)
    return datetime.combine(day + timedelta(days=over), time(within // 60, within % 60), zone)


def overlap(one: Clock, one_day: date, other: Clock, other_day: date) -> int:
    """Minutes that two shifts share."""
    shift = (other_day - one_day).days * DAY
    return sum(
        max(0, min(end, their_end + shift) - max(start, their_start + shift))
        for start, end in one.spans
        for their_start, their_end in other.spans
    )


def gap_between(one: Clock, one_day: date, other: Clock, other_day: date) -> int:
    """Minutes from the end of one shift to the start of a later one; negative when they run into each other."""
    return other.start + (other_day - one_day).days * DAY - one.end
