# SPDX-License-Identifier: Apache-2.0
"""Questions about tickets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import QuerySet

from zuoxi.tickets.counting import HOTLINE, repair_kind
from zuoxi.tickets.kinds import body_of, kind_label, kinds, lines_of, sensitive_kinds
from zuoxi.tickets.lists import answered
from zuoxi.tickets.models import OPEN_STATES, Department, Source, State, Ticket, TicketLink

REPAIR = "repair"
__all__ = [
    "all_tickets",
    "body_of",
    "departments",
    "hotline_repairs",
    "kind_label",
    "kinds",
    "lines_of",
    "matter_of",
    "numbers_of",
    "open_count",
    "sensitive_kinds",
    "ticket",
    "ticket_by_id",
    "tickets_between",
    "tickets_of",
]


def ticket(number: str) -> Ticket | None:
    """The ticket with that number, whoever asks; None where there is none."""
    return (
        Ticket.objects.select_related("customer", "first_handler", "owner", "department").filter(number=number).first()
    )


def ticket_by_id(pk: int) -> Ticket | None:
    return Ticket.objects.filter(pk=pk).first()


def matter_of(ticket: Ticket) -> str:
    """What the customer brought, in words: the title and the long answers of the form, without masked ones."""
    body = body_of(ticket)
    long = [one.key for one in body.fields if one.kind == "long" and not one.mask and ticket.fields.get(one.key)]
    return "\n".join(dict.fromkeys([ticket.title, *(str(ticket.fields[key]) for key in long)])) or ticket.number


def numbers_of(ticket: Ticket) -> list[str]:
    """The ticket's number, and those of the tickets that were merged into it."""
    merged = TicketLink.objects.filter(other=ticket, kind=TicketLink.Kind.MERGED)
    return [ticket.number, *merged.order_by("pk").values_list("ticket__number", flat=True)]


def tickets_of(customer_ids: Iterable[int], limit: int = 20, *, open_only: bool = False) -> list[Ticket]:
    """The newest tickets of a person, by all the records that are he (`customers.selectors.identities_of`)."""
    rows = Ticket.objects.filter(customer_id__in=list(customer_ids))
    if open_only:
        rows = rows.filter(state__in=OPEN_STATES)
    return list(rows.select_related("owner", "department").order_by("-received_at", "-pk")[:limit])


def open_count(customer_ids: Iterable[int]) -> int:
    return Ticket.objects.filter(customer_id__in=list(customer_ids), state__in=OPEN_STATES).count()


def all_tickets() -> QuerySet[Ticket]:
    """Every ticket, for figures that narrow by themselves."""
    return Ticket.objects.all()


def tickets_between(first: datetime, last: datetime, kinds_asked: Collection[str] = ()) -> QuerySet[Ticket]:
    """Received from `first` to before `last`."""
    rows = Ticket.objects.filter(received_at__gte=first, received_at__lt=last)
    return rows.filter(kind__in=list(kinds_asked)) if kinds_asked else rows


def hotline_repairs(first: datetime, last: datetime) -> tuple[str, QuerySet[Ticket]] | None:
    """The repairs reported on the hotline from `first` to before `last`, by the answer to where it comes from, else by
    the call; before them what the list of tickets is asked for the same rows. None for a pack without repairs."""
    found = repair_kind()
    key, source = (found[0], found[1].statistics.get("source", "")) if found else (REPAIR, "")
    if found is None and REPAIR not in kinds():
        return None
    rows = tickets_between(first, last, [key]).filter(parent=None).exclude(state=State.MERGED)
    query = {"list": "all", "counted": "whole", "kind": key}
    if source:
        return urlencode(query | {f"f-{source}": HOTLINE}), answered(rows, source, HOTLINE)
    return urlencode(query | {"source": Source.CALL}), rows.filter(source=Source.CALL)


def departments() -> list[Department]:
    """Departments that still receive tickets."""
    return list(Department.objects.filter(closed_on__isnull=True))
