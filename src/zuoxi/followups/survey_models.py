# SPDX-License-Identifier: Apache-2.0
"""Surveys, whom they were sent to, what came back, and the opinions that a department has to answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.customers.models import Customer
from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


class Channel(models.TextChoices):
    KEYS = "keys", _("Keys after the call")
    SMS = "sms", _("Link in a text message")
    CALLED = "called", _("Called")
    CARD = "card", _("Paper card")


@records("FUP-006", "FUP-015")
class Survey(models.Model):
    """One round of asking. `script` is a key of the handbook's section followup_scripts. `window`: the team whose work
    is judged (its code, or ""); of an `anonymous` survey nobody sees who answered, and the response keeps no way back
    to whom it was sent."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("survey", "Draft")
        OPEN = "open", pgettext_lazy("survey", "Running")
        CLOSED = "closed", pgettext_lazy("survey", "Closed")

    title = models.CharField(max_length=80)
    script = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    window = models.CharField(max_length=40, blank=True, default="")
    anonymous = models.BooleanField(default=False)
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    asked_for = models.CharField(max_length=8, blank=True, default="")
    opens_on = models.DateField()
    closes_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    stated_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-opens_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="followup_survey_in_order"),
        ]

    def __str__(self) -> str:
        return self.title


@records("FUP-006")
class Invitation(models.Model):
    """Somebody who was asked. Only a digest of the link's token is kept; one link, one answer."""

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("survey", "Sent")
        OPENED = "opened", pgettext_lazy("survey", "Opened")
        ANSWERED = "answered", pgettext_lazy("survey", "Answered")
        REFUSED = "refused", _("Would not answer")
        UNREACHED = "unreached", _("Not reached")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=24, blank=True, default="")
    digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    staff = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["survey", "state"], name="followup_invitations")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], condition=~Q(number=""), name="followup_invited_once"),
        ]


@records("FUP-006", "FUP-015")
class Response(models.Model):
    """One valid answer. `invitation` None where the survey is anonymous or nobody was invited; of an anonymous one only
    the day is kept (`at` is its midnight)."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    invitation = models.OneToOneField(Invitation, models.PROTECT, null=True, blank=True, related_name="response")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    answers = models.JSONField(default=dict)
    satisfaction = models.CharField(max_length=20, blank=True, default="")
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True, default="")
    staff = models.CharField(max_length=16, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["survey", "satisfaction"], name="followup_responses")]


@records("FUP-008", "FUP-010", "FUP-011")
class Opinion(models.Model):
    """What somebody wants changed or praises, and the department that has to answer until `due_at`."""

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("opinion", "New")
        PASSED = "passed", _("With the department")
        ANSWERED = "answered", _("Answered by the department")
        CLOSED = "closed", _("Told to the customer")

    class Source(models.TextChoices):
        FOLLOW_UP = "follow_up", _("Follow-up")
        SURVEY = "survey", pgettext_lazy("opinion", "Survey")
        CARD = "card", _("Evaluation card")
        WARD = "ward", _("Round of a ward")

    source = models.CharField(max_length=10, choices=Source.choices)
    task = models.ForeignKey("FollowUpTask", models.PROTECT, null=True, blank=True, related_name="opinions")
    response = models.ForeignKey(Response, models.PROTECT, null=True, blank=True, related_name="opinions")
    words = models.TextField()
    praise = models.BooleanField(default=False)
    department = models.CharField(max_length=60, blank=True, default="")
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(blank=True, default="")
    replied_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="followup_opinions")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="new") | (~Q(department="") & Q(due_at__isnull=False)),
                name="followup_opinion_has_a_deadline",
            ),
        ]

    @property
    def in_time(self) -> bool | None:
        """Whether the department answered by the deadline; None while nobody can say."""
        return None if self.replied_at is None or self.due_at is None else self.replied_at <= self.due_at


constraint("followup_opinion_has_a_deadline", "FUP-011", "FUP-008")


@records("FUP-011")
class CardStock(models.Model):
    """Evaluation cards that came in, were handed to patients, or came back, of one day and department."""

    class Move(models.TextChoices):
        STOCKED = "stocked", pgettext_lazy("cards", "Came into stock")
        GIVEN = "given", pgettext_lazy("cards", "Handed out")
        BACK = "back", pgettext_lazy("cards", "Came back")

    day = models.DateField()
    move = models.CharField(max_length=8, choices=Move.choices)
    department = models.CharField(max_length=60, blank=True, default="")
    cards = models.PositiveIntegerField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(cards__gt=0), name="followup_cards_counted"),
        ]
