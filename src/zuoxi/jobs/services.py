# SPDX-License-Identifier: Apache-2.0
"""Asking for background work, claiming it and ending it. A job is asked for in the caller's own transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cronsim import CronSim
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from zuoxi.jobs import registry
from zuoxi.jobs.models import Job, Schedule
from zuoxi.jobs.registry import Task

_CLAIM_LOCK = 0x5A4A4F42
_ENDED = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)

__all__ = ["begin_due", "cancel", "claim", "end", "enqueue", "retry", "try_again", "watch_schedules"]


def enqueue(
    name: str,
    *,
    key: str = "",
    at: datetime | None = None,
    by: int | None = None,
    once: bool = False,
    **arguments: Any,
) -> Job:
    """Ask for a task; the job exists if and only if the caller's transaction commits.

    Jobs with the same `key` never run at the same time. `once`: an equal job that waits already is returned instead.
    """
    registry.task_named(name)
    now = timezone.now()
    if once:
        waiting = Job.objects.filter(task=name, key=key, state=Job.State.WAITING, arguments=arguments).first()
        if waiting is not None:
            return waiting
    return Job.objects.create(task=name, arguments=arguments, key=key, run_at=at or now, created_at=now, asked_by=by)


def claim(worker: str, now: datetime) -> tuple[Job, Task] | None:
    """Take the next job that may run: one that is due, or whose worker has gone silent. None: nothing to do."""
    if not _claimable(now).exists():  # an idle worker takes no lock
        return None
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIM_LOCK])
        for job in _claimable(now)[:20]:
            try:
                task = registry.task_named(job.task)
            except registry.UnknownTask:
                _close(job, Job.State.FAILED, now, error=f"no task {job.task}")
                continue
            if job.cancel_asked:
                _close(job, Job.State.CANCELLED, now)
                continue
            if job.attempts >= task.attempts:
                _close(job, Job.State.FAILED, now, error=job.error or "the worker went silent each time")
                continue
            job.state, job.worker, job.attempts = Job.State.RUNNING, worker, job.attempts + 1
            job.started_at, job.lease_until = now, now + timedelta(seconds=task.lease)
            job.save(update_fields=["state", "worker", "attempts", "started_at", "lease_until"])
            return job, task
    return None


def _claimable(now: datetime) -> Any:
    due = Q(state=Job.State.WAITING, run_at__lte=now) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    held = Job.objects.filter(key=OuterRef("key"), state=Job.State.RUNNING, lease_until__gte=now).exclude(key="")
    return Job.objects.filter(due).exclude(Exists(held)).order_by("run_at", "id")


def _close(job: Job, state: str, now: datetime, error: str = "") -> None:
    Job.objects.filter(pk=job.pk).update(state=state, ended_at=now, lease_until=None, error=error)


def _mine(job: Job) -> Any:
    """The row, as long as the lease that this attempt took is still its own."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker, attempts=job.attempts)


def renew(job: Job, lease: int, **fields: Any) -> bool:
    """A sign of life, with progress if given. False: the lease was lost, whatever is being done is not ours."""
    return bool(_mine(job).update(lease_until=timezone.now() + timedelta(seconds=lease), **fields))


def end(job: Job, state: str, *, result: dict[str, Any] | None = None, error: str = "") -> bool:
    """Close the job; False when the lease was lost and the outcome does not count."""
    return bool(
        _mine(job).update(
            state=state, ended_at=timezone.now(), lease_until=None, result=result or {}, error=error[-8000:]
        )
    )


def try_again(job: Job, pause: int, error: str = "") -> bool:
    """Put the job back for another attempt after `pause` seconds."""
    later = timezone.now() + timedelta(seconds=pause)
    return bool(
        _mine(job).update(state=Job.State.WAITING, run_at=later, lease_until=None, worker="", error=error[-8000:])
    )


def give_back(job: Job) -> bool:
    """Put the job back because this worker stops; the attempt does not count."""
    return bool(_mine(job).update(state=Job.State.WAITING, lease_until=None, worker="", attempts=F("attempts") - 1))


def cancel(job_id: int) -> bool:
    """Ask for an end: a waiting job ends at once, a running one when it next reports. False: it is over already."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job_id, state=Job.State.WAITING)
    if waiting.update(state=Job.State.CANCELLED, cancel_asked=True, ended_at=now):
        return True
    return bool(Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(cancel_asked=True))


def retry(job_id: int) -> bool:
    """Let a failed or cancelled job begin anew."""
    return bool(
        Job.objects.filter(pk=job_id, state__in=(Job.State.FAILED, Job.State.CANCELLED)).update(
            state=Job.State.WAITING,
            attempts=0,
            run_at=timezone.now(),
            cancel_asked=False,
            ended_at=None,
            error="",
        )
    )


def watch_schedules() -> None:
    """Write down what the packages declare; a changed cron takes effect, a switched-off one stays off."""
    now = timezone.now()
    for one in registry.crons():
        row, _made = Schedule.objects.get_or_create(name=one.name, defaults={"task": one.task, "cron": one.cron})
        if (row.task, row.cron) != (one.task, one.cron) or row.next_at is None:
            row.task, row.cron, row.next_at = one.task, one.cron, next_time(one.cron, now)
            row.save(update_fields=["task", "cron", "next_at"])
    Schedule.objects.exclude(name__in=[one.name for one in registry.crons()]).delete()


def begin_at_start() -> None:
    """Ask for what is done whenever a worker starts; several workers ask once."""
    for one in registry.crons():
        if one.at_start and Schedule.objects.filter(name=one.name, enabled=True).exists():
            enqueue(one.task, key=f"cron:{one.name}", once=True)


def next_time(expression: str, after: datetime) -> datetime:
    """The next moment of a cron expression at the site; on a day without that hour, the hour after."""
    zone = timezone.get_default_timezone()
    found: datetime = next(CronSim(expression, after.astimezone(zone)))
    return found


def begin_due(now: datetime) -> list[Job]:
    """Ask for the tasks whose time has come; a run that was missed is made up for once, not for each time missed."""
    begun = []
    for row in Schedule.objects.filter(enabled=True, next_at__lte=now):
        with transaction.atomic():
            moved = Schedule.objects.filter(pk=row.pk, next_at=row.next_at).update(
                next_at=next_time(row.cron, now), last_at=now
            )
            if moved:
                begun.append(enqueue(row.task, key=f"cron:{row.name}", once=True, **row.arguments))
    return begun


def clear_old(before: datetime) -> int:
    """Delete what ended before a day; returns how many."""
    return Job.objects.filter(state__in=_ENDED, ended_at__lt=before).delete()[0]
