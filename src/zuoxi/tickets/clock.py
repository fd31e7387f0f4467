# SPDX-License-Identifier: Apache-2.0
"""Business time: how much of it lies between two moments, and when an amount of it is used up.

A plain library. Opening hours may have several intervals a day (lunch cut out), other hours on some weekdays and on
special days, and none on free days. Pauses are spans that do not count; an open pause (end None) has not
ended. Moments are aware, spans half open. Time is exact to the second; `elapsed` and `due` undo each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Interval = tuple[int, int]
"""First and last minute of a day, the last excluded: (510, 720) is 08:30 to 12:00, (0, 1440) the whole day."""
Pause = tuple[datetime, datetime | None]

DAY = timedelta(days=1)
WHOLE_DAY: tuple[Interval, ...] = ((0, 1440),)
_FARTHEST = 3660  # days looked through before giving up: hours that never open are a mistake
_END_OF_DAY = time(23, 59, 59)


class NeverDue(ValueError):
    """The hours never open for long enough."""


def interval(text: str) -> Interval:
    """A text like 08:30-12:00 as minutes; 24:00 ends the day. Raises ValueError for what is none or ends too early."""
    start, _, end = text.partition("-")
    found = _minute(start), _minute(end)
    if found[0] >= found[1]:
        raise ValueError(f"{text}: the end has to come after the beginning; split a night at 24:00")
    return found


def _minute(text: str) -> int:
    hour, colon, minute = text.strip().partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and len(minute) == 2):
        raise ValueError(f"{text!r} is no time of day")
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > 1440:
        raise ValueError(f"{text!r} is no time of day")
    return found


def joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """In order, with what overlaps or touches made one."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def always(_day: date) -> bool:
    return True


@dataclass(frozen=True, eq=False)
class BusinessHours:
    """`regular` holds on working days, `weekdays` (1 Monday … 7 Sunday) instead of it on those, `special` on single
    days whatever they are; a special day without intervals is closed. Days that do not work are closed."""

    zone: ZoneInfo
    regular: tuple[Interval, ...]
    works: Callable[[date], bool] = always
    weekdays: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    special: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        if day in self.special:
            return joined(self.special[day])
        if not self.works(day):
            return ()
        return joined(self.weekdays.get(day.isoweekday(), self.regular))

    @lru_cache(maxsize=512)  # noqa: B019 - a few of these objects live, each with some months of days
    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The day's opening as moments in UTC."""
        return tuple((self._moment(day, start), self._moment(day, end)) for start, end in self.intervals(day))

    def _moment(self, day: date, minute: int) -> datetime:
        whole, rest = divmod(minute, 1440)
        there = datetime.combine(day + DAY * whole, time(*divmod(rest, 60)), self.zone)
        return there.astimezone(UTC)

    def open_spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is open from `start` on; ends after about ten years."""
        first = start.astimezone(self.zone).date() - DAY
        since = start.astimezone(UTC)
        for step in range(_FARTHEST):
            for begins, ends in self.spans(first + DAY * step):
                if ends > since:
                    yield max(begins, since), ends


def around_the_clock(zone: ZoneInfo) -> BusinessHours:
    return BusinessHours(zone, WHOLE_DAY)


def merged_pauses(pauses: Iterable[Pause]) -> list[Pause]:
    """In order, without overlap; pauses without length fall away."""
    found: list[Pause] = []
    for start, end in sorted(pauses, key=lambda one: one[0]):
        if end is not None and end <= start:
            continue
        if found and (found[-1][1] is None or start <= found[-1][1]):
            last = found[-1][1]
            found[-1] = (found[-1][0], None if last is None or end is None else max(last, end))
        else:
            found.append((start, end))
    return found


def _counting(
    spans: Iterator[tuple[datetime, datetime]], pauses: Sequence[Pause]
) -> Iterator[tuple[datetime, datetime]]:
    """The spans without the pauses; ends where an open pause begins."""
    for begins, ends in spans:
        here = begins
        for pause_start, pause_end in pauses:
            if pause_start >= ends:
                break
            if pause_end is not None and pause_end <= here:
                continue
            if pause_start > here:
                yield here, pause_start
            if pause_end is None:
                return
            here = max(here, pause_end)
            if here >= ends:
                break
        if here < ends:
            yield here, ends


def elapsed(hours: BusinessHours, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
    """Business time from `start` to `end` without the pauses; nought when they are the wrong way round."""
    total = timedelta(0)
    for begins, ends in _counting(hours.open_spans(start), merged_pauses(pauses)):
        if begins >= end:
            break
        total += min(ends, end) - begins
    return total


def due(hours: BusinessHours, start: datetime, amount: timedelta, pauses: Iterable[Pause] = ()) -> datetime | None:
    """When that much business time has been used up, the earliest such moment (in the site's zone).

    None while an open pause keeps it from coming. Raises NeverDue when the hours never open for long enough.
    """
    left = amount
    for begins, ends in _counting(hours.open_spans(start), merged := merged_pauses(pauses)):
        if left <= ends - begins:
            return (begins + left).astimezone(hours.zone)
        left -= ends - begins
    if merged and merged[-1][1] is None:
        return None
    raise NeverDue("the opening hours never add up to that much")


def end_of_working_day(
    works: Callable[[date], bool], zone: ZoneInfo, received: datetime, count: int, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The end (23:59:59) of the `count`-th working day after the day of receipt; with a count of nought, of that day.

    A day that is paused when it ends does not count. None while an open pause keeps it from coming.
    """
    merged, day, left = merged_pauses(pauses), received.astimezone(zone).date(), count
    for step in range(_FARTHEST):
        here = day + DAY * step
        ends = datetime.combine(here, _END_OF_DAY, zone)
        if _paused(ends, merged):
            if merged[-1][1] is None and merged[-1][0] <= ends:
                return None
            continue
        if step == 0:
            if count == 0:
                return ends
        elif works(here):
            left -= 1
            if left <= 0:
                return ends
    raise NeverDue("the calendar has no working days")


def _paused(moment: datetime, pauses: Sequence[Pause]) -> bool:
    return any(start <= moment and (end is None or moment < end) for start, end in pauses)
