# SPDX-License-Identifier: Apache-2.0
"""What the pages show of programs and web hooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.gateway import doors
from zuoxi.gateway.kinds import KINDS, TEST
from zuoxi.gateway.models import Application, Delivery, Subscription, UsedMinute
from zuoxi.web.access import registry

DAYS = 14


@dataclass(frozen=True, slots=True)
class DayOfUse:
    day: date
    calls: int
    refused: int


def applications(now: datetime) -> QuerySet[Application, Any]:
    """With `live` tokens in force, their `last_used`, and the next to end (`next_end`). One query."""
    live = Q(tokens__revoked_at=None, tokens__expires_at__gt=now)
    return Application.objects.select_related("owner").annotate(
        live=Count("tokens", filter=live),
        last_used=Max("tokens__last_used_at"),
        next_end=Max("tokens__expires_at", filter=live),
    )


def use_by_day(application: Application, now: datetime) -> list[DayOfUse]:
    """The last fourteen days, today last; days without a call are nought."""
    today = timezone.localdate(now)
    since = today - timedelta(days=DAYS - 1)
    rows = (
        UsedMinute.objects.filter(application=application, minute__gte=now - timedelta(days=DAYS + 1))
        .annotate(day=TruncDate("minute"))
        .values_list("day")
        .annotate(calls=Sum("calls"), refused=Sum("refused"))
    )
    found = {day: (calls, refused) for day, calls, refused in rows}
    return [DayOfUse(day, *found.get(day, (0, 0))) for day in (since + timedelta(days=n) for n in range(DAYS))]


def webhooks() -> QuerySet[Subscription, Any]:
    """With `waiting` and `dead` deliveries and when one last arrived. One query."""
    state = "deliveries__state"
    return Subscription.objects.select_related("owner").annotate(
        waiting=Count("deliveries", filter=Q(**{state: Delivery.State.QUEUED})),
        dead=Count("deliveries", filter=Q(**{state: Delivery.State.DEAD})),
        arrived=Max("deliveries__ended_at", filter=Q(**{state: Delivery.State.DELIVERED})),
    )


def deliveries(subscription: int | None = None, state: str = "", kind: str = "") -> QuerySet[Delivery, Any]:
    """Deliveries with what they tell and whom; "" and None do not narrow."""
    rows = Delivery.objects.select_related("subscription", "happening")
    if subscription is not None:
        rows = rows.filter(subscription_id=subscription)
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    return rows.filter(happening__kind=kind) if kind in kind_labels() else rows


def kind_labels() -> dict[str, str]:
    """Code → words of every happening, the test among them."""
    return {one.code: str(one.label) for one in KINDS.values()} | {TEST: _("Test")}


@dataclass(frozen=True, slots=True)
class Line:
    """An operation in the reference; `right` in the reader's language."""

    method: str
    path: str
    summary: str
    scope: str
    scope_label: str
    right: str


def reference() -> list[tuple[str, list[Line]]]:
    """(package's name, its operations) of the whole API."""
    return [
        (doors.package_label(name), _lines(rows)) for name, rows in groupby(doors.doors(), key=lambda one: one.package)
    ]


def _lines(rows: Iterable[doors.Door]) -> list[Line]:
    return [
        Line(
            one.method,
            f"/api/v1{one.path}",
            doors.summary_label(one),
            one.scope,
            doors.scope_label(one.scope) if one.scope else "",
            str(registry.by_code[one.right].label) if one.right in registry.by_code else "",
        )
        for one in rows
    ]
