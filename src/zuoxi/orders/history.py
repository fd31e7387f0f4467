# SPDX-License-Identifier: Apache-2.0
"""Orders and cases in the customer's history."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.customers.timeline import Entry, Rows, Said, choice, provide_rows
from zuoxi.orders.models import Case, Order


def _orders(user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...]) -> Rows | None:
    if not user.may("orders.view"):
        return None
    rows = Order.objects.filter(customer_id__in=customers)
    return Rows(rows, "placed_at", {"number": "number", "state": "state", "total": "total"}, _order)


def _order(at: datetime, said: Said) -> Entry:
    number, state, total = said["number"], said["state"], Decimal(str(said["total"]))
    return Entry(
        at,
        "order",
        _("Order %(number)s") % {"number": number},
        f"{choice(Order, 'state', state)} · {total:.2f}",
        reverse("orders:order", args=[number]),
        "order",
        "bad" if state == "refused" else "plain",
    )


def _cases(user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...]) -> Rows | None:
    if not user.may("orders.view"):
        return None
    rows = Case.objects.filter(customer_id__in=customers)
    return Rows(rows, "opened_at", {"number": "number", "kind": "kind", "state": "state"}, _case)


def _case(at: datetime, said: Said) -> Entry:
    return Entry(
        at,
        "after_sale",
        f"{choice(Case, 'kind', said['kind'])} {said['number']}",
        choice(Case, "state", said["state"]),
        reverse("orders:case", args=[said["number"]]),
        "return",
    )


provide_rows("order", _orders)
provide_rows("after_sale", _cases)
