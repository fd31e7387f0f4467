# SPDX-License-Identifier: Apache-2.0
"""The operations of the API as they were put together at start: what a scope opens, and what the reference lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Door:
    """One operation; `scope` "" is not open to programs, `right` is the capability a caller needs besides.

    `lent` are further capabilities that the operation asks for inside and the scope carries along.
    """

    method: str
    path: str
    package: str
    scope: str
    right: str
    summary: str
    lent: tuple[str, ...] = ()


PACKAGES: dict[str, str | Promise] = {
    "complaints": _("Complaints"),
    "customers": _("Customers"),
    "followups": _("Follow-ups"),
    "knowledge": _("Knowledge"),
    "orders": _("Orders"),
    "outbound": _("Outbound calls"),
    "policy": _("Handbook"),
    "quality": _("Quality"),
    "reporting": _("Figures"),
    "telephony": _("Calls and recordings"),
    "tickets": _("Tickets"),
}
VERBS: dict[str, str | Promise] = {"read": pgettext_lazy("scope", "read"), "write": pgettext_lazy("scope", "change")}
_doors: list[Door] = []


def tell(doors: Iterable[Door]) -> None:
    """Whoever puts the API together says what it consists of; an earlier list is forgotten."""
    _doors[:] = doors


def _known() -> list[Door]:
    """A command that has opened no page yet puts the addresses together first."""
    if not _doors:
        list(get_resolver().url_patterns)
    return _doors


def doors() -> list[Door]:
    """Every operation, by package and address."""
    return sorted(_known(), key=lambda one: (one.package, one.path, one.method))


def scopes() -> list[str]:
    """The scopes that open something, in alphabetical order."""
    return sorted({one.scope for one in _known() if one.scope})


def rights_of(given: Iterable[str]) -> frozenset[str]:
    """The capabilities that operations behind these scopes ask for."""
    held = set(given)
    return frozenset(right for one in _known() if one.scope in held for right in (one.right, *one.lent))


def package_label(package: str) -> str:
    return str(PACKAGES.get(package, package))


def scope_label(scope: str) -> str:
    """ "Orders: read" for orders.read, in the reader's language."""
    package, _dot, verb = scope.partition(".")
    return f"{package_label(package)} · {VERBS.get(verb, verb)}"


SUMMARIES: dict[str, str | Promise] = {
    "POST /evaluate": _("Judge facts by a rule of the handbook"),
    "GET /reporting/figures": _("Figures of a time, in groups"),
    "GET /reporting/definitions": _("Every figure with its readings"),
    "GET /telephony/calls": _("Calls of a time"),
    "GET /telephony/calls/{int:pk}": _("One call with its waits and parts"),
    "GET /telephony/recordings": _("Recordings of a time"),
    "GET /telephony/recordings/{int:pk}": _("One recording"),
    "GET /telephony/states": _("States of agents"),
    "GET /orders/orders": _("Orders, page by page"),
    "GET /orders/orders/{number}": _("One order"),
    "POST /orders/orders": _("Enter an order"),
    "POST /orders/orders/{number}/cancel": _("Cancel an order"),
    "POST /orders/orders/{number}/cases": _("Ask for a return, an exchange or a reship"),
    "GET /orders/cases": _("Returns, exchanges and reships"),
    "GET /orders/cases/{number}": _("One return, exchange or reship"),
    "POST /orders/parcels/{tracking}/news": _("Tell what a carrier says of a parcel"),
    "GET /customers/customers": _("Customers, page by page, also by number"),
    "GET /customers/customers/{int:pk}": _("One customer"),
    "POST /customers/customers": _("Enter a customer"),
    "POST /customers/customers/{int:pk}": _("Change a customer"),
    "GET /customers/may-call": _("Whether a number may be called"),
    "GET /tickets/kinds": _("Kinds of tickets and their forms"),
    "GET /tickets/tickets": _("Tickets, page by page"),
    "GET /tickets/tickets/{str:number}": _("One ticket"),
    "POST /tickets/tickets": _("Open a ticket"),
    "POST /tickets/tickets/{str:number}/notes": _("Add a note to a ticket"),
    "POST /tickets/tickets/{str:number}/urge": _("Urge a ticket"),
    "POST /tickets/tickets/{str:number}/accept": _("Accept a ticket"),
    "POST /tickets/tickets/{str:number}/finish": _("Finish the work of a ticket"),
    "POST /tickets/tickets/{str:number}/answer": _("Write down what the customer was told"),
    "POST /tickets/tickets/{str:number}/close": _("Close a ticket"),
    "GET /followups/tasks": _("Follow-ups, page by page"),
    "POST /followups/discharges": _("File a discharge"),
    "POST /followups/checkups": _("File a health check"),
}


def summary_label(door: Door) -> str:
    """What the operation is for, in the reader's language where there are words for it."""
    return str(SUMMARIES.get(f"{door.method} {door.path}", door.summary))
