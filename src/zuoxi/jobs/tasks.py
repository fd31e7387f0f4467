# SPDX-License-Identifier: Apache-2.0
"""Tasks of the job system itself."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs import services
from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.search.services import respell

KEEP = timedelta(days=90)


@task("jobs.rest", _("Test run of a worker"), lease=3, attempts=5, pause=1)
def rest(run: Run, seconds: float = 1, steps: int = 10) -> dict[str, Any]:
    """Do nothing, with progress: shows that a worker lives, and what happens when it does not."""
    for step in range(steps):
        run.progress(step, steps)
        time.sleep(seconds / steps)
    return {"rested": seconds, "attempt": run.job.attempts}


@task("jobs.clear", _("Remove old jobs"))
def clear(run: Run) -> dict[str, Any]:
    return {"removed": services.clear_old(timezone.now() - KEEP)}


@task("search.respell", _("Put the full text anew after an upgrade"), lease=120)
def respell_search(run: Run) -> dict[str, Any]:
    """One look where there is nothing to do; stopped, it goes on there the next time."""
    return {"changed": respell(run.progress)}


cron("jobs.clear", "40 3 * * *", "jobs.clear")
cron("search.respell", "50 3 * * *", "search.respell", at_start=True)
