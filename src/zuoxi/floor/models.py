# SPDX-License-Identifier: Apache-2.0
"""What the floor itself keeps: raised hands, short messages, open desks, and the links of the walls."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


@records("FLR-005")
class RaisedHand(models.Model):
    """An agent asks for the leader. Open until somebody answers it or the agent takes it down."""

    agent = models.CharField(max_length=32)
    note = models.CharField(max_length=120, blank=True, default="")
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    lowered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agent", "raised_at"], name="hand_agent")]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"],
                condition=Q(answered_at__isnull=True, lowered_at__isnull=True),
                name="one_raised_hand",
            )
        ]


class FloorMessage(models.Model):
    """A few words of a leader to one agent, shown at his desk until he has read them."""

    agent = models.CharField(max_length=32)
    text = models.CharField(max_length=200)
    sent_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agent", "sent_at"], name="message_agent")]


@records("CALL-009")
class OpenDesk(models.Model):
    """The one browser tab in which an agent works now; a second one is told so.

    `seen_at` is renewed while the tab's stream is open; a desk that was not seen for a while is free.
    """

    agent = models.CharField(max_length=32, unique=True)
    tab = models.CharField(max_length=32)
    session = models.CharField(max_length=64)
    address = models.CharField(max_length=45, blank=True, default="")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class WallLink(models.Model):
    """A kiosk link to the wall board. It shows numbers only, unless `names` was allowed on purpose."""

    label = models.CharField(max_length=60)
    queues = models.JSONField(default=list, blank=True)
    names = models.BooleanField(default=False)
    rotate_seconds = models.PositiveSmallIntegerField(default=20)
    language = models.CharField(max_length=10, default="zh-hans")
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


constraint("one_raised_hand", "FLR-005")

# Django looks for an app's models here.
from zuoxi.floor.conduct_models import CareNote, CodeReading, DressDay, Photo, SuperiorShare, Violation  # noqa: E402
from zuoxi.floor.duty_models import (  # noqa: E402
    DeskCheck,
    ExitCheck,
    ExitSeat,
    Fault,
    Handover,
    Permit,
)
from zuoxi.floor.emergency_models import EmergencyEntry, FloorEmergency  # noqa: E402
from zuoxi.floor.link_models import CallCustomer  # noqa: E402
from zuoxi.floor.meeting_models import (  # noqa: E402
    ActionItem,
    DayTask,
    Meeting,
    MeetingAttendance,
    MeetingPoint,
    OwedCallback,
)
from zuoxi.floor.patrol_models import Patrol, PatrolCheck, SpotDraw  # noqa: E402
from zuoxi.floor.watch_models import Observation, Presence  # noqa: E402

__all__ = [
    "ActionItem",
    "CallCustomer",
    "CareNote",
    "CodeReading",
    "DayTask",
    "DeskCheck",
    "DressDay",
    "EmergencyEntry",
    "ExitCheck",
    "ExitSeat",
    "Fault",
    "FloorEmergency",
    "FloorMessage",
    "Handover",
    "Meeting",
    "MeetingAttendance",
    "MeetingPoint",
    "Observation",
    "OpenDesk",
    "OwedCallback",
    "Patrol",
    "PatrolCheck",
    "Permit",
    "Photo",
    "Presence",
    "RaisedHand",
    "SpotDraw",
    "SuperiorShare",
    "Violation",
    "WallLink",
]
