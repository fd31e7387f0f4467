# SPDX-License-Identifier: Apache-2.0
"""A person's month and a single day of it, each with its why; one's own, or of somebody in reach."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.attendance import calendars, visibility
from zuoxi.attendance.computing import month_after, month_before, month_end, month_of
from zuoxi.attendance.models import AfterEntry, Correction, DayRecord, MonthRecord
from zuoxi.attendance.recomputing import is_locked
from zuoxi.attendance.selectors import days_of
from zuoxi.attendance.signs import SIGNS, hours
from zuoxi.leave.selectors import kind_names
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may


def month_asked(text: str | None) -> date:
    """The month of "2026-10"; this one for anything else and for the ends of the calendar, which have no neighbour."""
    try:
        year, month = (int(part) for part in (text or "").split("-"))
        return date(year, month, 1) if MINYEAR < year < MAXYEAR else month_of(timezone.localdate())
    except ValueError:
        return month_of(timezone.localdate())


def day_asked(text: str) -> date:
    """The day of "2026-10-12". Raises Http404, also at the ends of the calendar."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not MINYEAR < found.year < MAXYEAR:
        raise Http404(text)
    return found


def month_context(staff: Staff, month: date) -> dict[str, Any]:
    """What a page of one person's month shows."""
    today, now = timezone.localdate(), timezone.now()
    rows = days_of(staff.pk, month, month_end(month))
    record = MonthRecord.objects.filter(staff=staff, month=month).first()
    names = kind_names()
    leave = [(names.get(kind, kind), days) for kind, days in (record.leave if record else {}).items()]
    notable = [row for row in rows if row.status not in ("normal", "open", "leave")]
    return {
        "staff": staff,
        "month": month,
        "before": month_before(month),
        "after": month_after(month) if month_end(month) < today else None,
        "weeks": calendars.weeks_of(month, rows, today, now),
        "record": record,
        "month_why": Finding.from_json(record.finding).why if record and record.finding else "",
        "worked": hours(record.worked_minutes) if record else None,
        "leave": leave,
        "told": calendars.told(notable, now),
        "signs": SIGNS,
        "locked": is_locked(month),
        "entries": AfterEntry.objects.filter(staff=staff, day__range=(month, month_end(month))),
        "carried": AfterEntry.objects.filter(staff=staff, entered_in=month),
    }


@shows("ATT-002", "ATT-003", "ATT-005")
@may("attendance.own")
def mine(request: HttpRequest) -> HttpResponse:
    """One's own month."""
    staff = staff_of(request.user)
    if staff is None:
        raise Http404
    context = month_context(staff, month_asked(request.GET.get("month")))
    return render(request, "attendance/mine.html", context | {"own": True, "title": _("My attendance")})


@may("attendance.sheet")
def person(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """The month of somebody in reach."""
    first = month_asked(month)
    staff = visibility.person_seen(request.user, code, min(month_end(first), timezone.localdate()))
    if staff is None:
        raise Http404
    context = month_context(staff, first)
    return render(request, "attendance/mine.html", context | {"own": False, "title": f"{staff.name} {staff.code}"})


@shows("ATT-002", "ATT-003", "ATT-016", "ATT-024")
@may("attendance.own")
def day(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """One day: what was due, what was recorded, what was put right, what it came to and why."""
    when = day_asked(day)
    staff = visibility.person_seen(request.user, code, min(when, timezone.localdate()))
    if staff is None:
        raise Http404
    rows = days_of(staff.pk, when, when)
    seen = visibility.punches_seen(request.user, when, [staff.pk])
    since, until = _around(rows, when)
    corrections = Correction.objects.filter(staff=staff, day=when).select_related("original", "punch")
    context = {
        "staff": staff,
        "day": when,
        "month": month_of(when),
        "own": staff.user_id == request.user.pk,
        "told": calendars.told(rows, timezone.now()),
        "punches": seen.filter(at__range=(since, until)).select_related("superseded_by", "batch"),
        "corrections": corrections,
        "entries": AfterEntry.objects.filter(staff=staff, day=when),
        "locked": is_locked(month_of(when)),
        "signs": SIGNS,
        "may_correct": request.user.may("attendance.correct"),  # type: ignore[union-attr]
    }
    return render(request, "attendance/day.html", context)


def _around(rows: list[DayRecord], when: date) -> tuple[datetime, datetime]:
    """The moments whose records a day's page shows: the day, and what its shifts took from beside it."""
    zone = site_handbook().zone
    midnight = datetime.combine(when, time(), zone)
    moments = [moment for row in rows for moment in (row.first_in, row.last_out, row.due_end) if moment]
    return min([midnight, *moments]), max([midnight + timedelta(days=1), *moments])
