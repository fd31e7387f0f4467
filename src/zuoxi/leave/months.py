# SPDX-License-Identifier: Apache-2.0
"""Months as sheets: one person's own, and a team's with everybody who is away."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from zuoxi.leave.kinds import LeaveKindBody, kinds_of
from zuoxi.leave.selectors import leave_days_between
from zuoxi.leave.site_days import site_calendar
from zuoxi.leave.wishes import Wish
from zuoxi.people.models import Staff
from zuoxi.policy.calendars import DayKind, WorkCalendar
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import selectors as workforce

_DAY = timedelta(days=1)
# The roster board's colours by kind of leave; a kind that is not here has the last.
TONES = {"personal": "m", "sick": "d", "annual": "e", "rest_exchange": "t", "official_trip": "l"}
OTHER = "n"


def month_of(text: str | None, today: date) -> date:
    """The first day of the month that "2026-11" means; this month for anything else."""
    try:
        return date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def ends_of(month: date) -> date:
    """The last day of the month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def shifted(month: date, by: int) -> date:
    """The first day of the month that many months later."""
    index = month.year * 12 + month.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class DayMark:
    """A leave on a day: its kind, whether it is granted already, the leave's id (None: only asked for)."""

    kind: str
    label: str
    short: str
    tone: str
    granted: bool
    leave_id: int | None


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A square of one's own month; `shift` "" where nothing is rostered, `holiday` the name of a free day."""

    day: date
    inside: bool
    shift: str
    hours: str
    holiday: str
    kind: DayKind
    mark: DayMark | None


def _mark(code: str, kinds: dict[str, LeaveKindBody], leave_id: int | None) -> DayMark:
    body = kinds.get(code)
    label = str(body.label) if body else code
    short = label[:2] if label.isascii() else label[:1]
    return DayMark(code, label, short, TONES.get(code, OTHER), leave_id is not None, leave_id)


def own_month(staff: Staff, month: date, wishes: Sequence[Wish]) -> list[list[OwnDay]]:
    """Weeks from Monday on, with shifts, granted leave and what is asked for. Three queries."""
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    first, last = weeks[0][0], weeks[-1][-1]
    kinds = kinds_of(site_handbook())
    zone = site_handbook().zone
    days = site_calendar()
    shifts = {one.day: one for one in workforce.shifts_between(first, last, [staff.pk])}
    marks = {wish_day: _mark(wish.kind, kinds, None) for wish in wishes for wish_day in _days_of(wish)}
    marks |= {one.day: _mark(one.kind, kinds, one.leave_id) for one in leave_days_between(first, last, [staff.pk])}
    made = []
    for week in weeks:
        row = []
        for day in week:
            shift = shifts.get(day)
            hours = f"{shift.starts_at.astimezone(zone):%H:%M}" if shift else ""
            code = workforce.shift_name(shift.template) if shift else ""
            kind = days.kind_of(day)
            row.append(OwnDay(day, day.month == month.month, code, hours, days.holiday_name(day), kind, marks.get(day)))
        made.append(row)
    return made


def _days_of(wish: Wish) -> list[date]:
    return [wish.asked.first_on + _DAY * step for step in range((wish.asked.last_on - wish.asked.first_on).days + 1)]


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's day in the team's month."""

    mark: DayMark | None
    rostered: bool
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One person's month; `days` is how many days of leave it holds."""

    staff: Staff
    cells: tuple[Cell, ...]
    away: int


@dataclass(frozen=True, slots=True)
class Foot:
    """A day's sum: who is away of who is rostered; `crowded` when a duty supervisor has granted beyond his places."""

    away: int
    rostered: int
    crowded: bool


@dataclass(frozen=True, slots=True)
class TeamMonth:
    """The month of several people. `heads`: (day, what sort of day)."""

    heads: tuple[tuple[date, DayKind], ...]
    rows: tuple[Row, ...]
    feet: tuple[Foot, ...]
    legend: tuple[DayMark, ...] = field(default=())


def team_month(people: Sequence[Staff], month: date, asked: Collection[tuple[int, Wish]], places: int) -> TeamMonth:
    """Everybody's leave of a month against the roster; `places` may be away on a day. Three queries."""
    last = ends_of(month)
    days = [month + _DAY * step for step in range((last - month).days + 1)]
    ids = [one.pk for one in people]
    kinds, sheet = kinds_of(site_handbook()), site_calendar()
    rostered = {(one.staff_id, one.day) for one in workforce.shifts_between(month, last, ids)}
    marks: dict[tuple[int, date], DayMark] = {}
    for staff_id, wish in asked:
        marks |= {(staff_id, day): _mark(wish.kind, kinds, None) for day in _days_of(wish)}
    taken = leave_days_between(month, last, ids)
    marks |= {(one.staff_id, one.day): _mark(one.kind, kinds, one.leave_id) for one in taken}
    away = {day: {one.staff_id for one in taken if one.day == day} for day in days}
    held = Counter((one.day, one.duty_id) for one in taken if one.counts)
    fullest = {day: max((count for (when, _duty), count in held.items() if when == day), default=0) for day in days}
    rows = []
    for one in people:
        cells = []
        for day in days:
            mark = marks.get((one.pk, day))
            conflict = mark is not None and not mark.granted and fullest[day] >= places
            cells.append(Cell(mark, (one.pk, day) in rostered, conflict))
        rows.append(Row(one, tuple(cells), sum(cell.mark is not None and cell.mark.granted for cell in cells)))
    feet = [Foot(len(away[day]), sum((pk, day) in rostered for pk in ids), len(away[day]) > places) for day in days]
    used = {mark.kind for mark in marks.values()}
    legend = tuple(_mark(code, kinds, 0) for code in kinds if code in used)
    return TeamMonth(tuple((day, sheet.kind_of(day)) for day in days), tuple(rows), tuple(feet), legend)


@dataclass(frozen=True, slots=True)
class YearDay:
    """A square of the year's calendar."""

    day: date
    kind: DayKind
    name: str
    own: str


Weeks = list[list[YearDay | None]]


def year_months(year: int, sheet: WorkCalendar, own: dict[date, str], language: str) -> list[tuple[date, Weeks]]:
    """Twelve months (first day, weeks from Monday on); None fills the squares of other months."""
    name = "en_US" if language.startswith("en") else "zh_CN"
    months = []
    for number in range(1, 13):
        weeks = calendar.Calendar().monthdatescalendar(year, number)
        squares: Weeks = [
            [
                YearDay(day, sheet.kind_of(day), sheet.holiday_name(day, name), own.get(day, ""))
                if day.month == number
                else None
                for day in week
            ]
            for week in weeks
        ]
        months.append((date(year, number, 1), squares))
    return months
