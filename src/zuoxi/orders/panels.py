# SPDX-License-Identifier: Apache-2.0
"""The customer's orders beside the call, and on his page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zuoxi.customers.panels import Panel, Subject, register
from zuoxi.customers.selectors import identities_of
from zuoxi.orders.handbook import KINDS
from zuoxi.orders.selectors import open_cases_by_order, orders_of
from zuoxi.orders.states import OrderState
from zuoxi.policy.selectors import site_handbook

SHOWN = 4


def orders(_request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The newest orders with what may be opened on them; an unknown caller gets the way to a first order.

    Where the trade takes no orders only those of former days are shown.
    """
    if subject.customer is None and not subject.number:
        return None
    rows = orders_of(identities_of(subject.customer.pk), SHOWN) if subject.customer else []
    sells = bool(site_handbook().entries(KINDS))
    if not rows and not sells:
        return None
    cases = open_cases_by_order([one.pk for one in rows])
    return {
        "lines": [
            {"order": one, "cases": cases.get(one.pk, []), "after": one.state == OrderState.DELIVERED} for one in rows
        ],
        "subject": subject,
        "sells": sells,
    }


register(Panel("orders", _("Orders"), "orders/panel.html", orders, "orders.view", 30))
