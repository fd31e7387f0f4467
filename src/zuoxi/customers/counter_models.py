# SPDX-License-Identifier: Apache-2.0
"""How many people were served where: registers that hospitals, halls and libraries count in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zuoxi.people.models import Staff
from zuoxi.policy.marks import records


@records("CUS-021", "CUS-022", "CUS-024", "CUS-025")
class ServiceCount(models.Model):
    """One entry of a register: so many on that day, of a kind that the pack names, at a place.

    A mistake is corrected by a further entry that is negative; nothing is overwritten.
    """

    kind = models.CharField(max_length=48)
    place = models.CharField(max_length=60, blank=True, default="")
    on = models.DateField()
    count = models.IntegerField()
    note = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["kind", "on"], name="service_count_kind")]
        constraints = [models.CheckConstraint(condition=~Q(count=0), name="service_count_counts")]


@records("CUS-025")
class ServiceClosure(models.Model):
    """Days on which a place was closed: what is compared with them cannot be compared."""

    place = models.CharField(max_length=60)
    first_on = models.DateField()
    last_on = models.DateField()
    why = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-first_on"]
        constraints = [models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="closure_ends_after_start")]
