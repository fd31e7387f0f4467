# SPDX-License-Identifier: Apache-2.0
"""A file of calls as people have it: one row an interval or one row a call, CSV in any encoding or Excel, gaps allowed.

What cannot be true is refused with its row; what is missing is unknown, unless the file leaves out empty intervals
altogether (nowhere a nought): then an interval that is seldom seen and never large counts as empty.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from zuoxi.workforce.forecasting.series import MINUTES_A_DAY, Floats, History, Ints

HEADINGS: Final = {
    "start": frozenset(
        "start time datetime timestamp date ds interval 开始时间 时间 日期 时段 呼入时间 来电时间".split()
    ),
    "calls": frozenset("calls count volume offered y 来电量 呼入量 话务量 来电数 呼入数 数量 电话量".split()),
}
_FORMATS: Final = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y年%m月%d日 %H:%M", "%Y.%m.%d %H:%M", "%d.%m.%Y %H:%M",
)  # fmt: skip
_RASTERS: Final = (1440, 720, 480, 360, 240, 180, 120, 90, 60, 45, 30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1)
MOST_ROWS: Final = 5_000_000
_MOST_CALLS: Final = 1e9
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
MOST_YEARS: Final = 20


class BadInput(ValueError):
    """What is wrong, in which column, and in which row of a file (1 is the first below the heading)."""

    def __init__(self, field: str, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.field, self.message, self.row = field, message, row


@dataclass(frozen=True, slots=True)
class Read:
    """A history, what had to be said about the file, and whether its moments carried an offset from UTC."""

    history: History
    notes: tuple[str, ...] = ()
    offset: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    start: datetime
    calls: float
    offset: timedelta | None


def cells_of(content: bytes) -> list[list[str]]:
    """Lines and cells of a CSV file (UTF-8, UTF-16 or GBK; comma, semicolon or tab) or of an Excel sheet."""
    if content[:2] == b"PK":
        return _sheet(content)
    text = decoded(content)
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as wrong:
        raise BadInput("file", f"is no clean CSV: {wrong}") from wrong


def decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("file", "is neither UTF-8 nor GBK text; save it as CSV UTF-8 or as Excel")


def _sheet(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, ValueError, IndexError) as wrong:
        raise BadInput("file", f"cannot be read as an Excel workbook: {wrong}") from wrong
    return [
        [one.isoformat() if isinstance(one, datetime) else str(one).strip() for one in row] for row in sheet.to_python()
    ]


def read(content: bytes, minutes: int | None = None) -> Read:
    """The history of a file, in intervals of `minutes` (None: the file's own, thirty for one row a call).

    Raises BadInput.
    """
    rows, counted = _rows(cells_of(content))
    own = _own_interval(rows) if counted else None
    if minutes is not None and own is not None and own > minutes:
        raise BadInput("frequency", f"the file has one row every {own} minutes and cannot tell of {minutes}")
    step = minutes or (own if own is not None and own >= 15 else 30)
    if MINUTES_A_DAY % step:
        raise BadInput("frequency", f"{step} minutes are no whole part of a day")
    notes: list[str] = []
    if own is None:
        history = _summed(rows, step)
        notes.append(f"{len(rows)} single calls were counted in intervals of {step} minutes")
    else:
        rows = _once(rows, notes)
        history = _regular(rows, own, step, notes)
    return Read(history, tuple(notes), rows[-1].offset)


def _rows(cells: list[list[str]]) -> tuple[list[_Row], bool]:
    """Rows of the file, and whether there is a column of counts."""
    lines = [(number, row) for number, row in enumerate(cells) if any(row)]
    if not lines:
        raise BadInput("file", "is empty")
    heading = [cell.casefold() for cell in lines[0][1]]
    place = {
        key: next((at for at, word in enumerate(heading) if word in words), None) for key, words in HEADINGS.items()
    }
    if place["start"] is None:
        raise BadInput("start", f"the heading has no column start; it has {', '.join(lines[0][1])[:200]}")
    if len(lines) < 2:
        raise BadInput("file", "has a heading and no rows")
    if len(lines) > MOST_ROWS:
        raise BadInput("file", f"has more than {MOST_ROWS:,} rows")
    calls_at = place["calls"]
    found = [_row(number, row, place["start"], calls_at) for number, row in lines[1:]]
    if len({one.offset is None for one in found}) == 2:
        odd = next(one for one in found if (one.offset is None) != (found[0].offset is None))
        raise BadInput("start", "some moments have an offset from UTC and some have none", odd.number)
    first, last = min(one.start for one in found), max(one.start for one in found)
    if last - first > timedelta(days=366 * MOST_YEARS):
        odd = next(one for one in found if abs(one.start - found[0].start) > timedelta(days=366 * MOST_YEARS // 2))
        raise BadInput("start", f"the file spans more than {MOST_YEARS} years", odd.number)
    return found, calls_at is not None


def _row(number: int, row: list[str], start_at: int, calls_at: int | None) -> _Row:
    text = row[start_at] if start_at < len(row) else ""
    moment = _moment(text)
    if moment is None:
        raise BadInput("start", f"{text[:60]!r} is no moment such as 2026-03-01T09:30", number)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise BadInput("start", f"{text[:60]!r} lies in the year {moment.year}; look at the year", number)
    calls = 1.0 if calls_at is None else _calls(row[calls_at] if calls_at < len(row) else "", number)
    return _Row(number, moment.replace(tzinfo=None), calls, moment.utcoffset())


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace("/", "-") if text.count("/") == 2 and text[4:5] == "/" else text)
    except ValueError:
        pass
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - a moment of the wall clock
        except ValueError:
            continue
    return None


def _calls(text: str, number: int) -> float:
    if text.casefold() in ("", "nan", "na", "null", "none", "-"):
        return math.nan
    try:
        found = float(text.replace(",", ""))
    except ValueError:
        raise BadInput("calls", f"{text!r} is no number", number) from None
    if abs(found) > _MOST_CALLS:
        raise BadInput("calls", f"{text!r} is no count", number)
    if math.isnan(found):
        return math.nan
    if found < 0:
        raise BadInput("calls", f"{text} is negative; a count is nought or more", number)
    return found


def _own_interval(rows: list[_Row]) -> int | None:
    """Minutes between rows of a regular file; None for one row a call (moments off any raster)."""
    marks = sorted({one.start for one in rows})
    if any(one.second or one.microsecond for one in marks):
        return None
    if len(marks) < 2:
        return 30
    steps = Counter(int((after - before).total_seconds() // 60) for before, after in pairwise(marks))
    (usual, _times), *_ = steps.most_common(1)
    places = {one.hour * 60 + one.minute for one in marks}
    fits = [one for one in _RASTERS if one <= usual and all(place % one == 0 for place in places)]
    finest = fits[0] if fits else 1
    # Whole minutes at random are calls, not a raster of minutes.
    if finest == 1 and len(steps) > 30 and steps[1] < 0.5 * len(marks):
        return None
    return finest


def _once(rows: list[_Row], notes: list[str]) -> list[_Row]:
    """Rows by time, each moment once; the hour that a clock change repeats is averaged. Raises BadInput."""
    held: dict[datetime, list[_Row]] = defaultdict(list)
    for one in rows:
        held[one.start].append(one)
    twice = {moment: many for moment, many in held.items() if len(many) > 1}
    by_day: dict[object, list[datetime]] = defaultdict(list)
    for moment in twice:
        by_day[moment.date()].append(moment)
    for day, moments in by_day.items():
        if not _clock_change([twice[moment] for moment in sorted(moments)], moments):
            first, second = twice[min(moments)][:2]
            raise BadInput(
                "start", f"{second.start.isoformat(timespec='minutes')} stands in row {first.number} too", second.number
            )
        notes.append(f"on {day} an hour comes twice (clock change); its two counts were averaged")
    return [
        many[0]
        if len(many) == 1
        else _Row(many[0].number, moment, sum(one.calls for one in many) / len(many), many[0].offset)
        for moment, many in sorted(held.items())
    ]


def _clock_change(many: list[list[_Row]], moments: list[datetime]) -> bool:
    """Each moment twice, all within one hour, and either the offsets differ or the second hour follows the first."""
    if any(len(one) != 2 for one in many) or max(moments) - min(moments) >= timedelta(hours=1):
        return False
    if all(first.offset != second.offset for first, second in many):
        return True
    night = all(moment.hour < 4 for moment in moments)
    return night and max(first.number for first, _second in many) < min(second.number for _first, second in many)


def _floor(moment: datetime, step: int) -> datetime:
    whole = (moment.hour * 60 + moment.minute) // step * step
    return moment.replace(hour=whole // 60, minute=whole % 60, second=0, microsecond=0)


def _summed(rows: Sequence[_Row], step: int) -> History:
    """One row a call: intervals between the first and the last call that saw none had none."""
    first = _floor(min(one.start for one in rows), step)
    last = _floor(max(one.start for one in rows), step)
    counts = np.zeros(int((last - first).total_seconds() // 60) // step + 1)
    for one in rows:
        if not math.isnan(one.calls):
            counts[int((one.start - first).total_seconds() // 60) // step] += one.calls
    return History(first, step, counts)


def _regular(rows: Sequence[_Row], own: int, step: int, notes: list[str]) -> History:
    first, last = _floor(rows[0].start, step), rows[-1].start
    fine = np.full((int((last - first).total_seconds() // 60) // own // (step // own) + 1) * (step // own), np.nan)
    for one in rows:
        fine[int((one.start - first).total_seconds() // 60) // own] = one.calls
    fine = _left_out(fine, first, own, notes)
    parts = fine.reshape(-1, step // own)
    known = (~np.isnan(parts)).sum(axis=1)
    sums = np.where(np.isnan(parts), 0.0, parts).sum(axis=1)
    usual = _usual_parts(known, first, step)
    # Where most of an interval is known, the rest is taken to be like it; otherwise the interval is unknown.
    counts = np.where((known > 0) & (known * 2 >= usual), sums * usual / np.maximum(known, 1), np.nan)
    # A file that ends within an interval does not tell of it.
    done = int((last - first).total_seconds() // 60) // own + 1
    if done % (step // own) and len(counts) > 1:
        counts = counts[:-1]
    return History(first, step, counts)


def _usual_parts(known: Ints, first: datetime, step: int) -> Floats:
    """By interval: how many parts are known at that time of the week at most."""
    week = 7 * MINUTES_A_DAY // step
    offset = (first.weekday() * MINUTES_A_DAY + first.hour * 60 + first.minute) // step
    place = (np.arange(len(known)) + offset) % week
    most = np.zeros(week)
    np.maximum.at(most, place, known)
    return np.asarray(most[place])


def _left_out(fine: Floats, first: datetime, own: int, notes: list[str]) -> Floats:
    """Noughts for intervals that a file of full intervals only left out; unknown stays unknown everywhere else."""
    known = ~np.isnan(fine)
    if (fine[known] == 0).any() or known.all():
        return fine
    slots = MINUTES_A_DAY // own
    place = (np.arange(len(fine)) + (first.hour * 60 + first.minute) // own) % slots
    many = np.bincount(place, minlength=slots)
    seen = np.bincount(place[known], minlength=slots)
    sums = np.bincount(place[known], weights=fine[known], minlength=slots)
    day = (np.arange(len(fine)) + (first.hour * 60 + first.minute) // own) // slots
    open_days = np.bincount(day[known], minlength=int(day[-1]) + 1) > 0
    mean = np.divide(sums, np.maximum(seen, 1))
    seldom = (seen > 0) & (seen < 0.95 * many) & (mean < 4)
    empty = ~known & seldom[place] & open_days[day]
    if empty.any():
        notes.append(f"{int(empty.sum())} intervals that the file leaves out were taken for empty")
    return np.where(empty, 0.0, fine)
