# SPDX-License-Identifier: Apache-2.0
"""Campaigns with their lists, and every call that was tried from them.

Nothing here is deleted: a number that may not be called stays in its list with the reason, and each attempt keeps the
finding that allowed it, so that consent and hours can be shown later (30 days at least, by law).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.customers.models import Customer
from zuoxi.people.models import Project, Staff, Team
from zuoxi.policy.marks import constraint, records


class Campaign(models.Model):
    """A list of people to be called, why, how and by whom.

    `rule`, `tree` and `script` are keys of the pack (`dial_rules`, `result_trees`, a topic of the knowledge).
    `pauses`: why it stands still now ("" = it does not).
    """

    class Mode(models.TextChoices):
        PREVIEW = "preview", pgettext_lazy("dialling", "Preview: the agent reads, then calls")
        PROGRESSIVE = "progressive", pgettext_lazy("dialling", "Progressive: one call for each free agent")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("campaign", "Being prepared")
        RUNNING = "running", pgettext_lazy("campaign", "Running")
        PAUSED = "paused", pgettext_lazy("campaign", "Paused")
        DONE = "done", pgettext_lazy("campaign", "Done")

    name = models.CharField(_("name"), max_length=80)
    about = models.TextField(_("purpose"), blank=True, default="")
    mode = models.CharField(_("dialling"), max_length=12, choices=Mode.choices, default=Mode.PREVIEW)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    rule = models.CharField(max_length=40)
    tree = models.CharField(max_length=40)
    script = models.CharField(max_length=40, blank=True, default="")
    present = models.CharField(max_length=32, blank=True, default="")
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+")
    teams = models.ManyToManyField(Team, related_name="+", blank=True)
    pause_reason = models.CharField(max_length=200, blank=True, default="")
    paused_at = models.DateTimeField(null=True, blank=True)
    guard = models.JSONField(default=dict, blank=True)
    guard_since = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["state"], name="campaign_state")]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """An agent who works on a campaign. At most one campaign at a time (`left_at` None: now)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="seats")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff"], condition=Q(left_at=None), name="outbound_one_campaign_a_person")
        ]


class ListImport(models.Model):
    """One file of contacts: what of it was taken and why the rest was not."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="imports")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=120, blank=True, default="")
    consent = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    read = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    twice = models.PositiveIntegerField(default=0)
    barred = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]


class RejectedRow(models.Model):
    """A line that was not taken, with its cells as they stood in the file."""

    batch = models.ForeignKey(ListImport, models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    reason = models.CharField(max_length=24)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["line"]


@records("FUP-005")
class Handout(models.Model):
    """A part of a list that a supervisor gave to one agent, to be worked through by `due_at`.

    Collected (`collected_at`) early or when due: what was not called returns to the list.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="handouts")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    given = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    collected_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]


class Lead(models.Model):
    """A contact of a campaign. `number` is canonical; `next_at`: not before; `owner`: only this agent calls him.

    `consent` says how we know that he agrees, `consent_at` since when; `fields`: the other columns of the list.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("lead", "To be called")
        RESERVED = "reserved", pgettext_lazy("lead", "Being called")
        DONE = "done", pgettext_lazy("lead", "Done")
        BARRED = "barred", pgettext_lazy("lead", "Not to be called")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="leads")
    batch = models.ForeignKey(ListImport, models.PROTECT, null=True, related_name="leads")
    handout = models.ForeignKey(Handout, models.SET_NULL, null=True, blank=True, related_name="leads")
    number = models.CharField(max_length=24)
    name = models.CharField(max_length=80, blank=True, default="")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    fields = models.JSONField(default=dict, blank=True)
    consent = models.CharField(max_length=200, blank=True, default="")
    consent_at = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=40, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    priority = models.SmallIntegerField(default=0)
    owner = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=40, blank=True, default="")
    colour = models.CharField(max_length=16, blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "number"], name="outbound_number_once")]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "state", "-priority", "next_at"], name="lead_next"),
            models.Index(fields=["number"], name="lead_number"),
            models.Index(fields=["owner", "state"], name="lead_owner"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


@records("CALL-017", "CUS-001")
class Attempt(models.Model):
    """One call that was tried. It is open (`ended_at` None) from the reservation of the agent to the end of the call.

    The database holds that an agent, a contact and a number each have at most one open attempt: two diallers, or a
    dialler and an agent who clicks, cannot make two calls of one. `command`/`call`: ids in telephony.
    `effective`: None while nobody can say.
    """

    class State(models.TextChoices):
        RESERVED = "reserved", pgettext_lazy("attempt", "Agent reserved")
        DIALLING = "dialling", pgettext_lazy("attempt", "Dialling")
        TALKING = "talking", pgettext_lazy("attempt", "Talking")
        ANSWERED = "answered", pgettext_lazy("attempt", "Answered")
        UNANSWERED = "unanswered", pgettext_lazy("attempt", "Not answered")
        NUISANCE = "nuisance", pgettext_lazy("attempt", "Answered without an agent")
        DROPPED = "dropped", pgettext_lazy("attempt", "Not dialled")
        UNKNOWN = "unknown", pgettext_lazy("attempt", "Unknown")

    OPEN_STATES: ClassVar = ("reserved", "dialling", "talking")

    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="attempts_made")
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, blank=True, related_name="tries")
    promise = models.ForeignKey("outbound.Promise", models.PROTECT, null=True, blank=True, related_name="tries")
    turn = models.ForeignKey("outbound.QueueTurn", models.PROTECT, null=True, blank=True, related_name="tries")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=24)
    mode = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RESERVED)
    day = models.DateField()
    reserved_at = models.DateTimeField()
    dialled_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    command = models.BigIntegerField(null=True, blank=True)
    call = models.BigIntegerField(null=True, blank=True, unique=True)
    talk_seconds = models.PositiveIntegerField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True, default="")
    permission = models.JSONField(default=dict, blank=True)
    result = models.CharField(max_length=40, blank=True, default="")
    note = models.TextField(blank=True, default="")
    written_at = models.DateTimeField(null=True, blank=True)
    effective = models.BooleanField(null=True)
    judgement = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff"], condition=Q(ended_at=None), name="outbound_one_call_an_agent"),
            models.UniqueConstraint(fields=["lead"], condition=Q(ended_at=None), name="outbound_one_call_a_lead"),
            models.UniqueConstraint(fields=["number"], condition=Q(ended_at=None), name="outbound_one_call_a_number"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("reserved_at")), name="outbound_attempt_ends_later"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["staff", "day"], name="attempt_staff_day"),
            models.Index(fields=["campaign", "day"], name="attempt_campaign_day"),
            models.Index(fields=["number", "reserved_at"], name="attempt_number"),
            models.Index(fields=["lead", "reserved_at"], name="attempt_lead"),
        ]


@records("CALL-018")
class Stay(models.Model):
    """Somebody was short of the day's calls and stayed to make them, watched over by `watched_by`."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    day = models.DateField()
    missing = models.PositiveSmallIntegerField()
    finding = models.JSONField(default=dict)
    watched_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    made_up = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "day"], name="outbound_one_stay_a_day")]


class _Kept(models.QuerySet[Any]):
    """Rows that are written once and stay."""

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("records of follow-ups are kept: they are never deleted")


@records("CUS-003", "CALL-019")
class FollowUpRecord(models.Model):
    """What was said with a prospect: whom, by which number, what; a colour while he may still be won.

    Archived by being there: rows are never deleted; a wrong one is followed by another (`corrects`).
    `received_by`: the leader who took the day's records over.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="follow_ups")
    contact = models.CharField(_("contact"), max_length=80)
    phone = models.CharField(_("telephone"), max_length=24)
    content = models.TextField(_("what was said"))
    colour = models.CharField(max_length=16, blank=True, default="")
    next_at = models.DateTimeField(null=True, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)

    objects = _Kept.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["staff", "day"], name="follow_staff_day"),
            models.Index(fields=["phone", "at"], name="follow_phone"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(contact="") & ~Q(phone="") & ~Q(content=""), name="outbound_follow_up_says_three_things"
            )
        ]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("records of follow-ups are kept: they are never deleted")


constraint("outbound_follow_up_says_three_things", "CUS-003", "CALL-019")

# Django looks for an app's models here.
from zuoxi.outbound.promise_models import Promise, QueueTurn  # noqa: E402

__all__ = [
    "Attempt",
    "Campaign",
    "FollowUpRecord",
    "Handout",
    "Lead",
    "ListImport",
    "Promise",
    "QueueTurn",
    "RejectedRow",
    "Seat",
    "Stay",
]
