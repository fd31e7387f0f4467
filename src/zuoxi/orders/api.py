# SPDX-License-Identifier: Apache-2.0
"""Orders for programs: lists by cursor, one order, placing one, and the carrier's news.

Money is text with two decimals, so that no program rounds it. A refusal is a 409 that says what stood in the way and,
as `remedy`, what to do; a number of the other system (`foreign`) that is known answers 409 as well, so that sending
twice places once.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from zuoxi.customers.selectors import found_by
from zuoxi.customers.services import Refused as NotAPerson
from zuoxi.customers.services import ensure_customer
from zuoxi.orders import selectors, services
from zuoxi.orders.models import Case, Order
from zuoxi.orders.services import NotDone
from zuoxi.orders.views.asking import who
from zuoxi.orders.visibility import visible_cases, visible_orders
from zuoxi.vault import masking
from zuoxi.web.access import may, open_to_programs
from zuoxi.web.problems import problem

router = Router(tags=["orders"])
_OPENERS: Final = {
    "return": services.open_return,
    "exchange": services.open_exchange,
    "reship": services.open_reship,
}


class Paged(Schema):
    """`after`: the id that the last page ended with."""

    after: int = Field(0, ge=0)
    limit: int = Field(50, ge=1, le=200)
    state: str = Field("", max_length=14)
    since: AwareDatetime | None = None


class OrderFilter(Paged):
    """`foreign`: the number that the other system has for it."""

    foreign: str = Field("", max_length=64)


class LineOut(Schema):
    sku: str
    name: str
    quantity: int
    price: str


class OrderOut(Schema):
    """An order; telephone and address are masked."""

    id: int
    number: str
    foreign: str | None
    kind: str
    state: str
    phone: str
    address: str
    payment: str
    total: str
    paid: str
    refunded: str
    must_verify: bool
    placed_at: datetime
    lines: list[LineOut]


class OrdersOut(Schema):
    items: list[OrderOut]
    next: int | None


class CaseOut(Schema):
    id: int
    number: str
    kind: str
    state: str
    order: str
    inspection: str
    refund: str | None
    due_at: datetime | None
    opened_at: datetime


class CasesOut(Schema):
    items: list[CaseOut]
    next: int | None


class LineIn(Schema):
    """`price` where it was agreed elsewhere; without it the listed price of the day."""

    sku: str = Field(max_length=32)
    quantity: int = Field(ge=1, le=9999)
    price: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)


class OrderIn(Schema):
    foreign: str = Field(min_length=1, max_length=64)
    phone: str = Field(min_length=3, max_length=32)
    name: str = Field("", max_length=80)
    receiver_phone: str = Field("", max_length=32)
    address: str = Field("", max_length=240)
    kind: str = Field("sale", max_length=24)
    prepaid: bool = False
    note: str = Field("", max_length=500)
    lines: list[LineIn] = Field(min_length=1, max_length=100)


class CancelIn(Schema):
    words: str = Field(min_length=2, max_length=500, description="why it is called off")


class CaseLineIn(Schema):
    """An article of the order and how many pieces; `wanted`: the article that an exchange sends instead."""

    sku: str = Field(max_length=32)
    quantity: int = Field(ge=1, le=9999)
    wanted: str = Field("", max_length=32)


class CaseIn(Schema):
    """A return, an exchange or a reship; `reason` is a key of the handbook's reasons for that kind."""

    kind: Literal["return", "exchange", "reship"]
    reason: str = Field(max_length=40)
    words: str = Field("", max_length=500, description="what the customer said")
    lines: list[CaseLineIn] = Field(min_length=1, max_length=100)
    ticket: str = Field("", max_length=40)


class NewsIn(Schema):
    """The carrier's news: moving, delivered or refused; `key` is its own number of the news."""

    what: str = Field(max_length=12)
    key: str = Field("", max_length=80)
    at: AwareDatetime
    place: str = Field("", max_length=80)
    words: str = Field("", max_length=200)
    reason: str = Field("", max_length=32)


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _order(one: Order) -> dict[str, Any]:
    return {
        "id": one.pk, "number": one.number, "foreign": one.foreign, "kind": one.kind, "state": one.state,
        "phone": masking.phone(one.phone), "address": masking.address(one.address), "payment": one.payment,
        "total": _money(one.total), "paid": _money(one.paid), "refunded": _money(one.refunded),
        "must_verify": one.must_verify, "placed_at": one.placed_at,
        "lines": [
            {"sku": line.product.sku, "name": line.product.name, "quantity": line.quantity, "price": _money(line.price)}
            for line in one.lines.all()
        ],
    }  # fmt: skip


def _case(one: Case) -> dict[str, Any]:
    return {
        "id": one.pk, "number": one.number, "kind": one.kind, "state": one.state, "order": one.order.number,
        "inspection": one.inspection, "refund": None if one.refund is None else _money(one.refund),
        "due_at": one.due_at, "opened_at": one.opened_at,
    }  # fmt: skip


@router.get("/orders", response=OrdersOut)
@open_to_programs("orders.read")
@may("orders.view")
def orders(request: HttpRequest, asked: Annotated[OrderFilter, Query()]) -> dict[str, Any]:
    """Orders by id, from the oldest on."""
    rows = visible_orders(request.user).filter(pk__gt=asked.after).prefetch_related("lines__product").order_by("pk")
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.since:
        rows = rows.filter(placed_at__gte=asked.since)
    if asked.foreign:
        rows = rows.filter(foreign=asked.foreign)
    found = list(rows[: asked.limit + 1])
    more = found[asked.limit - 1].pk if len(found) > asked.limit else None
    return {"items": [_order(one) for one in found[: asked.limit]], "next": more}


@router.get("/orders/{number}", response=OrderOut)
@open_to_programs("orders.read")
@may("orders.view")
def order(request: HttpRequest, number: str) -> dict[str, Any]:
    return _order(get_object_or_404(visible_orders(request.user).prefetch_related("lines__product"), number=number))


@router.post("/orders", response={201: OrderOut})
@open_to_programs("orders.write")
@may("orders.import")
def place(request: HttpRequest, said: OrderIn) -> Any:
    """Place an order of another system at the prices agreed there."""
    now, by = timezone.now(), who(request)
    try:
        wanted = [_wanted(line) for line in said.lines]
        with transaction.atomic():  # a refused order leaves no customer behind
            customer = found_by(said.phone) or ensure_customer(said.phone, said.name, by=by, now=now)
            made = services.place_order(
                customer=customer, lines=wanted, by=None, now=now, kind=said.kind, foreign=said.foreign,
                to=services.Delivery(said.phone, said.name, said.receiver_phone, said.address),
                payment="prepaid" if said.prepaid else "cod", source="api", note=said.note,
            )  # fmt: skip
    except (NotDone, NotAPerson) as refusal:
        return _refused(refusal)
    return Status(201, _order(made))


def _wanted(line: LineIn) -> services.Wanted:
    return services.Wanted(_product(line.sku), line.quantity, line.price)


def _product(sku: str) -> int:
    product = selectors.product_named(sku)
    if product is None:
        raise NotDone(_("There is no article “%(sku)s”.") % {"sku": sku}, _("Look it up in the list of goods."))
    return product.pk


def _refused(refusal: Exception) -> HttpResponse:
    return problem(409, "The call was refused", str(refusal), remedy=str(getattr(refusal, "remedy", "")))


@router.post("/orders/{number}/cancel", response=OrderOut)
@open_to_programs("orders.write")
@may("orders.sell")
def cancel(request: HttpRequest, number: str, said: CancelIn) -> Any:
    """Call an order off before it leaves; what was paid for it goes back through finance. 409 once it has left."""
    found = get_object_or_404(visible_orders(request.user), number=number)
    try:
        services.cancel_order(found, by=who(request), now=timezone.now(), words=said.words)
    except NotDone as refusal:
        return _refused(refusal)
    return _order(visible_orders(request.user).prefetch_related("lines__product").get(pk=found.pk))


@router.post("/orders/{number}/cases", response={201: CaseOut})
@open_to_programs("orders.write")
@may("orders.serve")
def open_case(request: HttpRequest, number: str, said: CaseIn) -> Any:
    """Ask for a return, an exchange or a reship of a delivered order, under the rules of the page."""
    found = get_object_or_404(visible_orders(request.user).prefetch_related("lines__product"), number=number)
    try:
        lines = _lines_of_case(found, said.lines)
        asked = services.Asked(lines, said.reason, said.words, ticket=said.ticket)
        made = _OPENERS[said.kind](found, asked, by=who(request), now=timezone.now())
    except NotDone as refusal:
        return _refused(refusal)
    return Status(201, _case(made))


def _lines_of_case(order: Order, said: list[CaseLineIn]) -> tuple[services.Some, ...]:
    by_sku = {line.product.sku: line.pk for line in order.lines.all()}
    for one in said:
        if one.sku not in by_sku:
            raise NotDone(
                _("The order holds no article “%(sku)s”.") % {"sku": one.sku}, _("Take one of its own articles.")
            )
    return tuple(
        services.Some(by_sku[one.sku], one.quantity, _product(one.wanted) if one.wanted else None) for one in said
    )


@router.get("/cases", response=CasesOut)
@open_to_programs("orders.read")
@may("orders.view")
def cases(request: HttpRequest, asked: Annotated[Paged, Query()]) -> dict[str, Any]:
    """Returns, exchanges and reships by id, from the oldest on."""
    rows = visible_cases(request.user).filter(pk__gt=asked.after).select_related("order").order_by("pk")
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.since:
        rows = rows.filter(opened_at__gte=asked.since)
    found = list(rows[: asked.limit + 1])
    more = found[asked.limit - 1].pk if len(found) > asked.limit else None
    return {"items": [_case(one) for one in found[: asked.limit]], "next": more}


@router.get("/cases/{number}", response=CaseOut)
@open_to_programs("orders.read")
@may("orders.view")
def case(request: HttpRequest, number: str) -> dict[str, Any]:
    """One return, exchange, reship or money back."""
    return _case(get_object_or_404(visible_cases(request.user).select_related("order"), number=number))


@router.post("/parcels/{tracking}/news", response={204: None})
@open_to_programs("orders.write")
@may("orders.carrier")
def news(request: HttpRequest, tracking: str, said: NewsIn) -> Any:
    """The same news twice counts once."""
    try:
        services.carrier_news(
            tracking, said.what, key=said.key, at=said.at, place=said.place, words=said.words, reason=said.reason
        )
    except NotDone as refusal:
        return _refused(refusal)
    return HttpResponse(status=204)
