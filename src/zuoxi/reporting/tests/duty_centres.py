# SPDX-License-Identifier: Apache-2.0
"""Small centres for the scheduler's tests: no database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from zuoxi.policy.calendars import CalendarBody, WorkCalendar
from zuoxi.policy.entries import Label
from zuoxi.reporting.duties.facts import Centre, Duty, Happening, Holding, Shift
from zuoxi.reporting.handbook import DutyBody

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(CalendarBody(label=Label(zh="历", en="calendar")))
LINES = {
    "DIR": None, "OM": "DIR", "SM": "DIR", "ODM": "OM", "TSRS": "ODM", "CSRS": "ODM", "QAS": "SM", "TRS": "SM",
    "TSRL": "TSRS", "CSRL": "CSRS", "TR": "TRS", "QA": "QAS", "DA": "QAS", "IT": "SM", "FD": "SM", "TSR": "TSRL",
    "CSR": "CSRL",
}  # fmt: skip
LONG_AGO = date(2020, 1, 1)


def holding(staff: int, position: str, team: str = "", since: date = LONG_AGO, until: date | None = None) -> Holding:
    return Holding(staff, f"{staff:04}", position, team, since, until)


def centre(*holdings: Holding, shifts: tuple[Shift, ...] = (), happenings: tuple[Happening, ...] = ()) -> Centre:
    return Centre(ZONE, CALENDAR, LINES, holdings, shifts, happenings)


def duty(**body: Any) -> Duty:
    values = {"clauses": ["RPT-001"], "label": {"zh": "报", "en": "report"}, "who": ["OM"], "due": {}} | body
    return Duty("some", DutyBody.model_validate(values))


def shift(staff: int, day: date, start: str = "09:00", hours: float = 9) -> Shift:
    starts_at = datetime.combine(day, datetime.min.time().fromisoformat(start), ZONE)
    return Shift(staff, day, starts_at, starts_at + timedelta(hours=hours))


def at(text: str) -> datetime:
    """Local time of the site."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
