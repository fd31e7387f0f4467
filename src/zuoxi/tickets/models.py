# SPDX-License-Identifier: Apache-2.0
"""Matters that somebody has to settle for a customer, who has them in hand, and everything that happened to them."""

from __future__ import annotations

from zuoxi.tickets.department_models import Cover, Department, Membership
from zuoxi.tickets.register_models import CannedReply, MailEntry, TicketView
from zuoxi.tickets.ticket_models import (
    OPEN_STATES,
    FormVersion,
    Priority,
    Source,
    State,
    Ticket,
    TicketDay,
)
from zuoxi.tickets.trail_models import (
    Answer,
    Assignment,
    Attachment,
    Extension,
    Hold,
    Note,
    PapersNotice,
    TicketClock,
    TicketEvent,
    TicketLink,
    Urging,
)

__all__ = [
    "OPEN_STATES",
    "Answer",
    "Assignment",
    "Attachment",
    "CannedReply",
    "Cover",
    "Department",
    "Extension",
    "FormVersion",
    "Hold",
    "MailEntry",
    "Membership",
    "Note",
    "PapersNotice",
    "Priority",
    "Source",
    "State",
    "Ticket",
    "TicketClock",
    "TicketDay",
    "TicketEvent",
    "TicketLink",
    "TicketView",
    "Urging",
]
