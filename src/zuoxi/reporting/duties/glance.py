# SPDX-License-Identifier: Apache-2.0
"""Reports at a glance for the overview: yesterday's figures, what is missing, how punctual this month is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from zuoxi.people import selectors as people
from zuoxi.reporting.duties import lists, rates
from zuoxi.reporting.duties.following import DAILY
from zuoxi.reporting.duties.rates import Rate
from zuoxi.reporting.models import DutyItem


@dataclass(frozen=True, slots=True)
class Glance:
    """`daily` None: yesterday's figures are no item yet. `missing`: overdue now, of the last seven days."""

    day: date
    daily: lists.Line | None
    missing: int
    month: Rate
    safety: Rate


def glance(user: Any, now: datetime) -> Glance:
    """Held to the people in reach. Four queries."""
    today = lists.today(now)
    scope = people.scope_of(user, today)
    item = DutyItem.objects.filter(duty=DAILY, day=today - timedelta(days=1)).first()
    month = lists.narrowed(rates.between(today.replace(day=1), today), scope)
    late = lists.narrowed(rates.between(today - timedelta(days=7), today), scope)
    missing = late.filter(rates.past_due(now), state__in=lists.LIVE, handed_at__isnull=True).count()
    return Glance(
        today - timedelta(days=1),
        lists.line(item, now) if item else None,
        missing,
        rates.total(month, now),
        rates.total(month.filter(rates.SAFETY), now),
    )
