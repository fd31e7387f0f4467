# SPDX-License-Identifier: Apache-2.0
"""A worker: claims jobs, keeps their lease alive, and ends them as they ended."""

from __future__ import annotations

import os
import socket
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import structlog
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from zuoxi.jobs import services
from zuoxi.jobs.models import Job
from zuoxi.jobs.registry import Task
from zuoxi.jobs.words import heard

log = structlog.get_logger(__name__)
_MOST = 200
"""Signs of a message that a job keeps."""
IDLE = 1.0
"""Seconds between looks when there is nothing to do."""


class LeaseLost(Exception):
    """Another worker has taken the job over; stop without a trace."""


class Cancelled(Exception):
    """Somebody asked for the job's end."""


class Stopping(Exception):
    """The worker is to stop; the job goes back."""


class GiveUp(Exception):
    """Raise in a task when trying again is of no use; the message is the job's error."""


class Run:
    """What a task holds while it runs: it reports how far it has come and hears that it should stop."""

    def __init__(self, job: Job, task: Task, stopping: Callable[[], bool] = lambda: False) -> None:
        self.job, self.task = job, task
        self._stopping = stopping
        self._reported = 0.0

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Report and look up: raises Cancelled, Stopping or LeaseLost. Cheap: writes at most five times a second."""
        if self._stopping():
            raise Stopping
        now = time.monotonic()
        if now - self._reported < 0.2 and done != total:
            return
        self._reported = now
        kept = message if len(message) <= _MOST else heard(message)[:_MOST]
        if not services.renew(self.job, self.task.lease, done=done, total=total, message=kept):
            raise LeaseLost
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled


class Heartbeat:
    """Renews the lease from a thread of its own, so that a long step without a report does not lose it."""

    def __init__(self, job: Job, task: Task) -> None:
        self._job, self._task = job, task
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{job.pk}", daemon=True)

    def _beat(self) -> None:
        try:
            while not self._over.wait(self._task.lease / 3):
                if not self._renewed():
                    return
        finally:
            connection.close()

    def _renewed(self) -> bool:
        """False when the lease is lost; a database that is busy or away is asked again at the next beat."""
        try:
            return services.renew(self._job, self._task.lease)
        except DatabaseError:
            log.exception("job_heartbeat", job=self._job.pk)
            connection.close()
            return True

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(5)


class Worker:
    """One process's loop. `stop()` may come from a signal: the job in hand goes back or is finished first."""

    def __init__(self, name: str = "") -> None:
        self.name = name or f"{socket.gethostname()[:40]}-{os.getpid()}"
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def run_forever(self) -> None:
        services.watch_schedules()
        services.begin_at_start()
        while not self.stopping:
            close_old_connections()
            if not self._turn():
                self._stop.wait(IDLE)

    def _turn(self) -> bool:
        """One look; a database that is busy or away for a moment is looked at again a moment later."""
        try:
            services.begin_due(timezone.now())
            return self.run_one()
        except DatabaseError:
            log.exception("job_worker", worker=self.name)
            connection.close()
            return False

    def run_one(self) -> bool:
        """Run the next job; False when there is none."""
        claimed = services.claim(self.name, timezone.now())
        if claimed is None:
            return False
        self._run(*claimed)
        return True

    def _run(self, job: Job, task: Task) -> None:
        with Heartbeat(job, task):
            try:
                result = task.work(Run(job, task, lambda: self.stopping), **job.arguments)
            except LeaseLost:
                log.warning("job_lease_lost", job=job.pk, task=job.task)
            except Cancelled:
                services.end(job, Job.State.CANCELLED)
            except Stopping:
                services.give_back(job)
            except GiveUp as fault:
                services.end(job, Job.State.FAILED, error=str(fault))
            except Exception as fault:
                self._failed(job, task, fault)
            else:
                services.end(job, Job.State.DONE, result=result)

    def _failed(self, job: Job, task: Task, fault: Exception) -> None:
        error = "".join(traceback.format_exception(fault))
        log.warning("job_failed", job=job.pk, task=job.task, attempt=job.attempts, error=str(fault))
        if job.attempts >= task.attempts:
            services.end(job, Job.State.FAILED, error=error)
        else:
            services.try_again(job, task.pause_after(job.attempts), error)


def run_all(limit: int = 1000, **options: Any) -> int:
    """Run what is due until nothing is left (tests, commands); returns how many were run."""
    worker = Worker(**options)
    for count in range(limit):
        if not worker.run_one():
            return count
    return limit
