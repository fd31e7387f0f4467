# SPDX-License-Identifier: Apache-2.0
"""Figures of orders, parcels and what comes after the sale, counted from their rows."""

from __future__ import annotations

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.orders.access import FIGURES
from zuoxi.orders.models import Shipment
from zuoxi.orders.states import CaseKind, OrderState
from zuoxi.orders.visibility import visible_cases, visible_orders
from zuoxi.web import figures
from zuoxi.web.figures import PERIOD, PERSON, WHOLE, Ask, Figure, Rows, Tally

_REFUSED = (Shipment.State.REFUSED, Shipment.State.RETURNED)


_NONE = dict.fromkeys(("placed", "to_verify", "verified", "shipped", "refused", "returns", "exchanges", "reships"), 0)
"""A period with orders and no returns has nought returns: that is known."""


def _tally(ask: Ask) -> Tally:
    """Orders at the moment they were placed, parcels at the moment they were sent, cases at the moment they were
    opened. By seller there are orders alone: a parcel is nobody's."""
    orders = visible_orders(ask.user)
    placed = figures.counted(
        orders,
        "placed_at",
        ask,
        {
            "placed": Count("pk"),
            "value": Sum("total"),
            "to_verify": Count("pk", filter=Q(must_verify=True) & ~Q(state=OrderState.TO_VERIFY)),
            "verified": Count("pk", filter=Q(must_verify=True, verified_at__isnull=False)),
        },
        {PERSON: "seller__code"},
    )
    if ask.by not in (WHOLE, PERIOD):
        return placed
    parcels = figures.counted(
        Shipment.objects.filter(kind=Shipment.Kind.SALE, order__in=orders.order_by().values("pk")),
        "shipped_at",
        ask,
        {"shipped": Count("pk"), "refused": Count("pk", filter=Q(state__in=_REFUSED))},
    )
    cases = figures.counted(
        visible_cases(ask.user),
        "opened_at",
        ask,
        {
            "returns": Count("pk", filter=Q(kind="return")),
            "exchanges": Count("pk", filter=Q(kind="exchange")),
            "reships": Count("pk", filter=Q(kind="reship")),
        },
    )
    known: Tally = dict.fromkeys((*placed, *parcels, *cases), _NONE)
    return figures.joined(known, placed, parcels, cases)


_ALL = Rows("orders:all")


def _cases(kind: CaseKind) -> Rows:
    return Rows("orders:cases", {"kind": kind})


figures.register(
    figures.Source("orders", pgettext_lazy("figures", "Orders and after-sales"), _tally, (PERSON,), FIGURES.code, 30),
    Figure(
        "orders.placed", _("Orders placed"), _("orders placed in the time"), ("placed",), rows=_ALL, more_is_better=True
    ),
    Figure(
        "orders.value",
        _("Value of orders"),
        _("sum of their totals"),
        ("value",),
        unit="yuan",
        rows=_ALL,
        more_is_better=True,
    ),
    Figure(
        "orders.verified",
        _("Orders verified successfully"),
        _("verified ÷ orders whose verification has ended"),
        ("verified",),
        ("to_verify",),
        "%",
        clauses=("ORD-004",),
        rows=Rows("orders:all", {"verified": "good"}),
        base_rows=Rows("orders:all", {"verified": "ended"}),
        more_is_better=True,
    ),
    Figure(
        "orders.refused",
        _("Parcels refused"),
        _("refused parcels ÷ parcels sent"),
        ("refused",),
        ("shipped",),
        "%",
        clauses=("ORD-005",),
        rows=Rows("orders:all", {"parcel": "refused"}),
        base_rows=Rows("orders:all", {"parcel": "sent"}),
        exclusions=_("Goods of exchanges and reships are left out"),
        more_is_better=False,
    ),
    Figure(
        "orders.returns",
        _("Returns opened"),
        _("returns opened in the time"),
        ("returns",),
        clauses=("ORD-001",),
        rows=_cases(CaseKind.RETURN),
        more_is_better=False,
    ),
    Figure(
        "orders.exchanges",
        _("Exchanges opened"),
        _("exchanges opened in the time"),
        ("exchanges",),
        clauses=("ORD-002",),
        rows=_cases(CaseKind.EXCHANGE),
        more_is_better=False,
    ),
    Figure(
        "orders.reships",
        _("Reships opened"),
        _("reships opened in the time"),
        ("reships",),
        clauses=("ORD-006",),
        rows=_cases(CaseKind.RESHIP),
        more_is_better=False,
    ),
)
