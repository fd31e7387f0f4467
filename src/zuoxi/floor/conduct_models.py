# SPDX-License-Identifier: Apache-2.0
"""Violations with their evidence, notes of care, days that drive the dress rules, and who has read the rules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records

DICTIONARY = (
    "FLR-001", "FLR-002", "FLR-003", "FLR-005", "FLR-008", "FLR-009", "FLR-010", "FLR-011", "FLR-012", "FLR-013",
    "FLR-015", "FLR-018", "FLR-019", "FLR-020", "FLR-021", "FLR-023", "FLR-024", "FLR-026", "FLR-027", "FLR-028",
    "FLR-030", "FLR-031", "FLR-032", "CALL-011", "CALL-012",
)  # fmt: skip
"""Clauses whose faults are entries of the packs' dictionary, so that each can be recorded."""


@records(*DICTIONARY)
class Violation(models.Model):
    """One fault of one person against an entry of the pack's dictionary, judged on the day it happened.

    `cause` names what it is about (an observation, a check of a patrol, a moment): the same cause is not punished
    twice. Amounts: points or yuan, by `consequence`; None where the consequence has none.
    """

    class State(models.TextChoices):
        RECORDED = "recorded", pgettext_lazy("violation", "Awaiting answer")
        ACCEPTED = "accepted", pgettext_lazy("violation", "Accepted")
        OBJECTED = "objected", pgettext_lazy("violation", "Objected")
        UPHELD = "upheld", pgettext_lazy("violation", "Upheld")
        CANCELLED = "cancelled", pgettext_lazy("violation", "Cancelled")

    class Consequence(models.TextChoices):
        NONE = "none", pgettext_lazy("violation", "Correct it")
        WARNING = "warning", _("Warning")
        POINTS = "points", _("Points off")
        FINE = "fine", _("Fine")
        DISMISSAL = "dismissal", _("Dismissal")

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    item = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    place = models.CharField(max_length=60, blank=True, default="")
    cause = models.CharField(max_length=80)
    observation = models.ForeignKey("floor.Observation", models.PROTECT, null=True, related_name="violations")
    consequence = models.CharField(max_length=10, choices=Consequence.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    legal_risk = models.BooleanField(default=False)
    finding = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True, default="")
    recorded_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECORDED)
    answer = models.CharField(max_length=300, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True, default="")
    recheck_at = models.DateTimeField(null=True)
    rechecked_at = models.DateTimeField(null=True)
    recheck_passed = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["staff", "happened_at"], name="violation_staff"),
            models.Index(fields=["happened_at"], name="violation_when"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "cause"], condition=~Q(state="cancelled"), name="punished_once_for_a_cause"
            )
        ]


@records("ATT-039")
class SuperiorShare(models.Model):
    """The direct superior's part in a violation, to be judged by somebody above; nothing follows by itself.

    `superior` was the direct superior on the day of the violation.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("superior", "To be judged")
        ANSWERABLE = "answerable", pgettext_lazy("superior", "Answerable")
        CLEARED = "cleared", pgettext_lazy("superior", "Not answerable")
        DROPPED = "dropped", pgettext_lazy("superior", "Dropped with the violation")

    violation = models.OneToOneField(Violation, models.CASCADE, related_name="share")
    superior = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    finding = models.JSONField(default=dict)
    said = models.CharField(max_length=300, blank=True, default="")
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["superior", "state"], name="share_of_superior")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("open", "dropped")) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="share_judged_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(decided_by=models.F("superior")), name="share_not_judged_by_himself"),
        ]


class Photo(models.Model):
    """A picture as evidence: written anew as JPEG, upright, at most 1600 pixels, without what the camera added."""

    violation = models.ForeignKey(Violation, models.CASCADE, null=True, related_name="photos")
    check_of = models.ForeignKey("floor.PatrolCheck", models.CASCADE, null=True, related_name="photos")
    jpeg = models.BinaryField()
    taken_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField()


@records("FLR-005")
class CareNote(models.Model):
    """Somebody was upset and was looked after. Supervisors and above read it, nobody else."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    text = models.CharField(max_length=600)
    look_again_on = models.DateField(null=True)
    written_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()


@records("FLR-019", "FLR-031")
class DressDay(models.Model):
    """A day with visitors or an inspection, on which the dress rules ask for more."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visitors")
        INSPECTION = "inspection", _("Inspection")

    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    note = models.CharField(max_length=120, blank=True, default="")
    marked_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="one_mark_a_day")]


@records("FLR-033", "FLR-028")
class CodeReading(models.Model):
    """A person confirmed having read the pack's rules of conduct. `version` changes with their wording."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    version = models.CharField(max_length=16)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "version"], name="read_once")]


constraint("punished_once_for_a_cause", "FLR-015")
constraint("share_judged_by_somebody", "ATT-039")
constraint("share_not_judged_by_himself", "ATT-039")
