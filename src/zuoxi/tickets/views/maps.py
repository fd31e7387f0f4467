# SPDX-License-Identifier: Apache-2.0
"""Tickets by area: a schematic map of districts and communities, drawn from the addresses alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zuoxi.policy.marks import shows
from zuoxi.tickets.areas import districts_of
from zuoxi.tickets.kinds import kinds
from zuoxi.tickets.visibility import visible_tickets
from zuoxi.web.access import may


@shows("CUS-017", "CUS-018")
@may("tickets.view")
def areas(request: HttpRequest) -> HttpResponse:
    """Open tickets by district and community; each place opens its rows."""
    kind = request.GET.get("kind", "")[:40]
    rows = visible_tickets(request.user)
    if kind:
        rows = rows.filter(kind=kind)
    found = districts_of(rows, timezone.now())
    context = {
        "districts": found.districts,
        "most": found.most,
        "nowhere": found.nowhere,
        "kinds": [(key, body.label) for key, body in kinds().items() if body.area_field],
        "asked": {"kind": kind},
    }
    return render(request, "tickets/map.html", context)
