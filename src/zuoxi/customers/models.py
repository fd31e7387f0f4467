# SPDX-License-Identifier: Apache-2.0
"""Who calls us, and at which numbers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Staff


class Customer(models.Model):
    """A person or a firm. `tags` are short words; `note` is what the next agent should know."""

    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    tags = models.JSONField(_("tags"), default=list, blank=True)
    note = models.TextField(_("note"), blank=True, default="")
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name"], name="customer_name")]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class ContactNumber(models.Model):
    """A number of a customer, in its canonical form. One number belongs to one customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=24, unique=True)
    label = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["pk"]
