# SPDX-License-Identifier: Apache-2.0
"""The audit chain. Rows are only ever added, by `services.record`; each seals the one before it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from zuoxi.vault.fields import SealedText
from zuoxi.web.marks import records


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
