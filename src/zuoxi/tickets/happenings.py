# SPDX-License-Identifier: Apache-2.0
"""Tickets of the kinds that rest on a clause."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.policy.happenings import Happened, counted, days, happening
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets.handbook import TICKET_TYPES
from zuoxi.tickets.models import Ticket


@happening(_("Tickets taken in"))
def received(clause: str, first: date, last: date) -> Happened | None:
    kinds = [key for key, body in site_handbook().entries(TICKET_TYPES).items() if clause in body.clauses]
    if not kinds:
        return None
    rows = Ticket.objects.filter(kind__in=kinds, received_at__range=days(first, last))
    return counted(rows, "first_handler_id", url=reverse("tickets:tickets"), capability="tickets.view")
