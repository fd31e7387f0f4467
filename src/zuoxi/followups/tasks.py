# SPDX-License-Identifier: Apache-2.0
"""What time does to follow-ups: lists that run out, agreed times that come near, plans that fall due."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.followups import services
from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run


@task("followups.watch", _("Follow-ups that fall due"))
def watch(_run: Run) -> dict[str, Any]:
    now = timezone.now()
    return dict(services.return_overdue(now)) | dict(services.remind_booked(now))


@task("followups.plan", _("Follow-ups by plan"))
def plan(_run: Run) -> dict[str, Any]:
    return dict(services.make_planned(timezone.now()))


cron("followups.watch", "*/5 * * * *", "followups.watch")
cron("followups.plan", "40 5 * * *", "followups.plan")
