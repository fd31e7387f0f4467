# SPDX-License-Identifier: Apache-2.0
"""Pages of figures; each number opens its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.people import selectors as people
from zuoxi.policy.marks import shows
from zuoxi.reporting import (
    access,
    definitions,
    exporting,
    homes,
    names,
    periods,
    presentation,
    questions,
    selectors,
    thresholds,
)
from zuoxi.reporting import overview as overviews
from zuoxi.reporting.definitions import Text
from zuoxi.reporting.duties.glance import glance
from zuoxi.reporting.facts import PERIODS, FigureQuery, FigureRow
from zuoxi.reporting.questions import Question
from zuoxi.reporting.visibility import narrowed
from zuoxi.telephony import selectors as telephony
from zuoxi.vault.exports import may_export
from zuoxi.web.access import may
from zuoxi.web.listing import page_of_rows

KINDS: Final[dict[str, tuple[Text, str]]] = {
    "interval": (gettext_lazy("Half-hours"), "today"),
    "hour": (gettext_lazy("Hours"), "today"),
    "day": (gettext_lazy("Days"), "month"),
    "week": (gettext_lazy("Weeks"), "month"),
    "month": (gettext_lazy("Months"), "month"),
    "queue": (gettext_lazy("Queues"), "yesterday"),
    "team": (gettext_lazy("Teams"), "yesterday"),
    "agent": (gettext_lazy("Agents"), "yesterday"),
    "reason": (gettext_lazy("Not ready by reason"), "yesterday"),
}
MOST_BARS: Final = 40


def _now() -> datetime:
    return datetime.now(UTC)


@shows("RPT-001", "RPT-033", "RPT-002")
@may(access.OVERVIEW.code)
def overview(request: HttpRequest) -> HttpResponse:
    """Yesterday, this month against target, and what stands out."""
    found = overviews.overview(request.user, questions.readings(request), _now())
    context = {"overview": found, "glance": glance(request.user, _now())}
    return render(request, "reporting/overview.html", context)


@shows("ORG-005", "ORG-007", "ORG-010", "ORG-013", "ORG-016", "ORG-018", "ORG-019", "ORG-020")
@may(access.PUNCTUALITY.code)
def post_home(request: HttpRequest) -> HttpResponse:
    """What one's post answers for, in the blocks that the pack names."""
    return render(request, "reporting/home.html", {"blocks": homes.blocks_for(request.user, _now())})


@may(access.REPORTS.code)
def figures(request: HttpRequest, kind: str = "interval") -> HttpResponseBase:
    """A report by one grouping, as a page, CSV or Excel: one query for all three."""
    if kind not in KINDS:
        raise Http404
    now = _now()
    question = questions.asked(request, (kind,), now, preset=KINDS[kind][1])
    query = narrowed(replace(question.query, figures=tuple(_needed(kind))), request.user)
    heads = presentation.columns(query, presentation.columns_for((kind,)), question.first)
    own_terms = kind == "queue" and not question.given
    rows = selectors.figures_of_queues(query, now) if own_terms else selectors.figures(query, now)
    if kind in PERIODS:
        rows = selectors.without_gaps(query, rows, now)
    else:
        rows = [row for row in rows if any(row.figures[head.id].value for head in heads)]
    if (form := request.GET.get("format")) in exporting.FORMS:
        return exporting.answer(request, query, rows, heads, form)
    report = _Report(kind, question, query, rows, heads)
    return render(request, "reporting/figures.html", _page(request, report))


@may(access.REPORTS.code)
def agent(request: HttpRequest, code: str) -> HttpResponse:
    """One agent, half-hour by half-hour and in all."""
    return _of_agent(request, code)


@may(access.OWN.code)
def own(request: HttpRequest) -> HttpResponse:
    """My figures."""
    staff = people.staff_of(request.user)
    if staff is None:
        raise Http404
    return _of_agent(request, staff.code)


def _of_agent(request: HttpRequest, code: str) -> HttpResponse:
    now = _now()
    question = questions.asked(request, ("day",), now, preset="week")
    asked = replace(question.query, agents=frozenset({code}), figures=tuple(presentation.AGENT_COLUMNS))
    query = narrowed(asked, request.user, ("agent",))
    if not query.agents:
        raise Http404
    whole = replace(query, by=())
    around = selectors.surroundings(query, now)
    rows = selectors.figures(query, now, around)
    total = selectors.figures(whole, now, around)[0]
    heads = presentation.columns(query, presentation.AGENT_COLUMNS, question.first)
    mine = {"agent": code}
    context = _context(request, question, heads) | {
        "who": names.label_of("agent", code, names.names_of("agent", [code])),
        "total": [(head, presentation.cell(whole, total, head, mine)) for head in heads],
        "lines": presentation.lines(query, rows, heads, within=mine),
        "chart": presentation.bar_chart(rows, [row.label[5:] for row in rows], "answered"),
        "incomplete": presentation.why_incomplete(total),
    }
    return render(request, "reporting/agent.html", context)


def _needed(kind: str) -> list[str]:
    return list(dict.fromkeys([*presentation.columns_for((kind,)), "offered", "answered", "abandoned", "overflow"]))


@dataclass(frozen=True, slots=True)
class _Report:
    kind: str
    question: Question
    query: FigureQuery
    rows: Sequence[FigureRow]
    heads: Sequence[presentation.Column]


def _page(request: HttpRequest, report: _Report) -> dict[str, Any]:
    kind, page = report.kind, page_of_rows(request, report.rows)
    detail = "reporting:agent" if kind == "agent" else ""
    shown = presentation.lines(report.query, page.rows, report.heads, detail=detail)
    return _context(request, report.question, report.heads) | {
        "kind": kind,
        "kind_label": KINDS[kind][0],
        "tabs": _tabs(request, kind),
        "page": page,
        "lines": shown,
        "charts": _charts(kind, page.rows, [line.label for line in shown], report.question),
        "queues": list(telephony.queue_names().items()),
        "queue": request.GET.get("queue", ""),
        "incomplete": any(line.incomplete for line in shown),
        "own_terms": kind == "queue" and not report.question.given,
    }


def _context(request: HttpRequest, question: Question, heads: Sequence[presentation.Column]) -> dict[str, Any]:
    given = request.GET.copy()
    for name in ("page", "format"):
        given.pop(name, None)
    return {
        "question": question,
        "presets": questions.PRESETS.items(),
        "heads": heads,
        "may_export": may_export(request.user.roles),  # type: ignore[union-attr]
        "rest": given.urlencode(),
    }


def _tabs(request: HttpRequest, kind: str) -> list[dict[str, Any]]:
    kept = {name: request.GET[name] for name in ("when", "from", "to", "queue") if request.GET.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    return [
        {"label": label, "url": reverse("reporting:report", args=[name]) + query, "current": name == kind}
        for name, (label, _preset) in KINDS.items()
    ]


def _charts(
    kind: str, rows: Sequence[FigureRow], labels: Sequence[str], question: Question
) -> list[tuple[str, str, dict[str, Any]]]:
    """Ident, label and data of the charts above the table."""
    if not rows:
        return []
    if kind in ("agent", "team"):
        some, labels = rows[:MOST_BARS], labels[:MOST_BARS]
        name = str(definitions.BY_ID["occupancy"].name)
        return [
            ("handled", str(definitions.BY_ID["answered"].name), presentation.bar_chart(some, labels, "answered")),
            ("occupancy", name, presentation.bar_chart(some, labels, "occupancy")),
        ]
    if kind == "reason":
        return [("reason", _("Not ready"), presentation.bar_chart(rows, labels, "not_ready_time"))]
    rates = ("service_level", "connect_rate")
    level = presentation.percent_chart(rows, labels, rates, question.first)
    if kind not in PERIODS:
        level["kind"] = "bar"
    return [("volume", _("Callers"), presentation.volume_chart(rows, labels)), ("level", _("Rates"), level)]


@may(access.REPORTS.code)
def definition_list(request: HttpRequest) -> HttpResponse:
    """Every figure with its formula, readings, version and exclusions, and the numbers it rests on."""
    day = periods.local_day(_now(), selectors.site_zone())
    told = [thresholds.parameter(name) for name in ("service_level.threshold", "abandon.short")]
    told += [thresholds.parameter(f"target.{name}") for name in presentation.TARGETS]
    context = {
        "figures": definitions.FIGURES,
        "parameters": [(one, one.on(day), "ours" if one.source == "ours" else one.source) for one in told],
    }
    return render(request, "reporting/definitions.html", context)
