# SPDX-License-Identifier: Apache-2.0
"""What tickets and orders tell: it makes follow-ups in the same transaction."""

from __future__ import annotations

from typing import Any

from zuoxi.customers import selectors as customers
from zuoxi.followups.making import kinds_at, make
from zuoxi.orders import moments as orders
from zuoxi.orders.facts import OrderTold
from zuoxi.tickets import moments as tickets
from zuoxi.tickets import selectors as ticket_rows
from zuoxi.tickets.facts import TicketTold


def ticket_closed(told: TicketTold) -> None:
    """Whoever had the matter is asked whether it was settled; what is known of a fee decides about a question later."""
    kinds = [(key, body) for key, body in kinds_at("ticket_closed") if not body.tickets or told.kind in body.tickets]
    if not kinds:
        return
    ticket = ticket_rows.ticket(told.number)
    customer = customers.standing(told.customer_id) if told.customer_id else None
    fields: dict[str, Any] = ticket.fields if ticket else {}
    contact = ticket.contact if ticket and customer is None else ""
    if customer is None and not contact:
        return  # nobody to call
    for key, _body in kinds:
        make(
            key,
            at=told.at,
            now=told.at,
            customer=customer,
            subject=f"ticket:{told.number}",
            ticket=told.number,
            number=contact,
            name="" if customer else str(fields.get("name", "")),
            facts={"unpaid": unpaid(fields), "trade": str(fields.get("trade", ""))},
        )


def unpaid(fields: dict[str, Any]) -> str:
    """ "yes", "no", or "" where the ticket does not say: who is not known to owe the fee is not reminded of it."""
    said = fields.get("fee_paid", fields.get("paid"))
    if isinstance(said, bool):
        return "no" if said else "yes"
    return {"yes": "no", "no": "yes"}.get(str(said or "").lower(), "")


def _of_order(when: str, told: OrderTold) -> None:
    customer = customers.standing(told.customer_id) if told.customer_id else None
    if customer is None:
        return
    about = told.shipment or told.number
    for key, _body in kinds_at(when):
        subject = f"{when}:{about}"
        make(key, at=told.at, now=told.at, customer=customer, subject=subject, order=told.number)


def parcel_refused(told: OrderTold) -> None:
    _of_order("refused", told)


def parcel_returned(told: OrderTold) -> None:
    _of_order("returned", told)


def parcel_delivered(told: OrderTold) -> None:
    _of_order("delivered", told)


tickets.CLOSED.listen(ticket_closed)
orders.REFUSED_BY_CUSTOMER.listen(parcel_refused)
orders.RETURNED.listen(parcel_returned)
orders.DELIVERED.listen(parcel_delivered)
