# SPDX-License-Identifier: Apache-2.0
"""Registers of services: sums by month with the year before, and the entries behind each figure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.customers import counting
from zuoxi.customers.forms import ClosureForm, CountForm
from zuoxi.customers.models import ServiceClosure, ServiceCount
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


def _staff(request: HttpRequest) -> Staff | None:
    return staff_of(request.user) if isinstance(request.user, User) else None


def span(request: HttpRequest) -> tuple[date, date, str]:
    """First and last day of what is asked: a month (2026-11) or a year (2026); this month otherwise."""
    text = request.GET.get("when", "")
    today = timezone.localdate()
    year, _dash, month = text.partition("-")
    if year.isdecimal() and 2000 <= int(year) <= 2100:
        if not month:
            return date(int(year), 1, 1), date(int(year), 12, 31), year
        if month.isdecimal() and 1 <= int(month) <= 12:
            days = monthrange(int(year), int(month))[1]
            return date(int(year), int(month), 1), date(int(year), int(month), days), text
    days = monthrange(today.year, today.month)[1]
    return today.replace(day=1), today.replace(day=days), f"{today:%Y-%m}"


def _kind_choices() -> list[tuple[str, str]]:
    return [(key, f"{body.group}: {body.label}") for key, body in counting.kinds().items()]


@shows("CALL-025", "CUS-021", "CUS-022", "CUS-023", "CUS-024", "CUS-025")
@may("customers.count")
def counts(request: HttpRequest) -> HttpResponse:
    return _counts(request, CountForm(kinds=_kind_choices(), initial={"on": timezone.localdate()}), ClosureForm())


def _counts(request: HttpRequest, form: CountForm, closure: ClosureForm, status: int = 200) -> HttpResponse:
    first, last, when = span(request)
    place = request.GET.get("place", "")[:60]
    groups: dict[str, list[counting.CountLine]] = {}
    for line in counting.sums(first, min(last, timezone.localdate()), place):
        groups.setdefault(str(line.body.group), []).append(line)
    context: dict[str, Any] = {
        "groups": groups,
        "when": when,
        "place": place,
        "places": counting.places(),
        "form": form,
        "closure_form": closure,
        "closures": ServiceClosure.objects.all()[:20],
    }
    return render(request, "customers/counts.html", context, status=status)


@shows("CUS-022", "CUS-025")
@may("customers.count")
def rows(request: HttpRequest) -> HttpResponse:
    """The entries behind one figure."""
    first, last, when = span(request)
    found = ServiceCount.objects.select_related("by").filter(on__gte=first, on__lte=last)
    kind, place = request.GET.get("kind", ""), request.GET.get("place", "")
    if kind:
        found = found.filter(kind=kind)
    if place:
        found = found.filter(place=place)
    known = counting.kinds()
    page = page_of(request, found, {"on": "on", "count": "count"}, "-on")
    lines = [(one, str(known[one.kind].label) if one.kind in known else one.kind) for one in page.rows]
    title = str(known[kind].label) if kind in known else _("All entries")
    context = {"page": page, "lines": lines, "title": title, "when": when, "place": place}
    return render(request, "customers/count_rows.html", context)


@require_POST
@may("customers.count")
def add(request: HttpRequest) -> HttpResponse:
    form = CountForm(request.POST, kinds=_kind_choices())
    if not form.is_valid():
        return _counts(request, form, ClosureForm(), 422)
    said = form.cleaned_data
    counting.count(
        said["kind"],
        on=said["on"],
        count=said["count"],
        place=said["place"],
        note=said["note"],
        by=_staff(request),
        now=timezone.now(),
    )
    messages.success(request, _("Counted."))
    return redirect("customers:counts")


@require_POST
@may("customers.audit")
def close(request: HttpRequest) -> HttpResponse:
    """Say on which days a place was closed, so that nobody compares with them."""
    form = ClosureForm(request.POST)
    if not form.is_valid():
        return _counts(request, CountForm(kinds=_kind_choices()), form, 422)
    said = form.cleaned_data
    counting.close(
        said["place"], first_on=said["first_on"], last_on=said["last_on"], why=said["why"], by=_staff(request)
    )
    messages.success(request, _("Saved."))
    return redirect("customers:counts")
