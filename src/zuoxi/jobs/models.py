# SPDX-License-Identifier: Apache-2.0
"""Work that is to be done in the background, and when it is to be begun by itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.words import heard


class Job(models.Model):
    """One piece of work. Whoever holds the lease may write; when it runs out, another worker takes over.

    `attempts` counts the times it was begun and is the fence: a worker that lost its lease cannot write any more.
    `asked_by` is the id of a user; a plain number, because users live above this package.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Not begun")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    task = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    run_at = models.DateTimeField()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    message = models.CharField(max_length=200, blank=True, default="")
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    asked_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "run_at"], name="job_next"),
            models.Index(fields=["key"], name="job_key", condition=~models.Q(key="")),
        ]

    @property
    def said(self) -> str:
        """What the task told last, in the reader's language."""
        return heard(self.message)

    @property
    def why(self) -> str:
        """What it failed of, in the reader's language where it gave up of its own accord."""
        return heard(self.error)

    @property
    def over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)


class Schedule(models.Model):
    """When a task begins by itself. `next_at` is the claim: who moves it on has begun that run."""

    name = models.CharField(max_length=80, primary_key=True)
    task = models.CharField(max_length=80)
    cron = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    enabled = models.BooleanField(default=True)
