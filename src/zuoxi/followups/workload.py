# SPDX-License-Identifier: Apache-2.0
"""Tells those who plan the day which follow-ups have to be made on it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.followups.models import FollowUpTask
from zuoxi.workforce.falling_due import Due, provide_other_work


def _due(first: datetime, last: datetime, now: datetime) -> list[Due]:
    """Follow-ups that stand and have to be made by then; those late by now belong to the day of `now`. One query."""
    if now >= last:
        return []
    rows = FollowUpTask.objects.filter(state__in=FollowUpTask.STANDING, due_by__lt=last)
    rows = rows.filter(due_by__gte=first) if now < first else rows
    told = rows.aggregate(count=Count("pk"), late=Count("pk", filter=Q(due_by__lt=now)), by=Max("due_by"))
    if not told["count"]:
        return []
    begins = max(first, now)
    by = told["by"] if told["by"] > begins else last  # what is late is worked off in the course of the day
    return [Due(_("Follow-ups"), told["count"], told["late"], begins, by, "staffing.other.follow_up_minutes",
                reverse("followups:board"), "followups.view")]  # fmt: skip


provide_other_work(_due)
