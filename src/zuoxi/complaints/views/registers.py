# SPDX-License-Identifier: Apache-2.0
"""The file of suggestions, and the register of points taken off at inspections with its sums."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from zuoxi.complaints import inspections, services
from zuoxi.complaints.access import HANDLE, INSPECT, SUGGEST
from zuoxi.complaints.forms import PointsForm, ReplyForm, SuggestForm, TextForm
from zuoxi.complaints.models import InspectionMark
from zuoxi.complaints.views.who import me_of, user_of
from zuoxi.complaints.visibility import visible_suggestions
from zuoxi.customers.selectors import found_by
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import between, page_of


@shows("CMP-010")
@may(SUGGEST.code)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Who took it in, when it went to the office, what became of it."""
    return _suggestions(request, SuggestForm(), ReplyForm())


def _suggestions(
    request: HttpRequest, form: SuggestForm, answer: ReplyForm, status: int = 200, **more: Any
) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("state", "from", "to")}
    seen = visible_suggestions(user_of(request)).select_related("first_receiver", "forwarded_by", "replied_by")
    rows = between(seen, asked, "received_at")
    known = {
        "waiting": Q(forwarded_at__isnull=True),
        "forwarded": Q(forwarded_at__isnull=False, replied_at__isnull=True),
        "replied": Q(replied_at__isnull=False),
        "adopted": Q(adopted=True),
    }
    if asked["state"] in known:
        rows = rows.filter(known[asked["state"]])
    page = page_of(request, rows, {"received": "received_at"}, "-received")
    reading = site_handbook().on(timezone.localdate())
    context = {
        "page": page,
        "asked": asked,
        "counts": seen.order_by().aggregate(**{name: Count("pk", filter=one) for name, one in known.items()}),
        "form": form,
        "reply_form": answer,
        "office": reading.text("complaint.office"),
        "may_handle": user_of(request).may(HANDLE.code),
    }
    context["opened_new"] = more.get("opened") == "new"
    return render(request, "complaints/suggestions.html", context | more, status=status)


@require_POST
@may(SUGGEST.code)
def suggest(request: HttpRequest) -> HttpResponse:
    form = SuggestForm(request.POST)
    if not form.is_valid():
        return _suggestions(request, form, ReplyForm(), 422, opened="new")
    said = form.cleaned_data
    who = found_by(said["number"]) if said["number"] else None
    made = services.suggest(words=said["words"], customer=who, by=me_of(request), now=timezone.now())
    messages.success(request, _("Written down: %(numbers)s") % {"numbers": made.number})
    return redirect("complaints:suggestions")


@require_POST
@may(HANDLE.code)
def forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass it on to the office that the handbook names."""
    one = get_object_or_404(visible_suggestions(user_of(request)), pk=pk)
    try:
        services.forward(one.pk, by=me_of(request), now=timezone.now())
        messages.success(request, pgettext("complaint", "Passed on."))
    except services.Refused as refused:
        messages.error(request, str(refused))
    return redirect("complaints:suggestions")


@require_POST
@may(HANDLE.code)
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(visible_suggestions(user_of(request)), pk=pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _suggestions(request, SuggestForm(), form, 422, opened=one.pk)
    said = form.cleaned_data
    try:
        services.reply(one.pk, text=said["text"], adopted=said["adopted"], by=me_of(request), now=timezone.now())
        messages.success(request, _("Written down."))
    except services.Refused as refused:
        messages.error(request, str(refused))
    return redirect("complaints:suggestions")


@shows("CMP-011")
@may(INSPECT.code)
def register(request: HttpRequest) -> HttpResponse:
    """The year's marks, summed by unit and quarter, with half-year and year for the appraisal."""
    return _register(request, PointsForm(initial={"day": timezone.localdate()}))


def _register(request: HttpRequest, form: PointsForm, status: int = 200, **more: Any) -> HttpResponse:
    asked = request.GET.get("year", "")
    today = timezone.localdate()
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else today.year
    rows = InspectionMark.objects.filter(day__year=year).select_related("by", "struck_by")
    unit = request.GET.get("unit", "")
    quarter = request.GET.get("quarter", "")
    if unit:
        rows = rows.filter(unit=unit)
    if quarter in ("1", "2", "3", "4"):
        rows = rows.filter(day__month__range=(int(quarter) * 3 - 2, int(quarter) * 3))
    context = {
        "page": page_of(request, rows, {"day": "day", "points": "points"}, "-day"),
        "sums": inspections.sums_of(year),
        "year": year,
        "years": (year - 1, year + 1),
        "unit": unit,
        "quarter": quarter,
        "form": form,
        "strike_form": TextForm(),
    }
    return render(request, "complaints/register.html", context | more, status=status)


@require_POST
@may(INSPECT.code)
def take(request: HttpRequest) -> HttpResponse:
    form = PointsForm(request.POST)
    if not form.is_valid():
        return _register(request, form, 422, opened=True)
    try:
        services.take_points(by=me_of(request), now=timezone.now(), **form.cleaned_data)
    except services.Refused as refused:
        form.add_error(None, str(refused))
        return _register(request, form, 422, opened=True)
    messages.success(request, _("Written down."))
    return redirect("complaints:register")


@require_POST
@may(INSPECT.code)
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mark back; it stays to be seen."""
    one = get_object_or_404(InspectionMark, pk=pk)
    try:
        services.strike(one.pk, why=request.POST.get("text", ""), by=me_of(request), now=timezone.now())
        messages.success(request, _("Written down."))
    except services.Refused as refused:
        messages.error(request, str(refused))
    return redirect("complaints:register")
