# SPDX-License-Identifier: Apache-2.0
"""Bonus points, emergencies after the sale, and orders or registrations that look invented."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.customers.models import Customer
from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


@records("ORD-007")
class PointsGrant(models.Model):
    """Bonus points that somebody asked for a customer, on the ground of a ticket or complaint. `request` is the number
    of the request that they went through; `finding` says who had to sign and why."""

    class Basis(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        TICKET = "ticket", _("Ticket")
        ORDER = "order", _("Order")

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for approval")
        GRANTED = "granted", pgettext_lazy("points", "Granted")
        REFUSED = "refused", pgettext_lazy("points", "Refused")
        EXPIRED = "expired", pgettext_lazy("points", "Expired")

    number = models.CharField(max_length=24, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    points = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    basis_ref = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    request = models.CharField(max_length=24, blank=True, default="", db_index=True)
    finding = models.JSONField(default=dict, blank=True)
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["customer", "-asked_at"], name="points_customer")]
        constraints = [
            models.UniqueConstraint(
                fields=["basis", "basis_ref"],
                condition=~Q(state="refused"),
                name="points_once_for_a_matter",
            ),
            models.CheckConstraint(condition=Q(points__gte=1) & ~Q(basis_ref=""), name="points_count"),
        ]


class PointsEntry(models.Model):
    """The ledger of a customer's points: granted, spent, expired. Rows are never changed."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    grant = models.ForeignKey(PointsGrant, models.PROTECT, null=True, related_name="entries")
    what = models.CharField(max_length=8)
    points = models.IntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["customer", "at"], name="points_ledger")]
        constraints = [
            models.UniqueConstraint(fields=["grant", "what"], name="points_booked_once"),
        ]


@records("ORD-008")
class Emergency(models.Model):
    """Something that hits many orders at once. `handler` is of the posts that the pack lets deal with it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("emergency", "Open")
        HANDLING = "handling", pgettext_lazy("emergency", "Being dealt with")
        CLOSED = "closed", pgettext_lazy("emergency", "Closed")

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=1000)
    orders = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    told_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    handler = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state="open") | Q(handler__isnull=False), name="emergency_has_handler")
        ]


class EmergencyNote(models.Model):
    """What was done about it, and when."""

    emergency = models.ForeignKey(Emergency, models.CASCADE, related_name="notes")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.CharField(max_length=1000)

    class Meta:
        ordering = ["at", "pk"]


@records("ORD-009")
class Suspicion(models.Model):
    """An order that a rule of the audit found, until somebody judges it; whoever it falls on may appeal."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("suspicion", "To be looked at")
        CONFIRMED = "confirmed", _("Found invented")
        DISMISSED = "dismissed", _("Found to be in order")
        APPEALED = "appealed", _("Appealed against")
        UPHELD = "upheld", _("Upheld after appeal")

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="suspicions")
    rule = models.CharField(max_length=32)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    finding = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    judged_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, default="")
    appeal = models.CharField(max_length=500, blank=True, default="")
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    appeal_judged_at = models.DateTimeField(null=True, blank=True)
    appeal_words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["order", "rule"], name="suspicion_once")]


constraint("points_once_for_a_matter", "ORD-007")
constraint("emergency_has_handler", "ORD-008")
