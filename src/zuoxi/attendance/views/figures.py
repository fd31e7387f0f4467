# SPDX-License-Identifier: Apache-2.0
"""A figure of the month's sheet opened to the days behind it, of one person or of everybody in reach."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from zuoxi.attendance import calendars, visibility
from zuoxi.attendance.computing import month_end
from zuoxi.attendance.figures import FIGURES, Figure, shares_of
from zuoxi.attendance.models import AfterEntry, DayRecord, MonthRecord
from zuoxi.attendance.recomputing import is_locked
from zuoxi.attendance.selectors import days_of
from zuoxi.attendance.signs import hours
from zuoxi.attendance.views.own import month_asked
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

COMES = "comes"
"""Not a count but what the month comes to."""
SORTS = {"day": "day", "who": "staff__code"}


def _amount(figure: Figure, value: Decimal) -> Decimal | None:
    return hours(int(value)) if figure.hours else value


def _held(record: MonthRecord) -> list[tuple[Figure, Decimal | None]]:
    """Every figure of a month with its amount."""
    return [(one, _amount(one, one.month(record))) for one in FIGURES.values()]


@shows("ATT-004", "ATT-005", "ATT-022", "ATT-023")
@may("attendance.own")
def person_figure(request: HttpRequest, code: str, month: str, figure: str) -> HttpResponse:
    """One figure of one person's month: its days with what each adds and why, or what the whole month comes to."""
    first = month_asked(month)
    staff = visibility.person_seen(request.user, code, min(month_end(first), timezone.localdate()))
    record = MonthRecord.objects.filter(staff=staff, month=first).first() if staff else None
    if staff is None or record is None or figure not in (*FIGURES, COMES):
        raise Http404(figure)
    own = staff.user_id == request.user.pk
    mine = f"{reverse('attendance:mine')}?month={first:%Y-%m}"
    context = {
        "staff": staff,
        "month": first,
        "record": record,
        "own": own,
        "home": mine if own else reverse("attendance:person", args=[staff.code, f"{first:%Y-%m}"]),
        "locked": is_locked(first),
        "entries": AfterEntry.objects.filter(staff=staff, day__range=(first, month_end(first))).order_by("day", "pk"),
        "figures": _held(record),
        "at": figure,
    }
    if figure == COMES:
        finding = Finding.from_json(record.finding) if record.finding else None
        return render(request, "attendance/comes.html", context | {"finding": finding})
    return render(request, "attendance/figure.html", context | _counted(FIGURES[figure], staff, record, first))


def _counted(figure: Figure, staff: Staff, record: MonthRecord, month: date) -> dict[str, Any]:
    shares = shares_of(figure, days_of(staff.pk, month, month_end(month)), month)
    rows = [row for share in shares for row in share.rows]
    told = {one.row.pk: one for one in calendars.told(rows, timezone.now())}
    lines = [(one.day, _amount(figure, one.adds), [told[row.pk] for row in one.rows]) for one in shares]
    total = sum((one.adds for one in shares), start=Decimal(0))
    return {
        "figure": figure,
        "lines": lines,
        "total": _amount(figure, total),
        "kept": _amount(figure, figure.month(record)),
        "agrees": total == figure.month(record),
    }


@shows("ATT-002", "ATT-003", "ATT-005", "ATT-023")
@may("attendance.sheet")
def sheet_figure(request: HttpRequest, month: str, figure: str) -> HttpResponse:
    """Whom a figure of the sheet's head was counted from: every such day of everybody in reach, with its why.

    A team's people are those of the sheet: whoever stood in it at the month's end, with the days he had elsewhere.
    """
    first, today = month_asked(month), timezone.localdate()
    found = FIGURES.get(figure)
    if found is None or found.days is None:
        raise Http404(figure)
    last = min(month_end(first), today)
    months = visibility.months_seen(request.user, first, last)
    teams = visibility.teams_seen(request.user, last)
    chosen = next((team for team in teams if team.code == request.GET.get("team")), None)
    months = months.filter(team=chosen) if chosen else months
    rows = DayRecord.objects.filter(found.days, day__range=(first, month_end(first)))
    rows = rows.filter(staff__in=months.order_by().values("staff_id")).select_related("staff", "team")
    page = page_of(request, rows, SORTS, "day", count=True)
    context = {
        "figure": found, "month": first, "page": page, "told": calendars.told(page.rows, timezone.now()),
        "teams": teams, "chosen": chosen, "people": rows.order_by().values("staff").distinct().count(),
        "kept": months.aggregate(n=Sum(found.kept))["n"] or 0 if found.kept else None,
    }  # fmt: skip
    return render(request, "attendance/sheet_figure.html", context)
