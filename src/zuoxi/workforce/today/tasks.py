# SPDX-License-Identifier: Apache-2.0
"""The outlook of the running day, every five minutes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.workforce.today.keeping import keep_outlook


@task("workforce.intraday", _("Outlook of the running day"))
def outlook(_run: Run) -> dict[str, Any]:
    """Look at the day and keep what it is expected to reach."""
    made = keep_outlook(timezone.now())
    return {"service": made.whole_day if made else None}


cron("workforce.intraday", "*/5 * * * *", "workforce.intraday")
