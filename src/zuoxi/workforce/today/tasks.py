# SPDX-License-Identifier: Apache-2.0
"""The outlook of the running day, every five minutes; what a day needs where people serve several queues."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import GiveUp, Run
from zuoxi.workforce.today.keeping import keep_outlook

TOGETHER = "workforce.together"
NOTHING = {
    "calls": _("No calls are expected on this day."),
    "people": _("Nobody serves the queues that the calls come to."),
}


@task("workforce.intraday", _("Outlook of the running day"))
def outlook(_run: Run) -> dict[str, Any]:
    """Look at the day and keep what it is expected to reach."""
    made = keep_outlook(timezone.now())
    return {"service": made.whole_day if made else None}


@task(TOGETHER, _("What a day needs, queues taken together"), lease=300, attempts=2)
def together(run: Run, day: str) -> dict[str, Any]:
    """Agents by half hour found by playing the day, beside the sum of what each queue needs for itself."""
    from zuoxi.workforce.today.skilled import NothingNeeded, skilled_need

    try:
        found = skilled_need(date.fromisoformat(day), progress=run.progress)
    except NothingNeeded as nothing:
        raise GiveUp(str(NOTHING[str(nothing)])) from nothing
    return {
        "together": [int(one) for one in found.together],
        "apart": [int(one) for one in found.apart],
        "met": float(found.met),
        "unserved": list(found.unserved),
        "groups": [
            [list(queues), people, [int(one) for one in agents]]
            for (queues, people), agents in zip(found.groups, found.agents, strict=True)
        ],
        "result_url": f"{reverse('workforce:staffing')}?day={day}#together",
    }


cron("workforce.intraday", "*/5 * * * *", "workforce.intraday")
