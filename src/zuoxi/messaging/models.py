# SPDX-License-Identifier: Apache-2.0
"""Messages that left, or are to leave, with proof of what became of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.Model):
    """A way out. `config` holds what is no secret; secrets come from the environment variables named in `secrets`.

    `name` is what others ask for ("sms", "email", "bot"); `kind` is who carries it.
    """

    class Kind(models.TextChoices):
        CONSOLE = "console", _("Log only")
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Web hook")
        ALIYUN = "aliyun", _("Aliyun SMS")
        TENCENT = "tencent", _("Tencent SMS")
        WECOM = "wecom", _("WeCom bot")
        DINGTALK = "dingtalk", _("DingTalk bot")
        FEISHU = "feishu", _("Feishu bot")

    name = models.SlugField(max_length=32, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CONSOLE)
    config = models.JSONField(default=dict, blank=True)
    secrets = models.JSONField(default=dict, blank=True)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """One message to one recipient. `dedupe` makes sure that a reason sends once; "" does not dedupe.

    `proof` is what the carrier answered (its id of the message, the time, its words).
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    channel = models.CharField(max_length=32)
    to = models.CharField(max_length=300)
    to_name = models.CharField(max_length=80, blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    dedupe = models.CharField(max_length=120, null=True, unique=True)
    about = models.CharField(max_length=80, blank=True, default="", db_index=True)
    created_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    provider_id = models.CharField(max_length=120, blank=True, default="", db_index=True)
    proof = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True, default="")
    asked_by = models.BigIntegerField(null=True)
