# SPDX-License-Identifier: Apache-2.0
"""Whom we call back, when, and what they said. What was said is only ever added to."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.customers.models import Customer
from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


class Unchangeable(RuntimeError):
    """Somebody tried to rewrite what was handed in; add to it instead."""


class AppendOnly(models.QuerySet[Any]):
    def update(self, **_kwargs: Any) -> NoReturn:
        raise Unchangeable("add an entry instead")

    def delete(self) -> NoReturn:
        raise Unchangeable("it stays")


@records("FUP-005")
class Batch(models.Model):
    """A list that a supervisor hands out, to be brought back by `collect_by`; what is left over then goes back to the
    pool (`returned` of them). `summary` and `needs` are what the supervisor made of the answers."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("list", "Out")
        COLLECTED = "collected", _("Brought back")

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    handed_out_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    handed_out_at = models.DateTimeField()
    collect_by = models.DateTimeField()
    collected_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    size = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    summary = models.TextField(blank=True, default="")
    needs = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-handed_out_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(collect_by__gt=F("handed_out_at")), name="followup_batch_has_time"),
        ]

    def __str__(self) -> str:
        return self.name


@records("FUP-002", "FUP-004", "FUP-013", "ORD-005")
class FollowUpTask(models.Model):
    """One customer to be asked. `kind` is a key of the handbook's section followup_kinds.

    `subject` names what it is about ("ticket:T1", "order:S1:refused", "" by hand): one task for each. `assignee` None:
    in the pool. `facts` is what was known when it was made (paid or not, trade …); `finding` why it was made.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be called")
        BOOKED = "booked", pgettext_lazy("follow-up", "Booked")
        DONE = "done", pgettext_lazy("follow-up", "Done")
        NOT_REACHED = "not_reached", _("Not reached")
        REFUSED = "refused", _("Would not answer")
        DROPPED = "dropped", _("Dropped")

    STANDING = (State.OPEN, State.BOOKED)

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True, default="")
    ticket = models.CharField(max_length=32, blank=True, default="", db_index=True)
    order = models.CharField(max_length=32, blank=True, default="", db_index=True)
    patient = models.ForeignKey("DischargedPatient", models.PROTECT, null=True, blank=True, related_name="tasks")
    checkup = models.ForeignKey("CheckupFinding", models.PROTECT, null=True, blank=True, related_name="tasks")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80, blank=True, default="")
    number = models.CharField(max_length=24, blank=True, default="")
    due_from = models.DateTimeField()
    due_by = models.DateTimeField()
    assignee = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="tasks")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    attempts = models.PositiveSmallIntegerField(default=0)
    missed = models.PositiveSmallIntegerField(default=0)
    booked_for = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    finding = models.JSONField(default=dict, blank=True)
    complaint = models.CharField(max_length=32, blank=True, default="")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    satisfaction = models.CharField(max_length=20, blank=True, default="")
    score = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due_by", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["assignee", "state", "due_by"], name="followup_of_person"),
            models.Index(fields=["state", "due_by"], name="followup_due"),
            models.Index(fields=["customer", "-made_at"], name="followup_of_customer"),
            models.Index(fields=["kind", "closed_at"], name="followup_kind_closed"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due_by__gte=F("due_from")), name="followup_window_in_order"),
            models.UniqueConstraint(fields=["kind", "subject"], condition=~Q(subject=""), name="followup_once"),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(booked_for__isnull=False, assignee__isnull=False),
                name="followup_booked_by_one_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "booked")) | Q(closed_at__isnull=False), name="followup_closed_at"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def standing(self) -> bool:
        return self.state in self.STANDING


constraint("followup_once", "ORD-005")
constraint("followup_booked_by_one_person", "FUP-002")


class Attempt(models.Model):
    """One call to the customer and what came of it."""

    class Outcome(models.TextChoices):
        NO_ANSWER = "no_answer", pgettext_lazy("follow-up", "No answer")
        BUSY = "busy", pgettext_lazy("follow-up", "Busy")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        INCONVENIENT = "inconvenient", _("Not convenient now")
        REFUSED = "refused", _("Would not answer")
        REACHED = "reached", pgettext_lazy("follow-up", "Reached")

    task = models.ForeignKey(FollowUpTask, models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    note = models.CharField(max_length=300, blank=True, default="")
    call = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["at", "pk"]


@records("FUP-002")
class Appointment(models.Model):
    """A time at which the customer wants to be called; until then nobody calls him but who booked it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("appointment", "Agreed")
        KEPT = "kept", pgettext_lazy("appointment", "Kept")
        MISSED = "missed", pgettext_lazy("appointment", "Not reached")
        MOVED = "moved", pgettext_lazy("appointment", "Moved")

    task = models.ForeignKey(FollowUpTask, models.PROTECT, related_name="appointments")
    at = models.DateTimeField()
    booked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task"], condition=Q(state="open"), name="followup_one_open_appointment"),
        ]


@records("FUP-001", "FUP-007", "ORD-005")
class AnswerSheet(models.Model):
    """What a customer answered by one version of a script. `answers`: question key → value (yes/no, a choice's key, a
    whole number, text). `adds_to` is the sheet that a later one corrects or completes; no sheet is ever rewritten.
    `stamp` is a digest of the questions as they were asked."""

    task = models.ForeignKey(FollowUpTask, models.PROTECT, related_name="sheets")
    script = models.CharField(max_length=40)
    stamp = models.CharField(max_length=16)
    answers = models.JSONField(default=dict)
    satisfaction = models.CharField(max_length=20, blank=True, default="")
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=40, blank=True, default="")
    finding = models.JSONField(default=dict, blank=True)
    call = models.CharField(max_length=80, blank=True, default="")
    adds_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="additions")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = AppendOnly.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["script", "at"], name="followup_answers_of_script")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(adds_to__isnull=True), name="followup_first_sheet_once"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unchangeable("what was handed in stays; add a sheet")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise Unchangeable("what was handed in stays")


@records("ORD-005")
class Relisten(models.Model):
    """A sheet drawn by lot: somebody of quality hears the recording and says whether what stands there was said."""

    sheet = models.OneToOneField(AnswerSheet, models.PROTECT, related_name="relisten")
    drawn_at = models.DateTimeField()
    checked_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    truthful = models.BooleanField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["drawn_at", "pk"]


from zuoxi.followups.hospital_models import (  # noqa: E402
    CheckupFinding,
    ClinicVisit,
    DischargedPatient,
    WardVisit,
)
from zuoxi.followups.survey_models import CardStock, Invitation, Opinion, Response, Survey  # noqa: E402

__all__ = [
    "AnswerSheet",
    "Appointment",
    "Attempt",
    "Batch",
    "CardStock",
    "CheckupFinding",
    "ClinicVisit",
    "DischargedPatient",
    "FollowUpTask",
    "Invitation",
    "Opinion",
    "Relisten",
    "Response",
    "Survey",
    "Unchangeable",
    "WardVisit",
]
