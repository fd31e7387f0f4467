# SPDX-License-Identifier: Apache-2.0
"""What web hooks are told of, and in what form. A form that is given out is not changed: it gets a new version.

Only numbers, kinds and ids leave the house; who wants more asks the API with a token of his own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.complaints import moments as complaints
from zuoxi.complaints.facts import ComplaintTold
from zuoxi.customers import moments as customers
from zuoxi.customers.facts import CustomerTold
from zuoxi.events.moments import Moment
from zuoxi.orders import moments as orders
from zuoxi.orders.facts import CaseTold, OrderTold
from zuoxi.tickets import moments as tickets
from zuoxi.tickets.facts import TicketTold

VERSION = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """`fields`: name in the payload → attribute of the fact that the moment is told with."""

    code: str
    label: str | Promise
    moment: Moment[Any]
    fact: type
    fields: Mapping[str, str]

    def data_of(self, fact: Any) -> dict[str, Any]:
        return {name: _plain(getattr(fact, attribute)) for name, attribute in self.fields.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


_TICKET = {"id": "ticket_id", "number": "number", "kind": "kind", "customer_id": "customer_id"}
_ORDER = {"id": "order_id", "number": "number", "customer_id": "customer_id", "shipment": "shipment"}
_CASE = {"id": "case_id", "number": "number", "kind": "kind", "order": "order_number", "customer_id": "customer_id"}
_COMPLAINT = {"id": "complaint_id", "number": "number", "severity": "severity", "customer_id": "customer_id"}
_CUSTOMER = {"id": "customer_id"}

KINDS: dict[str, Kind] = {
    one.code: one
    for one in (
        Kind("ticket.opened", _("Ticket opened"), tickets.OPENED, TicketTold, _TICKET),
        Kind("ticket.urged", _("Ticket urged"), tickets.URGED, TicketTold, _TICKET),
        Kind("ticket.closed", _("Ticket closed"), tickets.CLOSED, TicketTold, _TICKET),
        Kind("order.placed", _("Order placed"), orders.PLACED, OrderTold, _ORDER),
        Kind("order.delivered", _("Order delivered"), orders.DELIVERED, OrderTold, _ORDER),
        Kind("order.refused", _("Parcel refused by the customer"), orders.REFUSED_BY_CUSTOMER, OrderTold, _ORDER),
        Kind("order.returned", _("Order returned"), orders.RETURNED, OrderTold, _ORDER),
        Kind("case.opened", _("Return or exchange opened"), orders.CASE_OPENED, CaseTold, _CASE),
        Kind("case.closed", _("Return or exchange closed"), orders.CASE_CLOSED, CaseTold, _CASE),
        Kind("complaint.opened", _("Complaint opened"), complaints.OPENED, ComplaintTold, _COMPLAINT),
        Kind("complaint.answered", _("Complaint answered"), complaints.ANSWERED, ComplaintTold, _COMPLAINT),
        Kind("complaint.closed", _("Complaint closed"), complaints.CLOSED, ComplaintTold, _COMPLAINT),
        Kind("customer.made", _("Customer entered"), customers.MADE, CustomerTold, _CUSTOMER),
        Kind("customer.changed", _("Customer changed"), customers.CHANGED, CustomerTold, _CUSTOMER),
        Kind("customer.merged", _("Customers merged"), customers.MERGED, CustomerTold, _CUSTOMER | {"into": "kept_id"}),
    )
}
TEST = "ping"
