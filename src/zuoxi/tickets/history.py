# SPDX-License-Identifier: Apache-2.0
"""Tickets in the history of a customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from zuoxi.customers.timeline import Entry, provide
from zuoxi.tickets.kinds import kind_label
from zuoxi.tickets.models import State
from zuoxi.tickets.visibility import visible_tickets

_TONES = {State.CLOSED: "good", State.MERGED: "plain"}


def _source(
    user: Any, customers: tuple[int, ...], numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    rows = visible_tickets(user).filter(customer_id__in=customers)
    if before is not None:
        rows = rows.filter(received_at__lt=before)
    return [
        Entry(
            one.received_at,
            "ticket",
            f"{kind_label(one.kind)} {one.number} · {one.get_state_display()}",
            one.title,
            reverse("tickets:ticket", args=[one.number]),
            "ticket",
            "bad" if one.breached else _TONES.get(State(one.state), "plain"),
        )
        for one in rows.order_by("-received_at", "-pk")[:limit]
    ]


provide("ticket", _source)
