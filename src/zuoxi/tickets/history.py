# SPDX-License-Identifier: Apache-2.0
"""Tickets in the history of a customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from zuoxi.customers.timeline import Entry, Rows, Said, choice, provide_rows
from zuoxi.tickets.kinds import kind_label
from zuoxi.tickets.models import State, Ticket
from zuoxi.tickets.visibility import visible_tickets

_TONES = {State.CLOSED: "good", State.MERGED: "plain"}
_SAID = {name: name for name in ("kind", "number", "state", "title", "breached")}


def _rows(user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...]) -> Rows:
    return Rows(visible_tickets(user).filter(customer_id__in=customers), "received_at", _SAID, _entry)


def _entry(at: datetime, said: Said) -> Entry:
    return Entry(
        at,
        "ticket",
        f"{kind_label(said['kind'])} {said['number']} · {choice(Ticket, 'state', said['state'])}",
        said["title"],
        reverse("tickets:ticket", args=[said["number"]]),
        "ticket",
        "bad" if said["breached"] else _TONES.get(State(said["state"]), "plain"),
    )


provide_rows("ticket", _rows)
