# SPDX-License-Identifier: Apache-2.0
"""Stock: promised to orders, gone out, come back. Nothing is promised twice, however many ask at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Overtaken
from zuoxi.orders.models import Product, Stock, StockMove
from zuoxi.people.models import Staff
from zuoxi.vault import services as vault

Goods = Mapping[int, int]
"""Product id → pieces."""


def reserve(goods: Goods, ref: str, by: Staff | None, now: datetime) -> None:
    """Promise goods. Raises NotDone, with what is left, where there are not enough; nothing is promised then."""
    for product, pieces in sorted(goods.items()):
        rows = Stock.objects.filter(product_id=product, on_hand__gte=F("reserved") + pieces)
        if not rows.update(reserved=F("reserved") + pieces):
            raise _short(product)
        _log(product, "reserved", (0, pieces), ref, by=by, now=now)


def _short(product: int) -> NotDone:
    found = Product.objects.select_related("stock").get(pk=product)
    left = found.stock.free if hasattr(found, "stock") else 0
    return NotDone(
        _("Only %(left)d of “%(name)s” are left.") % {"left": max(left, 0), "name": found.name},
        _("Order fewer, or another article."),
    )


def release(goods: Goods, ref: str, by: Staff | None, now: datetime) -> None:
    """Take a promise back."""
    for product, pieces in sorted(goods.items()):
        if Stock.objects.filter(product_id=product, reserved__gte=pieces).update(reserved=F("reserved") - pieces):
            _log(product, "released", (0, -pieces), ref, by=by, now=now)


def send_out(goods: Goods, ref: str, by: Staff | None, now: datetime) -> None:
    """Promised goods leave the warehouse. Raises Overtaken when they were never promised."""
    for product, pieces in sorted(goods.items()):
        rows = Stock.objects.filter(product_id=product, reserved__gte=pieces, on_hand__gte=pieces)
        if not rows.update(reserved=F("reserved") - pieces, on_hand=F("on_hand") - pieces):
            raise Overtaken(_("These goods are not promised to this order any more."), _("Look at its page again."))
        _log(product, "sent", (-pieces, -pieces), ref, by=by, now=now)


def take_in(goods: Goods, ref: str, by: Staff | None, now: datetime, what: str = "came_back") -> None:
    """Sound goods come (back) into the warehouse."""
    for product, pieces in sorted(goods.items()):
        if not pieces:
            continue
        Stock.objects.get_or_create(product_id=product)
        Stock.objects.filter(product_id=product).update(on_hand=F("on_hand") + pieces)
        _log(product, what, (pieces, 0), ref, by=by, now=now)


@transaction.atomic
def count_stock(product: Product, on_hand: int, *, by: Staff, now: datetime, words: str) -> None:
    """Set what was counted on the shelf. Raises NotDone below what is promised to orders already."""
    if len(words.strip()) < 2:
        raise NotDone(_("Say why the count differs."))
    held, _made = Stock.objects.select_for_update().get_or_create(product=product)
    if on_hand < held.reserved:
        raise NotDone(
            _("%(n)d pieces are promised to orders; fewer cannot lie on the shelf.") % {"n": held.reserved},
            _("Cancel or change those orders first."),
        )
    difference = on_hand - held.on_hand
    held.on_hand = on_hand
    held.save(update_fields=["on_hand"])
    if difference:
        _log(product.pk, "counted", (difference, 0), "", by=by, now=now)
        vault.record(
            "orders.stock.counted", who=by.code, on=("product", product.sku), purpose=words, difference=difference
        )


def _log(product: int, what: str, change: tuple[int, int], ref: str, *, by: Staff | None, now: datetime) -> None:
    on_hand, reserved = change
    StockMove.objects.create(
        product_id=product, what=what, on_hand=on_hand, reserved=reserved, ref=ref[:32], by=by, at=now
    )
