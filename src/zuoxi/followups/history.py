# SPDX-License-Identifier: Apache-2.0
"""Follow-ups in a customer's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from zuoxi.customers.timeline import Entry, provide
from zuoxi.followups.handbook import KINDS
from zuoxi.policy.selectors import site_handbook


def _entries(
    user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    """Follow-ups that ended, newest first; one query."""
    from zuoxi.followups.models import FollowUpTask

    if not user.may("followups.view"):
        return []
    rows = FollowUpTask.objects.filter(customer_id__in=customers, closed_at__isnull=False)
    if before is not None:
        rows = rows.filter(closed_at__lt=before)
    names = site_handbook().entries(KINDS)
    return [
        Entry(
            one.closed_at,
            "follow_up",
            str(names[one.kind].label) if one.kind in names else one.kind,
            f"{one.get_state_display()}{f' · {one.score}' if one.score else ''}",
            reverse("followups:task", args=[one.pk]),
            "callback",
            "bad" if one.satisfaction == "dissatisfied" else "plain",
        )
        for one in rows.order_by("-closed_at")[:limit]
        if one.closed_at is not None
    ]


provide("follow_up", _entries)
