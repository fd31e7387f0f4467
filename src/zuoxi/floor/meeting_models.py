# SPDX-License-Identifier: Apache-2.0
"""Meetings: line-ups, meetings before and after a shift, and the regular ones; who came, what came of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import records


@records("MTG-001", "MTG-002", "MTG-003", "MTG-005", "MTG-006", "MTG-007", "MTG-009", "MTG-010", "MTG-011", "FLR-004")
class Meeting(models.Model):
    """One meeting. `kind` is an entry of the pack; `agenda` the points that were dealt with (their numbers)."""

    kind = models.CharField(max_length=40)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    shift = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=80, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=60, blank=True, default="")
    on_floor = models.BooleanField(default=False)
    host = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    agenda = models.JSONField(default=list)
    minutes = models.TextField(blank=True, default="")
    written_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    sent_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["starts_at"], name="meeting_starts")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "team", "starts_at"], name="one_meeting_of_a_team"),
            models.UniqueConstraint(
                fields=["kind", "starts_at"], condition=models.Q(team__isnull=True), name="one_meeting_of_all"
            ),
        ]


@records("FLR-004", "MTG-005", "MTG-006", "MTG-007", "ATT-038")
class MeetingAttendance(models.Model):
    """Whether somebody who should come did. `proxy` came in his place and took notes."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        PRESENT = "present", _("Present")
        LATE = "late", pgettext_lazy("meeting", "Late")
        ABSENT = "absent", pgettext_lazy("meeting", "Absent")
        EXCUSED = "excused", _("Excused")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    must = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.EXPECTED)
    at = models.DateTimeField(null=True)
    proxy = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "staff"], name="one_attendance")]


@records("MTG-003", "MTG-009")
class MeetingPoint(models.Model):
    """A problem that was brought up and what was concluded."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="points")
    problem = models.CharField(max_length=300)
    conclusion = models.CharField(max_length=300, blank=True, default="")


@records("MTG-011")
class ActionItem(models.Model):
    """What somebody is to do by a day after a meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="actions")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)


@records("MTG-001")
class DayTask(models.Model):
    """What a person is to achieve in the shift, handed out in the meeting before it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="tasks")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    text = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "staff"], name="one_task_a_person")]


@records("CALL-021")
class OwedCallback(models.Model):
    """A caller who was not served while a meeting was held; the promise is due when it ends."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="callbacks")
    call_id = models.BigIntegerField(unique=True)
    called_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
