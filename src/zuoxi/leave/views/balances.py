# SPDX-License-Identifier: Apache-2.0
"""Balances: the list for human resources, one person's year, and changes by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.approvals import selectors as approvals
from zuoxi.leave import services
from zuoxi.leave.forms import AdjustForm, YearsForm
from zuoxi.leave.kinds import kind_label, kinds_of
from zuoxi.leave.ledger import ANNUAL, balance_of, by_person
from zuoxi.leave.models import Leave, LedgerEntry, ServiceYears
from zuoxi.leave.views.who import own_record, user_of
from zuoxi.leave.visibility import visible_staff
from zuoxi.people.models import Staff
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


@shows("ATT-035", "PAY-009")
@may("leave.balances")
def balances(request: HttpRequest) -> HttpResponse:
    """Everybody's annual leave of the year: given, used, left. Unknown stays unknown."""
    user, today = user_of(request), timezone.localdate()
    words = request.GET.get("q", "").strip()
    rows = visible_staff(user, today).exclude(status="left")
    if words:
        rows = rows.filter(name__icontains=words) | rows.filter(code__startswith=words)
    page = page_of(request, rows, {"code": "code", "joined": "joined_on"}, "code")
    lines = by_person([one.pk for one in page.rows], ANNUAL, today.year)
    context = {
        "page": page,
        "lines": [(one, lines.get(one.pk)) for one in page.rows],
        "words": words,
        "year": today.year,
    }
    return render(request, "leave/balances.html", context)


@shows("ATT-035", "PAY-009", "PAY-010")
@may("leave.use")
def statement(request: HttpRequest, code: str = "") -> HttpResponse:
    """One person's year: every movement with its reason. One's own, or of people in reach for those who may."""
    return _statement(request, _person(request, code))


def _person(request: HttpRequest, code: str) -> Staff:
    own = own_record(request)
    if not code or code == own.code:
        return own
    user = user_of(request)
    rows = visible_staff(user, timezone.localdate())
    if not user.may("leave.balances"):
        rows = rows.none()
    return get_object_or_404(rows, code=code)


def _statement(request: HttpRequest, staff: Staff, status: int = 200, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else today.year
    entries = list(LedgerEntry.objects.filter(staff=staff, year=year).select_related("leave"))
    on = today if year == today.year else today.replace(year=year, month=12, day=28)
    kinds = kinds_of(site_handbook())
    balances_ = {code: balance_of(staff, code, on) for code, body in kinds.items() if body.balance}
    annual = balances_.get(ANNUAL)
    taken: dict[str, Decimal] = {}
    for leave in Leave.objects.filter(staff=staff, state="approved", first_on__year=year):
        taken[leave.kind] = taken.get(leave.kind, Decimal(0)) + leave.days
    context = {
        "staff": staff,
        "own": staff.pk == own_record(request).pk,
        "year": year,
        "years": [year - 1, year + 1],
        "balances": [(kinds[code].label, balance) for code, balance in balances_.items()],
        "why": approvals.explained(annual.why if annual else None),
        "entries": [(one, kind_label(one.kind)) for one in entries],
        "taken": [(kind_label(code), days) for code, days in taken.items()],
        "service": ServiceYears.objects.filter(staff=staff).first(),
        "adjust": forms.get("adjust") or AdjustForm(initial={"year": year}),
        "prove": forms.get("prove") or YearsForm(),
    }
    return render(request, "leave/statement.html", context | forms, status=status)


@require_POST
@may("leave.balances.change")
def adjust(request: HttpRequest, code: str) -> HttpResponse:
    """Grant or correct by hand, with a reason."""
    staff, form = _person_of(request, code), AdjustForm(request.POST)
    if not form.is_valid():
        return _statement(request, staff, 422, adjust=form)
    said = form.cleaned_data
    try:
        services.adjust(
            staff,
            said["kind"],
            said["year"],
            said["amount"],
            reason=said["reason"],
            by=user_of(request).get_username(),
            now=timezone.now(),
            may_owe=said["may_owe"],
        )
    except services.NotDone as refused:
        form.add_error("amount", f"{refused.message} {refused.remedy}")
        return _statement(request, staff, 409, adjust=form)
    messages.success(request, _("The balance has been changed."))
    return redirect("leave:statement_of", code)


@require_POST
@may("leave.balances.change")
def prove(request: HttpRequest, code: str) -> HttpResponse:
    """Write down proved years of work before joining."""
    staff, form = _person_of(request, code), YearsForm(request.POST)
    if not form.is_valid():
        return _statement(request, staff, 422, prove=form)
    services.prove_years(
        staff,
        form.cleaned_data["years"],
        note=form.cleaned_data["note"],
        by=user_of(request).get_username(),
        now=timezone.now(),
    )
    messages.success(request, _("Written down."))
    return redirect("leave:statement_of", code)


def _person_of(request: HttpRequest, code: str) -> Staff:
    return get_object_or_404(visible_staff(user_of(request), timezone.localdate()), code=code)
