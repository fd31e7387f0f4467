# SPDX-License-Identifier: Apache-2.0
"""The state log: one agent's day, and a team's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.people.selectors import members_between, names_of, staff_of, team_choices
from zuoxi.telephony.access import STATES
from zuoxi.telephony.call_lines import queue_names
from zuoxi.telephony.facts import AgentState
from zuoxi.telephony.forms import DayForm, agents_meant
from zuoxi.telephony.labels import CAUSES, state_label
from zuoxi.telephony.labels import STATES as STATE_LABELS
from zuoxi.telephony.models import Call, NotReadyReason
from zuoxi.telephony.state_days import AgentDay, Stretch, day_bounds, days_of
from zuoxi.telephony.strips import Picture, Scale, Strip
from zuoxi.telephony.visibility import visible_states
from zuoxi.web.access import may
from zuoxi.web.listed import listed

MOST_AGENTS = 200
SHOWN_TOTALS = (
    AgentState.READY,
    AgentState.ON_CALL,
    AgentState.WRAP_UP,
    AgentState.BREAK,
    AgentState.MEAL,
    AgentState.NOT_READY,
    AgentState.TRAINING,
    AgentState.UNREACHABLE,
    AgentState.UNKNOWN,
)


def reason_names() -> dict[str, str]:
    return {one.code: str(one) for one in NotReadyReason.objects.all()}


def _agents_of(request: HttpRequest, day: date, team: str) -> list[str]:
    """Staff numbers that have states on the day and that the reader may see, of one team when asked."""
    since, until = day_bounds(day)
    rows = visible_states(request.user).filter(from_at__lt=until, from_at__gte=since - timedelta(days=4))
    if team:
        rows = rows.filter(agent__in=members_between([team], day, day))
    return list(rows.order_by("agent").values_list("agent", flat=True).distinct()[:MOST_AGENTS])


@may(STATES.code)
def team_day(request: HttpRequest) -> HttpResponse:
    """Everybody of a team over one day, one strip each."""
    form = DayForm(request.GET, teams=team_choices())
    form.is_valid()
    now = timezone.now()
    day = form.chosen_day(timezone.localdate())
    agent = form.cleaned_data.get("agent", "")
    team = form.cleaned_data.get("team", "")
    agents = list(agents_meant(agent)) if agent else _agents_of(request, day, team)
    days = days_of(visible_states(request.user), agents, day, now)
    days = [one for one in days if one.stretches]
    names = names_of(agents)
    rows = [(one, names.get(one.agent, ""), [(state, one.totals.get(state)) for state in SHOWN_TOTALS]) for one in days]
    return render(
        request,
        "telephony/team_day.html",
        {
            "form": form,
            "day": day,
            "previous": day - timedelta(days=1),
            "next": day + timedelta(days=1) if day < timezone.localdate() else None,
            "rows": rows,
            "picture": day_picture(days, names, day, now, reason_names()),
            "legend": STATE_LABELS,
            "totals": [(state, STATE_LABELS[state]) for state in SHOWN_TOTALS],
            "unknown": sum(one.unknown for one in days),
        },
    )


def day_picture(
    days: Sequence[AgentDay], names: dict[str, str], day: date, now: datetime, reasons: dict[str, str]
) -> Picture:
    """One strip an agent over the hours in which anything happened."""
    since, until = _hours(days, day, now)
    scale = Scale(since, until, timezone.get_current_timezone())
    strips = []
    for one in days:
        address = f"{reverse('telephony:agent_day', args=[one.agent])}?day={day:%Y-%m-%d}"
        bars = [
            scale.bar(
                stretch.from_at,
                stretch.to_at or now,
                f"state-{stretch.state}",
                stretch_title(stretch, reasons),
            )
            for stretch in one.stretches
            if stretch.state != AgentState.SIGNED_OUT
        ]
        strips.append(Strip(f"{names.get(one.agent, '')} {one.agent}".strip(), bars, href=address))
    line = scale.at(now) if since < now < until else ""
    return Picture(strips, scale.ticks(13), line)


def _hours(days: Sequence[AgentDay], day: date, now: datetime) -> tuple[datetime, datetime]:
    """Whole hours around what happened, within the day; the whole day when nothing did."""
    since, until = day_bounds(day)
    on_duty = [s for one in days for s in one.stretches if s.state != AgentState.SIGNED_OUT]
    if not on_duty:
        return since, until
    first = max(min(s.from_at for s in on_duty), since)
    last = min(max(s.to_at or now for s in on_duty), until)
    hour = timedelta(hours=1)
    start = since + (first - since) // hour * hour
    end = since - ((since - last) // hour) * hour
    return start, min(max(end, start + hour), until)


def stretch_title(stretch: Stretch, reasons: dict[str, str]) -> str:
    start = timezone.localtime(stretch.from_at).strftime("%H:%M:%S")
    end = timezone.localtime(stretch.to_at).strftime("%H:%M:%S") if stretch.to_at else "…"
    return f"{state_label(stretch.state, stretch.reason, reasons)} {start}–{end}"


@may(STATES.code)
def agent_day(request: HttpRequest, agent: str) -> HttpResponse:
    """One agent's day: the picture, the sums, and every interval with what moved him there."""
    form = DayForm(request.GET)
    form.is_valid()
    now = timezone.now()
    day = form.chosen_day(timezone.localdate())
    states = visible_states(request.user).filter(agent=agent)
    one = days_of(states, [agent], day, now)[0]
    own = staff_of(request.user)
    if not one.stretches and not states.exists() and not (own and own.code == agent):
        raise Http404(_("No such agent, or not one of yours."))
    reasons = reason_names()
    shown = request.GET.get("state", "") if request.GET.get("state", "") in STATE_LABELS else ""
    name = names_of([agent]).get(agent, "")
    return render(
        request,
        "telephony/agent_day.html",
        {
            "agent": agent,
            "name": name,
            "form": form,
            "day": day,
            "previous": day - timedelta(days=1),
            "next": day + timedelta(days=1) if day < timezone.localdate() else None,
            "one": one,
            "picture": day_picture([one], {agent: name}, day, now, reasons),
            "totals": [(s, STATE_LABELS[s], one.totals[s]) for s in SHOWN_TOTALS if one.totals.get(s)],
            "rows": [row for row in _rows(one, reasons) if shown in ("", row["stretch"].state)],
            "shown": shown,
            "day_text": f"{day:%Y-%m-%d}",
            "shown_label": STATE_LABELS.get(shown, ""),
            "legend": STATE_LABELS,
        },
    )


def _rows(one: AgentDay, reasons: dict[str, str]) -> list[dict[str, Any]]:
    calls = dict(Call.objects.filter(uid__in={s.subject for s in one.stretches if s.subject}).values_list("uid", "pk"))
    queues = queue_names()
    return [{**_row(s, reasons, queues), "call": calls.get(s.subject)} for s in one.stretches]


def _row(stretch: Stretch, reasons: dict[str, str], queues: dict[str, str]) -> dict[str, Any]:
    return {
        "stretch": stretch,
        "reason": reasons.get(stretch.reason, stretch.reason),
        "cause": CAUSES.get(stretch.cause, stretch.cause),
        "queues": listed(queues.get(code, code) for code in stretch.queues.replace(",", " ").split()),
    }
