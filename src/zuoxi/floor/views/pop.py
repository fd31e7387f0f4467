# SPDX-License-Identifier: Apache-2.0
"""The customer beside the call: who it is, what to mind, and what every package shows of him."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.customers import panels, timeline
from zuoxi.customers import selectors as customers
from zuoxi.customers import services as customer_services
from zuoxi.customers.visibility import visible_customers
from zuoxi.floor import desk, linking
from zuoxi.floor.views.desk import own_call, worker
from zuoxi.people.models import Staff
from zuoxi.policy.marks import shows
from zuoxi.telephony.models import Call
from zuoxi.web.access import may

LAST = 6
OPEN = 3
FOUND = 8


@never_cache
@shows("CUS-001")
@may("telephony.desk")
def pop(request: HttpRequest, pk: int) -> HttpResponse:
    """Who the caller of an own call is and what to mind with him; what packages say of him is fetched after that."""
    return _pop(request, own_call(worker(request), str(pk)))


def _pop(request: HttpRequest, call: Call, **more: Any) -> HttpResponse:
    number = desk.other_number(call)
    found = linking.customer_of(call.uid, number)
    card = customers.card_of(found, number, timezone.now()) if found else customers.stranger(number, timezone.now())
    return render(request, "floor/desk/pop.html", {"call": call, "card": card, "customer": found, **more})


def _caller(call: Call) -> customers.Person | None:
    return linking.person_of(call.uid, desk.other_number(call))


@never_cache
@shows("CUS-001")
@may("telephony.desk")
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """What every package shows of the caller: the first panels open, and then the rest, shut."""
    user: Any = request.user
    call = own_call(worker(request), str(pk))
    subject = panels.subject_of(_caller(call), desk.other_number(call), call.uid, call.queue)
    rest = "rest" in request.GET
    part = slice(OPEN, None) if rest else slice(OPEN)
    context = {"call": call, "rest": rest, "panels": panels.drawn_for(request, user, subject, panels.DESK, part)}
    return render(request, "floor/desk/beside.html", context)


@never_cache
@shows("CUS-001")
@may("telephony.desk")
def last(request: HttpRequest, pk: int) -> HttpResponse:
    """The last contacts with the caller, fetched when the rest stands."""
    call = own_call(worker(request), str(pk))
    person, number = _caller(call), desk.other_number(call)
    ids, numbers = (person.ids, person.numbers) if person else ((), ())
    lines = timeline.history(request.user, ids, numbers or (number,), limit=LAST)
    return render(request, "customers/history_lines.html", {"entries": lines})


@never_cache
@may("telephony.desk")
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Customers by part of the name or by the whole number, to say that it is one of them who calls."""
    call = own_call(worker(request), str(pk))
    words = request.GET.get("q", "").strip()[:80]
    found = customers.offered(words, FOUND, request.user) if words else []
    return render(request, "floor/desk/found.html", {"call": call, "words": words, "found": found})


@require_POST
@may("customers.edit")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """It is somebody else who calls: another of the family, or the number was mistyped."""
    staff = worker(request)
    call = own_call(staff, str(pk))
    wanted = request.POST.get("customer", "")
    seen = visible_customers(request.user)
    chosen = seen.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 19 else None
    if chosen is None:
        return _said(request, call, _("Choose a customer from the list."))
    return _linked(request, call, customers.standing(chosen.pk), staff)


@require_POST
@may("customers.edit")
def unknown(request: HttpRequest, pk: int) -> HttpResponse:
    """Who called withheld number and name: a customer to be merged when it turns out who it was."""
    staff = worker(request)
    call = own_call(staff, str(pk))
    if linking.customer_of(call.uid, desk.other_number(call)) is not None:
        return _said(request, call, _("The customer of this call is known already."))
    made = customer_services.write_down_unknown(call=call.uid, by=staff, now=timezone.now())
    return _linked(request, call, made, staff)


def _linked(request: HttpRequest, call: Call, chosen: Any, staff: Staff) -> HttpResponse:
    linking.link(call.uid, chosen, by=staff, now=timezone.now())
    return _said(request, call, "")


def _said(request: HttpRequest, call: Call, text: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        answer = _pop(request, call, said=text)
        answer["HX-Trigger"] = "zuoxi:call"
        return answer
    if text:
        messages.error(request, text)
    return redirect("floor:desk")
