# SPDX-License-Identifier: Apache-2.0
"""The audit chain. Rows are only ever added, by `services.record`; each seals the one before it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.vault.fields import SealedText
from zuoxi.web.marks import constraint, records


class Sealed(RuntimeError):
    """Somebody tried to change or delete a row of the audit chain through the ORM."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise Sealed("the audit chain is only added to")

    def delete(self) -> NoReturn:
        raise Sealed("the audit chain is only added to")


@records("SEC-009", "SEC-013")
class AuditEntry(models.Model):
    """Who did what to what, when, from where and to what end.

    `seal` is an HMAC over the row and the seal before it, under the key named `key_id`; `id` counts without gaps.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("when"), db_index=True)
    who = models.CharField(_("who"), max_length=32, blank=True, default="", db_index=True)
    verb = models.CharField(_("what was done"), max_length=48, db_index=True)
    on_kind = models.CharField(max_length=32, blank=True, default="")
    on_id = models.CharField(max_length=64, blank=True, default="")
    purpose = models.CharField(_("purpose"), max_length=200, blank=True, default="")
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    key_id = models.CharField(max_length=8)
    seal = models.BinaryField(max_length=32)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["on_kind", "on_id"], name="audit_on")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Sealed("the audit chain is only added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Sealed("the audit chain is only added to")


class KeptSecret(models.Model):
    """A secret of another package under its name (a carrier's key), sealed; nobody reads it back in a page."""

    name = models.CharField(max_length=120, unique=True)
    value = SealedText()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        ordering = ["name"]


@records("SEC-002")
class HeldExport(models.Model):
    """A file that somebody wants to take out and a second person looks at first; its content lies sealed on disk.

    People are staff numbers with their names of then. `digest` is of the content that was looked at.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("export", "Waits for review")
        RELEASED = "released", pgettext_lazy("export", "Released")
        REFUSED = "refused", pgettext_lazy("export", "Turned down")

    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200, blank=True, default="")
    filename = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    address = models.CharField(max_length=500, blank=True, default="")
    asked_by = models.CharField(max_length=32, db_index=True)
    asked_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    decided_by = models.CharField(max_length=32, blank=True, default="")
    decided_name = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="held_export_state")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("asked_by")), name="held_export_second_person"
            ),
            models.CheckConstraint(
                condition=models.Q(fetched_at__isnull=True) | models.Q(state="released"),
                name="held_export_fetched_when_released",
            ),
        ]


constraint("held_export_second_person", "SEC-002")
constraint("held_export_fetched_when_released", "SEC-002")


class SharedCount(models.Model):
    """Counts of tries that all processes share (`vault.shared_cache`); the columns are those of Django's own cache."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "vault_shared_count"
