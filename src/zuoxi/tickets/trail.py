# SPDX-License-Identifier: Apache-2.0
"""Taking a ticket in hand and writing down what was done: every verb begins with `locked` and ends with `moved`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from zuoxi.people.models import Staff
from zuoxi.tickets.models import State, Ticket, TicketEvent
from zuoxi.tickets.refusing import Overtaken, Refused
from zuoxi.tickets.states import VERB_LABELS, may
from zuoxi.web.measures import local_text


def locked(ticket: Ticket, verb: str) -> Ticket:
    """The ticket as it is now, held for this transaction. Raises Overtaken when it no longer allows the verb."""
    here = (
        Ticket.objects.select_for_update(of=("self",)).select_related("form", "department", "owner").get(pk=ticket.pk)
    )
    if not may(verb, here.state):
        raise Overtaken(_overtaken(here))
    return here


def _overtaken(ticket: Ticket) -> str:
    state = State(ticket.state).label
    last = ticket.events.select_related("by").order_by("-at", "-pk").first()
    if last is None:
        return _("The ticket stands at “%(state)s”; that cannot be done now.") % {"state": state}
    return _("The ticket stands at “%(state)s” now: %(who)s, %(at)s, %(what)s. Nothing was changed.") % {
        "state": state,
        "who": last.by.name if last.by else _("the program"),
        "at": local_text(last.at),
        "what": VERB_LABELS.get(last.verb, last.verb),
    }


def said(text: str, what: str) -> str:
    """The text without surrounding space. Raises Refused where there is none; `what` names it."""
    kept = text.strip()
    if len(kept) < 2:
        raise Refused(_("Write down %(what)s.") % {"what": what})
    return kept


def happened(
    ticket: Ticket, verb: str, by: Staff | None, now: datetime, *, note: str = "", was: str = "", **detail: Any
) -> TicketEvent:
    """Write one line of the history."""
    return TicketEvent.objects.create(
        ticket=ticket,
        at=now,
        by=by,
        verb=verb,
        from_state=was or ticket.state,
        to_state=ticket.state,
        note=note,
        detail=detail,
    )


def moved(
    ticket: Ticket, verb: str, by: Staff | None, now: datetime, *, to: str = "", note: str = "", **detail: Any
) -> Ticket:
    """Save the ticket in its new state and write the line of the history."""
    was, ticket.state = ticket.state, to or ticket.state
    ticket.save()
    happened(ticket, verb, by, now, note=note, was=was, **detail)
    return ticket
