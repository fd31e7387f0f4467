# SPDX-License-Identifier: Apache-2.0
"""How far work has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from zuoxi.jobs.models import Job

_LEAST_DONE = 0.02
"""Share of the work below which no time left can be told from what has passed."""


def progress_of(job: Job) -> dict[str, Any]:
    """What the progress island reads; `result_url` is what the task put into its result under that name, `silent`:
    the worker has given no sign of life for as long as its lease lasts, and another one takes the job over."""
    now = timezone.now()
    return {
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "message": job.said or (job.why.strip().splitlines()[-1][:200] if job.error else ""),
        "result_url": job.result.get("result_url") or "",
        "remaining": remaining(job, now),
        "silent": job.state == Job.State.RUNNING and job.lease_until is not None and job.lease_until < now,
    }


def remaining(job: Job, now: datetime) -> int | None:
    """Seconds left if the work goes on as it has so far; None where that cannot be told yet, or not at all: what an
    earlier attempt did counts as done and took none of this one's time."""
    if job.state != Job.State.RUNNING or job.started_at is None or not job.total or job.attempts > 1:
        return None
    if not _LEAST_DONE <= job.done / job.total < 1:
        return None
    passed = (now - job.started_at).total_seconds()
    return max(round(passed * (job.total - job.done) / job.done), 0)


def broken_off(jobs: Iterable[int | None]) -> dict[int, str]:
    """Number → "cancelled" or "failed", of those jobs that ended so: also before their task was begun, or behind its
    back, so that the task could not write it down. One that was cleared away long since has failed."""
    asked = {one for one in jobs if one}
    states = dict(Job.objects.filter(pk__in=asked).values_list("pk", "state")) if asked else {}
    found = {pk: states.get(pk, Job.State.FAILED) for pk in asked}
    return {pk: str(state) for pk, state in found.items() if state in (Job.State.CANCELLED, Job.State.FAILED)}


def job_of(pk: int | None) -> Job | None:
    """The job of that number; None when there is none (old ones are cleared away)."""
    return Job.objects.filter(pk=pk).first() if pk else None


def latest(task: str, key: str | None = None) -> Job | None:
    """The newest job of a task (with that key), whatever became of it; None when it was never asked for."""
    rows = Job.objects.filter(task=task) if key is None else Job.objects.filter(task=task, key=key)
    return rows.order_by("-pk").first()
