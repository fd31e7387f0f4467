# SPDX-License-Identifier: Apache-2.0
"""Rounds of the floor: what was looked at, what was found, what is to be looked at again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import records


@records("FLR-014", "FLR-015", "FLR-017")
class Patrol(models.Model):
    """One round by one person. `submitted_at` None: still under way. A spot check names the draw it came from."""

    class Kind(models.TextChoices):
        ROUND = "round", _("Round")
        SPOT = "spot", _("Spot check")

    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.ROUND)
    walked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    shift = models.CharField(max_length=40)
    draw = models.ForeignKey("floor.SpotDraw", models.SET_NULL, null=True, related_name="patrols")
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_to = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    room = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="patrol_started")]
        constraints = [
            models.UniqueConstraint(
                fields=["walked_by"], condition=Q(submitted_at__isnull=True), name="one_patrol_at_a_time"
            )
        ]


@records("FLR-014")
class PatrolCheck(models.Model):
    """One seat looked at. `faults`: what of the checklist was not in order, by area."""

    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="checks")
    seat = models.CharField(max_length=16)
    seat_kind = models.CharField(max_length=12, default="agent")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    faults = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patrol", "seat"], name="a_seat_once_a_patrol")]


@records("FLR-015")
class SpotDraw(models.Model):
    """Whom chance chose to be looked at: from `seed` and `pool` anybody can draw the same `chosen` again."""

    seed = models.BigIntegerField()
    pool = models.JSONField(default=list)
    chosen = models.JSONField(default=list)
    drawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField()
