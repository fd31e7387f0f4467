# SPDX-License-Identifier: Apache-2.0
"""The loops that look for substitutes and play days are compiled once after an installation, by a worker and not while
somebody waits at a page; what is compiled is kept on disk for every process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs import selectors as jobs
from zuoxi.jobs.models import Job
from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run

WARM = "workforce.warm"
_warm = False
_ALONE: Final = "import django; django.setup(); from zuoxi.workforce.planning.warming import warm; warm()"
_LOOK: Final = 0.2
"""Seconds between two looks at the process that compiles."""


def warmed() -> bool:
    """Whether this process has the loops at hand already."""
    return _warm


def warm() -> None:
    """Call each loop once on something small: loaded from disk in a second or two, compiled in half a minute."""
    from zuoxi.workforce.rostering.replan import replan
    from zuoxi.workforce.rostering.samples import centre
    from zuoxi.workforce.twin.engine import Ready

    global _warm
    problem = centre(6, days=7, patterns=2, contracts=1)
    present = {one.id: (problem.patterns[0].id,) * problem.days for one in problem.people}
    replan(problem, present, [(problem.people[0].id, 2)], days_off=True)
    Ready.run()
    _warm = True


@task(WARM, _("Make the planning loops ready"), lease=300, attempts=2)
def warming(run: Run) -> dict[str, Any]:
    """In a process of its own, for compiling hears nobody who wants to stop the worker meanwhile."""
    place = {"DJANGO_SETTINGS_MODULE": "zuoxi.config.settings", **os.environ}
    with subprocess.Popen([sys.executable, "-c", _ALONE], env=place) as alone:  # noqa: S603
        try:
            while alone.poll() is None:
                run.progress(0)
                time.sleep(_LOOK)
        finally:
            alone.kill()
    if alone.returncode:
        raise subprocess.CalledProcessError(alone.returncode, "warm")
    return {}


def being_warmed() -> Job | None:
    """The job that compiles at present, where a page would have to wait for it; None where the loops can be used."""
    if warmed():
        return None
    job = jobs.latest(WARM)
    if job is None or job.state != Job.State.RUNNING:
        return None
    silent = job.lease_until is not None and job.lease_until < timezone.now()  # its worker is no more
    return None if silent else job


cron("workforce.warm", "40 2 * * 0", WARM, at_start=True)
