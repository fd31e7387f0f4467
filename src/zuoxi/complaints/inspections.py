# SPDX-License-Identifier: Apache-2.0
"""Sums of the points taken off at inspections: by quarter, and for the appraisals of half-year and year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import ExtractQuarter

from zuoxi.complaints.models import InspectionMark
from zuoxi.policy.marks import enforces

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class UnitYear:
    """One unit's points of a year. Struck marks do not count."""

    unit: str
    quarters: tuple[Decimal, ...]

    @property
    def first_half(self) -> Decimal:
        return self.quarters[0] + self.quarters[1]

    @property
    def second_half(self) -> Decimal:
        return self.quarters[2] + self.quarters[3]

    @property
    def year(self) -> Decimal:
        return self.first_half + self.second_half


@enforces("CMP-011")
def sums_of(year: int) -> list[UnitYear]:
    """Every unit of the year, the most points first. One query."""
    told = (
        InspectionMark.objects.filter(day__year=year, struck_at__isnull=True)
        .order_by()
        .values("unit", quarter=ExtractQuarter("day"))
        .annotate(points=Sum("points"))
    )
    found: dict[str, dict[int, Decimal]] = {}
    for row in told:
        found.setdefault(row["unit"], {})[row["quarter"]] = row["points"]
    units = [UnitYear(unit, tuple(held.get(one, Decimal(0)) for one in QUARTERS)) for unit, held in found.items()]
    return sorted(units, key=lambda one: (-one.year, one.unit))
