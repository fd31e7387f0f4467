# SPDX-License-Identifier: Apache-2.0
"""What leaders look at: today's shifts as they stand, and the rates and counts of a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zuoxi.attendance import selectors, visibility
from zuoxi.attendance.computing import month_end, month_of
from zuoxi.attendance.models import DayRecord
from zuoxi.attendance.signs import SIGNS
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may

PERIODS = ("day", "week", "month")


def _states() -> dict[str, tuple[str, str]]:
    """State → its word and tone."""
    return {
        "missing": (_("Should be here"), "bad"),
        "absent": (_("Did not come"), "bad"),
        "in": (_("Here"), "good"),
        "due": (pgettext("people of a shift", "Still to come"), "plain"),
        "out": (_("Gone home"), "plain"),
        "leave": (_("On leave today"), "info"),
        "unrostered": (_("Here without roster"), "accent"),
    }


@shows("ATT-021", "ATT-008", "FLR-017")
@may("attendance.team")
def board(request: HttpRequest) -> HttpResponse:
    """Who is due, here, late, missing or on leave, now."""
    now, today = timezone.now(), timezone.localdate()
    teams = visibility.teams_seen(request.user, today)
    asked = request.GET.get("team", "")
    people = visibility.staff_seen(request.user, today).exclude(status="left")
    chosen = next((team for team in teams if team.code == asked), None) or (teams[0] if len(teams) == 1 else None)
    if chosen is None and teams and not asked:
        chosen = teams[0]
    if chosen is not None:
        in_team = Q(assignments__team=chosen, assignments__from_on__lte=today) & (
            Q(assignments__until_on__isnull=True) | Q(assignments__until_on__gt=today)
        )
        people = people.filter(in_team).distinct()
    known = {pk: (code, name) for pk, code, name in people.order_by("code").values_list("pk", "code", "name")[:400]}
    shifts = selectors.live_days(list(known), now, known)
    states = _states()
    counts = {state: sum(one.state == state for one in shifts) for state in states}
    late = [one for one in shifts if one.verdict.late]
    lines = [(one, *states[one.state], SIGNS.get(one.verdict.status)) for one in shifts]
    rate = selectors.team_rate(chosen.pk, month_of(today), today) if chosen else None
    context = {
        "teams": teams, "chosen": chosen, "lines": lines, "counts": counts, "late": len(late), "rate": rate,
        "today": today, "now": now, "states": states,
    }  # fmt: skip
    return render(request, "attendance/board.html", context)


def _span(period: str, day: date) -> tuple[date, date]:
    if period == "day":
        return day, day
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return month_of(day), month_end(month_of(day))


@shows("ATT-018", "ATT-023")
@may("attendance.team")
def statistics(request: HttpRequest) -> HttpResponse:
    """Counts and rates of a day, a week or a month, by team and along the days."""
    today = timezone.localdate()
    period = request.GET.get("period", "month")
    period = period if period in PERIODS else "month"
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = today
    first, last = _span(period, day)
    teams = visibility.teams_seen(request.user, min(last, today))
    ids = [team.pk for team in teams]
    rows = DayRecord.objects.filter(day__range=(first, last), team_id__in=ids)
    counted = {
        row["team_id"]: row
        for row in rows.order_by()
        .values("team_id")
        .annotate(
            shifts=Count("pk"),
            late=Count("pk", filter=Q(late=True)),
            early=Count("pk", filter=Q(early=True)),
            absent=Count("pk", filter=Q(absence_days__gt=0)),
            leave=Count("pk", filter=Q(leave_days__gt=0)),
            unknown=Count("pk", filter=Q(status__in=("unknown", "error"))),
        )
    }
    rates = selectors.rates_by_team(first, last, ids)
    lines = [(team, counted.get(team.pk), rates.get(team.pk)) for team in teams]
    context = {
        "period": period, "first": first, "last": last, "day": day, "lines": lines, "chart": _chart(first, last, ids),
        "back": first - timedelta(days=1), "forth": last + timedelta(days=1) if last < today else None,
        "tabs": _tabs(period, day), "period_label": _("By team, with the clause behind each rate"),
    }  # fmt: skip
    return render(request, "attendance/statistics.html", context)


def _tabs(period: str, day: date) -> list[dict[str, Any]]:
    labels = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
    return [
        {"label": labels[one], "url": f"?period={one}&day={day:%Y-%m-%d}", "current": one == period} for one in PERIODS
    ]


def _chart(first: date, last: date, team_ids: list[int]) -> dict[str, Any]:
    """The rate along the days, with its target."""
    rates = selectors.rates_by_day(first, last, team_ids)
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    target = site_handbook().on(last).number("attendance.team_rate.target_percent")
    shown = [rates[day].ratio if day in rates else None for day in days]
    return {
        "kind": "line",
        "x": [f"{day:%m-%d}" for day in days],
        "series": [{"name": _("Attendance rate"), "data": [float(one) if one is not None else None for one in shown]}],
        "unit": "percent",
        "target": float(target / 100),
        "target_label": _("Target"),
    }
