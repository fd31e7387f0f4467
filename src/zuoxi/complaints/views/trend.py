# SPDX-License-Identifier: Apache-2.0
"""The course of complaints: per thousand calls by month, by kind, team and person, month on month."""

from __future__ import annotations

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
from zuoxi.complaints.handbook import kinds_of
from zuoxi.complaints.service_figures import COMPLAINTS
from zuoxi.complaints.views.who import user_of
from zuoxi.people.selectors import names_of, team_choices
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
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


def _asked(user: Any, first: date, end: date, by: str) -> Tally:
    since, until = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, end))
    return COMPLAINTS.tally(Ask(user, since, until, by, "month"))


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
    told = _asked(user, first, end, PERIOD)
    series = [told.get(one.isoformat(), {}) for one in months]
    reading = site_handbook().on(month)
    kinds = {code: str(body.label) for code, body in kinds_of(reading.handbook).items()}
    context = {
        "month": month,
        "earlier": _back(month, 1),
        "later": end if end <= timezone.localdate() else None,
        "rate_chart": _rate_chart(months, series, float(reading.number("complaint.per_thousand"))),
        "time_chart": _time_chart(months, series, float(reading.number("complaint.in_time_percent"))),
        "kinds": _compared(user, month, end, "kind", kinds),
        "sources": _compared(user, month, end, "source", {code: str(label) for code, label in Source.choices}),
        "teams": _compared(user, month, end, TEAM, dict(team_choices())),
        "people": _people(user, month, end),
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


def _compared(user: Any, month: date, end: date, by: str, names: dict[str, str]) -> list[dict[str, Any]]:
    """This month and the one before by a grouping, the largest first; `change` None over nought."""
    now, before = _asked(user, month, end, by), _asked(user, _back(month, 1), month, by)
    rows = []
    for code in {*now, *before}:
        here, there = int(now.get(code, {}).get("received") or 0), int(before.get(code, {}).get("received") or 0)
        rows.append(
            {
                "code": code,
                "name": names.get(code) or code or _("Nobody named"),
                "now": here,
                "before": there,
                "change": (Decimal(here - there) / there) if there else None,
                "rate": _rate(now.get(code, {})),
            }
        )
    return sorted(rows, key=lambda row: (-row["now"], -row["before"], row["name"]))


def _people(user: Any, month: date, end: date) -> list[dict[str, Any]]:
    told = {code: counts for code, counts in _asked(user, month, end, PERSON).items() if code}
    top = sorted(told, key=lambda code: (-(told[code].get("received") or 0), code))[:_PEOPLE]
    names = names_of(top)
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "now": told[code].get("received") or 0,
            "justified": told[code].get("justified") or 0,
            "rate": _rate(told[code]),
        }
        for code in top
    ]
