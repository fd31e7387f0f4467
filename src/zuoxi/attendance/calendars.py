# SPDX-License-Identifier: Apache-2.0
"""A person's month as a calendar, a team's as a grid: rows of the database brought into the shape of a page."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zuoxi.attendance.computing import leave_outside, month_end
from zuoxi.attendance.grounds import findings_of
from zuoxi.attendance.judging import Count
from zuoxi.attendance.models import DayRecord, MonthRecord
from zuoxi.attendance.signs import DOUBTS, FINDINGS, Sign, sign_of
from zuoxi.leave.selectors import kind_names
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.selectors import shift_name

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a calendar. `within`: it belongs to the month shown."""

    day: date
    rows: tuple[DayRecord, ...]
    sign: Sign
    within: bool = True
    today: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One shift with its findings in words."""

    row: DayRecord
    findings: tuple[tuple[str, Finding], ...]
    doubts: tuple[str, ...]
    sign: Sign
    leave: str = ""
    shift: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person's line on the sheet."""

    month: MonthRecord
    cells: tuple[DayCell, ...]


@dataclass(frozen=True, slots=True)
class GoneLine:
    """What somebody who left before the month's end did until then; `count` is of these days alone."""

    staff: Staff
    cells: tuple[DayCell, ...]
    count: Count


def days_in(month: date) -> list[date]:
    return [month + _DAY * step for step in range((month_end(month) - month).days + 1)]


def weeks_of(month: date, rows: Iterable[DayRecord], today: date, now: datetime) -> list[list[DayCell]]:
    """The month in weeks from Monday, days of its neighbours included so that each week is whole."""
    by_day: dict[date, list[DayRecord]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(row)
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    return [[_cell(day, by_day[day], month, today, now) for day in week] for week in weeks]


def _cell(day: date, rows: Sequence[DayRecord], month: date, today: date, now: datetime) -> DayCell:
    within = day.month == month.month
    return DayCell(day, tuple(rows), sign_of(rows, now), within, day == today)


def lines_of(month: date, people: Sequence[MonthRecord], today: date, now: datetime) -> list[PersonLine]:
    """The sheet's lines with a cell for each day. One query."""
    by_person: dict[tuple[int, date], list[DayRecord]] = defaultdict(list)
    fields = ("staff_id", "day", "part", "status", "due_start")
    staff = [one.staff_id for one in people]
    rows = DayRecord.objects.filter(staff_id__in=staff, day__range=(month, month_end(month))).only(*fields)
    for row in rows.order_by("part"):
        by_person[row.staff_id, row.day].append(row)
    days = days_in(month)
    return [
        PersonLine(one, tuple(_cell(day, by_person[one.staff_id, day], month, today, now) for day in days))
        for one in people
    ]


def lines_of_gone(month: date, rows: Iterable[DayRecord], today: date, now: datetime) -> list[GoneLine]:
    """A line for each person of the rows, by staff number. No query but that of the rows (with `staff`)."""
    by_person: dict[Staff, dict[date, list[DayRecord]]] = {}
    for row in rows:
        by_person.setdefault(row.staff, defaultdict(list))[row.day].append(row)
    outside, days = leave_outside(site_handbook(), month), days_in(month)
    found = []
    for staff in sorted(by_person, key=lambda one: one.code):
        held, count = by_person[staff], Count(0)
        for day in sorted(held):
            count.add(held[day], outside)
        cells = tuple(_cell(day, held.get(day, ()), month, today, now) for day in days)
        found.append(GoneLine(staff, cells, count))
    return found


def told(rows: Sequence[DayRecord], now: datetime | None = None) -> list[Told]:
    """The shifts with what was said of each; `now` None where they are over. One query."""
    found, names = findings_of([row.findings for row in rows]), kind_names()
    return [
        Told(
            row,
            tuple((str(label), findings[name]) for name, label in FINDINGS.items() if name in findings),
            tuple(str(DOUBTS[doubt]) for doubt in row.findings.get("doubts", ()) if doubt in DOUBTS),
            sign_of([row], now),
            names.get(row.leave_kind, row.leave_kind),
            shift_name(row.template),
        )
        for row, findings in zip(rows, found, strict=True)
    ]
