# SPDX-License-Identifier: Apache-2.0
"""One person's month as a sheet of weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zuoxi.people.models import Staff
from zuoxi.policy.calendars import DayKind, calendar_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.clock import clock_from
from zuoxi.workforce.conflicts import spoken
from zuoxi.workforce.facts import Absence
from zuoxi.workforce.handbook import templates_of
from zuoxi.workforce.models import PlannedBreak, Roster, RosterReading, ShiftAssignment
from zuoxi.workforce.selectors import absences_between
from zuoxi.workforce.units import month_end

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SheetDay:
    """A day of the sheet; `shifts` are (template, name, times, kind, seat), `away` the leave granted within them."""

    day: date
    inside: bool
    kind: DayKind
    holiday: str
    shifts: tuple[tuple[str, str, str, str, str], ...]
    away: tuple[str, ...] = ()

    @property
    def tone(self) -> str:
        return "away" if self.away else self.shifts[0][3] if self.shifts else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month of a person. `unread`: a published version that he has not said to have read."""

    month: date
    weeks: tuple[tuple[SheetDay, ...], ...]
    hours: str
    days: int
    rests: int
    published_at: datetime | None
    unread: bool


def sheet_of(staff: Staff, month: date) -> Sheet:
    """The published shifts of the month, with the days around it that fill its weeks."""
    handbook = site_handbook()
    calendar, templates = calendar_of(handbook), templates_of(handbook)
    first = month - _DAY * month.weekday()
    last = month_end(month)
    until = last + _DAY * (6 - last.weekday())
    rows = ShiftAssignment.objects.filter(
        staff=staff, day__range=(first, until), roster__state=Roster.State.PUBLISHED
    ).order_by("day", "place")
    held: dict[date, list[ShiftAssignment]] = {}
    for row in rows:
        held.setdefault(row.day, []).append(row)
    language = "zh_CN" if _chinese() else "en_US"
    absences = absences_between(first, until, [staff.pk])
    days = []
    for step in range((until - first).days + 1):
        day = first + _DAY * step
        shifts = tuple(
            (
                row.template or "",
                str(templates[named].name) if (named := row.template.partition("<")[0]) in templates else "",
                row.clock.replace("-", "–"),
                row.kind,
                row.seat,
            )
            for row in held.get(day, ())
        )
        days.append(
            SheetDay(
                day,
                day.month == month.month,
                calendar.kind_of(day),
                calendar.holiday_name(day, language),
                shifts,
                _away(held.get(day, []), absences),
            )
        )
    inside = [row for rows_of_day in held.values() for row in rows_of_day if row.day.month == month.month]
    worked = [row for row in inside if row.kind != ShiftAssignment.Kind.REST]
    minutes = sum(clock_from(row.clock).minutes - row.meal_minutes for row in worked)
    published, unread = _published(staff, month)
    return Sheet(
        month,
        tuple(tuple(days[week : week + 7]) for week in range(0, len(days), 7)),
        spoken(minutes),
        len({row.day for row in worked}),
        sum(row.kind == ShiftAssignment.Kind.REST for row in inside),
        published,
        unread,
    )


def _away(shifts: list[ShiftAssignment], absences: list[Absence]) -> tuple[str, ...]:
    worked = [(one.starts_at, one.ends_at) for one in shifts if one.kind != ShiftAssignment.Kind.REST]
    met = [
        absence.label
        for absence in absences
        if any(start and end and absence.starts_at < end and absence.ends_at > start for start, end in worked)
    ]
    return tuple(dict.fromkeys(met))


def _chinese() -> bool:
    from django.utils.translation import get_language

    return not (get_language() or "").startswith("en")


def _published(staff: Staff, month: date) -> tuple[datetime | None, bool]:
    rosters = list(Roster.objects.filter(month=month, state=Roster.State.PUBLISHED, shifts__staff=staff).distinct())
    read = set(RosterReading.objects.filter(staff=staff, roster__in=rosters).values_list("roster_id", "version"))
    latest = max((one.published_at for one in rosters if one.published_at), default=None)
    return latest, any((one.pk, one.version) not in read for one in rosters)


def breaks_of(staff: Staff, day: date) -> list[PlannedBreak]:
    """The person's planned breaks and meals of the shifts that start on the day, in order."""
    return list(PlannedBreak.objects.filter(shift__staff=staff, shift__day=day).order_by("starts_at"))
