# SPDX-License-Identifier: Apache-2.0
"""What is done about tickets in the background."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import covering, watching


@task("tickets.watch", _("Warn of tickets that are nearly due, pass late ones up"), lease=120)
def watch(run: Run) -> dict[str, Any]:
    now = timezone.now()
    return {"resumed": watching.end_holds(now), "covered": covering.look_at_all(now), **watching.watch(now)}


@task("tickets.recalculate", _("Reckon the deadlines of open tickets anew"), lease=300)
def recalculate(run: Run) -> dict[str, Any]:
    """After a calendar, opening hours or a figure changed; nothing to do where none did."""
    return {"moved": watching.recalculate(timezone.now(), run.progress)}


@task("tickets.screening", _("Open the screening for disputes"))
def screening(run: Run) -> dict[str, Any]:
    now = timezone.now()
    made = watching.screen_for_disputes(now.astimezone(site_handbook().zone).date(), now)
    return {"opened": made.number if made else ""}


cron("tickets.watch", "* * * * *", "tickets.watch")
cron("tickets.recalculate", "*/10 * * * *", "tickets.recalculate", at_start=True)
cron("tickets.screening", "10 6 * * *", "tickets.screening")
