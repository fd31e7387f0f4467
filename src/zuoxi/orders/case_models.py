# SPDX-License-Identifier: Apache-2.0
"""What happens to an order afterwards: returns, exchanges, reships; their money, and the log of every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.customers.models import Customer
from zuoxi.orders.states import CaseKind, CaseState
from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records

if TYPE_CHECKING:
    from zuoxi.orders.models import Product


@records("ORD-001", "ORD-002", "ORD-003", "ORD-006")
class Case(models.Model):
    """A return, an exchange, a reship, or money that goes back without goods.

    `judged_total` is the amount the rule went by, or the one to be given back; `direct`: new goods go out before the
    old ones are back. `due_at`: until when the next step is to be taken. `refund` is set once, with who paid it.
    `origin`: the case that this one came of (a reship without stock).
    """

    class Inspection(models.TextChoices):
        PENDING = "pending", _("Not inspected yet")
        PASSED = "passed", pgettext_lazy("inspection", "Passed")
        PARTIAL = "partial", _("Passed in part")
        FAILED = "failed", pgettext_lazy("inspection", "Not passed")
        WAIVED = "waived", _("Not asked for by the rules")

    class Blame(models.TextChoices):
        WAREHOUSE = "warehouse", _("Warehouse")
        LOGISTICS = "logistics", _("Logistics")
        SUPPLIER = "supplier", _("Supplier")
        CENTRE = "centre", _("Call centre")
        CUSTOMER = "customer", pgettext_lazy("blame", "Customer")

    Kind, State = CaseKind, CaseState

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=10, choices=CaseKind.choices)
    state = models.CharField(max_length=14, choices=CaseState.choices, default=CaseState.ASKED)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="cases")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40)
    words = models.CharField(max_length=500, blank=True, default="")
    refused_parcel = models.ForeignKey("orders.Shipment", models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    ticket = models.CharField(max_length=40, blank=True, default="")
    call = models.CharField(max_length=64, blank=True, default="")
    direct = models.BooleanField(default=False)
    judged_total = models.DecimalField(max_digits=12, decimal_places=2)
    finding = models.JSONField(default=dict, blank=True)
    opened_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    state_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    inspection = models.CharField(max_length=8, choices=Inspection.choices, default=Inspection.PENDING)
    inspected_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    inspected_at = models.DateTimeField(null=True, blank=True)
    inspection_words = models.CharField(max_length=500, blank=True, default="")
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    refund = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    difference = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    paid_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    paid_at = models.DateTimeField(null=True, blank=True)
    blame = models.CharField(max_length=10, choices=Blame.choices, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="case_state"),
            models.Index(fields=["kind", "-opened_at"], name="case_kind"),
            models.Index(fields=["customer", "-opened_at"], name="case_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(refund__isnull=True) | Q(inspection__in=["passed", "partial", "waived"]),
                name="refund_after_inspection",
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | Q(inspected_by__isnull=True) | ~Q(paid_by=F("inspected_by")),
                name="payer_is_not_inspector",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(opened_by__isnull=True) | ~Q(approved_by=F("opened_by")),
                name="approver_is_not_opener",
            ),
            models.CheckConstraint(
                condition=Q(inspection="pending") | Q(inspection="waived") | Q(inspected_by__isnull=False),
                name="inspection_has_inspector",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ended(self) -> bool:
        return self.closed_at is not None


class CaseLine(models.Model):
    """How much of an order's line the case is about. `open`: while it is, no other case may be about the line.

    `wanted` is what an exchange sends instead (None: the same again), at `wanted_price`.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="lines")
    line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="cases")
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(null=True, blank=True)
    passed = models.PositiveIntegerField(null=True, blank=True)
    wanted = models.ForeignKey("orders.Product", models.PROTECT, null=True, blank=True, related_name="+")
    wanted_price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    open = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(open=True), name="one_open_case_a_line"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="case_quantity_counts"),
            models.CheckConstraint(
                condition=Q(received__isnull=True) | Q(received__lte=F("quantity")), name="not_more_came_than_went"
            ),
            models.CheckConstraint(
                condition=Q(passed__isnull=True) | Q(received__isnull=False, passed__lte=F("received")),
                name="not_more_passed_than_came",
            ),
        ]

    @property
    def sends(self) -> Product:
        """What goes out for this line."""
        return self.wanted or self.line.product


class CasePhoto(models.Model):
    """A picture of the inspection, or of what the customer got; it lies outside the web root."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="photos")
    name = models.CharField(max_length=160)
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]


@records("ORD-001")
class MoneyEntry(models.Model):
    """The ledger of an order's money, in yuan; positive came in, negative went out. Rows are never changed."""

    class What(models.TextChoices):
        PAYMENT = "payment", _("Paid by the customer")
        REFUND = "refund", _("Refunded")
        DIFFERENCE = "difference", _("Difference of an exchange")

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="money")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="money")
    what = models.CharField(max_length=10, choices=What.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ref = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(what="refund"), name="refund_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(what="difference"), name="difference_once"),
            models.CheckConstraint(
                condition=~Q(what="refund") | Q(amount__lt=0, case__isnull=False), name="refund_out"
            ),
            models.CheckConstraint(condition=~Q(what="payment") | Q(amount__gt=0), name="payment_in"),
        ]


@records("ORD-005", "ORD-010")
class RefusalReason(models.Model):
    """Why a parcel was refused, as somebody said it. Never changed: a better answer is a further row, the last counts.

    `reason` is a key of the pack's refusal_reasons; `source` says who asked (courier, followup).
    """

    shipment = models.ForeignKey("orders.Shipment", models.PROTECT, related_name="reasons")
    reason = models.CharField(max_length=32)
    words = models.CharField(max_length=500)
    source = models.CharField(max_length=16, default="courier")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    latest = models.BooleanField(default=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipment"], condition=Q(latest=True), name="one_latest_reason"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(words=""), name="refusal_has_reason"),
        ]


@records("ORD-003", "ORD-004")
class StepLog(models.Model):
    """Every step of an order (without `case`) or of a case: who, at which post, when, from which state to which.

    `step` and `lane` are keys of the pack's order_flows. Rows are never changed.
    """

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="steps")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="steps")
    step = models.CharField(max_length=24)
    lane = models.CharField(max_length=12)
    before = models.CharField(max_length=14, blank=True, default="")
    after = models.CharField(max_length=14)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=8, blank=True, default="")
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["by", "-at"], name="step_by")]


constraint("refund_after_inspection", "ORD-001")
constraint("payer_is_not_inspector", "ORD-001")
constraint("refund_once", "ORD-001")
constraint("one_open_case_a_line", "ORD-002")
constraint("refusal_has_reason", "ORD-005", "ORD-010")
