# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.orders.handbook import KINDS, OrderKindBody
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.navigation import Face, Group, Hit, NavItem, SearchProvider, register


def _waiting(request: HttpRequest) -> int:
    from zuoxi.orders.visibility import lanes_of, work_of

    return sum(work_of(lane, request.user).count() for lane in lanes_of(request.user)[:1])


def _to_verify(_request: HttpRequest) -> int:
    from zuoxi.orders.selectors import verifications_waiting

    return verifications_waiting()


def _unpaid(request: HttpRequest) -> int:
    from zuoxi.orders.selectors import unpaid
    from zuoxi.orders.visibility import visible_orders

    return unpaid(visible_orders(request.user)).count()


def _found(request: HttpRequest, words: str) -> Iterable[Hit]:
    from zuoxi.orders.selectors import found
    from zuoxi.orders.visibility import visible_orders

    rows = found(words, visible_orders(request.user))[:8] if words.strip() else []
    return [
        Hit(one.number, reverse("orders:order", args=[one.number]), one.get_state_display(), "order") for one in rows
    ]


def _kinds() -> list[OrderKindBody]:
    return list(site_handbook().entries(KINDS).values())


def _sells() -> bool:
    """A repair line and a power utility take no orders."""
    return bool(_kinds())


def _verifies() -> bool:
    return any(one.verify for one in _kinds())


def _stocks() -> bool:
    return any(one.stocked for one in _kinds())


def _takes_back() -> bool:
    return any(one.after for one in _kinds())


ORDERS = Group.ORDERS
register(NavItem(Face.DESK, _("My orders"), "orders:orders", "orders.sell", "order", 60, group=ORDERS, when=_sells))
register(NavItem(Face.DESK, _("New order"), "orders:new", "orders.sell", "plus", 61, group=ORDERS, when=_sells))
register(
    NavItem(Face.DESK, _("Orders to verify"), "orders:verifications", "orders.verify", "phone-call", 62,
            count=_to_verify, group=ORDERS, when=_verifies)
)  # fmt: skip
register(
    NavItem(
        Face.DESK,
        _("After-sales work"),
        "orders:work",
        "orders.view",
        "return",
        40,
        home=70,
        count=_waiting,
        when=_takes_back,
    )
)
register(
    NavItem(Face.DESK, _("Goods to be sent"), "orders:to_ship", "orders.warehouse", "truck", 42, home=45, when=_stocks)
)
register(
    NavItem(
        Face.DESK, _("Parcels on their way"), "orders:parcels", "orders.logistics", "package", 43, home=46, when=_stocks
    )
)
register(
    NavItem(
        Face.DESK,
        _("Payments to come"),
        "orders:payments",
        "orders.finance",
        "money",
        41,
        home=48,
        count=_unpaid,
        when=_sells,
    )
)
register(NavItem(Face.MANAGE, _("All orders"), "orders:all", "orders.view", "order", 100, group=ORDERS, when=_sells))
register(
    NavItem(
        Face.MANAGE,
        _("Returns, exchanges, reships"),
        "orders:cases",
        "orders.view",
        "return",
        110,
        group=ORDERS,
        when=_takes_back,
    )
)
register(
    NavItem(
        Face.MANAGE, _("Goods and stock"), "orders:products", "orders.stock", "package", 120, group=ORDERS, when=_stocks
    )
)
register(
    NavItem(
        Face.MANAGE, _("Bonus points"), "orders:points", "orders.points", "points", 130, group=ORDERS, when=_verifies
    )
)
register(
    NavItem(Face.MANAGE, _("Emergencies after the sale"), "orders:emergencies", "orders.emergencies", "warning", 140,
            group=ORDERS, when=_takes_back)
)  # fmt: skip
register(
    NavItem(
        Face.MANAGE,
        _("Invented registrations"),
        "orders:audit",
        "orders.view",
        "eye",
        150,
        group=ORDERS,
        when=_verifies,
    )
)
register(
    NavItem(
        Face.MANAGE, _("Orders in figures"), "orders:figures", "orders.figures", "bars", 160, group=ORDERS, when=_sells
    )
)
register(
    NavItem(
        Face.MANAGE, _("Import orders"), "orders:import", "orders.import", "import", 170, group=ORDERS, when=_stocks
    )
)
register(SearchProvider(_("Orders"), "orders.view", _found, 50))
