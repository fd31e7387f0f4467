# SPDX-License-Identifier: Apache-2.0
"""How far work has come."""

from __future__ import annotations

from typing import Any

from zuoxi.jobs.models import Job


def progress_of(job: Job) -> dict[str, Any]:
    """What the progress island reads; `result_url` is what the task put into its result under that name."""
    return {
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "message": job.message or (job.error.strip().splitlines()[-1][:200] if job.error else ""),
        "result_url": job.result.get("result_url") or "",
    }


def job_of(pk: int | None) -> Job | None:
    """The job of that number; None when there is none (old ones are cleared away)."""
    return Job.objects.filter(pk=pk).first() if pk else None


def latest(task: str, key: str | None = None) -> Job | None:
    """The newest job of a task (with that key), whatever became of it; None when it was never asked for."""
    rows = Job.objects.filter(task=task) if key is None else Job.objects.filter(task=task, key=key)
    return rows.order_by("-pk").first()
