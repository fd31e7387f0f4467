# SPDX-License-Identifier: Apache-2.0
"""What is done about people without anybody asking."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.people import services


@task("people.close_leavers", _("Close the sign-ins of those who have left"))
def close_leavers(run: Run) -> dict[str, Any]:
    return {"closed": services.close_leavers(timezone.localdate())}


cron("people.close_leavers", "1 0 * * *", "people.close_leavers")


@task("people.changes", _("Let granted changes of post come into force"))
def changes(_run: Run) -> dict[str, Any]:
    """Bears being run at any time: what is done is not done again."""
    return {"done": len(services.apply_changes(timezone.localdate()))}


cron("people.changes", "5 0 * * *", "people.changes", at_start=True)
