# SPDX-License-Identifier: Apache-2.0
"""Who works here, in what position, for whom, since when."""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zuoxi.web.access import registry


class Named(models.Model):
    """Something with a code and a name in both languages."""

    code = models.SlugField(max_length=32, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class Position(Named):
    """A post of the centre (catalogue annex A). `reports_to` is the line, `copies_to` the business copy."""

    reports_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subordinates")
    copies_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "code"]


class PositionAlias(models.Model):
    """Another name that documents and files use for a position (ORG-003)."""

    alias = models.CharField(max_length=40, unique=True)
    position = models.ForeignKey(Position, models.CASCADE, related_name="aliases")


class Project(Named):
    """A client or line of business that teams work for."""


class Team(Named):
    """A group of agents under one leader."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="teams")

    class Meta:
        ordering = ["code"]


class User(AbstractUser):
    """A sign-in. Rights come from the positions that its staff member holds today, never from flags here."""

    staff_member: Staff

    @cached_property
    def roles(self) -> frozenset[str]:
        """Codes of the positions held today; empty for someone who has left or has no staff record."""
        staff = Staff.objects.filter(user_id=self.pk).first()
        return frozenset(staff.roles_on(timezone.localdate())) if staff and staff.employed else frozenset()

    @cached_property
    def capabilities(self) -> frozenset[str]:
        return registry.granted_to(self.roles)

    def may(self, capability: str) -> bool:
        return self.is_active and capability in self.capabilities


class Staff(models.Model):
    """A person employed here."""

    class Status(models.TextChoices):
        TRAINING = "training", _("In training")
        PROBATION = "probation", _("On probation")
        ACTIVE = "active", _("Active")
        STANDBY = "standby", _("On standby")
        LONG_LEAVE = "long_leave", _("On long leave")
        LEFT = "left", _("Left")

    code = models.CharField(_("staff number"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=60)
    sort_name = models.CharField(max_length=120, blank=True, default="", db_index=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ACTIVE)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True, default="")
    mobile = models.CharField(max_length=20, blank=True, default="")
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="staff_member")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    @property
    def employed(self) -> bool:
        return self.status != self.Status.LEFT

    def roles_on(self, day: object) -> set[str]:
        return set(self.assignments.filter(Assignment.in_force(day)).values_list("position__code", flat=True))


class Assignment(models.Model):
    """A position held from a day on, until (exclusive) another; a supervisor has one row per team."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="assignments")
    position = models.ForeignKey(Position, models.PROTECT, related_name="assignments")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="assignments")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="assignments")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["from_on", "pk"]
        indexes = [models.Index(fields=["team", "from_on"], name="assignment_team")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
                name="assignment_ends_later",
            )
        ]

    @staticmethod
    def in_force(day: object, prefix: str = "") -> Q:
        """Condition: the row holds on that day."""
        return Q(**{f"{prefix}from_on__lte": day}) & (
            Q(**{f"{prefix}until_on__isnull": True}) | Q(**{f"{prefix}until_on__gt": day})
        )
