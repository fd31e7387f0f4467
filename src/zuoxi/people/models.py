# SPDX-License-Identifier: Apache-2.0
"""Who works here, in what position, for whom, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zuoxi.policy.marks import constraint, records
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


@records("ORG-001", "ORG-004", "ORG-015")
class Position(Named):
    """A post of the centre. `reports_to` is the line of command; other lines may run beside it.

    `copies_to` also gets the business reports (ODM → SM), `safety_to` the safe-home message of each shift where that
    is not the superior (DA → SM).
    """

    reports_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subordinates")
    copies_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    safety_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "code"]


@records("ORG-003")
class PositionAlias(models.Model):
    """Another name that documents and files use for a position (ORG-003)."""

    alias = models.CharField(max_length=40, unique=True)
    position = models.ForeignKey(Position, models.CASCADE, related_name="aliases")


class Project(Named):
    """A client or line of business that teams work for."""


class Team(Named):
    """A group of agents under one leader."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="teams")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]


@dataclass(frozen=True, slots=True)
class Post:
    """One assignment in force, as rights are reckoned from it."""

    position: str
    rank: int
    team_id: int | None
    project_id: int | None


class User(AbstractUser):
    """A sign-in. Rights come from the positions that its staff member holds today, never from flags here."""

    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=10, blank=True, default="")

    staff_member: Staff

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """What the person holds today: one query per request; nothing for who has left or has no staff record.

        The staff record comes with it, so that asking for it as well costs nothing.
        """
        held = list(_held_by(self.pk, timezone.localdate()).select_related("staff", "position"))
        if held:
            self.staff_member = held[0].staff
        return tuple(Post(one.position.code, one.position.rank, one.team_id, one.project_id) for one in held)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Codes of the positions held today."""
        return frozenset(post.position for post in self.posts)

    @cached_property
    def capabilities(self) -> frozenset[str]:
        return registry.granted_to(self.roles)

    def may(self, capability: str) -> bool:
        return self.is_active and capability in self.capabilities


def posts_of(user_id: int, day: date) -> tuple[Post, ...]:
    """Posts in force that day of the employed staff member behind a sign-in."""
    fields = ("position__code", "position__rank", "team_id", "project_id")
    return tuple(Post(*row) for row in _held_by(user_id, day).values_list(*fields))


def _held_by(user_id: int, day: date) -> models.QuerySet[Assignment]:
    rows = Assignment.objects.filter(Assignment.in_force(day), Staff.employed_on(day, "staff__"))
    return rows.filter(staff__user_id=user_id)


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

    @classmethod
    def employed_on(cls, day: date, prefix: str = "") -> Q:
        """Condition: the person has not left by that day. `left_on` is the first day without employment."""
        return ~Q(**{f"{prefix}status": cls.Status.LEFT}) & (
            Q(**{f"{prefix}left_on__isnull": True}) | Q(**{f"{prefix}left_on__gt": day})
        )

    def roles_on(self, day: date) -> set[str]:
        return set(self.assignments.filter(Assignment.in_force(day)).values_list("position__code", flat=True))


class Assignment(models.Model):
    """A position held from a day on, until (exclusive) another; a supervisor has one row per team.

    `signed_on` is the day of the Director's signature where the post was taken by a transfer (ORG-023).
    """

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="assignments")
    position = models.ForeignKey(Position, models.PROTECT, related_name="assignments")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="assignments")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="assignments")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["from_on", "pk"]
        indexes = [models.Index(fields=["team", "from_on"], name="assignment_team")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
                name="assignment_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | Q(from_on__gte=F("signed_on")),
                name="assignment_not_before_signature",
            ),
        ]

    @staticmethod
    def in_force(day: date, prefix: str = "") -> Q:
        """Condition: the row holds on that day."""
        return Q(**{f"{prefix}from_on__lte": day}) & (
            Q(**{f"{prefix}until_on__isnull": True}) | Q(**{f"{prefix}until_on__gt": day})
        )


constraint("assignment_not_before_signature", "ORG-023")


@records("ORG-021", "ORG-023", "ORG-026", "ORG-027", "ORG-028", "ORG-030", "ATT-017")
class PlannedChange(models.Model):
    """A change of somebody's post that was granted and comes into force on its day, never before the signature.

    `ground` is the type of leaving, or the appraisal a standby rests on; `number` the request's. `held` says what still
    stands in the way on the day.
    """

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("Move to another post")
        LEAVING = "leaving", _("Leaving")
        STANDBY = "standby", _("On standby")
        LAID_OFF = "laid_off", _("Laid off")
        RETURN = "return", _("Back to work")

    class Ground(models.TextChoices):
        RESIGNED = "resigned", _("Resigns")
        DISMISSED = "dismissed", _("Not up to the post (dismissed)")
        RELEASED = "released", _("Contract ended by force of circumstances")
        EXPELLED = "expelled", _("Expelled for a serious breach")
        ABANDONED = "abandoned", _("Stayed away (counts as leaving)")

    class State(models.TextChoices):
        PLANNED = "planned", _("Not yet in force")
        DONE = "done", _("In force")
        CANCELLED = "cancelled", _("Called off")

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    effective_on = models.DateField(db_index=True)
    signed_on = models.DateField(null=True, blank=True)
    position = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField(max_length=120, blank=True, default="")
    notice_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    held = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="transfer") | Q(signed_on__isnull=False, effective_on__gte=F("signed_on")),
                name="change_not_before_signature",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["standby", "laid_off"]) | ~Q(ground=""), name="standby_has_ground"
            ),
        ]

    @property
    def ground_label(self) -> str:
        """The ground as people read it: the kind of leaving in words, anything else as it was written."""
        if self.kind == self.Kind.LEAVING and self.ground in self.Ground.values:
            return str(self.Ground(self.ground).label)
        return self.ground


@records("ORG-011")
class Loan(models.Model):
    """Somebody works for another team from a moment to a moment; who asks by period finds him there."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="loans")
    from_team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="loans_in")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    number = models.CharField(max_length=24, unique=True)
    ended_early_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="loan_ends_later"),
            models.CheckConstraint(condition=~Q(from_team=F("to_team")), name="loan_to_another_team"),
        ]


@records("ORG-026")
class Handover(models.Model):
    """What somebody leaves behind when he moves or leaves: to whom, and both their signatures."""

    change = models.OneToOneField(PlannedChange, models.CASCADE, related_name="handover")
    giver = models.ForeignKey(Staff, models.PROTECT, related_name="handovers_given")
    taker = models.ForeignKey(Staff, models.PROTECT, related_name="handovers_taken")
    giver_signed_at = models.DateTimeField(null=True, blank=True)
    taker_signed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]


class HandoverItem(models.Model):
    """One thing handed over. `done_at` None: still open."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Customers and call-backs")
        TICKET = "ticket", _("Open tickets")
        KEY = "key", _("Keys")
        DEVICE = "device", _("Devices")
        RIGHT = "right", _("Rights and accounts")
        FILE = "file", _("Papers and files")

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField(max_length=200, blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]


@records("ORG-036")
class Clearance(models.Model):
    """A gate of going live that somebody has passed: examined, confirmed, filed (names are the pack's)."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="clearances")
    gate = models.CharField(max_length=20)
    given_on = models.DateField()
    number = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["staff", "gate"], name="clearance_once")]


@records("ORG-021")
class HeadcountConfirmation(models.Model):
    """A leader has read his team's line of the month and found it right."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    month = models.DateField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "month"], name="headcount_confirmed_once")]


constraint("change_not_before_signature", "ORG-023")
constraint("standby_has_ground", "ORG-030")
constraint("loan_ends_later", "ORG-011")
