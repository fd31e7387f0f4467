# SPDX-License-Identifier: Apache-2.0
"""Callbacks that somebody was promised, and callers who keep their place in a queue without waiting on the line."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.customers.models import Customer
from zuoxi.people.models import Staff
from zuoxi.policy.marks import records


@records("CUS-014", "CALL-021")
class Promise(models.Model):
    """A callback in an agent's calendar. `made_at`: when the customer was told; `due_at`: by when he hears from us.

    `ref`: what it belongs to, in words of the package that asked ("ticket:T2611220001"). `previous`: from whom it was
    taken over, while he was away. `tries` are the calls that were made for it.
    """

    class Source(models.TextChoices):
        CALL = "call", pgettext_lazy("callback", "Promised on a call")
        CAMPAIGN = "campaign", pgettext_lazy("callback", "Promised on an outbound call")
        TICKET = "ticket", pgettext_lazy("callback", "Promised for a ticket")
        MEETING = "meeting", pgettext_lazy("callback", "Called during a meeting")
        MISSED = "missed", pgettext_lazy("callback", "Asked for on the line")
        HAND = "hand", pgettext_lazy("callback", "Written down by hand")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("callback", "Open")
        KEPT = "kept", pgettext_lazy("callback", "Kept")
        DROPPED = "dropped", pgettext_lazy("callback", "Called off")

    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=24)
    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    owner = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    previous = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(_("due"))
    reason = models.CharField(_("reason"), max_length=400)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.CALL)
    ref = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "state", "due_at"], name="promise_owner"),
            models.Index(fields=["state", "due_at"], name="promise_due"),
            models.Index(fields=["number", "state"], name="promise_number"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ref"], condition=Q(state="open") & ~Q(ref=""), name="outbound_one_open_promise_a_matter"
            )
        ]


class QueueTurn(models.Model):
    """A caller's place in a queue, kept while he is off the line: `entered_at` is when he joined.

    At most one open place for a number; it is dialled when his turn comes and an agent is free.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("queue callback", "Keeps his place")
        DIALLING = "dialling", pgettext_lazy("queue callback", "Being called back")
        DONE = "done", pgettext_lazy("queue callback", "Called back")
        EXPIRED = "expired", pgettext_lazy("queue callback", "Not reached")
        DROPPED = "dropped", pgettext_lazy("queue callback", "Called off")

    queue = models.CharField(max_length=32)
    number = models.CharField(max_length=24)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    call = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["entered_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(state__in=["waiting", "dialling"]),
                name="outbound_one_open_turn_a_caller",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["queue", "state", "entered_at"], name="turn_order")]
