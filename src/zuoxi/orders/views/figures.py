# SPDX-License-Identifier: Apache-2.0
"""Orders in figures: each opens the rows that it was computed from."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.orders import figures as counted
from zuoxi.orders.views.asking import span
from zuoxi.orders.visibility import visible_grants
from zuoxi.policy.marks import shows
from zuoxi.web.access import may

LABELS = {
    "refused": (_("Refused parcels"), _("refused ÷ parcels sent")),
    "return": (_("Returns"), _("returns ÷ parcels sent")),
    "exchange": (_("Exchanges"), _("exchanges ÷ parcels sent")),
    "reship": (_("Reships"), _("reships ÷ parcels sent")),
    "verified_in_time": (_("Verified in time"), _("concluded in time ÷ to be verified")),
    "verified_good": (_("Confirmed"), _("confirmed ÷ concluded")),
}


@shows("ORD-001", "ORD-004", "ORD-005", "ORD-006", "ORD-007", "ORD-010")
@may("orders.figures")
def figures(request: HttpRequest) -> HttpResponse:
    since, until, first, last = span(request, timezone.localdate())
    tiles = [
        {"rate": one, "label": LABELS[one.key][0], "formula": LABELS[one.key][1], "href": _address(one, first, last)}
        for one in counted.rates_between(since, until)
    ]
    reasons, coarse = counted.refusal_reasons_between(since, until)
    total, people = counted.points_between(visible_grants(request.user, timezone.localdate()), since, until)
    context = {
        "tiles": tiles, "reasons": reasons, "coarse": coarse, "first": first, "last": last, "points": total,
        "people": people, "average": total / len(people) if people else None,
    }  # fmt: skip
    return render(request, "orders/figures.html", context)


def _address(rate: counted.Rate, first: date, last: date) -> str:
    asked = urlencode(rate.query | {"from": first.isoformat(), "to": last.isoformat()})
    return f"{reverse(f'orders:{rate.list}')}?{asked}"
