# SPDX-License-Identifier: Apache-2.0
"""Tickets that belong together: parts, splits, duplicates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import indexing, intake, running, trail
from zuoxi.tickets.handbook import FieldBody
from zuoxi.tickets.kinds import body_of
from zuoxi.tickets.models import (
    Department,
    Ticket,
    TicketLink,
)
from zuoxi.tickets.numbers import next_number
from zuoxi.tickets.refusing import Refused


@enforces("CUS-009", "CUS-026")
@transaction.atomic
def add_subtask(
    ticket: Ticket,
    *,
    title: str,
    department: Department | None = None,
    staff: Staff | None = None,
    by: Staff,
    now: datetime,
) -> Ticket:
    """Open a part of the ticket for somebody else; the whole is done when every part is. Nobody answers the customer
    about a part alone."""
    here = trail.locked(ticket, "subtask")
    if here.parent_id is not None:
        raise Refused(_("A part has no parts of its own."))
    part = _like(here, here.fields, trail.said(title, _("what the part is about")), by, now)
    part.parent, part.needs_answer, part.needs_check = here, False, False
    part.save()
    running.start(part, body_of(here), site_handbook(), now)
    trail.moved(part, "open", by, now, source=here.source, parent=here.number)
    if department is not None or staff is not None:
        intake.give(part, department, staff, by=by, now=now)
    trail.moved(here, "subtask", by, now, note=part.title, number=part.number)
    indexing.index(part)
    return part


def _like(ticket: Ticket, fields: Mapping[str, Any], title: str, by: Staff, now: datetime) -> Ticket:
    """A fresh ticket of the same customer and kind, not saved."""
    day = now.astimezone(site_handbook().zone).date()
    return Ticket(
        number=next_number(day),
        kind=ticket.kind,
        form=ticket.form,
        topic=ticket.topic,
        title=title[:160],
        fields=dict(fields),
        read_back=dict(ticket.read_back),
        customer=ticket.customer,
        contact=ticket.contact,
        area=ticket.area,
        source=ticket.source,
        call=ticket.call,
        order=ticket.order,
        priority=ticket.priority,
        needs_check=ticket.needs_check,
        needs_answer=ticket.needs_answer,
        first_handler=ticket.first_handler,
        received_at=now,
    )


@enforces("CUS-009", "CUS-026")
def open_parts(ticket: Ticket, by: Staff, now: datetime) -> list[Ticket]:
    """One part for every answer of the field that the kind names (several needs of one person, 联办)."""
    field: FieldBody | None = body_of(ticket).field(body_of(ticket).parts_from)
    if field is None:
        return []
    chosen = ticket.fields.get(field.key, [])
    if not isinstance(chosen, list) or len(chosen) < 2:
        return []
    labels = {one.key: str(one.label) for one in field.choices}
    return [
        add_subtask(
            ticket, title=f"{labels.get(key, key)}：{ticket.title}"[:160], department=ticket.department, by=by, now=now
        )
        for key in chosen
    ]


@transaction.atomic
def split(ticket: Ticket, *, title: str, by: Staff, now: datetime) -> Ticket:
    """A second matter out of the same contact gets a ticket of its own, with its own clocks; it keeps the customer, the
    call and the first handler, and names where it came from."""
    here = trail.locked(ticket, "split")
    other = _like(here, here.fields, trail.said(title, _("what the new ticket is about")), by, now)
    other.received_at = here.received_at
    other.save()
    running.start(other, body_of(here), site_handbook(), now)
    TicketLink.objects.create(ticket=other, other=here, kind=TicketLink.Kind.SPLIT, at=now, by=by)
    trail.moved(other, "open", by, now, source=here.source, split_from=here.number)
    trail.moved(here, "split", by, now, note=other.title, number=other.number)
    intake.dispatch(other, body_of(other), by, now, site_handbook())
    indexing.index(other)
    return other


@transaction.atomic
def hand_on(ticket: Ticket, take: Callable[[Ticket], str], *, by: Staff, now: datetime) -> str:
    """Let a package above take the matter on while the ticket is held, so that two clicks make one: `take` gives the
    number that it has there, and that stands in the history. The ticket itself goes on as it is."""
    here = Ticket.objects.select_for_update(of=("self",)).select_related("customer").get(pk=ticket.pk)
    number = take(here)
    trail.happened(here, "handed_on", by, now, number=number)
    return number


@transaction.atomic
def link(ticket: Ticket, other: Ticket, kind: str, *, by: Staff, now: datetime) -> TicketLink:
    """Say that two tickets say the same or belong together; saying it twice changes nothing."""
    if ticket.pk == other.pk:
        raise Refused(_("A ticket cannot be linked with itself."))
    if kind not in (TicketLink.Kind.DUPLICATE, TicketLink.Kind.RELATED):
        raise Refused(_("There is no such link."))
    found, made = TicketLink.objects.get_or_create(
        ticket=ticket, other=other, kind=kind, defaults={"at": now, "by": by}
    )
    if made:
        trail.happened(ticket, "link", by, now, number=other.number, kind=kind)
    return found
