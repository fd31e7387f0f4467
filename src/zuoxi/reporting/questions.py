# SPDX-License-Identifier: Apache-2.0
"""What a page's address asks: the time, the groups, the readings; and addresses that ask the same of something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from zuoxi.reporting import definitions, periods, selectors
from zuoxi.reporting.definitions import Text
from zuoxi.reporting.facts import FigureQuery, WrongQuestion
from zuoxi.telephony import selectors as telephony

PRESETS: Final[dict[str, Text]] = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "week": _("This week"),
    "last_week": _("Last week"),
    "month": _("This month"),
    "last_month": _("Last month"),
    "custom": _("Choose days"),
}
REMEMBERED: Final = "figure_readings"
LONGEST: Final = timedelta(days=800)


def preset_days(name: str, today: date) -> tuple[date, date]:
    """First and last day of a preset; ValueError for one that is none."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    spans = {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1),) * 2,
        "week": (monday, today),
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "month": (first, today),
        "last_month": ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)),
    }
    if name not in spans:
        raise ValueError(name)
    return spans[name]


@dataclass(frozen=True, slots=True)
class Question:
    """A page's question, and the words that it was put in; `given` are thresholds that somebody asked for."""

    query: FigureQuery
    preset: str
    first: date
    last: date
    given: Mapping[str, int] = field(default_factory=dict)


def asked(request: HttpRequest, by: tuple[str, ...], now: datetime, preset: str = "today") -> Question:
    """The question of a report page. What cannot be read counts as not asked."""
    zone = selectors.site_zone()
    today = periods.local_day(now, zone)
    chosen = request.GET.get("when") or preset
    first, last = _custom(request.GET, today) if chosen == "custom" else _preset(chosen, preset, today)
    queue = request.GET.get("queue", "")
    given = seconds(request.GET)
    query = selectors.day_query(
        first,
        last,
        by=by,
        readings=readings(request),
        queues=frozenset({queue}) if queue else None,
        **(_terms_of(queue) | given),
    )
    return Question(query, chosen if chosen in PRESETS else preset, first, last, given)


def _terms_of(queue: str) -> dict[str, int]:
    """The queue's own target and short abandonment; nothing without a queue."""
    own = telephony.queue_terms([queue]).get(queue) if queue else None
    return {} if own is None else {"threshold": own[0], "short_abandon": own[1]}


def _preset(name: str, default: str, today: date) -> tuple[date, date]:
    return preset_days(name if name in PRESETS and name != "custom" else default, today)


def _custom(given: QueryDict, today: date) -> tuple[date, date]:
    first, last = (_day(given.get(name, ""), today) for name in ("from", "to"))
    first, last = min(first, last), max(first, last)
    return max(first, last - LONGEST), last


def _day(text: str, otherwise: date) -> date:
    try:
        return parse_date(text) or otherwise
    except ValueError:
        return otherwise


def seconds(given: QueryDict) -> dict[str, int]:
    """Thresholds that were asked for, between nought and an hour."""
    found = {}
    for name in ("threshold", "short_abandon"):
        text = given.get(name, "")
        if text.isdecimal() and len(text) < 5 and int(text) <= 3600:
            found[name] = int(text)
    return found


def readings(request: HttpRequest) -> dict[str, str]:
    """The readings in use: what is asked now, else what was chosen last; a new choice is remembered."""
    held: dict[str, str] = dict(request.session.get(REMEMBERED, {}))
    for name, reading in request.GET.items():
        if name.startswith("reading."):
            held[name.removeprefix("reading.")] = str(reading)
    found = {name: one for name, one in held.items() if _known(name, one)}
    if found != request.session.get(REMEMBERED, {}):
        request.session[REMEMBERED] = found
    return found


def _known(figure: str, reading: str) -> bool:
    return figure in definitions.BY_ID and reading in definitions.BY_ID[figure].readings


def evidence_address(query: FigureQuery, figure: str, side: str, group: Mapping[str, str]) -> str:
    """The parameters of the page with a figure's rows for one group (a period is put as its own span)."""
    given = QueryDict(mutable=True)
    since, until = span(query, group)
    given["since"], given["until"] = since.isoformat(), until.isoformat()
    given["side"] = side
    for name in ("queue", "agent", "team", "reason"):
        if name in group:
            given[name] = group[name]
    if query.queues is not None and len(query.queues) == 1 and "queue" not in group:
        (given["queue"],) = query.queues
    given["threshold"], given["short_abandon"] = str(query.threshold), str(query.short_abandon)
    if reading := query.readings.get(figure):
        given["reading"] = reading
    return given.urlencode()


def span(query: FigureQuery, group: Mapping[str, str]) -> tuple[datetime, datetime]:
    """The part of the question's time that a group stands for."""
    zone = selectors.site_zone()
    for period in ("interval", "hour", "day", "week", "month"):
        if period not in group:
            continue
        start, end = periods.span_of_label(period, group[period], zone)
        return max(query.since, start), min(query.until, end)
    return query.since, query.until


def asked_evidence(given: QueryDict) -> tuple[FigureQuery, dict[str, str]]:
    """The question of an evidence page and what its group is held to; WrongQuestion when it cannot be read."""
    try:
        since, until = (parse_datetime(given.get(name, "")) for name in ("since", "until"))
    except ValueError:
        since = until = None
    if since is None or until is None or since.tzinfo is None or until.tzinfo is None:
        raise WrongQuestion("no time")
    exactly = {name: str(given[name]) for name in ("queue", "agent", "team", "reason") if name in given}
    return selectors.default_query(since, until, **seconds(given)), exactly
