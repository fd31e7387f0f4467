# SPDX-License-Identifier: Apache-2.0
"""The demo's orders: forty articles and eight hundred orders of forty days in every state, with what became of them.

The orders of the past are written down at once; the cases go through the same verbs as on the pages, at the time they
would have happened, so that their lanes, ledgers and figures are those of a lived centre.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from pypinyin import Style, lazy_pinyin

from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import newest
from zuoxi.orders import services
from zuoxi.orders.demo_words import CASE_WORDS, DISTRICTS, GOODS, REFUSED_WORDS, STREETS
from zuoxi.orders.flow import SALE, flow_of
from zuoxi.orders.handbook import KINDS
from zuoxi.orders.models import (
    Case,
    MoneyEntry,
    NumberSeries,
    Order,
    OrderLine,
    Price,
    Product,
    RefusalReason,
    Shipment,
    StepLog,
    Stock,
    Verification,
)
from zuoxi.orders.services import NotDone
from zuoxi.people.models import Staff
from zuoxi.people.selectors import posts_on, staff_by_codes
from zuoxi.policy.selectors import site_handbook

DAYS, A_DAY = 40, 20
_HOUR = timedelta(hours=1)
_CARRIERS = ("顺达快运", "云通物流")
_REASONS = {
    "return": ("quality", "not_as_told", "changed_mind"),
    "exchange": ("size", "quality", "wrong"),
    "reship": ("missing", "broken"),
}


def furnish(today: date) -> None:
    """Goods, orders and cases; does nothing when there are any, nobody to sell to, or a trade that sells no goods."""
    if SALE not in site_handbook().entries(KINDS):
        return
    customers = newest(600)
    people = _people(today)
    if Product.objects.exists() or not customers or not people["TSR"]:
        return
    prefetch_related_objects(customers, "numbers")
    with transaction.atomic():
        chance = random.Random(4242)  # noqa: S311 - the same demo every time
        products = _goods(today)
        orders = _orders(today, chance, products, customers, people)
        _steps(orders, people)
        _after(orders, chance, people, timezone.now())
        _called_off(orders, people, timezone.now())
        _watched(today, people, orders)


def _people(today: date) -> dict[str, list[Staff]]:
    wanted = ("TSR", "CSR", "CSRL", "CSRS", "ODM", "WH", "LOG", "FIN", "QA")
    found: dict[str, list[Staff]] = {post: [] for post in wanted}
    rows = posts_on(today, positions=wanted)
    staff = staff_by_codes([one.code for one in rows])
    for one in rows:
        if one.code in staff and staff[one.code] not in found[one.position]:
            found[one.position].append(staff[one.code])
    return found


def _goods(today: date) -> list[Product]:
    Product.objects.bulk_create(
        Product(
            sku=sku, name=name, category=category, unit="件",
            initials="".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).replace(" ", "").lower()[:120],
        )
        for sku, name, category, _price in GOODS
    )  # fmt: skip
    products = list(Product.objects.order_by("pk"))
    prices = {sku: Decimal(price) for sku, _name, _category, price in GOODS}
    first = today - timedelta(days=400)
    Price.objects.bulk_create(Price(product=one, from_on=first, amount=prices[one.sku]) for one in products)
    dearer = [one for place, one in enumerate(products) if place % 9 == 4]
    Price.objects.bulk_create(
        Price(product=one, from_on=today - timedelta(days=6), amount=prices[one.sku] + 20) for one in dearer
    )
    Stock.objects.bulk_create(Stock(product=one, on_hand=60 + 7 * (place % 11)) for place, one in enumerate(products))
    Stock.objects.filter(product__sku__in=("Z404", "B504")).update(on_hand=3)
    return products


def _orders(
    today: date,
    chance: random.Random,
    products: Sequence[Product],
    customers: Sequence[Customer],
    people: dict[str, list[Staff]],
) -> list[Order]:
    zone, now = site_handbook().zone, timezone.now()
    prices = {sku: Decimal(price) for sku, _name, _category, price in GOODS}
    orders: list[Order] = []
    lines: list[OrderLine] = []
    for back in range(DAYS, -1, -1):
        day = today - timedelta(days=back)
        many = A_DAY + chance.randint(-4, 4)
        for nth in range(1, many + 1):
            placed = datetime.combine(day, time(8 + nth * 13 // many, chance.randint(0, 59)), zone)
            if placed > now:
                break
            customer = customers[chance.randrange(len(customers))]
            goods = chance.sample(products, 1 if chance.random() < 0.75 else 2)
            pieces = [1 if chance.random() < 0.85 else 2 for _one in goods]
            total = sum((prices[one.sku] * count for one, count in zip(goods, pieces, strict=True)), Decimal(0))
            order = _order(
                f"D{day:%Y%m%d}-{nth:04}", customer, total, placed=placed, chance=chance, people=people, now=now
            )
            orders.append(order)
            lines += [
                OrderLine(order=order, product=one, quantity=count, price=prices[one.sku])
                for one, count in zip(goods, pieces, strict=True)
            ]
        NumberSeries.objects.create(letter="D", day=day, last=many)
    Order.objects.bulk_create(orders)
    OrderLine.objects.bulk_create(lines)
    _reserve(orders, lines)
    return orders


def _order(
    number: str,
    customer: Customer,
    total: Decimal,
    *,
    placed: datetime,
    chance: random.Random,
    people: dict[str, list[Staff]],
    now: datetime,
) -> Order:
    phone = next((one.number for one in customer.numbers.all()), "")
    place = f"{chance.choice(DISTRICTS)}云州市{chance.choice('东西南北')}城区{chance.choice(STREETS)}"
    seller = people["TSR"][chance.randrange(len(people["TSR"]))]
    checked = total >= 1000 or chance.random() < 0.18
    order = Order(
        number=number, customer=customer, phone=phone, receiver=customer.name,
        receiver_phone=phone, address=f"{place}{chance.randint(1, 199)}号{chance.randint(1, 20)}单元",
        payment="prepaid" if chance.random() < 0.25 else "cod", total=total, origin_total=total, seller=seller,
        placed_at=placed, state_at=placed, must_verify=checked, state="to_ship",
    )  # fmt: skip
    _bring_forward(order, chance, people, now)
    return order


def _bring_forward(order: Order, chance: random.Random, people: dict[str, list[Staff]], now: datetime) -> None:
    """Where the order stands today, by its age and by chance."""
    age, roll = now - order.placed_at, chance.random()
    if order.must_verify:
        others = [one for one in people["TSR"][:40] if one.pk != order.seller_id]
        if age < chance.randint(3, 30) * _HOUR:
            order.state = "to_verify"
            return
        if roll < 0.10:
            order.state, order.state_at = ("cancelled" if roll < 0.06 else "void"), order.placed_at + 20 * _HOUR
            return
        order.verified_at = order.placed_at + chance.randint(1, 26) * _HOUR
        order.verified_by = chance.choice(others)
    if age < 30 * _HOUR:
        return
    if order.payment == "prepaid":
        order.paid = order.total
    order.state, order.state_at = "shipped", order.placed_at + 30 * _HOUR
    if age < chance.randint(60, 110) * _HOUR:
        return
    order.state_at = order.placed_at + 70 * _HOUR
    if chance.random() < 0.07:
        order.state = "refused"
        return
    order.state, order.delivered_at, order.paid = "delivered", order.state_at, order.total


def _reserve(orders: Sequence[Order], lines: Sequence[OrderLine]) -> None:
    """Stock for everything that is still to leave, on top of what lies free."""
    waiting = {one.pk for one in orders if one.state in ("to_verify", "to_ship")}
    promised: dict[int, int] = {}
    for line in lines:
        if line.order_id in waiting:
            promised[line.product_id] = promised.get(line.product_id, 0) + line.quantity
    rows = list(Stock.objects.filter(product_id__in=promised))
    for row in rows:
        row.reserved = promised[row.product_id]
        row.on_hand += row.reserved
    Stock.objects.bulk_update(rows, ["reserved", "on_hand"])


def _steps(orders: Sequence[Order], people: dict[str, list[Staff]]) -> None:
    """Logs, parcels, verifications and payments of the orders written down at once."""
    lanes = {key: step.lane for key, step in flow_of(SALE).steps.items()}
    logs, parcels, tasks, money = [], [], [], []
    keeper, carrier = people["WH"][0] if people["WH"] else None, people["LOG"][0] if people["LOG"] else None

    def log(order: Order, key: str, after: str, *, by: Staff | None, post: str, at: datetime) -> None:
        logs.append(StepLog(order=order, step=key, lane=lanes[key], after=after, by=by, post=post, at=at))

    for place, one in enumerate(orders):
        begun = "to_verify" if one.must_verify else "to_ship"
        log(one, "place", begun, by=one.seller, post="TSR", at=one.placed_at)
        if one.must_verify:
            log(one, "mark", begun, by=None, post="", at=one.placed_at)
            tasks.append(_task(one))
        if one.verified_at:
            log(one, "verify", "to_ship", by=one.verified_by, post="TSR", at=one.verified_at)
        if one.state in ("shipped", "delivered", "refused"):
            sent = one.placed_at + 30 * _HOUR
            log(one, "ship", "shipped", by=keeper, post="WH", at=sent)
            ended = one.state_at if one.state != "shipped" else None
            parcels.append(
                Shipment(order=one, carrier=_CARRIERS[place % 2], tracking=f"SD{one.placed_at:%y%m%d}{place:05}",
                         shipped_at=sent, state=one.state, ended_at=ended)
            )  # fmt: skip
        if one.state in ("delivered", "refused"):
            key = "deliver" if one.state == "delivered" else "refuse"
            log(one, key, one.state, by=carrier, post="LOG", at=one.state_at)
        if one.paid:
            money.append(MoneyEntry(order=one, what="payment", amount=one.paid, at=one.state_at, ref="到账"))
    StepLog.objects.bulk_create(logs)
    Shipment.objects.bulk_create(parcels)
    Verification.objects.bulk_create(tasks)
    MoneyEntry.objects.bulk_create(money)


def _task(order: Order) -> Verification:
    state = {"to_verify": "open", "cancelled": "cancelled", "void": "lapsed"}.get(order.state, "confirmed")
    closed = order.verified_at or (order.state_at if state != "open" else None)
    return Verification(
        order=order, state=state, opened_at=order.placed_at, due_at=order.placed_at + 24 * _HOUR,
        next_at=order.placed_at, closed_at=closed, closed_by=order.verified_by,
    )  # fmt: skip


def _after(orders: Sequence[Order], chance: random.Random, people: dict[str, list[Staff]], now: datetime) -> None:
    """Refusals with their reasons, and returns, exchanges and reships brought to where chance leaves them."""
    if not all(people[post] for post in ("CSR", "CSRL", "CSRS", "WH", "LOG", "FIN")):
        return
    refused = [one for one in orders if one.state == "refused"]
    parcels = {one.order_id: one for one in Shipment.objects.filter(state="refused")}
    reasons = list(REFUSED_WORDS)
    RefusalReason.objects.bulk_create(
        RefusalReason(
            shipment=parcels[one.pk], reason=key, words=REFUSED_WORDS[key], by=people["CSR"][0], at=one.state_at
        )
        for place, one in enumerate(refused)
        if place % 6 and one.pk in parcels
        for key in (reasons[chance.choice((0, 0, 1, 2, 3, 4, 4, 5, 6, 7))],)
    )
    for place, one in enumerate(refused):
        if place % 3 and one.state_at + 48 * _HOUR < now:
            case = services.come_back(one, by=people["WH"][0], now=one.state_at + 40 * _HOUR)
            if place % 2:
                _inspected(case, people, one.state_at + 44 * _HOUR)
    delivered = [one for one in orders if one.state == "delivered" and one.state_at < now - 20 * _HOUR]
    kinds = ("return", "return", "exchange", "exchange", "reship")
    for place, one in enumerate(chance.sample(delivered, min(66, len(delivered)))):
        _walk(one, kinds[place % 5], chance, people, now)


def _walk(order: Order, kind: str, chance: random.Random, people: dict[str, list[Staff]], now: datetime) -> None:
    """Open a case a day or two after the delivery, and take steps until chance or the present stops it."""
    reason = chance.choice(_REASONS[kind])
    lines = tuple(services.Some(line.pk, line.quantity) for line in order.lines.all())
    asked = services.Asked(lines, reason, CASE_WORDS[reason])
    at = order.state_at + chance.randint(4, 60) * _HOUR
    open_it = {"return": services.open_return, "exchange": services.open_exchange, "reship": services.open_reship}[kind]
    if at >= now:
        return
    try:
        case = open_it(order, asked, by=chance.choice(people["CSR"]), now=at)
        for _nth in range(chance.choice((0, 1, 2, 3, 4, 9, 9, 9, 9, 9))):
            at += chance.randint(2, 30) * _HOUR
            if at >= now or not _next(Case.objects.get(pk=case.pk), people, at, chance):
                return
    except NotDone:
        return


def _next(  # noqa: PLR0912 - one branch for each state
    case: Case, people: dict[str, list[Staff]], at: datetime, chance: random.Random
) -> bool:
    """Take the step that is next; False at the end."""
    keeper, carrier, payer = people["WH"][0], people["LOG"][0], people["FIN"][0]
    agent, leader = chance.choice(people["CSR"]), people["CSRL"][0]
    parcel = {"tracking": f"SD9{case.pk:05}{at:%d%H%M}", "carrier": _CARRIERS[0]}
    match case.state:
        case "to_collect":
            services.collect(case, by=carrier, now=at)
        case "on_way":
            services.receive(case, {one.pk: one.quantity for one in case.lines.all()}, by=keeper, now=at)
        case "received":
            _inspected(case, people, at, good=chance.random() > 0.15)
        case "to_refund":
            services.refund(case, by=payer, now=at, ref="原路退回")
        case "to_approve":
            services.approve(case, by=leader, now=at)
        case "to_send":
            services.send(case, by=keeper, now=at, **parcel)
        case "sent":
            services.arrive(case, by=carrier, now=at)
        case "to_settle":
            services.settle(case, by=payer, now=at, ref="差价")
        case "to_claim":
            services.claim(case, by=agent, now=at, words="向物流追偿")
        case "failed":
            services.explain(case, by=agent, now=at, words="已向顾客说明人为损坏")
        case "to_send_back":
            services.send_back(case, by=carrier, now=at, **parcel)
        case "to_tell":
            services.tell(case, by=agent, now=at, words="已致电告知", blame=chance.choice(("warehouse", "logistics")))
        case _:
            return False
    return True


def _called_off(orders: Sequence[Order], people: dict[str, list[Staff]], now: datetime) -> None:
    """Orders that were paid and called off before they left: their money waits, is paid back, and is told of."""
    if not all(people[post] for post in ("CSR", "FIN")):
        return
    waiting = [one for one in orders if one.state == "to_ship" and one.payment == "prepaid" and not one.paid]
    ready = [one for one in waiting if max(one.verified_at or one.placed_at, one.placed_at) + 4 * _HOUR < now]
    for place, one in enumerate(ready[:5]):
        at = max(one.verified_at or one.placed_at, one.placed_at) + _HOUR
        services.take_payment(one, one.total, by=people["FIN"][0], now=at, ref="在线支付")
        services.cancel_order(one, by=people["CSR"][0], now=at + _HOUR / 2, words="顾客改主意，尚未出库")
        case = one.cases.filter(kind="money_back").first()
        if case is not None and place > 1:
            services.refund(case, by=people["FIN"][0], now=at + _HOUR, ref="原路退回")
            if place > 3:
                services.tell(case, by=people["CSR"][0], now=at + 2 * _HOUR, words="已告知顾客货款原路退回")


def _inspected(case: Case, people: dict[str, list[Staff]], at: datetime, good: bool = True) -> None:
    rows = {one.pk: one.received or one.quantity if good else 0 for one in case.lines.all()}
    services.inspect(case, rows, by=people["WH"][0], now=at, words="外观完好" if good else "有明显使用痕迹")


def _watched(today: date, people: dict[str, list[Staff]], orders: Sequence[Order]) -> None:
    """Points that wait and that were granted, an emergency, and the night's audit."""
    now = timezone.now()
    services.audit_registrations(now)
    if people["CSR"] and people["CSRL"]:
        done = [one for one in orders if one.state == "delivered"][:6]
        for place, one in enumerate(done):
            try:
                services.ask_points(
                    one.customer, (20, 40, 80, 150, 260, 30)[place], reason="多次来电未解决，致歉",
                    basis="order", basis_ref=one.number, by=people["CSR"][place % len(people["CSR"])], now=now,
                )  # fmt: skip
            except ValueError:
                continue
    if people["CSRS"] and people["CSR"]:
        told = services.tell_emergency(
            "batch_quality", "一批炒锅手柄松动", "三天内收到十二起手柄松动反馈，集中在同一批次。", by=people["CSR"][0],
            now=now - 26 * _HOUR, orders=38,
        )  # fmt: skip
        services.take_emergency(told, by=people["CSRS"][0], now=now - 25 * _HOUR)
        services.note_emergency(told, "已通知仓库停发该批次", by=people["CSRS"][0], now=now - 24 * _HOUR)
