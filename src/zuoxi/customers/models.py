# SPDX-License-Identifier: Apache-2.0
"""Who calls us: people, firms and households, their numbers and their addresses."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.customers.counter_models import ServiceClosure, ServiceCount
from zuoxi.customers.import_models import ColumnMemory, CustomerImport, ImportReject, IndexMark
from zuoxi.customers.leave_models import Consent, DoNotCall
from zuoxi.customers.record_models import FieldChange, Merge, SavedFilter
from zuoxi.people.models import Staff
from zuoxi.policy.marks import records
from zuoxi.vault.fields import SealedText

__all__ = [
    "Address",
    "ColumnMemory",
    "Consent",
    "ContactNumber",
    "Customer",
    "CustomerImport",
    "DoNotCall",
    "FieldChange",
    "ImportReject",
    "IndexMark",
    "Merge",
    "SavedFilter",
    "ServiceClosure",
    "ServiceCount",
]


class Unescaped(json.JSONEncoder):
    """Chinese words as themselves, so that a part of a tag is found on SQLite as well."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more | {"ensure_ascii": False})


@records("CUS-001", "CUS-016")
class Customer(models.Model):
    """A person, a household, a company or a patient.

    `tags` are short words; `note` is what the next agent should know. `grade` and `source` are keys of the pack.
    `seller`: whose own customer it is (None: everybody's). `parent`: the household or company it belongs to.
    `unknown`: written down from a call whose caller could not be told. `merged_into`: the customer that stands for
    this one since they were found to be the same; the row stays, so that what points at it stays.
    """

    class Kind(models.TextChoices):
        PERSON = "person", pgettext_lazy("customer", "Person")
        HOUSEHOLD = "household", _("Household")
        COMPANY = "company", _("Company")
        PATIENT = "patient", _("Patient")

    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PERSON)
    unknown = models.BooleanField(default=False)
    grade = models.CharField(_("grade"), max_length=32, blank=True, default="")
    source = models.CharField(_("source"), max_length=32, blank=True, default="")
    seller = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(_("language"), max_length=12, blank=True, default="")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="members")
    identity_kind = models.CharField(max_length=16, blank=True, default="")
    identity = SealedText(null=True, blank=True)
    identity_index = models.BinaryField(max_length=16, null=True, blank=True, db_index=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True, encoder=Unescaped)
    note = models.TextField(_("note"), blank=True, default="")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="same")
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["name"], name="customer_name")]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="customer_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="customer_not_own_member"),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Unknown customer %(number)s") % {"number": self.pk})


class ContactNumber(models.Model):
    """A number of a customer, in its canonical form. One number (with its extension) belongs to one customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=24)
    extension = models.CharField(max_length=8, blank=True, default="")
    label = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["number", "extension"], name="one_customer_of_a_number")]


@records("CUS-001")
class Address(models.Model):
    """Where a customer lives, works or receives; `line` holds what fits no part. `likeness` finds the same twice."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="addresses")
    label = models.CharField(_("label"), max_length=20, blank=True, default="")
    province = models.CharField(_("province"), max_length=20, blank=True, default="")
    city = models.CharField(_("city"), max_length=20, blank=True, default="")
    district = models.CharField(_("district"), max_length=30, blank=True, default="")
    community = models.CharField(_("community"), max_length=60, blank=True, default="")
    building = models.CharField(_("building"), max_length=20, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    room = models.CharField(_("room"), max_length=20, blank=True, default="")
    line = models.CharField(_("further"), max_length=200, blank=True, default="")
    preferred = models.BooleanField(default=False)
    likeness = models.CharField(max_length=120, blank=True, default="", db_index=True)

    class Meta:
        ordering = ["-preferred", "pk"]

    def __str__(self) -> str:
        return self.written

    @property
    def written(self) -> str:
        """The whole address as it is written on a parcel."""
        parts = (self.province, self.city, self.district, self.community, self.building, self.unit, self.room)
        return "".join(parts) + (f" {self.line}" if self.line and any(parts) else self.line)
