# SPDX-License-Identifier: Apache-2.0
"""Reports at a glance for the overview: yesterday's figures, what is missing, how punctual this month is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.translation import pgettext_lazy

from zuoxi.people import selectors as people
from zuoxi.reporting.definitions import Text
from zuoxi.reporting.duties import lists, rates
from zuoxi.reporting.duties.following import DAILY
from zuoxi.reporting.duties.rates import Rate
from zuoxi.reporting.models import DutyItem

State = DutyItem.State


@dataclass(frozen=True, slots=True)
class Daily:
    """How yesterday's figures stand; `done_at` None while they have not left."""

    pk: int
    label: str | Text
    tone: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Glance:
    """`daily` None: yesterday's figures are no item yet. `missing`: overdue now, of the last seven days."""

    day: date
    daily: Daily | None
    missing: int
    month: Rate
    safety: Rate


def glance(user: Any, now: datetime) -> Glance:
    """Held to the people in reach. One query."""
    today = lists.today(now)
    yesterday, week, month = today - timedelta(days=1), today - timedelta(days=7), today.replace(day=1)
    rows = lists.narrowed(rates.between(min(week, month), today), people.scope_of(user, today))
    late = Q(state__in=lists.LIVE, handed_at__isnull=True, day__gte=week) & rates.past_due(now)
    daily = Q(duty=DAILY, day=yesterday)
    found = rows.order_by().aggregate(
        missing_now=Count("pk", filter=late, distinct=True),
        daily_pk=Max("pk", filter=daily),
        daily_state=Min("state", filter=daily),
        daily_done=Max("done_at", filter=daily),
        daily_due=Max("due_at", filter=daily),
        **rates.counts(now, Q(day__gte=month), "month_"),
        **rates.counts(now, Q(day__gte=month) & rates.SAFETY, "safety_"),
    )
    return Glance(
        yesterday,
        _daily(found, now) if found["daily_pk"] else None,
        found["missing_now"],
        rates.rate_of(found, "month_"),
        rates.rate_of(found, "safety_"),
    )


def _daily(found: dict[str, Any], now: datetime) -> Daily:
    state = State(found["daily_state"])
    if state == State.OPEN and now >= found["daily_due"]:
        return Daily(found["daily_pk"], pgettext_lazy("duty", "Overdue"), "bad", None)
    return Daily(found["daily_pk"], state.label, lists.TONES[state], found["daily_done"])
