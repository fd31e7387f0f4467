# SPDX-License-Identifier: Apache-2.0
"""What was seen on the floor against a rule, and who kept watch there."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import constraint, records


@records(
    "CALL-005", "CALL-006", "CALL-007", "CALL-008", "CALL-009", "CALL-011", "CALL-012", "CALL-013", "FLR-006", "FLR-007"
)
class Observation(models.Model):
    """One thing seen against a rule. `case` names it (kind, person, shift, and the interval where there are several),
    so looking again finds the same row. `ended_at` None: it goes on. `finding` is the judgement as it stood last.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", _("Sign-in overdue")
        WRONG_SEAT = "wrong_seat", _("At another seat than planned")
        LEFT_EARLY = "left_early", _("Away in the first minutes of the shift")
        NOT_READY = "not_ready", _("Not ready for too long")
        BREAK_LONG = "break_long", _("Break overrun")
        BREAK_OFTEN = "break_often", _("More breaks than the hour has")
        STILL_PRESENT = "still_present", _("Still on the floor after handover")
        RINGING = "ringing", _("Rings too long")
        NO_STATE = "no_state", _("Ready without anybody at the desk")
        LINE_HELD = "line_held", _("Same number again and again")
        SECOND_SEAT = "second_seat", _("Staff number at two seats")
        NO_SUPERVISOR = "no_supervisor", _("No duty supervisor on the floor")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("observation", "Open")
        EXCUSED = "excused", _("Excused")
        CONFIRMED = "confirmed", _("Confirmed")

    case = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    shift = models.CharField(max_length=40)
    seat = models.CharField(max_length=16, blank=True, default="")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    finding = models.JSONField(default=dict)
    escalated_to = models.CharField(max_length=40, blank=True, default="")
    substitute = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    substitute_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    substitute_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "ended_at"], name="observation_open"),
            models.Index(fields=["staff", "since"], name="observation_staff"),
        ]


@records("FLR-007")
class Presence(models.Model):
    """A duty supervisor, or a stand-in, keeps watch on the floor from a moment on. `left_at` None: still there."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    stand_in_for = models.ForeignKey("self", models.SET_NULL, null=True, related_name="stand_ins")
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    left_why = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["arrived_at"], name="presence_arrived")]
        constraints = [
            models.UniqueConstraint(fields=["staff"], condition=Q(left_at__isnull=True), name="one_presence"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")), name="presence_ends_later"
            ),
        ]


constraint("one_presence", "FLR-007")
