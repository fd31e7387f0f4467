# SPDX-License-Identifier: Apache-2.0
"""Programs that call us, and addresses that we call."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from zuoxi.vault.fields import SealedText


class Application(models.Model):
    """A program of somebody's. It acts for its owner and can do nothing that the owner may not do himself.

    `scopes` are names such as "orders.read"; `per_minute` is how many calls it may make in one minute of the clock.
    """

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=80)
    purpose = models.CharField(_("purpose"), max_length=200)
    owner = models.ForeignKey("people.Staff", models.PROTECT, related_name="+", verbose_name=_("owner"))
    scopes = models.JSONField(default=list)
    per_minute = models.PositiveIntegerField(_("calls per minute"), default=120)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=32, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """One key of an application. `mark` is its public part; of the secret part only SHA-256 is kept.

    The secret is 256 random bits, so that a plain digest is as good as a slow one.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="tokens")
    mark = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=32, blank=True, default="")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=32, blank=True, default="")
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def in_force(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class UsedMinute(models.Model):
    """Calls of an application in one minute; `refused` are those above its limit."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="minutes")
    minute = models.DateTimeField(db_index=True)
    calls = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "minute"], name="gateway_minute_once")]


class Repeat(models.Model):
    """What was answered to a call with an idempotency key, to be answered again.

    `caller` is "application:<id>" or "user:<id>"; `digest` is over method, address and body.
    """

    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=128)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=80, blank=True, default="")
    answer = SealedText(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="gateway_repeat_once")]


class Subscription(models.Model):
    """An address that is told of happenings of the `kinds`. For a time after a change two secrets sign."""

    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    kinds = models.JSONField(default=list)
    owner = models.ForeignKey("people.Staff", models.PROTECT, related_name="+", verbose_name=_("owner"))
    secret = SealedText()
    old_secret = SealedText(null=True)
    old_until = models.DateTimeField(null=True)
    enabled = models.BooleanField(default=True)
    off_because = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Happening(models.Model):
    """What is told, in the form of one version: kept once, however many are told of it."""

    uid = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=48)
    version = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(db_index=True)
    data = models.JSONField(default=dict)


class Delivery(models.Model):
    """One happening to one address."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        DELIVERED = "delivered", _("Delivered")
        DEAD = "dead", _("Given up")

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    happening = models.ForeignKey(Happening, models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "happening"], name="gateway_delivery_once")]
        indexes = [models.Index(fields=["state", "-created_at"], name="gateway_delivery_state")]


class Try(models.Model):
    """One attempt. `status` None: no answer came; `answer` is the beginning of what the receiver said."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")
    answer = models.CharField(max_length=500, blank=True, default="")
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["at", "pk"]
