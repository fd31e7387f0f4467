# SPDX-License-Identifier: Apache-2.0
"""What of a ticket can be found by its words: title, answers, result and notes, with numbers and addresses left out."""

from __future__ import annotations

from zuoxi.search import services as search
from zuoxi.tickets.kinds import body_of, shown
from zuoxi.tickets.models import Ticket

KIND = "ticket"


def text_of(ticket: Ticket) -> str:
    """The words to be searched; masked answers are not among them."""
    body = body_of(ticket)
    answers = [shown(one, ticket.fields[one.key]) for one in body.fields if one.key in ticket.fields and not one.mask]
    notes = list(ticket.notes.order_by("-pk").values_list("text", flat=True)[:20])
    return "\n".join(part for part in (*answers, ticket.area, ticket.result, *notes) if part)


def index(ticket: Ticket) -> None:
    """Write the ticket into the full text, in the caller's transaction."""
    search.index(KIND, ticket.pk, f"{ticket.number} {ticket.title}", text_of(ticket), at=ticket.received_at)
