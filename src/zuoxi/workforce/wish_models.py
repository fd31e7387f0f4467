# SPDX-License-Identifier: Apache-2.0
"""What people would like of a roster before it is made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


@records("SCH-002")
class RosterWish(models.Model):
    """A day of rest ("off") or a shift (its code) that somebody would like on a day.

    `weighed_at`: when a roster was last worked out that knew the wish; `lost_to` what it lost to then ("": granted).
    """

    OFF = "off"

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="roster_wishes")
    day = models.DateField()
    want = models.CharField(max_length=12, default=OFF)
    strong = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True, default="")
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    weighed_at = models.DateTimeField(null=True, blank=True)
    lost_to = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["day", "staff"]
        indexes = [models.Index(fields=["day"], name="wish_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "day"], condition=Q(withdrawn_at__isnull=True), name="one_wish_a_day"
            )
        ]


constraint("one_wish_a_day", "SCH-002")
