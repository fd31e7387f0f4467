# SPDX-License-Identifier: Apache-2.0
"""Permits of the floor, the check before a team may go, handovers, checks of one's own desk, and broken things."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import constraint, records


@records("CALL-006", "CALL-015", "CALL-016")
class Permit(models.Model):
    """Somebody asks for what the rules forbid without leave. `until` bounds a permit that was given."""

    class Kind(models.TextChoices):
        PRIVATE_CALL = "private_call", _("Private call")
        PHONE = "phone", _("Own phone on the floor")
        LEAVE_SEAT = "leave_seat", _("Leave the seat")
        BREAK_RELEASE = "break_release", _("Break at a locked time")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("permit", "Asked")
        GIVEN = "given", pgettext_lazy("permit", "Given")
        REFUSED = "refused", pgettext_lazy("permit", "Refused")
        OVER = "over", pgettext_lazy("permit", "Over")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    note = models.CharField(max_length=120, blank=True, default="")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    finding = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["staff", "asked_at"], name="permit_staff")]
        constraints = [models.UniqueConstraint(fields=["staff", "kind"], condition=Q(state="asked"), name="asked_once")]


@records("FLR-016", "FLR-017")
class ExitCheck(models.Model):
    """The leader's look at every seat before the team goes. `released_at` only once all seats are ticked."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    shift = models.CharField(max_length=40)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    attendance_seen = models.BooleanField(default=False)
    room = models.CharField(max_length=12, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "shift"], name="one_exit_a_shift")]


class ExitSeat(models.Model):
    """One seat of the check. `ok` None: not looked at yet."""

    check_of = models.ForeignKey(ExitCheck, models.CASCADE, related_name="seats")
    seat = models.CharField(max_length=16)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ok = models.BooleanField(null=True)
    defect = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_of", "seat"], name="a_seat_once_an_exit")]


@records("MTG-004", "SCH-019", "EMG-025")
class Handover(models.Model):
    """What the next shift must know, written before sign-out. Counts: None is unknown, zero is none."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    shift = models.CharField(max_length=40)
    written_at = models.DateTimeField()
    open_tickets = models.PositiveSmallIntegerField(null=True)
    callbacks = models.PositiveSmallIntegerField(null=True)
    escalations = models.PositiveSmallIntegerField(null=True)
    text = models.CharField(max_length=600, blank=True, default="")
    taken_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "shift"], name="one_handover_a_shift")]


@records("EMG-023", "FLR-012", "FLR-011")
class DeskCheck(models.Model):
    """A person's own check of the desk at the end of the shift: which points were in order, what is dangerous."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    shift = models.CharField(max_length=40)
    checked_at = models.DateTimeField()
    done = models.JSONField(default=list)
    hazard = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "shift"], name="one_desk_check_a_shift")]


@records("FLR-022", "FLR-016")
class Fault(models.Model):
    """Something broken that IT is to mend."""

    class Kind(models.TextChoices):
        HEADSET = "headset", _("Headset")
        COMPUTER = "computer", _("Computer")
        TELEPHONE = "telephone", _("Telephone or line")
        FURNITURE = "furniture", _("Chair or desk")
        SAFETY = "safety", _("Danger")
        OTHER = "other", _("Something else")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    seat = models.CharField(max_length=16, blank=True, default="")
    text = models.CharField(max_length=200)
    reported_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)
    mended_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    mended_note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["mended_at", "reported_at"], name="fault_open")]


constraint("one_handover_a_shift", "MTG-004")
