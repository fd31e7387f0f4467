# SPDX-License-Identifier: Apache-2.0
"""Lists of customers that are read from files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustomerImport(models.Model):
    """One file on its way in. `token` finds the sealed file until it is taken; `done` is the line up to which rows
    are in, so that a run that broke off goes on there. `heads` are the headings in the file's own order; a database
    may keep the `mapping` in another."""

    class Policy(models.TextChoices):
        SKIP = "skip", _("Leave the standing customer as he is")
        FILL = "fill", _("Fill in what is missing in the standing one")
        NEW = "new", _("Write down as new, without the number")

    class State(models.TextChoices):
        CHECKED = "checked", pgettext_lazy("file", "Checked")
        RUNNING = "running", _("Being read")
        DONE = "done", _("Read")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    name = models.CharField(max_length=160)
    token = models.CharField(max_length=64)
    heads = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    policy = models.CharField(max_length=8, choices=Policy.choices, default=Policy.SKIP)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CHECKED)
    source = models.CharField(max_length=32, blank=True, default="")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    job = models.BigIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]


class ImportReject(models.Model):
    """A line that was not taken, as it came, with what is wrong and what to do."""

    batch = models.ForeignKey(CustomerImport, models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    why = models.CharField(max_length=300)

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="one_reject_of_a_line")]


class ColumnMemory(models.Model):
    """Which heading meant which column, the last time a file had it."""

    heading = models.CharField(max_length=80, unique=True)
    column = models.CharField(max_length=32)


class IndexMark(models.Model):
    """Up to which id the customers are in the full text."""

    kind = models.CharField(max_length=16, unique=True)
    upto = models.BigIntegerField(default=0)
