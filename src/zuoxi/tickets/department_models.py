# SPDX-License-Identifier: Apache-2.0
"""Who does the work that the centre passes on: departments with their people, and who stands in for whom."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


@records("CUS-010")
class Department(models.Model):
    """A department that receives tickets; the pack names the usual ones, a site may add its own."""

    code = models.SlugField(max_length=32, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    phone = models.CharField(max_length=24, blank=True, default="")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class Membership(models.Model):
    """Somebody works for a department; `leads`: he sees and gives out all of its work."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="members")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="ticket_departments")
    leads = models.BooleanField(default=False)

    class Meta:
        ordering = ["-leads", "staff__code"]
        constraints = [models.UniqueConstraint(fields=["department", "staff"], name="ticket_member_once")]


@records("CUS-008")
class Cover(models.Model):
    """Who does somebody's tickets while he is away; `rank` 1 is asked before 2. `ends_at` None: until taken back."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="ticket_covers")
    cover = models.ForeignKey(Staff, models.CASCADE, related_name="ticket_covering")
    rank = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(staff=F("cover")), name="ticket_cover_is_another"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="ticket_cover_ends_later"
            ),
        ]

    @staticmethod
    def in_force(now: datetime) -> Q:
        """Condition: the row holds at that moment."""
        return Q(starts_at__lte=now) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))


constraint("ticket_cover_is_another", "CUS-008")
