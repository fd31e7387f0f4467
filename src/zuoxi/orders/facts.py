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
class OrderTold:
    """What happened to an order, for the packages above. `shipment`: the parcel's tracking number, or ""."""

    order_id: int
    number: str
    customer_id: int | None
    at: datetime
    shipment: str = ""


@dataclass(frozen=True, slots=True)
class CaseTold:
    """What happened to a return, an exchange or a reship. `kind` is one of these words."""

    case_id: int
    number: str
    kind: str
    order_number: str
    customer_id: int | None
    at: datetime
