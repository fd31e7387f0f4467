# SPDX-License-Identifier: Apache-2.0
"""Doors of orders: sold and served by agents, each department its own part, watched over by the managers."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, LISTENERS, MANAGERS, Role

_SERVING = AGENTS | LEADERS | FLOOR_SUPERVISORS
_DEPARTMENTS = {Role.WH, Role.LOG, Role.FIN}

VIEW = capability("orders.view", _("See orders"), _SERVING | MANAGERS | LISTENERS | _DEPARTMENTS | {Role.DIR, Role.DA})
SELL = capability("orders.sell", _("Take orders"), _SERVING)
VERIFY = capability("orders.verify", _("Verify orders by hand"), _SERVING)
SERVE = capability("orders.serve", _("Open returns, exchanges and reships"), _SERVING | MANAGERS)
DECIDE = capability(
    "orders.decide", _("Approve exchanges and reships"), LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR}
)
WAREHOUSE = capability("orders.warehouse", _("Do the warehouse's part of orders"), {Role.WH})
LOGISTICS = capability("orders.logistics", _("Do the carrier's part of orders"), {Role.LOG})
FINANCE = capability("orders.finance", _("Pay refunds and settle differences"), {Role.FIN})
STOCK = capability("orders.stock", _("See goods and stock"), _SERVING | MANAGERS | {Role.WH, Role.DIR, Role.DA})
PRICES = capability("orders.prices", _("Set prices"), MANAGERS)
IMPORT = capability("orders.import", _("Take orders from a file"), FLOOR_SUPERVISORS | MANAGERS | {Role.DA})
POINTS = capability("orders.points", _("Ask for bonus points"), _SERVING | MANAGERS)
FIGURES = capability(
    "orders.figures", _("See figures of orders"), LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR, Role.DA}
)
EMERGENCIES = capability("orders.emergencies", _("See emergencies after the sale"), _SERVING | MANAGERS | {Role.DIR})
AUDIT = capability(
    "orders.audit",
    _("Judge registrations that look invented"),
    FLOOR_SUPERVISORS | MANAGERS | {Role.QAS, Role.QA, Role.DIR},
)
CARRIER = capability("orders.carrier", _("Tell the news of parcels by the interface"), {Role.LOG, Role.IT})

name_verbs(
    {
        "orders.cancelled": _("Order cancelled"),
        "orders.split": _("Order split"),
        "orders.refunded": _("Refund paid"),
        "orders.settled": _("Difference of an exchange settled"),
        "orders.exempted": _("Exchange exempted by the director"),
        "orders.import.begun": _("Import of orders begun"),
        "orders.price.set": _("Price set"),
        "orders.stock.counted": _("Stock counted"),
        "orders.emergency.told": _("Emergency after the sale told"),
        "orders.emergency.closed": _("Emergency after the sale closed"),
        "orders.suspicion.judged": _("Registration judged"),
        "orders.suspicion.appeal": _("Appeal about a registration judged"),
        "orders.phone.revealed": _("Number on an order revealed"),
    }
)
