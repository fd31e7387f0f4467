# SPDX-License-Identifier: Apache-2.0
"""Request types of the site's packs: entries of `request_types` made into types, without a line of Python each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from zuoxi.approvals.data_forms import form_for, shown
from zuoxi.approvals.handbook import REQUEST_TYPES, RequestTypeBody, WayBody
from zuoxi.approvals.kinds import REFUSED, Draft, Kind, Route, Step, add_source
from zuoxi.approvals.models import Request
from zuoxi.people.models import Staff
from zuoxi.people.selectors import standing_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words

ENDED = (Request.State.REFUSED, Request.State.WITHDRAWN)


def answers_to(position: str, words: tuple[str, ...]) -> bool:
    """Whether a post is one of the words, or of the posts behind one of them."""
    known = role_words()
    return any(position == word or (word in known and position in known[word].positions) for word in words)


def way_of(body: RequestTypeBody, data: Mapping[str, Any], position: str, reading: Reading) -> WayBody | None:
    """The first way that fits; None when none does."""
    return next((way for way in body.ways if _fits(way, data, position, reading)), None)


def _fits(way: WayBody, data: Mapping[str, Any], position: str, reading: Reading) -> bool:
    when = way.when
    if when.applicant and not answers_to(position, when.applicant):
        return False
    if not when.field:
        return True
    value = data.get(when.field)
    if when.among:
        return str(value) in when.among
    if value in (None, ""):
        return False
    amount = Decimal(str(value))
    if when.over:
        return reading.beyond(when.over, amount)
    return reading.within(when.within, amount) if when.within else bool(value)


@enforces("CALL-008", "FLR-029", "ORG-029", "ORG-037", "SCH-010")
def route_of(body: RequestTypeBody, draft: Draft, day: date) -> Route:
    """Who signs a request of such a type, by its own ways and the figures of the day."""
    reading = site_handbook().on(day)
    position = standing_of(draft.applicant, day).position
    reading.note(*body.clauses, gap=body.gap)
    if body.per_month and _used_up(body, draft, day, reading):
        return Route(
            _finding(
                reading, f"request.{draft.kind}", "refused", "request.used_up", reading.figure(body.per_month).text
            )
        )
    way = way_of(body, draft.data, position, reading)
    if way is None:
        return Route(_finding(reading, f"request.{draft.kind}", "refused", "request.no_way", ""))
    reading.note(*way.clauses, gap=way.gap)
    outcome = REFUSED if way.forbids else "route"
    found = _said(reading, f"request.{draft.kind}", outcome, way, ours=body.source == "ours")
    return Route(found, tuple(Step(word) for word in way.steps), way.filed_with)


def _used_up(body: RequestTypeBody, draft: Draft, day: date, reading: Reading) -> bool:
    first = day.replace(day=1)
    rows = Request.objects.filter(kind=draft.kind, applicant=draft.applicant, submitted_at__lt=draft.submitted_at)
    rows = rows.filter(submitted_at__gte=timezone.make_aware(datetime.combine(first, datetime.min.time())))
    return rows.exclude(state__in=ENDED).count() >= reading.whole(body.per_month)


def _finding(reading: Reading, rule: str, outcome: str, sentence: str, limit: str) -> Finding:
    made = reading.finding(sentence.rpartition(".")[0], sentence.rpartition(".")[2], limit=limit)
    return Finding(rule, made.pack, outcome, made.why, {}, made.clauses, made.figures, made.gaps, made.ours)


def _said(reading: Reading, rule: str, outcome: str, way: WayBody, *, ours: bool) -> Finding:
    made = reading.finding("request", "route", zh=way.say.zh, en=way.say.en)
    whose = (*made.ours, rule) if ours else made.ours
    return Finding(rule, made.pack, outcome, made.why, {}, made.clauses, made.figures, made.gaps, whose)


def kind_from(code: str, body: RequestTypeBody) -> Kind:
    """The type of an entry. What was granted is the record itself; nothing else is changed by it."""

    def may_ask(staff: Staff, day: date) -> bool:
        return not body.askers or answers_to(standing_of(staff, day).position, body.askers)

    return Kind(
        code,
        body.label,  # type: ignore[arg-type]
        form_for(code, body),
        lambda draft, day: route_of(body, draft, day),
        on_approved=lambda _request: None,
        summary=lambda request: shown(body, request.data),
        clauses=body.clauses,
        may_ask=may_ask if body.askers else None,
        group=body.group,  # type: ignore[arg-type]
        icon=body.icon,
        order=body.order,
        attachment=body.attachment,
        due_figure=body.due,
        lead=body.lead or "",  # type: ignore[arg-type]
    )


_last: list[tuple[Any, dict[str, Kind]]] = []


def pack_kinds() -> dict[str, Kind]:
    """The types of the site's handbook, made anew when it changes."""
    handbook = site_handbook()
    if _last and _last[0][0] is handbook:
        return _last[0][1]
    made = {code: kind_from(code, body) for code, body in handbook.entries(REQUEST_TYPES).items()}
    _last[:] = [(handbook, made)]
    return made


add_source(pack_kinds)
