# SPDX-License-Identifier: Apache-2.0
"""The running day: how it looked every five minutes, and what was moved."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


@records("SCH-013")
class IntradayOutlook(models.Model):
    """What the day was expected to reach, as seen at a moment. `service` by half hour (None: no calls), `day` over all
    calls, both from 0 to 1; `calls` expected of the whole day."""

    day = models.DateField()
    made_at = models.DateTimeField()
    service = models.JSONField(default=list)
    whole_day = models.FloatField(null=True, blank=True)
    so_far = models.FloatField(null=True, blank=True)
    calls = models.FloatField(default=0)
    expected = models.FloatField(default=0)
    present = models.FloatField(default=1)

    class Meta:
        ordering = ["day", "made_at"]
        constraints = [models.UniqueConstraint(fields=["day", "made_at"], name="outlook_of_a_moment")]


@records("SCH-013", "SCH-012")
class IntradayDecision(models.Model):
    """A proposal that somebody applied. `said` is the proposal as it stood on the page, with its effect as it was
    thought to be; `done` what was written, so that it can be taken back."""

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("decision", "Applied")
        UNDONE = "undone", pgettext_lazy("decision", "Taken back")

    class Kind(models.TextChoices):
        BREAKS = "breaks", pgettext_lazy("decision", "Breaks moved")
        RESERVE = "reserve", pgettext_lazy("decision", "Reserve called")
        TRAINING = "training", pgettext_lazy("decision", "Training given up")
        OVERTIME = "overtime", pgettext_lazy("decision", "Overtime asked")
        RELEASE = "release", pgettext_lazy("decision", "Let go early")

    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    fingerprint = models.CharField(max_length=64)
    said = models.JSONField(default=dict)
    done = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    staff = models.ManyToManyField(Staff, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["day", "at"], name="decision_of_day")]
        constraints = [
            models.UniqueConstraint(fields=["fingerprint"], condition=Q(state="applied"), name="proposal_applied_once")
        ]


constraint("proposal_applied_once", "SCH-013")
