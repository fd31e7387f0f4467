# SPDX-License-Identifier: Apache-2.0
"""Whom to tell about a ticket: who works on it, the heads of its department, the leaders up the line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from zuoxi.approvals.services import Sentence, notify
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words
from zuoxi.tickets.models import Membership, Ticket


def url_of(ticket: Ticket) -> str:
    try:
        return reverse("tickets:ticket", args=[ticket.number])
    except NoReverseMatch:
        return ""


def workers(ticket: Ticket) -> list[Staff]:
    """Who has it in hand: the one it was given to, or else the department's heads (or everybody in it without any)."""
    if ticket.owner is not None:
        return [ticket.covered_by or ticket.owner]
    if ticket.department_id is None:
        return [ticket.covered_by or ticket.first_handler]
    rows = list(Membership.objects.filter(department_id=ticket.department_id).select_related("staff"))
    leads = [one.staff for one in rows if one.leads]
    return leads or [one.staff for one in rows]


def leaders(ticket: Ticket, words: Iterable[str], now: datetime) -> list[Staff]:
    """The nearest holders of those role words above the first handler; one for each word."""
    day = now.astimezone(site_handbook().zone).date()
    where = people.standing_of(ticket.first_handler, day)
    known, found = role_words(), []
    for word in words:
        positions = known[word].positions if word in known else ()
        near = people.holders_near(where, positions, day)
        if near:
            closest = near[0].distance
            found += [one.staff for one in near if one.distance == closest][:3]
    return list({one.pk: one for one in found}.values())


def tell(ticket: Ticket, whom: Iterable[Staff], text: str | Promise, dedupe: str = "", but: Staff | None = None) -> int:
    """Tell people about the ticket, each once for a `dedupe`; how many were told."""
    told = 0
    for one in {staff.pk: staff for staff in whom}.values():
        if but is not None and one.pk == but.pk:
            continue
        key = f"ticket:{ticket.pk}:{dedupe}:{one.pk}" if dedupe else ""
        sentence = Sentence(text, number=ticket.number, title=ticket.title)
        told += notify(one, sentence, url_of(ticket), key) is not None
    return told
