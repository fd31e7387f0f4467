# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals import services
from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run


@task("approvals.watch", _("Remind approvers, escalate, let unpapered requests lapse"))
def watch(_run: Run) -> dict[str, Any]:
    now = timezone.now()
    return services.watch_steps(now) | {f"papers_{key}": n for key, n in services.lapse_papers(now).items()}


cron("approvals.watch", "*/5 * * * *", "approvals.watch")
