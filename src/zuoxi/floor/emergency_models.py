# SPDX-License-Identifier: Apache-2.0
"""Emergencies of the floor: what was seen or told, who was told, which steps were taken, how it ended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


@records("EMG-003")
class FloorEmergency(models.Model):
    """One emergency of a kind of the handbook, from being seen or told to its end; at most one of a kind at a time.

    `finding`: by which figures the ledger showed it; empty for one that somebody told. `calm_since`: from when on the
    ledger shows it no longer; None while it does, and for one that the ledger never showed. `told`: staff numbers.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("emergency", "Nobody has taken it yet")
        HANDLING = "handling", pgettext_lazy("emergency", "Being dealt with")
        OVER = "over", pgettext_lazy("emergency", "Over")

    kind = models.CharField(max_length=24)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    began_at = models.DateTimeField()
    words = models.CharField(max_length=500, blank=True, default="")
    told_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    told = models.JSONField(default=list)
    finding = models.JSONField(default=dict)
    seen_at = models.DateTimeField(null=True)
    calm_since = models.DateTimeField(null=True)
    handler = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["-began_at"], name="floor_emergency_began")]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(ended_at=None), name="one_emergency_of_a_kind")
        ]

    @property
    def by_ledger(self) -> bool:
        return bool(self.finding)


@records("EMG-003")
class EmergencyEntry(models.Model):
    """What was done: a step of the handbook's list (`place` from 0 on, once), or a note (`place` None)."""

    emergency = models.ForeignKey(FloorEmergency, models.CASCADE, related_name="entries")
    place = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["emergency", "place"], name="emergency_step_once")]


constraint("one_emergency_of_a_kind", "EMG-003")
