# SPDX-License-Identifier: Apache-2.0
"""Rosters as papers: how far a month is, one roster with its versions, readers and changes, the shift templates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people.selectors import names_of, staff_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import page_of
from zuoxi.workforce import services
from zuoxi.workforce.cells import menu_on
from zuoxi.workforce.handbook import season_on, templates_of
from zuoxi.workforce.models import Roster
from zuoxi.workforce.progress import progress_of, readers_of
from zuoxi.workforce.publishing import check, differences
from zuoxi.workforce.units import book_of, month_of, next_month
from zuoxi.workforce.visibility import seen_roster, seen_staff


@shows("SCH-002", "SCH-014", "SCH-015", "SCH-017")
@may("workforce.rosters")
def rosters(request: HttpRequest) -> HttpResponse:
    """How far the rosters of a month are: made, published in time, read, filed."""
    today = timezone.localdate()
    month = month_of(request.GET.get("month", "")) or today.replace(day=1)
    staff = seen_staff(request.user, today)
    lines = progress_of(month, staff, today)
    context = {
        "month": month,
        "previous": month - timedelta(days=1),
        "next": next_month(month),
        "coming": next_month(today.replace(day=1)),
        "lines": lines,
        "due_on": services.due_day(month),
        "today": today,
        "published": sum(one.roster is not None and one.roster.published for one in lines),
        "late": sum(one.late for one in lines),
        "people": sum(one.people for one in lines),
    }
    return render(request, "workforce/rosters.html", context)


def _roster(request: HttpRequest, pk: int) -> Roster:
    roster = seen_roster(request.user, pk, timezone.localdate())
    if roster is None:
        raise Http404(str(pk))
    return roster


@shows("SCH-002", "SCH-014", "SCH-017")
@may("workforce.rosters")
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """One roster: state, versions side by side, who has read it, every change."""
    found = _roster(request, pk)
    versions = list(found.versions.all())
    numbers = {str(one.number): one for one in versions}
    older = numbers.get(request.GET.get("a", "")) or (versions[1] if len(versions) > 1 else None)
    newer = numbers.get(request.GET.get("b", "")) or (versions[0] if versions else None)
    page = page_of(request, found.changes.select_related("staff"), {"at": "at", "day": "day"}, "-at")
    book = book_of(found)
    names = {one.code: one.name for one in book.members.values()} | names_of(one.by for one in page.rows)
    context: dict[str, Any] = {
        "roster": found,
        "title": book.title((found.project_id, found.team_id)),
        "versions": versions,
        "older": older,
        "newer": newer,
        "differences": differences(older, newer, names) if older and newer and older != newer else [],
        "page": page,
        "lines": [(one, names.get(one.by, one.by)) for one in page.rows],
        "readers": readers_of(found, timezone.localdate()),
        "check": check(found, timezone.localdate()),
        "unit": f"{found.project_id}-{found.team_id or 'posts'}",
    }
    return render(request, "workforce/roster.html", context)


@require_POST
@may("workforce.rosters.publish")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _roster(request, pk), staff_of(request.user)
    if by is None:
        raise Http404(str(pk))
    try:
        made = services.publish(found, by=by, now=timezone.now(), despite=request.POST.get("despite") == "1")
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("Published as version %(number)s. Everybody on it has been told.")
        messages.success(request, said % {"number": made.version})
    return redirect("workforce:roster", pk)


@require_POST
@may("workforce.rosters.file")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _roster(request, pk), staff_of(request.user)
    if by is not None and services.file_roster(found, by=by, now=timezone.now()):
        messages.success(request, _("Received and filed."))
    else:
        messages.info(request, _("This roster is filed already, or not published yet."))
    return redirect("workforce:roster", pk)


@shows("SCH-011", "SCH-016", "SCH-020", "SCH-021", "SCH-022", "SCH-023", "SCH-026")
@may("workforce.rosters")
def templates(request: HttpRequest) -> HttpResponse:
    """The shifts that may be typed, as the handbook has them today."""
    today, handbook = timezone.localdate(), site_handbook()
    menu = menu_on(handbook, today)
    lines = []
    for key, body in templates_of(handbook).items():
        reading = handbook.on(today)
        season = season_on(reading, tuple(body.seasons)) if body.seasons else ""
        early = reading.figure(body.early_minutes) if body.early_minutes else None
        least = reading.figure(body.minimum_people) if body.minimum_people else None
        hours = (menu.clocks[key].minutes - body.meal_minutes) / 60 if menu.clocks[key].spans else None
        lines.append((key, body, menu.clocks[key], hours, season, early, least))
    return render(request, "workforce/templates.html", {"lines": lines, "today": today})


def month_day(text: str, otherwise: date) -> date:
    """A day in an address or form; `otherwise` for anything that is none, or has no days around it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if month_of(f"{day:%Y-%m}") else otherwise
