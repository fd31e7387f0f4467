# SPDX-License-Identifier: Apache-2.0
"""Questions about violations: who may see which, and what happens most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from zuoxi.floor.handbook import VIOLATIONS
from zuoxi.floor.models import Violation
from zuoxi.floor.reading import day_bounds
from zuoxi.people.selectors import Scope
from zuoxi.policy.selectors import site_handbook


def label_of(item: str) -> str:
    """The words of the pack for an entry; its key where the pack no longer has it."""
    body = site_handbook().entries(VIOLATIONS).get(item)
    return str(body.label) if body else item


def violations_in(scope: Scope) -> QuerySet[Violation]:
    """The rows of the people in reach."""
    rows = Violation.objects.select_related("staff", "recorded_by", "decided_by")
    return scope.narrow(rows, "staff__code")


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something happened in a stretch; points and fines are of what stands."""

    key: str
    label: str
    count: int
    points: Decimal
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class Top:
    """The commonest faults, people and days of the week of a stretch, cancelled ones left out."""

    total: int
    items: list[Tally]
    people: list[Tally]
    by_day: list[tuple[str, int]]


def top_of(scope: Scope, first: date, last: date, most: int = 10) -> Top:
    """One query. Days are those of the site."""
    start, _next = day_bounds(first)
    _start, end = day_bounds(last)
    rows = list(
        violations_in(scope)
        .filter(happened_at__gte=start, happened_at__lt=end)
        .exclude(state=Violation.State.CANCELLED)
        .values_list("item", "staff__code", "staff__name", "consequence", "amount", "happened_at")
    )
    zone = site_handbook().zone
    days = Counter(row[5].astimezone(zone).date().isoformat() for row in rows)

    def tallied(keyed: list[tuple[str, str, Decimal | None]], labels: dict[str, str]) -> list[Tally]:
        def sum_of(key: str, what: str) -> Decimal:
            return sum((amount or Decimal(0) for one, kind, amount in keyed if one == key and kind == what), Decimal(0))

        counts = Counter(key for key, _kind, _amount in keyed)
        return [
            Tally(key, labels[key], count, sum_of(key, "points"), sum_of(key, "fine"))
            for key, count in counts.most_common(most)
        ]

    return Top(
        len(rows),
        tallied([(row[0], row[3], row[4]) for row in rows], {row[0]: label_of(row[0]) for row in rows}),
        tallied([(row[1], row[3], row[4]) for row in rows], {row[1]: row[2] for row in rows}),
        sorted(days.items()),
    )
