# SPDX-License-Identifier: Apache-2.0
"""A file of calls of former days as a planner has it: one row an interval of a queue, CSV or Excel, gaps allowed."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext_lazy as _

from zuoxi.web.tabular import Problem, Refusal, read_table

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "start": ("时间", "开始时间", "时段", "日期时间", "start", "time", "datetime", "interval"),
    "calls": ("来电量", "呼入量", "话务量", "来电数", "呼入数", "calls", "offered", "volume", "count"),
    "queue": ("技能组", "队列", "queue", "skill"),
    "aht": ("平均处理时长", "平均处理时长（秒）", "处理时长", "aht_seconds", "aht", "handling time"),
}
REQUIRED: Final = ("start", "calls")
MOST_BYTES: Final = 30 * 1024 * 1024
MOST_ROWS: Final = 300_000
HALVES: Final = 48
_SHAPES: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y年%m月%d日 %H:%M", "%Y.%m.%d %H:%M", "%d.%m.%Y %H:%M")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLAIN: Final = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?")
_TAIL: Final = re.compile(r"\.\d+$")
_EMPTY: Final = frozenset({"", "-", "nan", "na", "null", "none"})
_MOST_CALLS: Final = 1_000_000
_MOST_HANDLE: Final = 86_400
_OLDEST: Final = 20  # years


@dataclass(slots=True)
class HistoryDay:
    """A queue's day by half hour; None: unknown. `handled` seconds a call, weighed by calls; None: not told."""

    calls: list[float | None] = field(default_factory=lambda: [None] * HALVES)
    handled: list[float | None] = field(default_factory=lambda: [None] * HALVES)


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """`days` by queue code and day; `problems` of lines that cannot be true. A file with any is not taken."""

    days: Mapping[tuple[str, date], HistoryDay]
    problems: tuple[Problem, ...]
    rows: int
    minutes: int

    @property
    def calls(self) -> float:
        return sum(one or 0.0 for day in self.days.values() for one in day.calls)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    queue: str
    start: datetime
    calls: float | None
    handled: float | None


def read_history(content: bytes, queues: Mapping[str, str], chosen: str, now: datetime) -> HistoryFile:
    """`queues`: what a cell may call a queue → its code; `chosen`: the code for files without such a column; `now` on
    the wall clock. Raises Unreadable for what is no table at all."""
    table = read_table(content, COLUMNS, REQUIRED, moments=True, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    lines: list[_Line] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, datetime], int] = {}
    for index in range(len(table.cells)):
        row, number = table.row(index), index + 2
        if not any(table.cells[index]):
            continue
        if content[:2] == b"PK" and _DAY.fullmatch(row["start"]):  # what Excel makes of midnight
            row["start"] += " 00:00"
        try:
            line = _line(row, number, queues, chosen, now)
            first = seen.setdefault((line.queue, line.start), number)
            if first != number:
                raise Refusal(
                    "start", _("This moment of the queue stands in line %(line)s too.") % {"line": first},
                    _("Keep one of the two lines."),
                )  # fmt: skip
            lines.append(line)
        except Refusal as wrong:
            place = table.places.get(wrong.key)
            problems.append(Problem(number, table.head[place] if place is not None else "", wrong.wrong, wrong.todo))
    steps = _steps(lines)
    minutes = max(steps.values(), default=30)
    if wrong_step := next((one for one in lines if not _fits(steps[one.queue])), None):
        minutes = steps[wrong_step.queue]
        problems.append(
            Problem(
                wrong_step.number, table.head[table.places["start"]],
                _("The file has one row every %(minutes)s minutes; that does not tell of half hours.")
                % {"minutes": minutes},
                _("Take it out of the old system by half hour, or by 5, 10 or 15 minutes."),
            )
        )  # fmt: skip
        return HistoryFile({}, tuple(problems), len(lines), minutes)
    return HistoryFile(_days(lines, steps), tuple(problems), len(lines), minutes)


def _line(row: Mapping[str, str], number: int, queues: Mapping[str, str], chosen: str, now: datetime) -> _Line:
    said = row.get("queue", "")
    queue = queues.get(said.casefold(), "") if said else chosen
    if not queue:
        if said:
            raise Refusal("queue", _("No queue is called so."), _("Write the queue's name or code as in the settings."))
        raise Refusal("queue", _("It is not said of which queue."), _("Choose the queue beside the file."))
    return _Line(number, queue, _moment(row["start"], now), _count(row["calls"]), _handled(row.get("aht", "")))


def _moment(text: str, now: datetime) -> datetime:
    """Of the wall clock; with a zone beside it, it is none."""
    clean = _TAIL.sub("", " ".join(text.replace("T", " ").replace("/", "-").replace("\uff1a", ":").split()))
    found = _plain(clean)
    for shape in _SHAPES if found is None else ():
        try:
            found = datetime.strptime(clean, shape)  # noqa: DTZ007 - a moment of the wall clock
            break
        except ValueError:
            continue
    if found is None:
        raise Refusal("start", _("This is no day with a time."), _("Write it as 2026-03-02 09:30."))
    if found >= now:
        raise Refusal("start", _("This moment has not come yet."), _("Look at the year, or leave the line out."))
    if found.year < now.year - _OLDEST:
        raise Refusal("start", _("This is more than %(years)s years ago.") % {"years": _OLDEST}, _("Look at the year."))
    return found


def _plain(text: str) -> datetime | None:
    """The shape that nearly every file has, read ten times as fast."""
    if _PLAIN.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _count(text: str) -> float | None:
    if text.casefold() in _EMPTY:
        return None
    try:
        found = float(text.replace(",", ""))
    except ValueError:
        raise Refusal("calls", _("This is no number."), _("Write how many calls came, or leave it empty.")) from None
    if not math.isfinite(found) or found < 0:
        raise Refusal("calls", _("There cannot be so many calls."), _("A count is nought or more."))
    if found > _MOST_CALLS:
        raise Refusal(
            "calls", _("There cannot be so many calls."), _("Look at the columns; is this a telephone number?")
        )
    return found


def _handled(text: str) -> float | None:
    if text.casefold() in _EMPTY:
        return None
    try:
        found = float(text.replace(",", ""))
    except ValueError:
        found = math.nan
    if not 0 <= found <= _MOST_HANDLE:
        raise Refusal("aht", _("This is no handling time."), _("Write seconds a call, or leave it empty."))
    return found


def _steps(lines: list[_Line]) -> dict[str, int]:
    """Queue → the usual distance of its rows in minutes; thirty for a single row, a day's where none has a time."""
    by_queue: dict[str, list[datetime]] = defaultdict(list)
    for one in lines:
        by_queue[one.queue].append(one.start)
    return {
        queue: _step(moments, 30) if any(one.time() != time() for one in moments) else 24 * 60
        for queue, moments in by_queue.items()
    }


def _step(moments: list[datetime], otherwise: int) -> int:
    steps = Counter(int((after - before).total_seconds() // 60) for before, after in pairwise(sorted(moments)))
    return max(steps.most_common(1)[0][0], 1) if steps else otherwise


def _fits(minutes: int) -> bool:
    return minutes <= 30 and 30 % minutes == 0


def _days(lines: list[_Line], steps: Mapping[str, int]) -> dict[tuple[str, date], HistoryDay]:
    """Sums by half hour. Where parts of a half hour are unknown, the rest is taken to be like it; all unknown: unknown.
    An open day without any row for a half hour stays unknown there."""
    parts: dict[tuple[str, date, int], list[_Line]] = defaultdict(list)
    moments: dict[tuple[str, date], list[datetime]] = defaultdict(list)
    for one in lines:
        moments[one.queue, one.start.date()].append(one.start)
        parts[one.queue, one.start.date(), one.start.hour * 2 + one.start.minute // 30].append(one)
    found: dict[tuple[str, date], HistoryDay] = defaultdict(HistoryDay)
    most: dict[tuple[str, date], int] = {}
    for key, held_on in moments.items():  # the old system may have told by quarters from some day on
        own = _step(held_on, steps[key[0]])
        most[key] = 30 // (own if _fits(own) else steps[key[0]])
    for (queue, day, half), held in parts.items():
        known = [one for one in held if one.calls is not None]
        if not known:
            continue
        into, whole = found[queue, day], sum(one.calls or 0.0 for one in known)
        into.calls[half] = whole * max(most[queue, day] / len(known), 1.0)
        told = [(one.calls or 0.0, one.handled) for one in known if one.handled is not None and one.calls]
        if told:
            into.handled[half] = sum(calls * (each or 0.0) for calls, each in told) / sum(calls for calls, _e in told)
    return dict(found)
