# SPDX-License-Identifier: Apache-2.0
"""Files of orders on their way in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderImport(models.Model):
    """One file. `token` finds the sealed file until it is taken; `total` are the orders that were ready when it was
    looked at, `done` those that have been tried since, `made` those that stand."""

    class State(models.TextChoices):
        CHECKED = "checked", pgettext_lazy("file", "Checked")
        RUNNING = "running", _("Being read")
        DONE = "done", _("Read")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    name = models.CharField(max_length=160)
    token = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CHECKED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    job = models.BigIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def waits(self) -> bool:
        """Whether it can be begun, or gone on with."""
        return self.state in (self.State.CHECKED, self.State.CANCELLED, self.State.FAILED)


class OrderReject(models.Model):
    """A line that cannot be read, or an order that was refused, with what is wrong and what to do."""

    batch = models.ForeignKey(OrderImport, models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField()
    foreign = models.CharField(max_length=64, blank=True, default="")
    column = models.CharField(max_length=80, blank=True, default="")
    why = models.CharField(max_length=300)
    todo = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["line", "pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "line", "column"], name="one_reject_of_an_order_cell")]
