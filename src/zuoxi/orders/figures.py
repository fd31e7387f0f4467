# SPDX-License-Identifier: Apache-2.0
"""Figures of orders: each from rows, with the rows it was computed from named by a filter of their list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from zuoxi.orders.handbook import REFUSAL_REASONS
from zuoxi.orders.models import Case, Order, PointsGrant, RefusalReason, Shipment, Verification
from zuoxi.policy.selectors import site_handbook


@dataclass(frozen=True, slots=True)
class Rate:
    """Numerator and denominator; `ratio` None where nothing was to be counted. `list`, `query`: where the rows of the
    numerator are, besides the days."""

    key: str
    hits: int
    all: int
    list: str
    query: dict[str, str]

    @property
    def ratio(self) -> Decimal | None:
        return Decimal(self.hits) / self.all if self.all else None


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """How often a reason was given; `share` of all refusals with a reason."""

    key: str
    label: str
    count: int
    share: Decimal | None


def rates_between(since: datetime, until: datetime) -> list[Rate]:
    """Rates of the annex: refusals, returns, exchanges, reships by parcels sent; verification in time and confirmed."""
    sent = Shipment.objects.filter(kind=Shipment.Kind.SALE, shipped_at__gte=since, shipped_at__lt=until)
    parcels = sent.aggregate(all=Count("pk"), refused=Count("pk", filter=Q(state__in=("refused", "returned"))))
    cases = Case.objects.filter(opened_at__gte=since, opened_at__lt=until, refused_parcel__isnull=True)
    kinds: Mapping[str, int] = dict(cases.order_by().values_list("kind").annotate(n=Count("pk")))
    tasks = Verification.objects.filter(opened_at__gte=since, opened_at__lt=until)
    counted = tasks.aggregate(
        all=Count("pk"),
        in_time=Count("pk", filter=Q(closed_at__lte=F("due_at"))),
        closed=Count("pk", filter=Q(closed_at__isnull=False)),
        good=Count("pk", filter=Q(state__in=(Verification.State.CONFIRMED, Verification.State.CHANGED))),
    )
    sent_out = parcels["all"]
    return [
        Rate("refused", parcels["refused"], sent_out, "all", {"parcel": "refused"}),
        *(
            Rate(kind, kinds.get(kind, 0), sent_out, "cases", {"kind": kind, "asked": "1"})
            for kind in ("return", "exchange", "reship")
        ),
        Rate("verified_in_time", counted["in_time"], counted["all"], "all", {"verification": "in_time"}),
        Rate("verified_good", counted["good"], counted["closed"], "all", {"verification": "confirmed"}),
    ]


def refusal_reasons_between(since: datetime, until: datetime) -> tuple[list[ReasonLine], bool]:
    """Reasons by how often they were given last, and whether “other” is so frequent that the list is too coarse."""
    rows = RefusalReason.objects.filter(latest=True, shipment__shipped_at__gte=since, shipment__shipped_at__lt=until)
    counts = dict(rows.order_by().values_list("reason").annotate(n=Count("pk")))
    total = sum(counts.values())
    handbook = site_handbook()
    known = handbook.entries(REFUSAL_REASONS)
    lines = [
        ReasonLine(key, str(body.label), counts.get(key, 0), Decimal(counts.get(key, 0)) / total if total else None)
        for key, body in known.items()
    ]
    lines.sort(key=lambda one: -one.count)
    other = sum(counts.get(key, 0) for key, body in known.items() if body.other)
    reading = handbook.on(until.date())
    coarse = bool(
        total
        and reading.has("refusal.other_percent")
        and reading.beyond("refusal.other_percent", Decimal(other) * 100 / total)
    )
    return lines, coarse


def points_between(grants: QuerySet[PointsGrant], since: datetime, until: datetime) -> tuple[int, list[dict[str, Any]]]:
    """Points of these grants that were granted in a time, and who asked for them: name, how often, how many."""
    rows = grants.filter(decided_at__gte=since, decided_at__lt=until)
    rows = rows.filter(state__in=(PointsGrant.State.GRANTED, PointsGrant.State.EXPIRED)).order_by()
    lines = rows.values("asked_by__code", "asked_by__name").annotate(times=Count("pk"), points=Sum("points"))
    found = sorted(lines, key=lambda one: -one["points"])
    return sum(one["points"] for one in found), [dict(one) for one in found]


def sold_today(orders: Any) -> tuple[int, Decimal]:
    """How many orders, and what they come to."""
    counted = orders.aggregate(n=Count("pk"), total=Sum("total"))
    return counted["n"], counted["total"] or Decimal(0)


def open_work(orders: Any = None) -> dict[str, int]:
    """How many orders stand in which state."""
    rows = (orders if orders is not None else Order.objects.all()).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))
