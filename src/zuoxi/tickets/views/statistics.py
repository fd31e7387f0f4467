# SPDX-License-Identifier: Apache-2.0
"""Repairs and tickets in figures; every figure opens the rows it was counted from."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zuoxi.policy.marks import shows
from zuoxi.tickets.counting import kind_lines, repairs_between
from zuoxi.tickets.visibility import visible_tickets
from zuoxi.web.access import may

LONGEST = timedelta(days=800)


@shows("CUS-010", "CUS-012", "CUS-019", "CUS-020", "VAR-009")
@may("tickets.statistics")
def statistics(request: HttpRequest) -> HttpResponse:
    """A stretch of days beside the same a year before; this month where nothing is asked."""
    today = timezone.localdate()
    first, last = today.replace(day=1), today
    with suppress(ValueError):
        first = date.fromisoformat(request.GET.get("from", "") or str(first))
        last = date.fromisoformat(request.GET.get("to", "") or str(last))
    if last < first or last - first > LONGEST or first.year < 2000:
        first, last = today.replace(day=1), today
    rows = visible_tickets(request.user)
    context = {
        "first": first,
        "last": last,
        "repairs": repairs_between(rows, first, last),
        "kinds": kind_lines(rows, first, last),
        "span": f"list=all&from={first}&to={last}",
    }
    return render(request, "tickets/statistics.html", context)
