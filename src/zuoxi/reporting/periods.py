# SPDX-License-Identifier: Apache-2.0
"""Half-hours, days, weeks and months of the site's zone as whole-number arithmetic that every database can do.

A local second is the UTC second plus the zone's offset; where the offset changes inside the time asked for, a CASE
chooses it, so one expression is right on both sides of a clock change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from zuoxi.reporting.dialects import Dialect
from zuoxi.reporting.facts import SLOT_SECONDS

DAY_SECONDS = 86_400
_EPOCH = date(1970, 1, 1)


def day_start(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day at the site, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def local_day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def days_within(since: datetime, until: datetime, zone: tzinfo) -> list[date]:
    """Days that lie wholly inside the time."""
    day = local_day(since, zone)
    if day_start(day, zone) < since:
        day += timedelta(days=1)
    found = []
    while day_start(day + timedelta(days=1), zone) <= until:
        found.append(day)
        day += timedelta(days=1)
    return found


def _offset(moment: datetime, zone: tzinfo) -> int:
    shift = moment.astimezone(zone).utcoffset()
    return int(shift.total_seconds()) if shift else 0


@dataclass(frozen=True, slots=True)
class Clock:
    """The zone's offsets over a stretch of time: (from UTC second, seconds east), the first from the beginning."""

    offsets: tuple[tuple[int, int], ...]
    months: tuple[date, ...]

    @classmethod
    def over(cls, since: datetime, until: datetime, zone: tzinfo) -> Clock:
        """Offsets are looked up hour by hour at the borders of days where they differ."""
        offsets = [(int(since.timestamp()), _offset(since, zone))]
        moment = since.astimezone(UTC)
        while moment < until:
            later = min(moment + timedelta(days=1), until)
            if _offset(later, zone) != offsets[-1][1]:
                offsets.append(cls._change(moment, later, zone))
            moment = later
        return cls(tuple(offsets), tuple(_months(local_day(since, zone), local_day(until, zone))))

    @staticmethod
    def _change(low: datetime, high: datetime, zone: tzinfo) -> tuple[int, int]:
        before, first, last = _offset(low, zone), int(low.timestamp()), int(high.timestamp())
        while last - first > 1:
            middle = (first + last) // 2
            if _offset(datetime.fromtimestamp(middle, UTC), zone) == before:
                first = middle
            else:
                last = middle
        return last, _offset(high, zone)

    def local(self, at: str) -> str:
        """SQL for the local second of a UTC second."""
        shift = str(self.offsets[0][1])
        if len(self.offsets) > 1:
            later = " ".join(f"WHEN {at} >= {start} THEN {east}" for start, east in reversed(self.offsets[1:]))
            shift = f"CASE {later} ELSE {shift} END"
        return f"({at} + {shift})"

    def key(self, period: str, d: Dialect, at: str) -> str:
        """SQL for the group's whole number: UTC half-hour, local hour, day, week (Monday) or month since 1970."""
        if period == "interval":
            return d.div(at, SLOT_SECONDS)
        local = self.local(at)
        if period == "hour":
            return d.div(local, 3600)
        day = d.div(local, DAY_SECONDS)
        if period == "day":
            return day
        if period == "week":
            return d.div(f"{day} + 3", 7)
        cases = " ".join(
            f"WHEN {day} < {(one - _EPOCH).days} THEN {before.year * 12 + before.month - 1}"
            for before, one in zip(self.months, self.months[1:], strict=False)
        )
        last = self.months[-1]
        number = str(last.year * 12 + last.month - 1)
        return f"CASE {cases} ELSE {number} END" if cases else number


def _months(first: date, last: date) -> list[date]:
    found = [first.replace(day=1)]
    while found[-1] <= last:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found


def label(period: str, key: int, zone: tzinfo) -> str:
    """What people call the group: ISO time, day, ISO week or month."""
    if period == "interval":
        return datetime.fromtimestamp(key * SLOT_SECONDS, zone).isoformat()
    if period == "hour":
        start = datetime(1970, 1, 1) + timedelta(hours=key)  # noqa: DTZ001 - a wall clock, given its zone below
        return start.replace(tzinfo=zone).isoformat()
    if period == "day":
        return (_EPOCH + timedelta(days=key)).isoformat()
    if period == "week":
        monday = _EPOCH + timedelta(days=key * 7 - 3)
        year, week, _weekday = monday.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{key // 12}-{key % 12 + 1:02d}"


def span_of(period: str, key: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """First moment of the group and of the next, UTC."""
    if period == "interval":
        start = datetime.fromtimestamp(key * SLOT_SECONDS, UTC)
        return start, start + timedelta(seconds=SLOT_SECONDS)
    if period == "hour":
        begin = datetime(1970, 1, 1) + timedelta(hours=key)  # noqa: DTZ001 - a wall clock
        start = begin.replace(tzinfo=zone).astimezone(UTC)
        return start, start + timedelta(hours=1)
    if period == "month":
        first = date(key // 12, key % 12 + 1, 1)
        following = (first + timedelta(days=32)).replace(day=1)
    else:
        first = _EPOCH + timedelta(days=key if period == "day" else key * 7 - 3)
        following = first + timedelta(days=1 if period == "day" else 7)
    return day_start(first, zone), day_start(following, zone)


def span_of_label(period: str, text: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """The span of a group by what `label` calls it; ValueError for text that is no such label."""
    if period in ("interval", "hour"):
        start = datetime.fromisoformat(text).astimezone(UTC)
        return start, start + timedelta(seconds=SLOT_SECONDS if period == "interval" else 3600)
    if period == "day":
        first = date.fromisoformat(text)
        following = first + timedelta(days=1)
    elif period == "week":
        first = date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
        following = first + timedelta(days=7)
    else:
        first = date(int(text[:4]), int(text[5:]), 1)
        following = (first + timedelta(days=32)).replace(day=1)
    return day_start(first, zone), day_start(following, zone)


def labels_between(period: str, since: datetime, until: datetime, zone: tzinfo) -> list[str]:
    """The labels of every group that touches the time, in order."""
    found: list[str] = []
    at = since
    while at < until:
        text = label_at(period, at, zone)
        found.append(text)
        at = max(span_of_label(period, text, zone)[1], at + timedelta(seconds=1))
    return found


def label_at(period: str, moment: datetime, zone: tzinfo) -> str:
    """The label of the group that a moment belongs to."""
    at = int(moment.timestamp())
    if period == "interval":
        return label(period, at // SLOT_SECONDS, zone)
    local = at + _offset(moment, zone)
    day = local // DAY_SECONDS
    if period == "month":
        first = _EPOCH + timedelta(days=day)
        return label(period, first.year * 12 + first.month - 1, zone)
    return label(period, {"hour": local // 3600, "day": day, "week": (day + 3) // 7}[period], zone)
