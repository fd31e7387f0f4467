# SPDX-License-Identifier: Apache-2.0
"""What was done to customers' records: each changed field, each merge, and filters that people keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.customers.labels import LABELS
from zuoxi.people.models import Staff
from zuoxi.policy.marks import records


@records("CUS-002", "CUS-015")
class FieldChange(models.Model):
    """One field of one customer that changed: who, when, from what to what, and the business it belonged to.

    Numbers and identity documents are kept masked. Without a `reference` it waits to be looked at by a manager.
    """

    class Reference(models.TextChoices):
        NONE = "", _("No business")
        CALL = "call", _("Call")
        TICKET = "ticket", _("Ticket")
        ORDER = "order", _("Order")
        IMPORT = "import", _("Import")
        REQUEST = "request", _("Approved request")
        MERGE = "merge", _("Merge")

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="changes")
    field = models.CharField(max_length=32)
    old = models.TextField(blank=True, default="")
    new = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    reference_kind = models.CharField(max_length=12, choices=Reference.choices, blank=True, default="")
    reference = models.CharField(max_length=64, blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    verdict = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["customer", "-at"], name="change_of_customer"),
            models.Index(fields=["-at"], condition=Q(reference_kind=""), name="change_without_business"),
        ]

    @property
    def field_label(self) -> str | Promise:
        return LABELS.get(self.field, self.field)


@records("CUS-016")
class Merge(models.Model):
    """Two records that are one customer: `gone` now stands behind `kept`.

    `before` holds the values of both as they were, `chosen` from whom each field was taken, `moved` the ids of numbers
    and of records that stood behind `gone`: enough to undo it exactly.
    """

    kept = models.ForeignKey("customers.Customer", models.PROTECT, related_name="merges")
    gone = models.ForeignKey("customers.Customer", models.PROTECT, related_name="merged_away")
    before = models.JSONField()
    chosen = models.JSONField()
    moved = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two"),
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="one_standing_merge"),
        ]


class SavedFilter(models.Model):
    """A person's own set of filters of the list, under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_customer_filter_of_a_name")]
