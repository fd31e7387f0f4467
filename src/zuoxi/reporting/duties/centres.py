# SPDX-License-Identifier: Apache-2.0
"""The centre as the scheduler sees it, read from posts, rosters, the handbook and recorded events."""

from __future__ import annotations

from datetime import date, datetime

from zuoxi.people import selectors as people
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting.duties.facts import Centre, Duty, Happening, Holding, Shift
from zuoxi.reporting.duties.schedule import days_between, month_day
from zuoxi.reporting.handbook import DUTIES
from zuoxi.reporting.models import DutyEvent
from zuoxi.web.roles import Role
from zuoxi.workforce import selectors as workforce

OFFICE = (Role.DIR, Role.OM, Role.ODM, Role.SM, Role.QAS, Role.TRS, Role.TR, Role.QA, Role.DA, Role.IT, Role.FD)
"""Posts that usually stand on no roster: office hours are taken for granted on working days."""


def duties_of(handbook: Handbook) -> list[Duty]:
    """Every duty of a handbook, in its order."""
    return [Duty(key, body) for key, body in handbook.entries(DUTIES).items()]


def duty_named(key: str, handbook: Handbook | None = None) -> Duty | None:
    body = (handbook or site_handbook()).entries(DUTIES).get(key)
    return None if body is None else Duty(key, body)


def centre(first: date, last: date, handbook: Handbook | None = None, *, shifts: bool = True) -> Centre:
    """What is known of the days from `first` to `last`; six queries, one without the rosters."""
    handbook = handbook or site_handbook()
    holdings = tuple(
        Holding(one.staff_id, one.code, one.position, one.team, one.from_on, one.until_on)
        for one in people.post_history()
    )
    return Centre(
        handbook.zone,
        calendar_of(handbook),
        people.lines_of_command(),
        holdings,
        tuple(_shifts(first, last, holdings, handbook)) if shifts else (),
        tuple(_happenings(first, last)),
        handbook,
    )


def _happenings(first: date, last: date) -> list[Happening]:
    return [
        Happening(one.pk, one.kind, one.day, one.at, one.recorded_by_id)
        for one in DutyEvent.objects.filter(day__range=(first, last))
    ]


def _shifts(first: date, last: date, holdings: tuple[Holding, ...], handbook: Handbook) -> list[Shift]:
    rostered = [
        Shift(one.staff_id, one.day, one.starts_at, one.ends_at) for one in workforce.shifts_between(first, last)
    ]
    return rostered + _office_shifts(first, last, holdings, handbook)


def _rostered_months(staff: set[int], first: date, last: date) -> set[tuple[int, int, int]]:
    """(staff, year, month) of whoever a published roster of those months speaks of."""
    whole = month_day(first.year, first.month, 1), month_day(last.year, last.month, "last")
    return {(one.staff_id, one.day.year, one.day.month) for one in workforce.shifts_between(*whole, staff)}


def _office_shifts(first: date, last: date, holdings: tuple[Holding, ...], handbook: Handbook) -> list[Shift]:
    """Office hours of who holds an office post and stands on no roster of the month."""
    calendar, found = calendar_of(handbook), []
    held = [one for one in holdings if one.position in OFFICE]
    known = _rostered_months({one.staff for one in held}, first, last)
    for day in days_between(first, last):
        if not calendar.is_working_day(day):
            continue
        reading = handbook.on(day)
        starts, ends = (
            datetime.combine(day, reading.time(f"duties.office.{edge}_at"), handbook.zone)
            for edge in ("starts", "ends")
        )
        staff = dict.fromkeys(one.staff for one in held if one.on(day))
        found += [Shift(one, day, starts, ends) for one in staff if (one, day.year, day.month) not in known]
    return found
