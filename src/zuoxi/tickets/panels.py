# SPDX-License-Identifier: Apache-2.0
"""Beside the call: what this customer has open, and a new ticket in two clicks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.customers.panels import Panel, Subject, register
from zuoxi.customers.selectors import identities_of
from zuoxi.tickets.kinds import kinds
from zuoxi.tickets.lists import standing
from zuoxi.tickets.models import OPEN_STATES
from zuoxi.tickets.visibility import visible_tickets

SHOWN = 5


def _context(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    """Open tickets first, then the newest closed ones; for an unknown caller those with his number."""
    rows = visible_tickets(request.user)
    if subject.customer is not None:
        rows = rows.filter(customer_id__in=identities_of(subject.customer.pk))
    else:
        rows = rows.filter(contact=subject.number) if subject.number else rows.none()
    now = timezone.now()
    newest = list(rows.order_by("-received_at", "-pk")[: 3 * SHOWN])
    ordered = sorted(newest, key=lambda one: one.state not in OPEN_STATES)[:SHOWN]
    given = {
        "customer": str(subject.customer.pk) if subject.customer else "",
        "number": "" if subject.customer else subject.number,  # whole numbers stand on no page
        "call": subject.call,
        "topic": subject.topic,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    offered = kinds() if request.user.may("tickets.open") else {}  # type: ignore[union-attr]
    new = [(f"{reverse('tickets:new_of', args=[key])}?{query}", body.label, body.icon) for key, body in offered.items()]
    return {
        "rows": [(one, standing(one, now)) for one in ordered],
        "open_count": sum(one.state in OPEN_STATES for one in newest),
        "new": new,
    }


register(Panel("tickets", _("Tickets"), "tickets/panel.html", _context, "tickets.view", 30))
