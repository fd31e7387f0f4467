# SPDX-License-Identifier: Apache-2.0
"""Follow-ups in a customer's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from zuoxi.customers.timeline import Entry, Rows, Said, choice, provide_rows
from zuoxi.followups.handbook import KINDS
from zuoxi.policy.selectors import site_handbook


def _rows(user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...]) -> Rows | None:
    """Follow-ups that ended, with the doors that are open to the reader."""
    from zuoxi.followups.models import FollowUpTask
    from zuoxi.followups.visibility import visible_tasks

    if not user.may("followups.view"):
        return None
    rows = FollowUpTask.objects.filter(customer_id__in=customers, closed_at__isnull=False)
    seen = Exists(visible_tasks(user, timezone.localdate()).filter(pk=OuterRef("pk")).order_by())
    said = {"id": "pk", "seen": seen} | {name: name for name in ("kind", "state", "score", "satisfaction")}
    return Rows(rows, "closed_at", said, _entry)


def _entry(at: datetime, said: Said) -> Entry:
    from zuoxi.followups.models import FollowUpTask

    names, score = site_handbook().entries(KINDS), said["score"]
    return Entry(
        at,
        "follow_up",
        str(names[said["kind"]].label) if said["kind"] in names else said["kind"],
        f"{choice(FollowUpTask, 'state', said['state'])}{f' · {score}' if score else ''}",
        reverse("followups:task", args=[said["id"]]) if said["seen"] else "",
        "callback",
        "bad" if said["satisfaction"] == "dissatisfied" else "plain",
    )


provide_rows("follow_up", _rows)
