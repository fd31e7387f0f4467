# SPDX-License-Identifier: Apache-2.0
"""Amendments, and months judged again under them, down to the person's day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.policy import services
from zuoxi.policy.forms import MonthForm
from zuoxi.policy.models import Amendment, ReplayRun
from zuoxi.policy.replays import months_to_replay, narrowed, team_titles
from zuoxi.policy.selectors import amendment_line, site_handbook
from zuoxi.policy.views.people import person_of
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


@may("policy.handbook")
def amendments(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = Amendment.objects.filter(pack=site_handbook().pack)
    if state in Amendment.State.values:
        rows = rows.filter(state=state)
    page = page_of(request, rows, {"proposed": "proposed_at", "since": "since"}, "-proposed")
    lines = [_line(row) for row in page.rows]
    context = {"page": page, "lines": lines, "state": state, "states": Amendment.State.choices}
    return render(request, "policy/amendments.html", context)


def _line(row: Amendment) -> dict[str, Any]:
    from zuoxi.policy.amending import value_text
    from zuoxi.policy.entries import FIGURES

    handbook = site_handbook()
    known = handbook.has("figures", row.figure)
    label = str(handbook.entry(FIGURES, row.figure).label) if known else row.figure
    return {"row": row, "label": label, "value": value_text(row.figure, row.value)}


@may("policy.handbook")
def amendment(request: HttpRequest, number: int) -> HttpResponse:
    line = amendment_line(number)
    if line is None:
        raise Http404(str(number))
    context = {
        "line": line,
        "months": months_to_replay()[:12],
        "request_url": _request_url(line.amendment.request),
        "open": line.amendment.state == Amendment.State.PROPOSED,
    }
    return render(request, "policy/amendment.html", context)


def _request_url(number: str) -> str:
    try:
        return reverse("approvals:request", args=[number]) if number else ""
    except NoReverseMatch:
        return ""


@may("policy.replay")
@require_POST
def ask_replay(request: HttpRequest, number: int) -> HttpResponse:
    """Have a month judged again under the proposal."""
    found = get_object_or_404(Amendment, pk=number)
    form = MonthForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a month."))
        return redirect("policy:amendment", number)
    month: date = form.cleaned_data["month"].replace(day=1)
    try:
        run = services.ask_replay(found, month, person_of(request), timezone.now(), user=request.user.pk)
    except services.NoSuchMonth:
        messages.error(request, _("That month cannot be judged again: nothing of it is kept."))
        return redirect("policy:amendment", number)
    return redirect("policy:replay", run.pk)


@may("policy.replay")
def replay(request: HttpRequest, number: int) -> HttpResponse:
    """Totals by team, and the rows behind them that the person may see."""
    run = get_object_or_404(ReplayRun.objects.select_related("amendment"), pk=number)
    team = request.GET.get("team", "")
    rows = narrowed(request.user, run.changes.all())
    if team:
        rows = rows.filter(team=team)
    page = page_of(request, rows, {"who": "staff_code", "day": "day", "money": "money"}, "who")
    titles = team_titles()
    context = {
        "run": run,
        "line": amendment_line(run.amendment_id),
        "teams": [_team(code, totals, titles) for code, totals in run.summary.get("teams", {}).items()],
        "all": _team("", run.summary["all"], titles) if run.summary else None,
        "team": team,
        "team_title": titles.get(team, team),
        "rows": [(row, titles.get(row.team, row.team)) for row in page.rows],
        "page": page,
    }
    return render(request, "policy/replay.html", context)


def _team(code: str, totals: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    ways = [(*way.split(">"), count) for way, count in totals["ways"].items()]
    return {
        "code": code,
        "name": titles.get(code, code),
        "changes": totals["changes"],
        "people": totals["people"],
        "money": Decimal(totals["money"]),
        "ways": ways,
    }


@may("policy.replay")
def replay_change(request: HttpRequest, number: int, change: int) -> HttpResponse:
    """One person's day, judged before and after, side by side."""
    run = get_object_or_404(ReplayRun.objects.select_related("amendment"), pk=number)
    row = get_object_or_404(narrowed(request.user, run.changes.all()), pk=change)
    context = {"run": run, "row": row, "team": team_titles().get(row.team, row.team)}
    return render(request, "policy/replay_change.html", context)
