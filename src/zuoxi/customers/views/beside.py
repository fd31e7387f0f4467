# SPDX-License-Identifier: Apache-2.0
"""What is fetched beside a customer when his page stands: what other packages say of him, and his history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zuoxi.customers import panels, timeline
from zuoxi.customers.finding import Person, person_of
from zuoxi.customers.visibility import visible_customers
from zuoxi.policy.marks import shows
from zuoxi.web.access import may

HISTORY = 20


def _person_or_404(request: HttpRequest, pk: int) -> Person:
    found = person_of(visible_customers(request.user), pk)
    if found is None:
        raise Http404
    return found


@shows("CUS-001")
@may("customers.view")
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """The panels of all packages on the customer's page; a page of its own without script."""
    user: Any = request.user
    person = _person_or_404(request, pk)
    subject = panels.subject_of(person)
    template = "customers/beside.html" if request.headers.get("HX-Request") else "customers/beside_page.html"
    context = {"customer": person.customer, "panels": panels.drawn_for(request, user, subject, panels.PAGE)}
    return render(request, template, context)


def _history(request: HttpRequest, person: Person) -> dict[str, Any]:
    before = _moment(request.GET.get("before", ""))
    only = request.GET.get("only", "")
    asked = (only,) if only in timeline.kinds() else ()
    lines = timeline.history(request.user, person.ids, person.numbers, before=before, limit=HISTORY, only=asked)
    older = lines[-1].at.isoformat() if len(lines) == HISTORY else ""
    address = reverse("customers:history", args=[person.customer.pk])
    tabs: list[dict[str, Any]] = [{"label": _("Everything"), "url": address, "current": not asked}]
    for kind in timeline.kinds():
        tabs.append({"label": timeline.label_of(kind), "url": f"{address}?only={kind}", "current": kind in asked})
    return {"history": lines, "older": older, "only": only, "tabs": tabs, "customer": person.customer}


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


@shows("CUS-001")
@may("customers.view")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened with him, newest first; a page of its own, and fetched into his page in pieces."""
    person = _person_or_404(request, pk)
    template = "customers/history.html" if request.headers.get("HX-Request") else "customers/history_page.html"
    return render(request, template, _history(request, person))
