# SPDX-License-Identifier: Apache-2.0
"""The do-not-call list, and the changes that belong to no business."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.customers import services
from zuoxi.customers.forms import BarForm
from zuoxi.customers.labels import LABELS
from zuoxi.customers.models import DoNotCall, FieldChange
from zuoxi.customers.numbers import canonical
from zuoxi.customers.visibility import visible_customers
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.vault import masking
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


def _staff(request: HttpRequest) -> Staff | None:
    return staff_of(request.user) if isinstance(request.user, User) else None


@may("customers.view")
def bars(request: HttpRequest) -> HttpResponse:
    """Numbers that are not called; whoever may not browse finds one by the whole number."""
    return _bars(request, BarForm())


def _bars(request: HttpRequest, form: BarForm, status: int = 200) -> HttpResponse:
    user: Any = request.user
    rows = DoNotCall.objects.select_related("by", "lifted_by")
    if request.GET.get("state") != "all":
        rows = rows.filter(lifted_at=None)
    words = request.GET.get("q", "").strip()
    if words:
        rows = rows.filter(number=canonical(words))
    elif not user.may("customers.browse"):
        rows = rows.none()
    page = page_of(request, rows, {"made": "made_at", "until": "until"}, "-made")
    lines = [(one, masking.phone(one.number)) for one in page.rows]
    context = {"page": page, "lines": lines, "form": form, "words": words, "now": timezone.now()}
    return render(request, "customers/bars.html", context, status=status)


@require_POST
@may("customers.edit")
def bar(request: HttpRequest) -> HttpResponse:
    """Put a number on the list."""
    form = BarForm(request.POST)
    if not form.is_valid():
        return _bars(request, form, 422)
    said = form.cleaned_data
    try:
        services.bar_number(
            said["number"],
            scope=said["scope"],
            reason=said["reason"],
            source=said["source"],
            by=_staff(request),
            now=timezone.now(),
            until=form.end(),
        )
    except services.Refused as refusal:
        form.add_error(None, str(refusal))
        return _bars(request, form, 422)
    messages.success(request, _("The number is on the list from now on."))
    back = request.POST.get("back", "")
    return redirect("customers:customer", int(back)) if back.isdecimal() else redirect("customers:bars")


@require_POST
@may("customers.lift")
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    staff = _staff(request)
    try:
        if staff is not None:
            services.lift_bar(pk, why=request.POST.get("why", ""), by=staff, now=timezone.now())
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The number may be called again."))
    return redirect("customers:bars")


@shows("CUS-002", "CUS-015")
@may("customers.audit")
def changes(request: HttpRequest) -> HttpResponse:
    """Changes of customers, those without a business first: a manager looks at each (CUS-002)."""
    rows = FieldChange.objects.select_related("customer", "by", "seen_by")
    rows = rows.filter(customer__in=visible_customers(request.user))
    which = request.GET.get("which", "open")
    if which == "open":
        rows = rows.filter(reference_kind="", seen_at=None)
    elif which == "seen":
        rows = rows.filter(reference_kind="", seen_at__isnull=False)
    if request.GET.get("by"):
        rows = rows.filter(by__code=request.GET["by"][:32])
    page = page_of(request, rows, {"at": "at"}, "-at")
    lines = [(one, LABELS.get(one.field, one.field)) for one in page.rows]
    context = {"page": page, "lines": lines, "which": which, "by": request.GET.get("by", "")}
    return render(request, "customers/changes.html", context)


@require_POST
@may("customers.audit")
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    staff = _staff(request)
    visible = FieldChange.objects.filter(pk=pk, customer__in=visible_customers(request.user))
    if staff is not None and visible.exists():
        done = services.look_at_change(pk, verdict=request.POST.get("verdict", ""), by=staff, now=timezone.now())
        if not done:
            messages.info(request, _("A colleague looked at it before you."))
    return redirect("customers:changes")
