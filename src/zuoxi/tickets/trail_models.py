# SPDX-License-Identifier: Apache-2.0
"""What happened to a ticket. Rows are added, never changed away: a history that can be rewritten proves nothing."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records
from zuoxi.tickets.department_models import Department
from zuoxi.tickets.ticket_models import Ticket


@records("CUS-010", "CUS-011", "CUS-026")
class TicketEvent(models.Model):
    """One thing that was done. `by` None: the program itself. `detail` holds what the sentence needs, as JSON."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True, default="")
    to_state = models.CharField(max_length=10, blank=True, default="")
    note = models.TextField(blank=True, default="")
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("what happened to a ticket is not rewritten")
        super().save(*args, **kwargs)


class TicketLink(models.Model):
    """`ticket` came out of, went into, or says the same as `other`."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("Split from")
        MERGED = "merged", _("Merged into")
        DUPLICATE = "duplicate", _("Says the same as")
        RELATED = "related", _("Belongs together with")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="links")
    other = models.ForeignKey(Ticket, models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other", "kind"], name="ticket_link_once"),
            models.CheckConstraint(condition=~Q(ticket=models.F("other")), name="ticket_link_to_another"),
        ]


@records("CUS-010", "CUS-012")
class Assignment(models.Model):
    """To whom a ticket was given, until it was given on, returned or done."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="assignments")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=300, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at__isnull=True), name="ticket_given_to_one_at_a_time"
            )
        ]


class Hold(models.Model):
    """The ticket waits; `stops_clock`: the time does not count. `ended_at` None: it still waits."""

    class Reason(models.TextChoices):
        CUSTOMER = "customer", _("Waiting for the customer")
        PARTS = "parts", _("Waiting for parts")
        THIRD = "third", _("Waiting for somebody outside")
        WEATHER = "weather", _("Weather or force of circumstances")
        OTHER = "other", _("Another reason")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=300)
    stops_clock = models.BooleanField(default=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(ended_at__isnull=True), name="ticket_held_once")
        ]


@records("CUS-010")
class Urging(models.Model):
    """Somebody asked for the ticket to move (催办); `by_customer`: the customer called again about it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="urgings")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    by_customer = models.BooleanField(default=False)
    words = models.CharField(max_length=300)
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]


class Note(models.Model):
    """A remark; `public` ones may be read out to the customer."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    public = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]


class Attachment(models.Model):
    """A file that belongs to the ticket, kept sealed outside the web root under `stored`."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="attachments")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    stored = models.CharField(max_length=64, unique=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]


@records("CUS-010", "CUS-012")
class Answer(models.Model):
    """What the customer was told, how; `reached` False: it was tried and he could not be reached."""

    class How(models.TextChoices):
        PHONE = "phone", _("By telephone")
        SMS = "sms", _("By text message")
        IN_PERSON = "in_person", _("Face to face")
        LETTER = "letter", _("By letter")
        EMAIL = "email", _("By e-mail")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="answers")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    how = models.CharField(max_length=10, choices=How.choices)
    text = models.TextField()
    reached = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]


@records("CUS-013")
class Extension(models.Model):
    """More time, with the reason that the customer was told and the leader knows."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="extensions")
    clock = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    reason = models.CharField(max_length=300)
    told_customer_at = models.DateTimeField()
    told_leader = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    in_time = models.BooleanField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_after__gt=models.F("due_before")), name="ticket_extension_is_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="ticket_extension_has_reason"),
        ]


@records("CUS-006")
class PapersNotice(models.Model):
    """What the applicant still has to bring, told at once. A second one is a breach unless the law changed."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="papers_notices")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    turn = models.PositiveSmallIntegerField()
    papers = models.JSONField()
    law_changed = models.CharField(max_length=200, blank=True, default="")
    breach = models.BooleanField(default=False)
    finding = models.JSONField(default=dict)

    class Meta:
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "turn"], name="papers_notice_turn_once"),
            models.CheckConstraint(
                condition=Q(turn=1) | Q(breach=True) | ~Q(law_changed=""), name="second_papers_notice_is_a_breach"
            ),
        ]


@records("CUS-007", "CUS-012", "CUS-018")
class TicketClock(models.Model):
    """One running time of a ticket: until when, and since when it stands. `finding` says why it is due then.

    `stops_on` is the verb that stops it. `level` counts what was told of it: 0 nothing, 1 a warning, 2 the breach, more
    the further steps of the ladder; `next_at` is when the next of these is due. `basis` names the calendars and figures
    it was reckoned by; `set_by_hand` ones were promised or extended and stay as they are when those change.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="clocks")
    code = models.CharField(max_length=20)
    deadline = models.CharField(max_length=40)
    stops_on = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    set_by_hand = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    breached = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    basis = models.CharField(max_length=24, blank=True, default="")
    finding = models.JSONField(default=dict)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["stopped_at", "next_at"], name="ticket_clock_next"),
            models.Index(fields=["stopped_at", "basis"], name="ticket_clock_basis"),
        ]
        constraints = [models.UniqueConstraint(fields=["ticket", "code"], name="ticket_clock_once")]


constraint("ticket_extension_has_reason", "CUS-013")
constraint("second_papers_notice_is_a_breach", "CUS-006")
