# SPDX-License-Identifier: Apache-2.0
"""Writing a complaint or a praise down, from the desk with the call and the customer at hand, or from a letter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.complaints import services
from zuoxi.complaints.access import RECORD
from zuoxi.complaints.forms import RecordForm
from zuoxi.complaints.lists import open_of
from zuoxi.complaints.models import Complaint, Praise
from zuoxi.complaints.views.who import me_of, user_of
from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import found_by, identities_of
from zuoxi.customers.visibility import visible_customers
from zuoxi.policy.marks import shows
from zuoxi.tickets.visibility import visible_tickets
from zuoxi.web.access import may
from zuoxi.web.listed import listed

_GIVEN = ("call", "ticket", "order", "number", "source", "kind", "what")


def _asked(request: HttpRequest) -> Customer | None:
    pk = request.GET.get("customer", "")
    if pk.isdecimal() and len(pk) < 16:
        return visible_customers(request.user).filter(pk=int(pk)).first()
    number = request.GET.get("number", "")
    return found_by(number) if number else None


@shows("CMP-007", "CMP-012", "CMP-010")
@may(RECORD.code)
def new(request: HttpRequest) -> HttpResponse:
    """The form; what the address gives (customer, number, call, ticket, order) stands in it already."""
    if request.method == "POST":
        return _keep(request)
    known = _asked(request)
    given = {name: request.GET[name] for name in _GIVEN if request.GET.get(name)}
    form = RecordForm(user=request.user, initial=given | ({"customer": known.pk} if known else {}))
    return _page(request, form, known)


def _page(request: HttpRequest, form: RecordForm, known: Customer | None, status: int = 200) -> HttpResponse:
    """The name of a customer that somebody else serves is not told, even where his number was typed."""
    shown = known if known and visible_customers(request.user).filter(pk=known.pk).exists() else None
    standing = open_of(user_of(request), identities_of(shown.pk)) if shown else []
    context = {"form": form, "customer": shown, "standing": standing}
    return render(request, "complaints/new.html", context, status=status)


def _keep(request: HttpRequest) -> HttpResponse:
    form = RecordForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, form, form.cleaned_data.get("who"), 422)
    try:
        complaint, praise = services.record_both(form.cleaned_data, by=me_of(request), now=timezone.now())
    except services.Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, form.cleaned_data.get("who"), 422)
    _tell(request, complaint, praise)
    return redirect("complaints:complaint", complaint.number) if complaint else redirect("complaints:praises")


@shows("CMP-009", "CMP-010")
@require_POST
@may(RECORD.code)
def from_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """Make a complaint of a ticket that the person sees, and open it."""
    ticket = get_object_or_404(visible_tickets(request.user), number=number)
    try:
        made = services.take_over(ticket, request.POST.get("kind", "other"), by=me_of(request), now=timezone.now())
    except services.Refused as refused:
        messages.error(request, str(refused))
        return redirect("tickets:ticket", ticket.number)
    _tell(request, made, None)
    return redirect("complaints:complaint", made.number)


def _tell(request: HttpRequest, complaint: Complaint | None, praise: Praise | None) -> None:
    said: list[Any] = [one.number for one in (complaint, praise) if one]
    messages.success(request, _("Written down: %(numbers)s") % {"numbers": listed(said)})
    if complaint is not None and complaint.severity == "grave":
        messages.warning(request, _("It is grave: those above have been told, and a plan is needed."))
