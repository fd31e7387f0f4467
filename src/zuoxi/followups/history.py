# SPDX-License-Identifier: Apache-2.0
"""Follow-ups in a customer's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from zuoxi.customers.timeline import Entry, provide
from zuoxi.followups.handbook import KINDS
from zuoxi.policy.selectors import site_handbook


def _entries(
    user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    """Follow-ups that ended, newest first, with the doors that are open to the reader; two queries."""
    from zuoxi.followups.models import FollowUpTask
    from zuoxi.followups.visibility import visible_tasks

    if not user.may("followups.view"):
        return []
    rows = FollowUpTask.objects.filter(customer_id__in=customers, closed_at__isnull=False)
    if before is not None:
        rows = rows.filter(closed_at__lt=before)
    names, found = site_handbook().entries(KINDS), list(rows.order_by("-closed_at")[:limit])
    keys = [one.pk for one in found]
    seen = set(visible_tasks(user, timezone.localdate()).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        Entry(
            one.closed_at,
            "follow_up",
            str(names[one.kind].label) if one.kind in names else one.kind,
            f"{one.get_state_display()}{f' · {one.score}' if one.score else ''}",
            reverse("followups:task", args=[one.pk]) if one.pk in seen else "",
            "callback",
            "bad" if one.satisfaction == "dissatisfied" else "plain",
        )
        for one in found
        if one.closed_at is not None
    ]


provide("follow_up", _entries)
