# SPDX-License-Identifier: Apache-2.0
"""Patients who left, check-ups with a finding, appointments at the clinic: no more of a person than the call needs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zuoxi.customers.models import Customer
from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records
from zuoxi.vault import masking


@records("FUP-008", "FUP-009", "CUS-028")
class DischargedPatient(models.Model):
    """A follow-up file: opened at discharge, called back later. `number_good` None: not tried yet; False leaves him out
    of those to be reached. `quiet`: spans ["12:00", "15:00"] at which he must not be called. `record` is the hospital's
    own number of the stay."""

    record = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    number = models.CharField(max_length=24, blank=True, default="")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.CharField(max_length=60)
    doctor = models.CharField(max_length=40, blank=True, default="")
    admitted_on = models.DateField(null=True, blank=True)
    discharged_on = models.DateField()
    number_good = models.BooleanField(null=True, blank=True)
    quiet = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    card_given = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-discharged_on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["discharged_on"], name="followup_discharged")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(admitted_on__isnull=True) | Q(admitted_on__lte=F("discharged_on")),
                name="followup_stay_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        return masking.name(self.name)


@records("CUS-023", "FUP-014")
class CheckupFinding(models.Model):
    """One result of a check-up. `positive` None: not read yet. A time that is set says that the step was done: told
    about it (followed up and taught), an expert's appointment, accompanied, came; `referred` both ways, `benefit` under
    the scheme for those in need."""

    record = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    number = models.CharField(max_length=24, blank=True, default="")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    checked_on = models.DateField()
    item = models.CharField(max_length=80, blank=True, default="")
    positive = models.BooleanField(null=True, blank=True)
    taught_at = models.DateTimeField(null=True, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)
    expert_at = models.DateTimeField(null=True, blank=True)
    accompanied_at = models.DateTimeField(null=True, blank=True)
    came_at = models.DateTimeField(null=True, blank=True)
    referred = models.BooleanField(default=False)
    benefit = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-checked_on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["checked_on", "positive"], name="followup_checkups")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(positive=True) | Q(followed_at__isnull=True, came_at__isnull=True),
                name="followup_only_positive_pursued",
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        return masking.name(self.name)


constraint("followup_only_positive_pursued", "CUS-023")


@records("FUP-012")
class ClinicVisit(models.Model):
    """An appointment of a patient at the clinic: he came, or did not and why (a key of the handbook's reasons)."""

    name = models.CharField(max_length=80)
    number = models.CharField(max_length=24, blank=True, default="")
    department = models.CharField(max_length=60)
    doctor = models.CharField(max_length=40, blank=True, default="")
    booked_for = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    absent_reason = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(max_length=40, blank=True, default="")
    booked_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-booked_for", "-pk"]
        indexes: ClassVar = [models.Index(fields=["booked_for"], name="followup_clinic_day")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(absent_reason=""), name="followup_came_or_did_not"
            ),
        ]

    @property
    def masked(self) -> str:
        return masking.name(self.name)


@records("CUS-028")
class WardVisit(models.Model):
    """A round of a ward: whom somebody asked how they fared, and what came of it."""

    visited_on = models.DateField()
    ward = models.CharField(max_length=60)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    patients = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-visited_on", "-pk"]
