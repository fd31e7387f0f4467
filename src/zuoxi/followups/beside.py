# SPDX-License-Identifier: Apache-2.0
"""What the customer said of a ticket when he was asked afterwards, beside the ticket."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from zuoxi.followups.handbook import KINDS
from zuoxi.followups.models import FollowUpTask
from zuoxi.followups.visibility import visible_tasks
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import beside
from zuoxi.tickets.models import Ticket
from zuoxi.web.measures import local_text


def _beside(user: Any, ticket: Ticket) -> tuple[list[beside.Thing], None]:
    """Follow-ups of the ticket, the newest first, with their score and until when they are due."""
    if not user.may("followups.view"):
        return [], None
    names = site_handbook().entries(KINDS)
    rows = list(FollowUpTask.objects.filter(ticket=ticket.number).order_by("-made_at")[:5])
    keys = [one.pk for one in rows]
    seen = set(visible_tasks(user, timezone.localdate()).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        beside.Thing(
            str(names[one.kind].label) if one.kind in names else one.kind,
            " · ".join(_said(one)),
            reverse("followups:task", args=[one.pk]) if one.pk in seen else "",
            "callback",
            "bad" if one.satisfaction == "dissatisfied" else "good" if one.satisfaction == "satisfied" else "plain",
        )
        for one in rows
    ], None


def _said(task: FollowUpTask) -> list[str]:
    said = [str(task.get_state_display())]
    if task.standing:
        said.append(local_text(task.due_by, "short"))
    if task.score is not None:
        said.append(f"{task.score}")
    return said


beside.provide(_beside)
