# SPDX-License-Identifier: Apache-2.0
"""A ticket as it stands now; how it came there is in `trail_models`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records
from zuoxi.tickets.department_models import Department


class State(models.TextChoices):
    NEW = "new", _("To be dispatched")
    ASSIGNED = "assigned", _("To be accepted")
    WORKING = "working", _("In hand")
    HELD = "held", _("Suspended")
    CHECKING = "checking", _("Waiting for check")
    ANSWERING = "answering", _("Waiting for answer")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged into another")


OPEN_STATES = (State.NEW, State.ASSIGNED, State.WORKING, State.HELD, State.CHECKING, State.ANSWERING)


class Priority(models.IntegerChoices):
    NORMAL = 0, _("Normal")
    HIGH = 1, _("High")
    URGENT = 2, _("Urgent and grave")


class Source(models.TextChoices):
    CALL = "call", _("Call")
    WALK_IN = "walk_in", _("At the window")
    INSPECTION = "inspection", _("Own inspection")
    LETTER = "letter", _("Letter")
    VISIT = "visit", _("Visit")
    SUPERIOR = "superior", _("Passed on by a higher office")
    FOLLOW_UP = "follow_up", _("Follow-up")
    ONLINE = "online", _("Online")
    API = "api", _("Another system")
    SCHEDULE = "schedule", _("By the calendar")


class FormVersion(models.Model):
    """The form of a kind as it stood when tickets were written on it: a field that goes later stays readable."""

    kind = models.CharField(max_length=40)
    pack = models.CharField(max_length=40)
    digest = models.CharField(max_length=32)
    body = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="ticket_form_once")]


class TicketDay(models.Model):
    """The last number given out on a day."""

    day = models.DateField(unique=True)
    last = models.PositiveIntegerField(default=0)


@records("CUS-001", "CUS-004", "CUS-005", "CUS-010", "CUS-011", "CUS-012", "CUS-017", "CUS-019", "CUS-020", "VAR-009")
class Ticket(models.Model):
    """`first_handler` took the matter in and stays responsible to the customer (CUS-004); `owner` works on it now.

    `fields` are the answers to the form by field key, `read_back` the fields that were read back, by key with the
    moment. `due_at` is the next clock that still runs; None where none runs or while it is on hold.
    """

    number = models.CharField(_("number"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    topic = models.CharField(_("topic"), max_length=60, blank=True, default="")
    title = models.CharField(_("matter"), max_length=160)
    fields = models.JSONField(default=dict, blank=True)
    read_back = models.JSONField(default=dict, blank=True)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.CharField(max_length=32, blank=True, default="")
    area = models.CharField(_("area"), max_length=60, blank=True, default="")
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.CALL)
    call = models.CharField(max_length=80, blank=True, default="")
    order = models.CharField(max_length=32, blank=True, default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    same_day = models.BooleanField(default=False)
    needs_check = models.BooleanField(default=False)
    needs_answer = models.BooleanField(default=True)
    first_handler = models.ForeignKey(Staff, models.PROTECT, related_name="tickets_received")
    covered_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="tickets")
    owner = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="tickets_owned")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    promised_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    last_urged_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(blank=True, default="")
    urged = models.PositiveSmallIntegerField(default=0)
    returned = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    escalated = models.PositiveSmallIntegerField(default=0)
    breached = models.BooleanField(default=False)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["customer", "-received_at"], name="ticket_of_customer"),
            models.Index(fields=["state", "due_at"], name="ticket_state_due"),
            models.Index(fields=["department", "state", "due_at"], name="ticket_of_department"),
            models.Index(fields=["owner", "state"], name="ticket_of_owner"),
            models.Index(fields=["first_handler", "state"], name="ticket_of_first"),
            models.Index(fields=["kind", "received_at"], name="ticket_kind_received"),
            models.Index(fields=["received_at"], name="ticket_received"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed", needs_answer=True, answered_at__isnull=True),
                name="ticket_closed_is_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed", needs_check=True, checked_at__isnull=True),
                name="ticket_closed_is_checked",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="ticket_closed_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "working"]) | Q(department__isnull=False) | Q(owner__isnull=False),
                name="ticket_in_hand_has_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES


constraint("ticket_closed_is_answered", "CUS-010")
