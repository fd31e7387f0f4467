# SPDX-License-Identifier: Apache-2.0
"""Placing orders: at the prices of the day, with stock promised, and marked for verification by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Overtaken, Refused
from zuoxi.customers.models import Customer
from zuoxi.customers.numbers import apart, parsed
from zuoxi.customers.selectors import identities_of
from zuoxi.orders import stock
from zuoxi.orders.facts import OrderTold, ProxyFeeFacts, VerifyFacts, WardPriceFacts
from zuoxi.orders.flow import SALE, held_order, log, move_order
from zuoxi.orders.handbook import KINDS, OrderKindBody, kind_of
from zuoxi.orders.models import Order, OrderLine, Price, Product, Verification
from zuoxi.orders.moments import PLACED
from zuoxi.orders.money import check_total, is_money
from zuoxi.orders.money_back import CALLED_OFF, owe_back
from zuoxi.orders.rules import judge_proxy_fee, judge_verification, judge_ward_price
from zuoxi.orders.selectors import price_on
from zuoxi.orders.series import next_number
from zuoxi.orders.states import OrderState
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product and how many. `price` where another system has agreed on one; None: the listed price of the day."""

    product: int
    quantity: int
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the parcel goes. `phone` is the number that ordered, `receiver_phone` the one on the parcel ("": same)."""

    phone: str = ""
    receiver: str = ""
    receiver_phone: str = ""
    address: str = ""
    at: datetime | None = None


@transaction.atomic
@enforces("ORD-004", "ORD-011", "ORD-012")
def place_order(
    *,
    customer: Customer,
    lines: Iterable[Wanted],
    to: Delivery,
    by: Staff | None,
    now: datetime,
    kind: str = "sale",
    payment: str = Order.Payment.COD,
    source: str = Order.Source.CALL,
    call: str = "",
    note: str = "",
    foreign: str | None = None,
    once: bool = False,
    besides: str = "",
) -> Order:
    """Place an order. Raises NotDone for what cannot be, Refused where a rule forbids it; nothing is kept then.

    `once`: raises Twice where the same seller placed the same goods for the same person a moment ago; `besides`: the
    number of the order that he knows of and wants beside, so that two clicks on that place one more.
    """
    body = _kind(kind)
    wanted = _together(lines)
    reading = site_handbook().on(timezone.localdate(now))
    prices = _priced(wanted, kind, body, reading, source == Order.Source.CALL)
    total = sum((prices[pk] * one.quantity for pk, one in wanted.items()), Decimal(0))
    check_total(total)
    phone, other = reached_at(to.phone), reached_at(to.receiver_phone)
    _check_delivery(body, to, phone, other)
    note = with_extension(note, to.receiver_phone or to.phone)
    order = Order(
        number=next_number("D", now), foreign=foreign or None, kind=kind, customer=customer, phone=phone,
        receiver=to.receiver.strip()[:80], receiver_phone=other or phone, address=to.address.strip()[:240],
        deliver_at=to.at, note=note, payment=payment if total else Order.Payment.FREE, total=total,
        origin_total=total, source=source, call=call[:64], seller=by, placed_at=now, state_at=now,
    )  # fmt: skip
    twin = _twin(order, {pk: one.quantity for pk, one in wanted.items()}, reading) if once else None
    if twin and twin.number != besides:
        raise Twice(twin)
    finding = _marked(order, body, reading)
    order.must_verify = finding is not None and finding.outcome == "needed"
    order.finding = finding.as_json() if finding else {}
    order.state = OrderState.TO_VERIFY if order.must_verify else OrderState.TO_SHIP
    _keep(order)
    OrderLine.objects.bulk_create(
        OrderLine(order=order, product_id=pk, quantity=one.quantity, price=prices[pk]) for pk, one in wanted.items()
    )
    if body.stocked:
        stock.reserve({pk: one.quantity for pk, one in wanted.items()}, order.number, by, now)
    _begin(order, finding, by, now, reading)
    return order


class Twice(Overtaken):
    """The same goods were ordered a moment ago: a second click, or he really wants them twice."""

    def __init__(self, order: Order) -> None:
        at = timezone.localtime(order.placed_at).strftime("%H:%M")
        super().__init__(
            _("%(number)s was placed at %(at)s with the same goods.") % {"number": order.number, "at": at},
            _("Nothing was placed again. If he wants them once more, tick it below and place the order."),
        )
        self.order = order


def _twin(order: Order, goods: Mapping[int, int], reading: Reading) -> Order | None:
    """What this seller placed for this person minutes ago with the same goods. The number just taken holds the day's
    series, so that of two clicks at once the second sees the first."""
    since = order.placed_at - timedelta(minutes=reading.whole("orders.twice_minutes"))
    rows = Order.objects.filter(
        customer_id__in=identities_of(order.customer_id), seller=order.seller, placed_at__gt=since
    )
    rows = rows.exclude(state__in=(OrderState.CANCELLED, OrderState.VOID)).prefetch_related("lines")
    return next((one for one in rows.order_by("-pk") if goods_of(one) == goods), None)


def _keep(order: Order) -> None:
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as error:
        if order.foreign and Order.objects.filter(foreign=order.foreign).exists():
            raise NotDone(
                _("An order with the number %(number)s is there already.") % {"number": order.foreign},
                _("Look it up by that number."),
            ) from error
        raise


def _begin(order: Order, finding: Finding | None, by: Staff | None, now: datetime, reading: Reading) -> None:
    log(order, SALE, "place", "", order.state, by=by, now=now)
    if finding is not None and order.must_verify:
        log(order, SALE, "mark", "", order.state, by=None, now=now, words=finding.why.zh)
        due = now + timedelta(hours=float(reading.number("orders.verify.hours")))
        Verification.objects.create(order=order, opened_at=now, due_at=due, next_at=now)
    PLACED.tell(OrderTold(order.pk, order.number, order.customer_id, now))


def _kind(kind: str) -> OrderKindBody:
    handbook = site_handbook()
    if not handbook.has("order_kinds", kind):
        raise NotDone(_("The handbook knows no orders of the kind “%(kind)s”.") % {"kind": kind})
    return handbook.entry(KINDS, kind)


def _together(lines: Iterable[Wanted]) -> dict[int, Wanted]:
    """One line for each product; two prices for one product are refused."""
    found: dict[int, Wanted] = {}
    for one in lines:
        if one.quantity < 1:
            raise NotDone(_("A quantity is a whole number from one up."))
        if one.price is not None and not is_money(one.price):
            raise NotDone(_("A price is an amount from nought up."))
        known = found.get(one.product)
        if known is not None and known.price != one.price:
            raise NotDone(_("The same article stands there at two prices."))
        pieces = one.quantity + (known.quantity if known else 0)
        found[one.product] = Wanted(one.product, pieces, one.price)
    if not found:
        raise NotDone(_("An order needs at least one article."), _("Look one up by name, sounds or number."))
    return found


def _priced(
    wanted: Mapping[int, Wanted], kind: str, body: OrderKindBody, reading: Reading, listed_only: bool
) -> dict[int, Decimal]:
    """The price of each product; what was agreed elsewhere holds, unless the kind asks for listed prices."""
    products = Product.objects.in_bulk(list(wanted))
    listed = price_on(wanted, reading.on)
    prices: dict[int, Decimal] = {}
    for pk, one in wanted.items():
        product = products.get(pk)
        if product is None or not product.active:
            raise NotDone(_("This article is not on sale."), _("Look one up by name, sounds or number."))
        price = one.price if one.price is not None else listed.get(pk)
        if price is None:
            raise NotDone(_("“%(name)s” has no price on this day.") % {"name": product.name})
        if body.listed and pk in listed:
            _as_listed(kind, product, (price, listed[pk]), reading, listed_only)
        prices[pk] = price
    if body.statutory:
        _nothing_on_top(products, wanted, prices, listed, reading)
    return prices


def _as_listed(
    kind: str, product: Product, prices: tuple[Decimal, Decimal], reading: Reading, listed_only: bool
) -> None:
    """`prices`: what is charged, and what is listed."""
    price, listed = prices
    if reading.has("orders.ward.listed_price") and kind == "ward":
        finding = judge_ward_price(WardPriceFacts(price, listed), reading)
        if finding.outcome == "refused":
            raise Refused(finding, _("Charge the listed price."))
    elif listed_only and price != listed:
        raise NotDone(_("“%(name)s” costs %(price)s yuan.") % {"name": product.name, "price": listed})


def _nothing_on_top(
    products: Mapping[int, Product],
    wanted: Mapping[int, Wanted],
    prices: Mapping[int, Decimal],
    listed: Mapping[int, Decimal],
    reading: Reading,
) -> None:
    fee = sum((prices[pk] * one.quantity for pk, one in wanted.items()), Decimal(0))
    set_down = (listed.get(pk, Decimal(0)) * one.quantity for pk, one in wanted.items() if products[pk].basis)
    finding = judge_proxy_fee(ProxyFeeFacts(fee, sum(set_down, Decimal(0))), reading)
    if finding.outcome == "refused":
        raise Refused(finding, _("Take out every fee that no regulation sets."))


def reached_at(text: str) -> str:
    """The canonical number that a person wrote, "" for none. Raises NotDone for what is none: rounded by a spreadsheet,
    too short, with letters in it. An extension goes into the order's note."""
    if not text.strip():
        return ""
    said = parsed(text)
    if not said.valid:
        raise NotDone(str(said.problem))
    return said.national


def with_extension(note: str, phone: str) -> str:
    """The note, with the extension that the carrier has to ask for; a long note makes room for it."""
    extension = apart(phone)[1]
    said = _("Extension %(number)s") % {"number": extension} if extension else ""
    if said and note.strip().endswith(said):
        return note.strip()[:500]
    return " ".join(filter(None, (note.strip()[: 499 - len(said)] if said else note.strip()[:500], said)))


def _check_delivery(body: OrderKindBody, to: Delivery, phone: str, other: str) -> None:
    if not 3 <= len(phone or other) <= 24 or len(other) > 24:
        raise NotDone(_("The order needs a telephone number at which the customer is reached."))
    if body.address and len(to.address.strip()) < 4:
        raise NotDone(_("The order needs an address."))
    if body.timed and to.at is None:
        raise NotDone(_("Say when it is to be brought."))


def _marked(order: Order, body: OrderKindBody, reading: Reading) -> Finding | None:
    """What the selection rules say; None for kinds that are not verified by hand."""
    if not body.verify:
        return None
    people = identities_of(order.customer_id)
    since = order.placed_at - timedelta(days=1)
    earlier = Order.objects.filter(customer_id__in=people).exclude(state__in=(OrderState.CANCELLED, OrderState.VOID))
    cash = order.payment == Order.Payment.COD
    return judge_verification(
        VerifyFacts(
            order.total,
            not earlier.filter(payment=Order.Payment.COD).exists() if cash else None,
            len(order.address),
            earlier.filter(placed_at__gt=since, origin__isnull=True).count() + 1,
            tuple(order.customer.tags),
            bool(order.phone) and order.phone != order.receiver_phone,
        ),
        reading,
    )


@transaction.atomic
def cancel_order(order: Order, *, by: Staff, now: datetime, words: str) -> Order:
    """Call an order off before it leaves; what was paid for it goes back through finance. Raises Overtaken, NotDone
    (without a reason)."""
    if len(words.strip()) < 2:
        raise NotDone(_("Say why the order is cancelled."))
    held = held_order(order.pk)
    move_order(held, "cancel", OrderState.CANCELLED, by=by, now=now, words=words)
    give_back(held, by, now)
    Verification.objects.filter(order=held, closed_at__isnull=True).update(
        state=Verification.State.CANCELLED, closed_at=now, closed_by=by, words=words.strip()[:500]
    )
    vault.record("orders.cancelled", who=by.code, on=("order", held.number), purpose=words)
    owe_back(held, CALLED_OFF, by=by, now=now, words=words)
    return held


def goods_of(order: Order) -> dict[int, int]:
    """Product id → pieces of the whole order."""
    counted: Counter[int] = Counter()
    for line in order.lines.all():
        counted[line.product_id] += line.quantity
    return dict(counted)


def give_back(order: Order, by: Staff | None, now: datetime) -> None:
    """What was promised to an order that does not go out."""
    if kind_of(site_handbook(), order.kind).stocked:
        stock.release(goods_of(order), order.number, by, now)


@transaction.atomic
@enforces("ORD-002")
def split_order(order: Order, take: Mapping[int, int], *, by: Staff, now: datetime, seen: int | None = None) -> Order:
    """Put some of an order (line id → pieces) into one of its own. Rules keep going by the total before the split.

    `seen`: the pieces that stood there when it was asked for; others now (a second click) raise Overtaken. Raises
    NotDone for pieces that are not there, when nothing would be left, and once the order has left.
    """
    held = held_order(order.pk)
    if held.state not in (OrderState.TO_VERIFY, OrderState.TO_SHIP) or held.paid:
        raise NotDone(_("Only an order that has neither left nor been paid can be split."))
    rows = {line.pk: line for line in held.lines.all()}
    there = sum(line.quantity for line in rows.values())
    if seen is not None and seen != there:
        raise Overtaken(
            _("The order has changed meanwhile; it holds %(n)d pieces now.") % {"n": there},
            _("Look at the page again."),
        )
    if any(pk not in rows or not 0 < pieces <= rows[pk].quantity for pk, pieces in take.items()) or not take:
        raise NotDone(_("The order does not hold that many pieces."))
    if sum(take.values()) >= there:
        raise NotDone(_("Something must stay in the order."))
    part = Order.objects.get(pk=held.pk)
    part.pk, part.number, part.foreign = None, next_number("D", now), None
    part.origin, part.state_at = held.origin or held, now
    part.total = sum((rows[pk].price * pieces for pk, pieces in take.items()), Decimal(0))
    part.save(force_insert=True)
    _share_out(held, part, rows, take)
    log(part, SALE, "place", "", part.state, by=by, now=now, words=_("Split from %(number)s") % {"number": held.number})
    if part.must_verify and part.verified_at is None:
        task = Verification.objects.get(order=held)
        Verification.objects.create(order=part, opened_at=now, due_at=task.due_at, next_at=now)
    vault.record("orders.split", who=by.code, on=("order", held.number), part=part.number, at=now)
    return part


def _share_out(held: Order, part: Order, rows: Mapping[int, OrderLine], take: Mapping[int, int]) -> None:
    for pk, pieces in take.items():
        line = rows[pk]
        OrderLine.objects.create(order=part, product_id=line.product_id, quantity=pieces, price=line.price)
        if line.quantity == pieces:
            line.delete()
        else:
            OrderLine.objects.filter(pk=pk).update(quantity=line.quantity - pieces)
    held.total -= part.total
    held.save(update_fields=["total"])


@transaction.atomic
def set_price(product: Product, amount: Decimal, *, from_on: datetime, by: Staff | None) -> Price:
    """What a product costs from that day on; orders keep the price they were placed at."""
    if not is_money(amount):
        raise NotDone(_("A price is an amount from nought up."))
    day = timezone.localdate(from_on)
    made, _new = Price.objects.update_or_create(product=product, from_on=day, defaults={"amount": amount})
    vault.record(
        "orders.price.set", who=by.code if by else "", on=("product", product.sku), amount=str(amount), day=str(day)
    )
    return made
