# SPDX-License-Identifier: Apache-2.0
"""The rows behind one number: numerator and denominator, fifty at a time, customers' numbers masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from zuoxi.reporting import access, definitions, evidence, names, presentation, questions, selectors
from zuoxi.reporting.evidence import Evidence, Part
from zuoxi.reporting.facts import FigureQuery, WrongQuestion
from zuoxi.reporting.measure_names import measure_name
from zuoxi.reporting.visibility import PERSONAL, narrowed
from zuoxi.telephony import selectors as telephony
from zuoxi.telephony.models import Call
from zuoxi.vault import masking
from zuoxi.web.access import signed_in
from zuoxi.web.listing import PAGE_ROWS, ListPage, page_number
from zuoxi.web.measures import UNKNOWN


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as the page has it."""

    row: Evidence
    call: Call | None
    number: str
    agent: str
    queue: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One measure of one side of the figure."""

    side: str
    part: Part
    place: int
    current: bool

    @property
    def name(self) -> str | Promise:
        return measure_name(self.part.measure.id)


@signed_in
def evidence_page(request: HttpRequest, figure: str) -> HttpResponse:
    """Rows of one measure of a figure; 404 for who may see neither reports nor his own figures, or asks nonsense."""
    try:
        query, exactly = questions.asked_evidence(request.GET)
        query = replace(query, figures=(figure,), readings=_reading(figure, request.GET.get("reading", "")))
        sides = {side: evidence.parts_of(figure, side, query.readings.get(figure)) for side in _SIDES}
    except WrongQuestion as error:
        raise Http404(str(error)) from error
    of_states = any(part.measure.table == "state" for parts in sides.values() for part in parts)
    query = _permitted(request, query, {"agent"} if of_states else set(exactly) & PERSONAL)
    side, place = _chosen(request, sides)
    part = sides[side][place]
    now = datetime.now(UTC)
    number = page_number(request)
    found = evidence.rows(
        query,
        part.measure,
        selectors.site_zone(),
        now,
        exactly=exactly,
        limit=PAGE_ROWS + 1,
        offset=(number - 1) * PAGE_ROWS,
    )
    page = ListPage(_shown(found[:PAGE_ROWS]), number, len(found) > PAGE_ROWS)
    one = definitions.BY_ID[figure]
    context = {
        "figure": one,
        "reading": one.reading(query.readings.get(figure)),
        "value": _value(query, exactly, figure, now),
        "page": page,
        "tabs": _tabs(sides, side, place),
        "part": part,
        "query": query,
        "group": [names.label_of(key, code, names.names_of(key, [code])) for key, code in exactly.items()],
        "rest": _rest(request),
        "is_state": part.measure.table == "state",
        "counts_time": part.measure.value != "1",
    }
    return render(request, "reporting/evidence.html", context)


_SIDES = ("numerator", "denominator")


def _reading(figure: str, reading: str) -> dict[str, str]:
    return {figure: reading} if reading else {}


def _permitted(request: HttpRequest, query: FigureQuery, by: set[str]) -> FigureQuery:
    """Held to what the person may see: by people when rows are theirs, or when he may see nothing but his own."""
    user = request.user
    if user.may(access.REPORTS.code) or user.may(access.OVERVIEW.code):  # type: ignore[union-attr]
        return narrowed(query, user, by)
    if user.may(access.OWN.code):  # type: ignore[union-attr]
        return narrowed(query, user, {"agent"})
    raise Http404


def _chosen(request: HttpRequest, sides: Mapping[str, Sequence[Part]]) -> tuple[str, int]:
    side = request.GET.get("side", "numerator")
    side = side if sides.get(side) else "numerator"
    text = request.GET.get("part", "0")
    place = int(text) if text.isdecimal() and len(text) < 3 else 0
    return side, min(place, len(sides[side]) - 1)


def _tabs(sides: Mapping[str, Sequence[Part]], side: str, place: int) -> list[Tab]:
    return [
        Tab(name, part, number, (name, number) == (side, place))
        for name, parts in sides.items()
        for number, part in enumerate(parts)
    ]


def _rest(request: HttpRequest) -> str:
    given = request.GET.copy()
    for name in ("side", "part", "page"):
        given.pop(name, None)
    return given.urlencode()


def _value(query: FigureQuery, exactly: Mapping[str, str], figure: str, now: datetime) -> str:
    """The figure as the page before had it, computed anew from the very rows that are listed."""
    for row in selectors.figures(replace(query, by=tuple(exactly)), now):
        if dict(row.group) == dict(exactly):
            return presentation.shown(row.figures[figure])
    return UNKNOWN


def _shown(found: Sequence[Evidence]) -> list[Shown]:
    calls = telephony.calls_by_id(row.call_id for row in found if row.call_id is not None)
    people = names.names_of("agent", (row.agent for row in found))
    queues = names.names_of("queue", (row.queue for row in found))
    shown = []
    for row in found:
        call = calls.get(row.call_id) if row.call_id is not None else None
        customer = "" if call is None else call.called if call.direction == "outbound" else call.caller
        agent = names.label_of("agent", row.agent, people) if row.agent else ""
        queue = names.label_of("queue", row.queue, queues) if row.queue else ""
        shown.append(Shown(row, call, masking.phone(customer), agent, queue))
    return shown
