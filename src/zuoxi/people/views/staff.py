# SPDX-License-Identifier: Apache-2.0
"""The staff list, one person's page, and what is done there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.people import services
from zuoxi.people.access import CHANGE, REVEAL, SIGN_INS
from zuoxi.people.forms import LeavingForm, PurposeForm, StaffFilterForm, TransferForm
from zuoxi.people.models import Staff
from zuoxi.people.selectors import Matter, may_manage, scope_of, superior_of
from zuoxi.people.staff_list import SORTS, StaffFilter, posts_now, staff_rows
from zuoxi.policy.marks import shows
from zuoxi.vault import masking
from zuoxi.vault import selectors as audit
from zuoxi.vault import services as vault
from zuoxi.web.access import may, signed_in
from zuoxi.web.listing import page_of


def _in_reach(request: HttpRequest, code: str) -> Staff:
    """The person, or 404 as for somebody who does not exist."""
    today = timezone.localdate()
    rows = scope_of(request.user, today, Matter.STAFF).staff().prefetch_related(posts_now(today))
    staff = rows.select_related("user").filter(code=code).first()
    if staff is None:
        raise Http404(code)
    return staff


def _managed(request: HttpRequest, code: str) -> Staff:
    """The person, when the user stands above him; else 403."""
    staff = _in_reach(request, code)
    if not may_manage(request.user, staff, timezone.localdate()):
        raise PermissionDenied(code)
    return staff


@shows("ORG-001", "ORG-021")
@may("people.staff")
def staff_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = StaffFilterForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    asked = StaffFilter(
        given.get("q", ""),
        given.get("status", ""),
        *(getattr(given.get(name), "code", "") for name in ("position", "team", "project")),
    )
    rows = staff_rows(scope_of(request.user, today, Matter.STAFF), asked, today)
    page = page_of(request, rows, SORTS, "code", count=True)
    return render(request, "people/staff_list.html", {"form": form, "page": page})


@shows("ORG-001", "ORG-015", "ORG-023")
@signed_in
def person(request: HttpRequest, code: str) -> HttpResponse:
    return _person_page(request, _in_reach(request, code))


def _person_page(request: HttpRequest, staff: Staff, status: int = 200, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    history = staff.assignments.select_related("position", "team", "project").order_by("-from_on", "-pk")
    manages = may_manage(request.user, staff, today)
    context = {
        "staff": staff,
        "history": history,
        "superior": superior_of(staff, today),
        "masked": masking.phone(staff.mobile),
        "may_reveal": staff.mobile and _holds(request, REVEAL.code),
        "may_change": manages and _holds(request, CHANGE.code),
        "may_sign_in": manages and _holds(request, SIGN_INS.code) and staff.employed,
        "trail": audit.trail_of("staff", staff.code) if _holds(request, CHANGE.code) else [],
        "purpose_form": PurposeForm(),
        "leaving_form": LeavingForm(),
        "transfer_form": TransferForm(initial={"effective_on": today, "signed_on": today}),
    }
    return render(request, "people/person.html", context | more, status=status)


def _holds(request: HttpRequest, capability: str) -> bool:
    return bool(getattr(request.user, "may", lambda _code: False)(capability))


@never_cache
@require_POST
@may("people.staff.reveal")
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """The telephone number, after saying what for; written down first."""
    staff = _in_reach(request, code)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return _person_page(request, staff, 400, purpose_form=form)
    vault.record_request(
        request, "people.mobile.revealed", on=("staff", staff.code), purpose=form.cleaned_data["purpose"]
    )
    return _person_page(request, staff, revealed=staff.mobile)


@never_cache
@require_POST
@may("people.sign_ins")
def hand_out_password(request: HttpRequest, code: str) -> HttpResponse:
    """Shown once, on this answer only."""
    staff = _managed(request, code)
    if not staff.employed:
        raise PermissionDenied(code)
    password = services.reset_password(staff, request.user.get_username())
    return _person_page(request, _in_reach(request, code), handed_out=password)


@require_POST
@may("people.sign_ins")
def end_sessions(request: HttpRequest, code: str) -> HttpResponse:
    staff = _managed(request, code)
    ended = services.end_sessions_of(staff, by=request.user.get_username())
    messages.success(request, _("Sessions ended: %(n)d") % {"n": ended})
    return redirect(reverse("people:person", args=[code]))


@require_POST
@may("people.staff.change")
def leave(request: HttpRequest, code: str) -> HttpResponse:
    staff = _managed(request, code)
    form = LeavingForm(request.POST)
    if not form.is_valid():
        return _person_page(request, staff, 400, leaving_form=form)
    services.leave_company(staff, form.cleaned_data["on"], request.user.get_username())
    messages.success(request, _("%(name)s has been signed off.") % {"name": staff.name})
    return redirect(reverse("people:person", args=[code]))


@shows("ORG-023", "ORG-024")
@require_POST
@may("people.staff.change")
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    staff = _managed(request, code)
    form = TransferForm(request.POST)
    if not form.is_valid():
        return _person_page(request, staff, 400, transfer_form=form)
    given = form.cleaned_data
    places = [services.Placement(given["position"], team, given["project"]) for team in given["teams"] or [None]]
    try:
        services.transfer(
            staff,
            places,
            given["effective_on"],
            signed_on=given["signed_on"],
            by=request.user.get_username(),
        )
    except services.Refused as refused:
        return _person_page(request, staff, 409, transfer_form=form, breach=refused.breach)
    return redirect(reverse("people:person", args=[code]))
