# SPDX-License-Identifier: Apache-2.0
"""Leave: what was asked and granted, the days it takes, its papers and contacts, and the ledger of balances."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.models import Request
from zuoxi.people.models import Staff
from zuoxi.policy.marks import records


class LeaveState(models.TextChoices):
    """What became of a granted leave; what is not granted yet is a request of `approvals`."""

    APPROVED = "approved", pgettext_lazy("leave", "Granted")
    CANCELLED = "cancelled", pgettext_lazy("leave", "Cancelled")
    LAPSED = "lapsed", pgettext_lazy("leave", "Lapsed to absence")


class Channel(models.TextChoices):
    """How leave may be asked for; a text message is none of them (ATT-013)."""

    SYSTEM = "system", _("In Zuoxi")
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By telephone")


class Part(models.TextChoices):
    """How much of the first or the last day is taken."""

    WHOLE = "whole", _("Whole day")
    FIRST_HALF = "first_half", _("First half of the shift")
    SECOND_HALF = "second_half", _("Second half of the shift")


@records("ATT-006", "ATT-010", "ATT-013", "ATT-015", "ATT-026", "ATT-036", "ATT-037", "SCH-024")
class Leave(models.Model):
    """One granted leave of one person. `first_on`/`last_on` are roster days (of a shift's start), both included.

    `starts_at`/`ends_at` bound the time away. `days` is what it costs, in days; `basis` says whether the roster, the
    business calendar (no roster yet) or both counted it. `paid` None: not known, or not the same for every day.
    `extends` is the leave that this one prolongs; `back_on` the first day at work again where that was earlier than
    planned; `stand_in` who takes the post over meanwhile.
    """

    State = LeaveState

    class Basis(models.TextChoices):
        ROSTER = "roster", _("counted over the roster")
        CALENDAR = "calendar", _("counted over the business calendar, because there is no roster yet")
        MIXED = "mixed", _("counted over the roster and, where there is none yet, the business calendar")

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="leaves")
    kind = models.SlugField(max_length=32)
    first_on = models.DateField()
    last_on = models.DateField()
    first_part = models.CharField(max_length=12, choices=Part.choices, default=Part.WHOLE)
    last_part = models.CharField(max_length=12, choices=Part.choices, default=Part.WHOLE)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    days = models.DecimalField(max_digits=6, decimal_places=2)
    basis = models.CharField(max_length=8, choices=Basis.choices, default=Basis.ROSTER)
    paid = models.BooleanField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=LeaveState.choices, default=LeaveState.APPROVED)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.SYSTEM)
    reason = models.TextField()
    handover = models.TextField(blank=True, default="")
    emergency = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    request = models.OneToOneField(Request, models.PROTECT, null=True, blank=True, related_name="leave")
    stand_in = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    finding = models.JSONField(default=dict, blank=True)
    extends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="extensions")
    back_on = models.DateField(null=True, blank=True)
    truthful = models.BooleanField(null=True, blank=True)
    checked_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    check_note = models.TextField(blank=True, default="")
    closing_note = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-first_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["staff", "first_on"], name="leave_staff_day"),
            models.Index(fields=["state", "first_on", "last_on"], name="leave_state_days"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="leave_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="leave_takes_time"),
            models.CheckConstraint(condition=Q(days__gte=0), name="leave_days_not_negative"),
        ]


class LeaveDay(models.Model):
    """One roster day that a leave takes; `share` of a day it costs. `counts`: it uses a place of that day;
    `duty` is whose (None: nobody was on duty, or nobody knows yet).

    `paid` None: not known. `shift` is the code of the rostered shift's template ("" where there is no roster yet).
    """

    leave = models.ForeignKey(Leave, models.CASCADE, related_name="taken")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    share = models.DecimalField(max_digits=4, decimal_places=2)
    shift = models.CharField(max_length=40, blank=True, default="")
    counts = models.BooleanField(default=True)
    paid = models.BooleanField(null=True, blank=True)
    duty = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["day", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["day", "duty"], name="leave_day_duty"),
            models.Index(fields=["staff", "day"], name="leave_day_staff"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["leave", "day"], name="leave_takes_a_day_once"),
            models.CheckConstraint(condition=Q(share__gt=0) & Q(share__lte=1), name="leave_day_share_of_a_day"),
        ]


class QuotaLock(models.Model):
    """A row to be locked while places of one day are counted and taken, so that two cannot take the last."""

    day = models.DateField(unique=True)


@records("ATT-028", "ATT-035", "PAY-009", "PAY-010")
class LedgerEntry(models.Model):
    """One movement of a balance, in days; the balance is the sum. Never changed: a mistake gets a further row.

    `year` is the year of entitlement it belongs to. `key` keeps what runs every night from being written twice.
    """

    class What(models.TextChoices):
        ACCRUAL = "accrual", _("Entitlement of the year")
        GRANT = "grant", _("Granted")
        USE = "use", _("Used")
        RETURNED = "returned", _("Given back")
        EXPIRY = "expiry", _("Expired")
        FORFEIT = "forfeit", _("Forfeited")
        CORRECTION = "correction", _("Corrected")

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="leave_entries")
    kind = models.SlugField(max_length=32)
    year = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12, choices=What.choices)
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    on = models.DateField()
    leave = models.ForeignKey(Leave, models.PROTECT, null=True, blank=True, related_name="entries")
    reason = models.CharField(max_length=400, blank=True, default="")
    by = models.CharField(max_length=32, blank=True, default="")
    made_at = models.DateTimeField()
    key = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering: ClassVar = ["on", "pk"]
        indexes: ClassVar = [models.Index(fields=["staff", "kind", "year"], name="leave_ledger_staff")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(what__in=("grant", "correction", "forfeit")) | ~Q(reason=""),
                name="leave_correction_says_why",
            ),
        ]


class ServiceYears(models.Model):
    """Working years before joining, as proved: statutory annual leave counts the whole working life."""

    staff = models.OneToOneField(Staff, models.CASCADE, related_name="leave_service")
    before_joining = models.DecimalField(max_digits=4, decimal_places=1)
    note = models.CharField(max_length=400, blank=True, default="")
    by = models.CharField(max_length=32, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(before_joining__gte=0), name="leave_service_years_not_negative")
        ]


@records("ATT-012")
class Contact(models.Model):
    """A call that the leader owes to somebody on long leave on `due_on`."""

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("contact", "Due")
        REACHED = "reached", pgettext_lazy("contact", "Reached")
        FAILED = "failed", pgettext_lazy("contact", "Not reached")
        DROPPED = "dropped", pgettext_lazy("contact", "No longer needed")

    leave = models.ForeignKey(Leave, models.CASCADE, related_name="contacts")
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="leave_contact_due")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["leave", "due_on"], name="leave_contact_once_a_day")]


class ContactTry(models.Model):
    """One attempt to reach the person, successful or not."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    reached = models.BooleanField()
    note = models.CharField(max_length=400)

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class SiteDay(models.Model):
    """A day that this site works or does not work, whatever the country's calendar says."""

    day = models.DateField(unique=True)
    working = models.BooleanField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=32, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="site_day_says_why")]
