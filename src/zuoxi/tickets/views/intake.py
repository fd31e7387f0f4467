# SPDX-License-Identifier: Apache-2.0
"""Writing a new ticket on the pack's form, and correcting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.customers import selectors as customers
from zuoxi.customers.models import Customer
from zuoxi.customers.visibility import visible_customers
from zuoxi.policy.marks import shows
from zuoxi.telephony.selectors import number_behind
from zuoxi.tickets import services
from zuoxi.tickets.at_once import may_settle
from zuoxi.tickets.drawing import Drawn, drawn_fields, given_answers
from zuoxi.tickets.handbook import TicketTypeBody
from zuoxi.tickets.kinds import ADDRESS_PARTS, body_of, kind_label, kind_named, kinds, topics
from zuoxi.tickets.models import Priority, Source
from zuoxi.tickets.refusing import BadForm, Refused
from zuoxi.tickets.views.asking import me, seen
from zuoxi.tickets.visibility import in_hand
from zuoxi.vault import masking
from zuoxi.web.access import may

_TYPED = (Source.CALL, Source.WALK_IN, Source.INSPECTION, Source.LETTER, Source.VISIT, Source.SUPERIOR, Source.ONLINE)


@shows("CUS-011", "CUS-012")
@may("tickets.open")
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind of ticket; a pack with one kind goes straight to its form."""
    known = kinds()
    query = request.GET.urlencode()
    context = {"kinds": list(known.items()), "query": f"?{query}" if query else ""}
    return render(request, "tickets/new.html", context)


def _customer(user: Any, given: QueryDict) -> Customer | None:
    """The customer that the form is about: by the id of one that the person sees, or by the number that calls."""
    pk = given.get("customer", "")
    found = visible_customers(user).filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 12 else None
    number = given.get("number", "")
    return found or (customers.found_by(number) if number else None)


def _page(
    request: HttpRequest, kind: str, body: TicketTypeBody, fields: list[Drawn], problems: dict[str, str]
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    walk_in = given.get("call", "") == "" and given.get("number", "") == ""
    context = {
        "kind": kind,
        "body": body,
        "fields": fields,
        "topics": list(topics(body)),
        "sources": [(value, label) for value, label in Source.choices if value in _TYPED],
        "source": given.get("source") or (Source.WALK_IN if walk_in and body.papers else Source.CALL),
        "priorities": Priority.choices,
        "may_settle": may_settle(body),
        "given": given,
        "customer": _shown(request.user, given),
        "problems": problems,
        "refusal": problems.get("", ""),
        "caller": masking.phone(number_behind(request.user, given.get("call", ""))),
    }
    return render(request, "tickets/form.html", context, status=422 if problems else 200)


@shows("CUS-004", "CUS-005", "CUS-006", "CUS-010", "CUS-011", "CUS-012", "CUS-015", "CUS-017", "CUS-018", "CUS-019")
@may("tickets.open")
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a kind, filled with what the call knows; what was typed stays when something is missing."""
    body = kind_named(kind)
    if body is None:
        raise Http404
    if request.method != "POST":
        return _page(request, kind, body, drawn_fields(body, _known(request, body), {}), {})
    given = request.POST
    typed = given_answers(body, given)
    answers = _caller_where_left_out(request, body, typed)
    priority = given.get("priority", "")
    told = given.get("told", "").strip()
    said: dict[str, Any] = {
        "customer": _customer(request.user, given),
        "fields": answers,
        "source": given.get("source", Source.CALL),
        "by": me(request),
        "now": timezone.now(),
        "call": given.get("call", ""),
        "order": given.get("order", ""),
        "contact": given.get("number", ""),
        "topic": given.get("topic", ""),
        "priority": int(priority) if priority.isdecimal() else None,
        "read_back": tuple(given.getlist("read_back")),
        "same_day": given.get("same_day") == "on",
    }
    try:
        made = services.settle_at_once(kind, told=told, **said) if told else services.open_ticket(kind, **said)
    except BadForm as bad:
        return _page(request, kind, body, drawn_fields(body, typed, bad.problems, given), bad.problems)
    except Refused as refusal:
        problems = {"": str(refusal)}
        return _page(request, kind, body, drawn_fields(body, typed, {}, given), problems)
    done = _("%(number)s is written, answered and closed.") if told else _("%(number)s is written.")
    messages.success(request, done % {"number": made.number})
    return redirect("tickets:ticket", made.number)


def _caller_where_left_out(request: HttpRequest, body: TicketTypeBody, typed: dict[str, Any]) -> dict[str, Any]:
    """The answers with the number that calls where the telephone was left empty: the agent sees it masked and cannot
    type it; what was typed stays as it is, for the page to show again."""
    first = next((one.key for one in body.fields if one.kind == "phone"), "")
    if first and not str(typed.get(first) or "").strip():
        return {**typed, first: number_behind(request.user, request.POST.get("call", ""))}
    return typed


def _known(request: HttpRequest, body: TicketTypeBody) -> dict[str, Any]:
    """What the form may begin with: the caller's name, number and, where one is on file, address."""
    customer = _shown(request.user, request.GET)
    found: dict[str, Any] = {}
    for one in body.fields:
        if one.kind == "phone" and request.GET.get("number"):
            found[one.key] = request.GET["number"]
        elif one.kind == "name" and customer is not None and customer.name:
            found[one.key] = customer.name
        elif one.kind == "address" and customer is not None:
            found[one.key] = _address(customer)
        elif one.key in request.GET:
            found[one.key] = request.GET[one.key]
    return found


def _shown(user: Any, given: QueryDict) -> Customer | None:
    """The customer that the form is about, if the person sees him: a number alone tells nobody whose it is."""
    found = _customer(user, given)
    return found if found is not None and visible_customers(user).filter(pk=found.pk).exists() else None


def _address(customer: Customer) -> dict[str, str]:
    """The address on file of a customer, in the parts of a form, to be read back."""
    kept = next(iter(customers.addresses_of([customer.pk])), None)
    return {part: str(getattr(kept, part, "") or "") for part in ADDRESS_PARTS} if kept else {}


@shows("CUS-015", "CUS-017")
@may("tickets.handle")
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Correct the answers of a ticket."""
    ticket = seen(request, number)
    if not (in_hand(request.user, ticket) or request.user.may("tickets.dispatch")):  # type: ignore[union-attr]
        messages.error(request, _("This ticket is in somebody else's hands. Ask whoever dispatches to give it to you."))
        return redirect("tickets:ticket", number)
    body = body_of(ticket)
    problems: dict[str, str] = {}
    answers: dict[str, Any] = ticket.fields
    if request.method == "POST":
        answers = given_answers(body, request.POST)
        try:
            services.change_fields(ticket, answers, by=me(request), now=timezone.now())
        except BadForm as bad:
            problems = bad.problems
        except Refused as refusal:
            problems = {"": str(refusal)}
        else:
            messages.success(request, _("Kept; the history says what changed."))
            return redirect("tickets:ticket", ticket.number)
    context = {
        "ticket": ticket,
        "kind": kind_label(ticket.kind, ticket.form.body),
        "fields": drawn_fields(body, answers, problems),
        "problems": problems,
        "refusal": problems.get("", ""),
    }
    return render(request, "tickets/edit.html", context, status=422 if problems else 200)
