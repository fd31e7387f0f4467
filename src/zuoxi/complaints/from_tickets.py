# SPDX-License-Identifier: Apache-2.0
"""A ticket that turns out to be a complaint: handed over in one step, each knows the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zuoxi.complaints.access import RECORD, VIEW
from zuoxi.complaints.choices import OPEN_STATES, Severity, Source
from zuoxi.complaints.handbook import kinds_of
from zuoxi.complaints.models import Complaint
from zuoxi.complaints.opening import Refused, open_complaint
from zuoxi.complaints.visibility import visible_complaints
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import beside
from zuoxi.tickets import selectors as tickets
from zuoxi.tickets import services as ticket_verbs
from zuoxi.tickets.models import State, Ticket


@enforces("CMP-009", "CMP-010")
@transaction.atomic
def take_over(ticket: Ticket, kind: str, *, by: Staff, now: datetime) -> Complaint:
    """Make a complaint of the ticket, in the customer's words as the ticket has them; the ticket goes on by itself.

    Raises Refused where an open complaint about it, or a ticket that was merged into it, stands already, so that two
    clicks make one; for a ticket that was merged itself; and for tickets of people in need and reports of wrongdoing,
    because more people see complaints than such tickets.
    """
    if ticket.kind in tickets.sensitive_kinds():
        raise Refused(_("Only few people may see such tickets, many see complaints: settle it in the ticket."))
    made: list[Complaint] = []

    def take(held: Ticket) -> str:
        if held.state == State.MERGED:
            raise Refused(_("The ticket goes on in another one: hand that one on."))
        standing = Complaint.objects.filter(ticket__in=tickets.numbers_of(held), state__in=OPEN_STATES).first()
        if standing is not None:
            raise Refused(_("%(number)s about this ticket is open already.") % {"number": standing.number})
        made.append(
            open_complaint(
                source=Source.TICKET,
                customer=held.customer,
                words=tickets.matter_of(held),
                by=by,
                now=now,
                kind=kind,
                call=held.call,
                ticket=held.number,
                order=held.order,
            )
        )
        return made[0].number

    ticket_verbs.hand_on(ticket, take, by=by, now=now)
    return made[0]


def _beside(user: Any, ticket: Ticket) -> tuple[list[beside.Thing], beside.Offer | None]:
    """The ticket's complaints; who may not see one still learns that it is there, because he talks to the customer."""
    if not user.may(VIEW.code):
        return [], None
    about = Complaint.objects.filter(ticket__in=tickets.numbers_of(ticket))
    rows = list(about.order_by("-received_at", "-pk")[:10])
    seen = set(visible_complaints(user).filter(pk__in=[one.pk for one in rows]).values_list("pk", flat=True))
    kinds = kinds_of(site_handbook())
    things = [
        beside.Thing(
            f"{pgettext('history', 'Complaint')} {one.number}",
            f"{kinds[one.kind].label if one.kind in kinds else one.kind} · {one.get_state_display()}",
            reverse("complaints:complaint", args=[one.number]) if one.pk in seen else "",
            "complaint",
            "bad" if one.severity == Severity.GRAVE else "warn" if one.open else "plain",
        )
        for one in rows
    ]
    settled_there = ticket.state == State.MERGED or ticket.kind in tickets.sensitive_kinds()
    if settled_there or any(one.open for one in rows) or not user.may(RECORD.code):
        return things, None
    return things, beside.Offer(
        gettext_lazy("Hand to complaints"),
        reverse("complaints:from_ticket", args=[ticket.number]),
        "complaint",
        gettext_lazy("Complained of"),
        tuple((key, str(body.label)) for key, body in kinds.items()),
    )


beside.provide(_beside)
