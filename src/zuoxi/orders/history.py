# SPDX-License-Identifier: Apache-2.0
"""Orders and cases in the customer's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.customers.timeline import Entry, provide
from zuoxi.orders.selectors import cases_of, orders_of


def orders(
    user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    if not user.may("orders.view"):
        return []
    return [
        Entry(
            one.placed_at,
            "order",
            _("Order %(number)s") % {"number": one.number},
            f"{one.get_state_display()} · {one.total}",
            reverse("orders:order", args=[one.number]),
            "order",
            "bad" if one.state == "refused" else "plain",
        )
        for one in orders_of(customers, limit, before, lines=False)
    ]


def cases(
    user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    if not user.may("orders.view"):
        return []
    return [
        Entry(
            one.opened_at,
            "after_sale",
            f"{one.get_kind_display()} {one.number}",
            str(one.get_state_display()),
            reverse("orders:case", args=[one.number]),
            "return",
        )
        for one in cases_of(customers, limit, before)
    ]


provide("order", orders)
provide("after_sale", cases)
