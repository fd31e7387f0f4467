# SPDX-License-Identifier: Apache-2.0
"""Questions about orders and what happens to them afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from zuoxi.customers.numbers import canonical
from zuoxi.customers.selectors import found_by, identities_of, named_ids
from zuoxi.orders.models import (
    Case,
    CaseLine,
    MoneyEntry,
    Order,
    OrderLine,
    PointsEntry,
    PointsGrant,
    Price,
    Product,
    RefusalReason,
    Shipment,
    StepLog,
    Suspicion,
    Verification,
)
from zuoxi.orders.states import ENDED, OrderState

__all__ = [
    "case",
    "found",
    "line_amounts",
    "namesakes_beyond",
    "open_case_on",
    "order",
    "order_by_id",
    "orders_of",
    "paid_in",
    "points_of",
    "price_on",
    "products_found",
    "refusal_of",
    "refused_between",
    "unpaid",
]


_RECENT: Final = 50_000
"""Newest orders that are looked at one by one; what has an index is found however old it is."""
_NAMESAKES: Final = 300


def order(number: str) -> Order | None:
    """The order with that number of ours; None where there is none."""
    return _whole(Order.objects.filter(number=number)).first() if number else None


def order_by_id(order_id: int) -> Order | None:
    return _whole(Order.objects.filter(pk=order_id)).first()


def _whole(rows: QuerySet[Order]) -> QuerySet[Order]:
    return rows.select_related("customer", "seller")


def orders_of(
    customer_ids: Iterable[int], limit: int = 10, before: datetime | None = None, *, lines: bool = True
) -> list[Order]:
    """The newest orders of these customers (all rows of one person). Two queries with their lines, one without."""
    rows = Order.objects.filter(customer_id__in=list(customer_ids)).select_related("seller")
    if before is not None:
        rows = rows.filter(placed_at__lt=before)
    if lines:
        rows = rows.prefetch_related(Prefetch("lines", OrderLine.objects.select_related("product")))
    return list(rows.order_by("-placed_at", "-pk")[:limit])


def case(number: str) -> Case | None:
    """The return, exchange or reship with that number."""
    rows = Case.objects.select_related("order", "customer", "opened_by", "inspected_by", "paid_by", "approved_by")
    return rows.filter(number=number).first() if number else None


def open_case_on(lines: Sequence[int]) -> Case | None:
    """The open case about one of these lines; None while there is none."""
    held = CaseLine.objects.filter(line_id__in=lines, open=True).select_related("case").first()
    return held.case if held else None


def found(words: str, rows: QuerySet[Order]) -> QuerySet[Order]:
    """Orders by number, foreign number, a tracking number, a whole telephone number of the order or of its customer, or
    the customer's name; among the newest also by the end of the number, the receiver and his telephone."""
    text = words.strip()
    if not text:
        return rows
    upper, bare = text.upper(), canonical(text)
    asked: list[QuerySet[Any]] = [
        Order.objects.filter(Q(number=upper) | Q(foreign=text)).values_list("pk"),
        Shipment.objects.filter(tracking=upper).values_list("order_id"),
    ]
    recent = Q(receiver__startswith=text)
    if text.isdecimal() and len(text) >= 4:
        recent |= Q(number__endswith=text)
    if len(bare) >= 5 and not any(sign.isalpha() for sign in text):
        whose = found_by(bare)
        recent |= Q(receiver_phone=bare)
        asked.append(Order.objects.filter(phone=bare).values_list("pk"))
        asked.append(Order.objects.filter(customer_id__in=identities_of(whose.pk) if whose else ()).values_list("pk"))
    elif _is_name(text):
        asked.append(Order.objects.filter(customer_id__in=named_ids(text, _NAMESAKES)).values_list("pk"))
    newest = Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    asked.append(Order.objects.filter(recent, pk__gt=newest - _RECENT).values_list("pk"))
    first, *others = (one.order_by() for one in asked)
    return rows.filter(pk__in=[pk for (pk,) in first.union(*others)])


def _is_name(text: str) -> bool:
    """Whether words may be a customer's name, and are no number of any kind."""
    return not text.isdecimal() and (any(sign.isalpha() for sign in text) or 0 < len(canonical(text)) < 5)


def namesakes_beyond(words: str) -> int:
    """How many customers of one name `found` looks at, where more have it; 0 where it looks at all of them."""
    text = words.strip()
    return _NAMESAKES if text and _is_name(text) and len(named_ids(text, _NAMESAKES + 1)) > _NAMESAKES else 0


def unpaid(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Of these orders, those that leave only when the rest of their price has come."""
    waiting = (OrderState.TO_VERIFY, OrderState.TO_SHIP)
    return rows.filter(state__in=waiting, payment=Order.Payment.PREPAID, paid__lt=F("total"))


def price_on(products: Iterable[int], day: date) -> dict[int, Decimal]:
    """Price by product on a day; a product without one that day is absent. One query."""
    newest = Price.objects.filter(product=OuterRef("pk"), from_on__lte=day).order_by("-from_on").values("amount")[:1]
    rows = Product.objects.filter(pk__in=list(products)).annotate(now=Subquery(newest))
    return {pk: amount for pk, amount in rows.values_list("pk", "now") if amount is not None}


def products_found(words: str, day: date, limit: int = 12) -> list[tuple[Product, Decimal, int]]:
    """Products on sale by article number, part of the name or its first sounds: (product, price, free stock)."""
    text = words.strip().lower()
    newest = Price.objects.filter(product=OuterRef("pk"), from_on__lte=day).order_by("-from_on").values("amount")[:1]
    rows = Product.objects.filter(active=True).select_related("stock").annotate(now=Subquery(newest))
    if text:
        rows = rows.filter(Q(sku__istartswith=text) | Q(name__icontains=text) | Q(initials__contains=text))
    rows = rows.filter(now__isnull=False)[:limit]
    return [(one, one.now, one.stock.free if hasattr(one, "stock") else 0) for one in rows]


def line_amounts(one: Order) -> Decimal:
    """What the lines of an order come to."""
    return sum((line.price * line.quantity for line in one.lines.all()), Decimal(0))


def paid_in(one: Order) -> Decimal:
    """Payments less refunds, from the ledger itself."""
    return MoneyEntry.objects.filter(order=one).aggregate(all=Sum("amount"))["all"] or Decimal(0)


def points_of(customer_ids: Iterable[int]) -> int:
    """The points that these customers may still spend."""
    rows = PointsEntry.objects.filter(customer_id__in=list(customer_ids))
    return int(rows.aggregate(all=Sum("points"))["all"] or 0)


def refused_between(since: datetime, until: datetime) -> QuerySet[Shipment]:
    """Parcels refused in a time, `until` excluded."""
    rows = Shipment.objects.filter(kind=Shipment.Kind.SALE, state__in=("refused", "returned"))
    return rows.filter(ended_at__gte=since, ended_at__lt=until, events__what="refused").distinct()


def refusal_of(order_id: int) -> RefusalReason | None:
    """Why the order's parcel was refused, as it was said last; None while nobody knows."""
    return RefusalReason.objects.filter(shipment__order_id=order_id, latest=True).order_by("-at").first()


def steps_of(one: Order, only: Case | None = None) -> list[StepLog]:
    """The steps of an order itself, or of one of its cases, in their order. One query."""
    return list(StepLog.objects.filter(order=one, case=only).select_related("by"))


def open_cases() -> QuerySet[Case]:
    """Every case that is not at its end."""
    return Case.objects.exclude(state__in=ENDED).select_related("order", "customer", "opened_by")


def verification_of(one: Order) -> Verification | None:
    return Verification.objects.filter(order=one).select_related("agent").prefetch_related("calls__by").first()


def grants_of(customer_ids: Iterable[int], limit: int = 10) -> list[PointsGrant]:
    return list(PointsGrant.objects.filter(customer_id__in=list(customer_ids))[:limit])


def granted_between(customer_ids: Iterable[int], since: datetime, until: datetime) -> int:
    """Points asked for or granted to a customer in a time; refused ones do not count."""
    rows = PointsGrant.objects.filter(customer_id__in=list(customer_ids), asked_at__gte=since, asked_at__lt=until)
    return int(rows.exclude(state=PointsGrant.State.REFUSED).aggregate(all=Sum("points"))["all"] or 0)


def suspicions_of(staff_id: int) -> QuerySet[Suspicion]:
    return Suspicion.objects.filter(staff_id=staff_id)


def verifications_waiting() -> int:
    """How many orders wait for a verification."""
    return Verification.objects.filter(closed_at__isnull=True, state=Verification.State.OPEN).count()


def products_by_id(ids: Iterable[int]) -> dict[int, Product]:
    return Product.objects.in_bulk(list(ids))


def product_named(sku: str) -> Product | None:
    """The product with that article number, in whatever case it is written."""
    return Product.objects.filter(sku__iexact=sku, active=True).first()


def products_named(numbers: Iterable[str]) -> dict[str, Product]:
    """Products on sale by article number in small letters. One query."""
    wanted = {number.casefold() for number in numbers if number}
    rows = Product.objects.filter(active=True) if wanted else Product.objects.none()
    return {one.sku.casefold(): one for one in rows.iterator() if one.sku.casefold() in wanted}


def reasons_of(one: Order) -> QuerySet[RefusalReason]:
    """Everything that was said about why the order's parcels were refused, oldest first."""
    return RefusalReason.objects.filter(shipment__order=one).select_related("by")


def goods(words: str, day: date) -> QuerySet[Product]:
    """Every product with its price of the day (`now`) and its stock, by number, name or first sounds."""
    newest = Price.objects.filter(product=OuterRef("pk"), from_on__lte=day).order_by("-from_on").values("amount")[:1]
    rows = Product.objects.select_related("stock").annotate(now=Subquery(newest))
    text = words.strip()
    if text:
        rows = rows.filter(Q(sku__istartswith=text) | Q(name__icontains=text) | Q(initials__contains=text.lower()))
    return rows


def foreign_known(numbers: Iterable[str]) -> set[str]:
    """Which of these numbers of another system we have an order for."""
    rows = Order.objects.filter(foreign__in=list(numbers)).values_list("foreign", flat=True)
    return {one for one in rows if one}


def open_cases_by_order(order_ids: Sequence[int]) -> dict[int, list[Case]]:
    """Open cases by order. One query, none for no orders."""
    found: dict[int, list[Case]] = {}
    if order_ids:
        for one in Case.objects.filter(order_id__in=order_ids).exclude(state__in=ENDED):
            found.setdefault(one.order_id, []).append(one)
    return found
