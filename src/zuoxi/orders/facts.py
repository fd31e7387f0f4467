# SPDX-License-Identifier: Apache-2.0
"""What the rules of orders judge. Money in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from zuoxi.policy import facts as must

Inspection = Literal["pending", "failed", "partial", "passed"]


@dataclass(frozen=True, slots=True)
class ExchangeFacts:
    """`order_total` of the order as it was placed, so that splitting it changes nothing (ORD-002)."""

    order_total: Decimal

    def __post_init__(self) -> None:
        must.must_not_be_negative("order_total", self.order_total)


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """How the returned goods stood the inspection; "pending": not inspected, or not even back."""

    inspection: Inspection


@dataclass(frozen=True, slots=True)
class PointsFacts:
    """Points to be given now, and those given to the customer this month already."""

    points: int
    granted_this_month: int | None

    def __post_init__(self) -> None:
        must.must_be_positive("points", self.points)
        must.must_not_be_negative("granted_this_month", self.granted_this_month)


@dataclass(frozen=True, slots=True)
class VerifyFacts:
    """What an order looks like as it is placed. `orders_today` counts this one; `first_cod` None: cash is not asked."""

    total: Decimal
    first_cod: bool | None
    address_length: int
    orders_today: int
    tags: tuple[str, ...]
    phones_differ: bool

    def __post_init__(self) -> None:
        must.must_not_be_negative("total", self.total)
        must.must_not_be_negative("address_length", self.address_length)
        must.must_be_positive("orders_today", self.orders_today)


@dataclass(frozen=True, slots=True)
class VerifyCallFacts:
    """How often an order was called in vain, and how long ago the last time (None: never called)."""

    calls: int
    hours_since: Decimal | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("calls", self.calls)
        must.must_not_be_negative("hours_since", self.hours_since)


@dataclass(frozen=True, slots=True)
class ReturnWindowFacts:
    """Whole days between delivery and the wish to return; None while the delivery is not known."""

    days: int | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("days", self.days)


@dataclass(frozen=True, slots=True)
class ReshipFacts:
    """How often the goods were sent again already, and whether any of them was refunded."""

    reships: int
    refunded: bool

    def __post_init__(self) -> None:
        must.must_not_be_negative("reships", self.reships)


@dataclass(frozen=True, slots=True)
class MoneyBackFacts:
    """What came in for an order, what is given back or asked for already, what the order still costs (nothing once it
    is called off), and whether its goods have left."""

    paid: Decimal
    given_back: Decimal
    costs: Decimal
    shipped: bool

    def __post_init__(self) -> None:
        must.must_not_be_negative("paid", self.paid)
        must.must_not_be_negative("given_back", self.given_back)
        must.must_not_be_negative("costs", self.costs)


@dataclass(frozen=True, slots=True)
class FakeFacts:
    """What the audit counts for an order. `hours_to_return` None: not returned; `denied` None: nobody asked yet."""

    customers_on_phone: int
    customers_at_address: int
    denied: bool | None
    hours_to_return: Decimal | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("customers_on_phone", self.customers_on_phone)
        must.must_not_be_negative("customers_at_address", self.customers_at_address)
        must.must_not_be_negative("hours_to_return", self.hours_to_return)


@dataclass(frozen=True, slots=True)
class ProxyFeeFacts:
    """What is charged for a matter done for somebody, and what the regulations set for it."""

    fee: Decimal
    statutory: Decimal

    def __post_init__(self) -> None:
        must.must_not_be_negative("fee", self.fee)
        must.must_not_be_negative("statutory", self.statutory)


@dataclass(frozen=True, slots=True)
class WardPriceFacts:
    """What the ward shop charges for one piece, and what the hospital sets."""

    price: Decimal
    listed: Decimal

    def __post_init__(self) -> None:
        must.must_not_be_negative("price", self.price)
        must.must_not_be_negative("listed", self.listed)


@dataclass(frozen=True, slots=True)
class OrderTold:
    """What happened to an order, for the packages above. `shipment`: the parcel's tracking number, or ""."""

    order_id: int
    number: str
    customer_id: int | None
    at: datetime
    shipment: str = ""


@dataclass(frozen=True, slots=True)
class CaseTold:
    """What happened to a return, an exchange, a reship or money back. `kind` is a value of `CaseKind`."""

    case_id: int
    number: str
    kind: str
    order_number: str
    customer_id: int | None
    at: datetime
