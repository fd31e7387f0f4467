# SPDX-License-Identifier: Apache-2.0
"""The day: cover against the need, breaks and meals, the plan against what was; and what the month needs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from zuoxi.people.selectors import names_of, projects_and_teams, staff_of
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listing import page_of_rows
from zuoxi.workforce import services
from zuoxi.workforce.day_plan import adherence_between, cover_of, pauses_of_shifts
from zuoxi.workforce.models import StaffingPlan
from zuoxi.workforce.selectors import shifts_between
from zuoxi.workforce.staffing_plan import NoTraffic, outcome_of
from zuoxi.workforce.strip import day_strip
from zuoxi.workforce.units import month_of, next_month
from zuoxi.workforce.views.rosters import month_day
from zuoxi.workforce.visibility import seen_breaks, seen_staff

PUT_OFF = (10, 15, 30)


def _day(request: HttpRequest) -> date:
    return month_day(request.GET.get("day", "") or request.POST.get("day", ""), timezone.localdate())


def _back(day: date) -> str:
    return f"{reverse('workforce:day')}?day={day.isoformat()}"


@shows("SCH-011", "SCH-012", "FLR-006", "CALL-023", "ORG-009")
@may("workforce.rosters")
def day(request: HttpRequest) -> HttpResponse:
    """Who works when, with breaks and meals, and the cover of each half hour."""
    chosen, now = _day(request), timezone.now()
    staff = seen_staff(request.user, timezone.localdate())
    everybody = shifts_between(chosen - timedelta(days=1), chosen)
    today = [one for one in everybody if one.day == chosen and one.staff_id in staff]
    pauses = pauses_of_shifts([one.id for one in today])
    names = names_of(one.staff_code for one in today)
    page = page_of_rows(request, today)
    lines = [
        (one, names.get(one.staff_code, ""), pauses.get(one.id, []), day_strip(one, pauses.get(one.id, [])))
        for one in page.rows
    ]
    cover = cover_of(chosen, everybody, now)
    flex = sum(one.kind == "flex" for one in today)
    context: dict[str, Any] = {
        "day": chosen,
        "previous": chosen - timedelta(days=1),
        "next": chosen + timedelta(days=1),
        "lines": lines,
        "page": page,
        "people": len({one.staff_id for one in today}),
        "duty": sum(one.kind == "duty" for one in today),
        "flex": flex,
        "breaks": sum(len(held) for held in pauses.values()),
        "under": sum(line.short for line in cover),
        "chart": _chart(cover),
        "put_off": PUT_OFF,
        "may_plan": request.user.may("workforce.day"),  # type: ignore[union-attr]
    }
    return render(request, "workforce/day.html", context)


def _chart(cover: list[Any]) -> dict[str, Any]:
    series = [
        {
            "name": pgettext("roster", "Planned"),
            "data": [line.planned for line in cover],
            "tone": "accent",
            "area": True,
        },
        {"name": _("At the telephone"), "data": [line.there for line in cover], "tone": "call"},
    ]
    if any(line.need for line in cover):
        series.insert(0, {"name": _("Needed"), "data": [line.need for line in cover], "tone": "bad", "dashed": True})
    return {
        "kind": "line",
        "x": [f"{timezone.localtime(line.at):%H:%M}" for line in cover],
        "series": series,
        "unit": "count",
    }


@require_POST
@may("workforce.day")
def plan_breaks(request: HttpRequest) -> HttpResponse:
    """Plan breaks and meals of the day anew for the people in reach."""
    chosen = _day(request)
    left = services.plan_day(chosen, staff_ids=seen_staff(request.user, timezone.localdate()))
    if left:
        said = ngettext(
            "Planned; for %(count)s break no hands were to spare.",
            "Planned; for %(count)s breaks no hands were to spare.",
            len(left),
        )
        messages.warning(request, said % {"count": len(left)})
    else:
        messages.success(request, _("Breaks and meals are planned."))
    return redirect(_back(chosen))


@require_POST
@may("workforce.day")
def put_off(request: HttpRequest) -> HttpResponse:
    """Put off what would begin within the next half hour."""
    minutes = request.POST.get("minutes", "")
    chosen = int(minutes) if minutes.isdecimal() and int(minutes) in PUT_OFF else PUT_OFF[0]
    staff = seen_staff(request.user, timezone.localdate())
    count = services.put_off(timezone.now(), chosen, staff_ids=staff, by=request.user.get_username())
    said = ngettext("%(count)s break put off.", "%(count)s breaks put off.", count)
    messages.success(request, said % {"count": count})
    return redirect(_back(timezone.localdate()))


@require_POST
@may("workforce.day")
def move_break(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one break to another time of its shift."""
    planned = get_object_or_404(seen_breaks(request.user, timezone.localdate()).select_related("shift"), pk=pk)
    try:
        at = datetime.strptime(request.POST.get("at", ""), "%H:%M")  # noqa: DTZ007 - a time of day
    except ValueError:
        messages.error(request, _("Write a time like 14:30."))
        return redirect(_back(planned.shift.day))
    start = timezone.localtime(planned.shift.starts_at).replace(hour=at.hour, minute=at.minute)
    if planned.shift.starts_at and start < planned.shift.starts_at:
        start += timedelta(days=1)
    if services.move_break(planned, start, by=request.user.get_username()):
        messages.success(request, _("Moved."))
    else:
        messages.error(request, _("A break lies within the shift, and not in the locked minutes after its start."))
    return redirect(_back(planned.shift.day))


@shows("CALL-005", "SCH-012", "SCH-013")
@may("workforce.rosters")
def adherence(request: HttpRequest) -> HttpResponse:
    """The plan of a day against what the telephones tell."""
    chosen, now = _day(request), timezone.now()
    staff = seen_staff(request.user, timezone.localdate())
    found = adherence_between(chosen, chosen, now, staff)
    names = names_of(one.shift.staff_code for one in found)
    found = sorted(found, key=lambda one: (one.ratio if one.ratio is not None else 1.0, one.shift.staff_code))
    page = page_of_rows(request, found)
    planned = sum((one.planned for one in found), timedelta())
    present = sum((one.present for one in found), timedelta())
    context = {
        "day": chosen,
        "previous": chosen - timedelta(days=1),
        "next": chosen + timedelta(days=1),
        "page": page,
        "lines": [(one, names.get(one.shift.staff_code, "")) for one in page.rows],
        "ratio": present / planned if planned else None,
        "missing": sum(one.first_seen is None for one in found),
        "late": sum(bool(one.late) for one in found),
        "shifts": len(found),
    }
    return render(request, "workforce/adherence.html", context)


@shows("SCH-001", "CALL-023", "SCH-011")
@may("workforce.need")
def need(request: HttpRequest, month: str = "") -> HttpResponse:
    """What the month needs, what is planned, and what is missing."""
    today = timezone.localdate()
    first = month_of(month) or next_month(today.replace(day=1))
    plans = list(StaffingPlan.objects.filter(month=first).select_related("project", "made_by"))
    outcomes = [(outcome_of(plan, 8.0), _need_chart(plan, first)) for plan in plans]
    context = {
        "month": first,
        "previous": first - timedelta(days=1),
        "next": next_month(first),
        "outcomes": outcomes,
        "projects": [project for project, _teams in projects_and_teams()],
    }
    return render(request, "workforce/need.html", context)


def _need_chart(plan: StaffingPlan, month: date) -> dict[str, Any]:
    outcome = outcome_of(plan, 8.0)
    return {
        "kind": "line",
        "x": [f"{half // 2:02}:{half % 2 * 30:02}" for half in range(48)],
        "series": [
            {
                "name": _("Needed, busiest weekday"),
                "data": [one for one, _have in outcome.curve],
                "tone": "bad",
                "dashed": True,
            },
            {
                "name": _("Planned on average"),
                "data": [round(have, 1) for _one, have in outcome.curve],
                "tone": "accent",
                "area": True,
            },
        ],
        "unit": "count",
    }


@require_POST
@may("workforce.need")
def make_need(request: HttpRequest, month: str) -> HttpResponse:
    """Reckon the need of the month anew."""
    first = month_of(month)
    project = request.POST.get("project", "")
    known = {one.pk for one, _teams in projects_and_teams()}
    try:
        factor = Decimal(request.POST.get("factor", "1") or "1")
    except InvalidOperation:
        factor = Decimal(0)
    if first is None or not project.isdecimal() or int(project) not in known or not Decimal("0.1") <= factor <= 10:
        messages.error(request, _("Choose a project, and a factor from 0.1 to 10. Nothing was reckoned."))
        return redirect("workforce:need")
    try:
        services.make_plan(first, int(project), factor=factor, by=staff_of(request.user), now=timezone.now())
    except NoTraffic:
        messages.error(request, _("There are no calls of the month before to reckon from."))
    else:
        messages.success(request, _("The need is reckoned."))
    return redirect("workforce:need_of", month)
