# SPDX-License-Identifier: Apache-2.0
"""Numbers of orders, cases, grants and emergencies: a letter, the day and a count of that day."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from zuoxi.orders.models import NumberSeries


def next_number(letter: str, now: datetime) -> str:
    """D20261122-0007; numbers given out are not given again. Call it inside a transaction."""
    return next_numbers(letter, now, 1)[0]


def next_numbers(letter: str, now: datetime, count: int) -> list[str]:
    """So many numbers in a row, for an import."""
    day = timezone.localdate(now)
    series, _ = NumberSeries.objects.get_or_create(letter=letter, day=day)
    series = NumberSeries.objects.select_for_update().get(pk=series.pk)
    NumberSeries.objects.filter(pk=series.pk).update(last=F("last") + count)
    return [f"{letter}{day:%Y%m%d}-{series.last + nth:04}" for nth in range(1, count + 1)]
