# SPDX-License-Identifier: Apache-2.0
"""Tells those who plan the day which tickets the service staff has to deal with itself."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.tickets.ticket_models import OPEN_STATES, Ticket
from zuoxi.workforce.falling_due import Due, provide_other_work


def _due(first: datetime, last: datetime, now: datetime) -> list[Due]:
    """Open tickets that no department has in hand; those late by now belong to the day of `now`. One query."""
    since = first if now < first else None
    rows = Ticket.objects.filter(state__in=OPEN_STATES, department=None, due_at__lt=last)
    rows = rows.filter(due_at__gte=since) if since else rows
    if now >= last:
        return []
    told = rows.aggregate(count=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)), by=Max("due_at"))
    if not told["count"]:
        return []
    begins = max(first, now)
    by = told["by"] if told["by"] > begins else last  # what is late is worked off in the course of the day
    return [Due(_("Tickets"), told["count"], told["late"], begins, by, "staffing.other.ticket_minutes",
                reverse("tickets:tickets"), "tickets.view")]  # fmt: skip


provide_other_work(_due)
