# SPDX-License-Identifier: Apache-2.0
"""What-ifs: days played several ways, side by side."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff


class WhatIf(models.Model):
    """Whole days, past or coming. `was` is what a past stretch reached: queue (and "all") → shares and seconds."""

    name = models.CharField(max_length=80)
    first = models.DateField()
    days = models.PositiveSmallIntegerField(default=1)
    past = models.BooleanField(default=False)
    seed = models.PositiveIntegerField(default=1)
    was = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    job = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(days__gte=1) & Q(days__lte=31), name="what_if_has_days")]

    def __str__(self) -> str:
        return self.name


class WhatIfCourse(models.Model):
    """One way in which the days may go. `outcome` empty: not played since it was changed; `problem`: why not."""

    class People(models.TextChoices):
        WAS = "was", pgettext_lazy("people of a play", "As it was")
        PUBLISHED = "published", pgettext_lazy("people of a play", "Published roster")
        WRITTEN = "written", pgettext_lazy("people of a play", "Roster with drafts")
        WEEK_BEFORE = "week_before", pgettext_lazy("people of a play", "Roster of the week before")

    what_if = models.ForeignKey(WhatIf, models.CASCADE, related_name="courses")
    name = models.CharField(max_length=40)
    people = models.CharField(max_length=12, choices=People.choices, default=People.PUBLISHED)
    changes = models.JSONField(default=list, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    problem = models.CharField(max_length=20, blank=True, default="")
    played_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["what_if", "name"], name="one_course_of_a_name")]
