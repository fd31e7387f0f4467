# SPDX-License-Identifier: Apache-2.0
"""The course of complaints: per thousand calls by month, by kind, team and person, month on month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zuoxi.complaints.access import TREND
from zuoxi.complaints.choices import Source
from zuoxi.complaints.course import Compared, compared
from zuoxi.complaints.handbook import kinds_of
from zuoxi.complaints.service_figures import COMPLAINTS
from zuoxi.complaints.views.who import user_of
from zuoxi.people.selectors import names_of, team_choices
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import calls_taken
from zuoxi.web.access import may
from zuoxi.web.figures import PERIOD, PERSON, TEAM, Ask, Counts, Tally

_MONTHS = 12
_PEOPLE = 15


def _month(request: HttpRequest) -> date:
    try:
        asked = parse_date(f"{request.GET.get('month', '')}-01")
    except ValueError:
        asked = None
    today = timezone.localdate().replace(day=1)
    return min(asked or today, today)


def _back(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _calls(user: Any, month: date, end: date, by: str) -> Tally:
    return calls_taken(Ask(user, _start(month), _start(end), by))


def _rate(counts: Counts, above: str = "received", below: str = "calls", factor: int = 1000) -> float | None:
    """None where nothing is known to divide by."""
    over, under = counts.get(above), counts.get(below)
    return None if over is None or not under else round(float(over) * factor / float(under), 3)


@shows("CMP-001", "CMP-002")
@may(TREND.code)
def trend(request: HttpRequest) -> HttpResponse:
    """Twelve months up to the chosen one, and that month beside the one before by kind, team, person and source."""
    user, month = user_of(request), _month(request)
    end = _back(month, -1)
    first = _back(month, _MONTHS - 1)
    months = [_back(month, _MONTHS - 1 - step) for step in range(_MONTHS)]
    told = COMPLAINTS.tally(Ask(user, _start(first), _start(end), PERIOD, "month"))
    groups = compared(user, _start(_back(month, 1)), _start(month), _start(end))
    series = [told.get(one.isoformat(), {}) for one in months]
    reading = site_handbook().on(month)
    kinds = {code: str(body.label) for code, body in kinds_of(reading.handbook).items()}
    context = {
        "month": month,
        "earlier": _back(month, 1),
        "later": end if end <= timezone.localdate() else None,
        "rate_chart": _rate_chart(months, series, float(reading.number("complaint.per_thousand"))),
        "time_chart": _time_chart(months, series, float(reading.number("complaint.in_time_percent"))),
        "kinds": _lines(groups["kind"], kinds),
        "sources": _lines(groups["source"], {code: str(label) for code, label in Source.choices}),
        "teams": _lines(groups[TEAM], dict(team_choices()), _calls(user, month, end, TEAM)),
        "people": _people(groups[PERSON], _calls(user, month, end, PERSON)),
        "span": urlencode({"state": "all", "from": month.isoformat(), "to": (end - timedelta(days=1)).isoformat()}),
        "received": series[-1].get("received") or 0,
        "before": series[-2].get("received") or 0,
        "per_thousand": _rate(series[-1]),
        "in_time": _rate(series[-1], "in_time", "due", 1),
    }
    return render(request, "complaints/trend.html", context)


def _rate_chart(months: list[date], series: list[Counts], target: float) -> dict[str, Any]:
    links = [
        reverse("complaints:complaints")
        + "?"
        + urlencode({"state": "all", "from": one.isoformat(), "to": (_back(one, -1) - timedelta(days=1)).isoformat()})
        for one in months
    ]
    return {
        "kind": "line",
        "x": [f"{one:%Y-%m}" for one in months],
        "series": [{"name": _("Complaints per thousand calls"), "data": [_rate(counts) for counts in series]}],
        "unit": "count",
        "target": target,
        "target_label": _("Target"),
        "links": links,
    }


def _time_chart(months: list[date], series: list[Counts], target: float) -> dict[str, Any]:
    return {
        "kind": "line",
        "x": [f"{one:%Y-%m}" for one in months],
        "series": [
            {"name": _("Complaints settled in time"), "data": [_rate(one, "in_time", "due", 1) for one in series]},
            {
                "name": _("First responses in time"),
                "data": [_rate(one, "responded_in_time", "response_due", 1) for one in series],
            },
        ],
        "unit": "percent",
        "target": target / 100,
        "target_label": _("Target"),
    }


def _lines(group: Compared, names: Mapping[str, str], calls: Tally | None = None) -> list[dict[str, Any]]:
    """This month and the one before by a grouping, the largest first; `change` None over nought."""
    rows = []
    for code in {*group.now, *group.before}:
        here, there = group.now[code], group.before[code]
        rows.append(
            {
                "code": code,
                "name": names.get(code) or code or _("Nobody named"),
                "now": here,
                "before": there,
                "change": (Decimal(here - there) / there) if there else None,
                "rate": _rate_of(here, code, calls),
            }
        )
    return sorted(rows, key=lambda row: (-row["now"], -row["before"], row["name"]))


def _rate_of(received: int, code: str, calls: Tally | None) -> float | None:
    return _rate({"received": received, **(calls or {}).get(code, {})})


def _people(group: Compared, calls: Tally) -> list[dict[str, Any]]:
    top = sorted((code for code in group.now if code), key=lambda code: (-group.now[code], code))[:_PEOPLE]
    names = names_of(top)
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "now": group.now[code],
            "justified": group.justified[code],
            "rate": _rate_of(group.now[code], code, calls),
        }
        for code in top
    ]
