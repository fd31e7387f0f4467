# SPDX-License-Identifier: Apache-2.0
"""A small centre with goods in stock, and orders brought to where a test wants them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from zuoxi.customers.services import save_customer
from zuoxi.orders import services
from zuoxi.orders.models import Case, Order, Price, Product, Stock
from zuoxi.people.tests.conftest import House

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning at the site, a Friday
HOUR = timedelta(hours=1)


class World:
    """People of every post that takes a part, three products, one customer known since long."""

    def __init__(self) -> None:
        self.house = House()
        for code, position, *place in (
            ("dir", "DIR"), ("om", "OM", None, "A"), ("odm", "ODM", None, "A"), ("tsrs", "TSRS", ["a1", "a2"]),
            ("csrs", "CSRS", "b1"), ("csrl", "CSRL", "b1"), ("t1", "TSR", "a1"), ("t2", "TSR", "a2"),
            ("c1", "CSR", "b1"), ("wh", "WH"), ("log", "LOG"), ("fin", "FIN"), ("qa", "QA"), ("wh2", "WH"),
        ):  # fmt: skip
            setattr(self, code, self.house.hire(code, position, *place))
        self.customer = save_customer(None, name="云甲", tags=[], note="", by=None, now=NOW, number="13900000001")
        self.pot, self.pan, self.silk = (self.product(*one) for one in (("G1", 250), ("G2", 100), ("G3", 500)))
        self.parcels = 0

    def product(self, sku: str, price: int | str, on_hand: int = 50) -> Product:
        made = Product.objects.create(sku=sku, name=f"货{sku}", initials=f"h{sku.lower()}")
        Price.objects.create(product=made, from_on=(NOW - 400 * 24 * HOUR).date(), amount=Decimal(price))
        Stock.objects.create(product=made, on_hand=on_hand)
        return made

    def tracking(self) -> str:
        self.parcels += 1
        return f"SF{self.parcels:06}"

    def place(self, *wanted, by=None, now=NOW, payment="cod", customer=None, **more) -> Order:
        to = services.Delivery("13900000001", "云甲", "", "某省某市某区某路一号楼一单元", more.pop("at", None))
        lines = [services.Wanted(product.pk, pieces) for product, pieces in wanted or ((self.pot, 2),)]
        return services.place_order(
            customer=customer or self.customer, lines=lines, to=more.pop("to", to), by=by or self.t1, now=now,
            payment=payment, **more,
        )  # fmt: skip

    def verified(self, order: Order, now=NOW) -> Order:
        if order.must_verify:
            services.log_verify_call(order, by=self.t2, now=now, reached=True)
            order = services.confirm_order(order, by=self.t2, now=now)
        return order

    def shipped(self, *wanted, **more) -> Order:
        order = self.verified(self.place(*wanted, **more))
        if order.payment == "prepaid":
            services.take_payment(order, order.total, by=self.fin, now=NOW)
        services.ship_order(order, tracking=self.tracking(), carrier="顺达", by=self.wh, now=NOW + HOUR)
        return Order.objects.get(pk=order.pk)

    def delivered(self, *wanted, **more) -> Order:
        order = self.shipped(*wanted, **more)
        services.deliver(order.shipments.get(), by=self.log, now=NOW + 2 * HOUR)
        return Order.objects.get(pk=order.pk)

    def asked(self, order: Order, reason="quality", quantity=None, wanted=None) -> services.Asked:
        lines = tuple(
            services.Some(line.pk, quantity or line.quantity, wanted.pk if wanted else None)
            for line in order.lines.all()
        )
        return services.Asked(lines, reason, "顾客说不合适")

    def returned(self, order: Order, **more) -> Case:
        """A return whose goods have been received."""
        case = services.open_return(order, self.asked(order, **more), by=self.c1, now=NOW + 24 * HOUR)
        services.collect(case, by=self.log, now=NOW + 25 * HOUR)
        lines = {one.pk: one.quantity for one in case.lines.all()}
        services.receive(case, lines, by=self.wh, now=NOW + 26 * HOUR)
        return Case.objects.get(pk=case.pk)

    def inspect(self, case: Case, passed: int | None = None, by=None) -> Case:
        lines = {one.pk: one.quantity if passed is None else passed for one in case.lines.all()}
        return services.inspect(case, lines, by=by or self.wh, now=NOW + 27 * HOUR, words="看过了")
