# SPDX-License-Identifier: Apache-2.0
"""What each half hour needs: the curve of a day, one agent more or less, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.jobs import selectors as jobs
from zuoxi.jobs import services as work
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.policy.rulebook import judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import QueueLoad, queue_loads, queues_by_staff
from zuoxi.vault import exports
from zuoxi.web.access import may
from zuoxi.workforce.day_plan import midnight_of
from zuoxi.workforce.falling_due import due_between
from zuoxi.workforce.intraday import requirement
from zuoxi.workforce.other_work import beside
from zuoxi.workforce.today import export
from zuoxi.workforce.today.lines import NeedLine, lines_of, rostered_on
from zuoxi.workforce.today.requirements import By, Need, required_of, target_of
from zuoxi.workforce.today.rules import RequirementFacts
from zuoxi.workforce.today.tasks import TOGETHER
from zuoxi.workforce.today.terms import Terms, terms_on
from zuoxi.workforce.views.rosters import month_day

EXPORTED_DAYS = 28


def queue_name(queue: QueueLoad) -> str:
    return queue.name_zh if (get_language() or "zh").startswith("zh") else queue.name_en or queue.name_zh


def _asked(request: HttpRequest, codes: Collection[str]) -> tuple[date, str | None, By]:
    day = month_day(request.GET.get("day", ""), timezone.localdate())
    queue = request.GET.get("queue", "")
    return day, queue if queue in codes else None, "day" if request.GET.get("by") == "day" else "interval"


@shows("SCH-001", "CALL-023", "SCH-011")
@may("workforce.need")
def staffing(request: HttpRequest) -> HttpResponse:
    """A day by half hour: needed, rostered, missing; the busiest or chosen half hour with its curve."""
    queues = {one.code: one for one in queue_loads()}
    day, queue, by = _asked(request, queues)
    serving = queues_by_staff()
    terms = terms_on(site_handbook(), day)
    needs = required_of(day, day, queue, by=by, loads=list(queues.values()), serving=serving)
    lines = lines_of(day, needs, rostered_on(day, queue, serving), terms.least if queue is None else 0)
    chosen = _chosen(request, lines)
    calls = sum(one.calls for one in lines)
    context: dict[str, Any] = {
        "day": day,
        "previous": day - timedelta(days=1),
        "next": day + timedelta(days=1),
        "queues": [(one.code, queue_name(one), one.code == queue) for one in queues.values()],
        "queue": queue or "",
        "by": by,
        "lines": lines if needs else [],
        "chart": _chart(lines),
        "calls": calls,
        "hours": sum(one.positions for one in lines) / 2,
        "rostered_hours": sum(one.rostered for one in lines) / 2,
        "short": sum(one.missing > 0 for one in lines),
        "most": max((one.positions for one in lines), default=0),
        "forecast": any(one.forecast for one in needs),
        "terms": terms,
        "causes": [(one.label, one.share) for one in terms.causes],
        "curves": [_curve(one, queues[one.queue], terms) for one in chosen.needs] if chosen else [],
        "chosen": chosen,
        "query": urlencode({"day": day.isoformat(), "queue": queue or "", "by": by}),
        "may_export": exports.may_export(request.user.roles),  # type: ignore[union-attr]
    }
    if queue is None and needs:
        context["other"] = _other(request, day, lines, terms) if request.GET.get("other") == "1" else None
        context["may_other"] = True
    if queue is None and needs and len(queues) > 1:
        context["joint"] = _joint(request, day, lines, {one.code: queue_name(one) for one in queues.values()})
    return render(request, "workforce/staffing.html", context)


def _other(request: HttpRequest, day: date, lines: list[NeedLine], terms: Terms) -> dict[str, Any]:
    """Tickets, follow-ups and campaigns that fall due on the day, put into the time that its calls leave."""
    first = midnight_of(day)
    dues = due_between(first, midnight_of(day + timedelta(days=1)), timezone.now())
    found = beside(lines, dues, terms, site_handbook().on(day))
    return {
        "found": found,
        "pieces": [(one, request.user.may(one.due.right)) for one in found.pieces],  # type: ignore[union-attr]
        "extra_hours": sum(found.extra) / 2,
        "chart": {
            "kind": "line",
            "x": [f"{timezone.localtime(one.at):%H:%M}" for one in lines],
            "series": [
                {"name": _("For the calls"), "data": [one.positions for one in lines], "tone": "call", "dashed": True},
                {
                    "name": _("With the other work"),
                    "data": [one.positions + more for one, more in zip(lines, found.extra, strict=True)],
                    "tone": "accent",
                },
                {"name": pgettext("roster", "Rostered"), "data": [one.rostered for one in lines], "tone": "wrap"},
            ],
            "unit": "count",
        },
    }


def _joint(request: HttpRequest, day: date, lines: list[NeedLine], names: Mapping[str, str]) -> dict[str, Any]:
    """How far the play of the day with its queues taken together has come, or what it found."""
    job = jobs.latest(TOGETHER, f"{TOGETHER}:{day}")
    found: dict[str, Any] = job.result if job is not None and job.state == job.State.DONE else {}
    return {
        "job": job if job is not None and not job.over else None,
        "mine": job is not None and job.asked_by == request.user.pk,
        "failed": job.why if job is not None and job.state == job.State.FAILED else "",
        "found": found,
        "made_at": job.ended_at if job is not None and found else None,
        "hours": sum(found.get("together", ())) / 2,
        "apart_hours": sum(found.get("apart", ())) / 2,
        "chart": _joint_chart(lines, found) if found else None,
        "groups": sorted(
            (_crew(codes, people, agents, lines, names) for codes, people, agents in found.get("groups", ())),
            key=lambda one: -one["hours"],
        ),
        "unserved": [names.get(code, code) for code in found.get("unserved", ())],
    }


def _crew(
    codes: list[str], people: int, agents: list[int], lines: list[NeedLine], names: Mapping[str, str]
) -> dict[str, Any]:
    """Those who serve the same queues: how many there are, how many the day takes at once at most and when."""
    most = max(agents, default=0)
    return {
        "names": [names.get(code, code) for code in codes],
        "people": people,
        "most": most,
        "at": lines[agents.index(most)].at if most else None,
        "hours": sum(agents) / 2,
        "few": most > people,
    }


def _joint_chart(lines: list[NeedLine], found: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "line",
        "x": [f"{timezone.localtime(one.at):%H:%M}" for one in lines],
        "series": [
            {"name": _("Each queue for itself"), "data": found["apart"], "tone": "call", "dashed": True},
            {"name": _("Queues together"), "data": found["together"], "tone": "accent", "area": True},
        ],
        "unit": "count",
    }


@require_POST
@may("workforce.need")
def together(request: HttpRequest) -> HttpResponse:
    """Ask for what the day needs with its queues taken together; it is played in the background."""
    day = month_day(request.POST.get("day", ""), timezone.localdate())
    work.enqueue(TOGETHER, key=f"{TOGETHER}:{day}", by=request.user.pk, once=True, day=day.isoformat())
    return redirect(f"{reverse('workforce:staffing')}?{urlencode({'day': day.isoformat()})}#together")


def _chosen(request: HttpRequest, lines: list[NeedLine]) -> NeedLine | None:
    """The half hour asked for, or the busiest; None where nothing is needed."""
    asked = request.GET.get("half", "")
    if asked.isdecimal() and int(asked) < len(lines) and lines[int(asked)].needs:
        return lines[int(asked)]
    busy = [one for one in lines if one.needs]
    return max(busy, key=lambda one: one.agents) if busy else None


def _chart(lines: list[NeedLine]) -> dict[str, Any]:
    return {
        "kind": "line",
        "x": [f"{timezone.localtime(one.at):%H:%M}" for one in lines],
        "series": [
            {"name": _("People needed"), "data": [one.positions for one in lines], "tone": "bad"},
            {"name": _("At the telephone"), "data": [one.agents for one in lines], "tone": "call", "dashed": True},
            {
                "name": pgettext("roster", "Rostered"), "data": [one.rostered for one in lines], "tone": "accent",
                "area": True,
            },
        ],
        "unit": "count",
        "links": [f"?{urlencode({'day': timezone.localtime(one.at).date().isoformat(), 'half': str(place)})}#curve"
                  for place, one in enumerate(lines)],
    }  # fmt: skip


def _curve(one: Need, queue: QueueLoad, terms: Terms) -> dict[str, Any]:
    """One agent more or less in a half hour of a queue, and why so many."""
    share, within = target_of(queue)
    goal = requirement.Terms(share, within, terms.patience, terms.occupancy)
    found = requirement.curve(one.calls, one.aht_seconds, one.agents, 1800.0, goal, hour_cost=terms.hour_cost)
    steady = found.steady
    rows = [
        {
            "agents": int(count),
            "here": int(count) == one.agents,
            "service": float(steady.service_level[place]),
            "wait": float(steady.asa_seconds[place]),
            "gone": float(steady.abandonment[place]),
            "lost": float(steady.abandonment[place]) * one.calls,
            "busy": float(steady.occupancy[place]),
            "cost": Decimal(str(round(float(found.cost[place]), 2))),
        }
        for place, count in enumerate(found.agents)
    ]
    return {
        "name": queue_name(queue),
        "code": queue.code,
        "need": one,
        "target": share,
        "within": int(within),
        "rows": rows,
        "why": _why(one, share, within),
    }


def _why(one: Need, share: float, within: float) -> Finding:
    """The judgement of this half hour; the handling time already counts newcomers."""
    facts = RequirementFacts(
        calls=Decimal(str(round(one.calls, 2))),
        aht_seconds=Decimal(str(round(one.aht_seconds, 1))),
        interval_minutes=30,
        target_percent=Decimal(str(round(share * 100, 2))),
        target_seconds=Decimal(str(within)),
        trainee_percent=Decimal(0),
    )
    return judge("staffing.requirement", facts, site_handbook(), timezone.localtime(one.start).date())


@may("workforce.export")
def staffing_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """Four weeks from the day on, every queue and half hour."""
    loads = queue_loads()
    names = {one.code: queue_name(one) for one in loads}
    day, queue, by = _asked(request, names)
    head = [
        _("Queue"), _("Start"), _("Expected"), _("Handling time, seconds"), _("At the telephone"), _("People needed"),
        pgettext("calls", "Answered in time"), _("Busy"),
    ]  # fmt: skip
    rows = [
        [
            names.get(one.queue, one.queue), f"{timezone.localtime(one.start):%Y-%m-%d %H:%M}", round(one.calls, 2),
            round(one.aht_seconds, 1), one.agents, one.positions, round(one.service, 4), round(one.occupancy, 4),
        ]
        for one in required_of(day, day + timedelta(days=EXPORTED_DAYS - 1), queue, by=by)
    ]  # fmt: skip
    form = form if form in export.FORMS else "csv"
    return export.answer(request, head, rows, name=f"staffing-{queue or 'all'}-{day:%Y%m%d}", form=form)
