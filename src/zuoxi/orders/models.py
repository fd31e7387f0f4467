# SPDX-License-Identifier: Apache-2.0
"""Goods, stock, orders with the prices they were placed at, their money, their verification and their parcels."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.customers.models import Customer
from zuoxi.orders.states import OrderState
from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


class NumberSeries(models.Model):
    """The last number given out for a letter on a day."""

    letter = models.CharField(max_length=2)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "day"], name="order_series_once")]


@records("ORD-012")
class Product(models.Model):
    """Something that is sold. `initials` are the sounds of its name (燕窝 → yw), for finding it while talking.

    `basis` names the regulation behind a statutory fee; a fee without one may not be charged (ORD-011).
    """

    sku = models.CharField(_("article number"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=120)
    initials = models.CharField(max_length=120, blank=True, default="", db_index=True)
    category = models.CharField(_("category"), max_length=40, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=12, blank=True, default="")
    basis = models.CharField(max_length=160, blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["sku"]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """What a product costs from a day on; earlier prices stay."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="prices")
    from_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["-from_on"]
        constraints = [
            models.UniqueConstraint(fields=["product", "from_on"], name="price_once_a_day"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
        ]


class Stock(models.Model):
    """What lies in the warehouse, and how much of it is promised to orders. Only `stock.py` moves it."""

    product = models.OneToOneField(Product, models.CASCADE, related_name="stock")
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(on_hand__gte=0, reserved__gte=0), name="stock_not_negative"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="stock_not_promised_twice"),
        ]

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


class StockMove(models.Model):
    """One movement of stock, never changed. `on_hand` and `reserved` say by how much each went up or down."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="moves")
    what = models.CharField(max_length=16)
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    ref = models.CharField(max_length=32, blank=True, default="")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


@records("ORD-002", "ORD-012")
class Order(models.Model):
    """What a customer ordered, at the prices of that day. `origin` and `origin_total`: the order that this one was
    split from, and its total, which rules go by (ORD-002). `phone` is the number that ordered, `receiver_phone` the
    one on the parcel. `kind` is a key of the pack's order_kinds. `foreign` is the number in another system.
    """

    class Payment(models.TextChoices):
        COD = "cod", _("Cash on delivery")
        PREPAID = "prepaid", _("Paid in advance")
        FREE = "free", _("Free of charge")

    class Source(models.TextChoices):
        CALL = "call", _("On the call")
        IMPORT = "import", _("Taken from a file")
        API = "api", _("By the interface")

    State = OrderState

    number = models.CharField(max_length=24, unique=True)
    foreign = models.CharField(max_length=64, null=True, blank=True, unique=True)
    kind = models.SlugField(max_length=24, default="sale")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    phone = models.CharField(max_length=24, blank=True, default="")
    receiver = models.CharField(max_length=80, blank=True, default="")
    receiver_phone = models.CharField(max_length=24, blank=True, default="")
    address = models.CharField(max_length=240, blank=True, default="")
    deliver_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    payment = models.CharField(max_length=8, choices=Payment.choices, default=Payment.COD)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    paid = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    refunded = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    origin = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    origin_total = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.CharField(max_length=12, choices=OrderState.choices)
    must_verify = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    finding = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.CALL)
    call = models.CharField(max_length=64, blank=True, default="")
    seller = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    placed_at = models.DateTimeField()
    state_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-placed_at", "-pk"]
        indexes = [
            models.Index(fields=["customer", "-placed_at"], name="order_customer"),
            models.Index(fields=["state", "-placed_at"], name="order_state"),
            models.Index(fields=["seller", "-placed_at"], name="order_seller"),
            models.Index(fields=["-placed_at"], name="order_placed"),
            models.Index(fields=["phone", "-placed_at"], name="order_phone"),
            models.Index(fields=["address", "-placed_at"], name="order_address"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0, paid__gte=0, refunded__gte=0), name="order_money_counts"),
            models.CheckConstraint(condition=Q(refunded__lte=F("paid")), name="refund_within_paid"),
            models.CheckConstraint(
                condition=Q(must_verify=False)
                | Q(verified_at__isnull=False)
                | Q(state__in=["to_verify", "cancelled", "void"]),
                name="unverified_stays",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | Q(seller__isnull=True) | ~Q(verified_by=F("seller")),
                name="verifier_is_not_seller",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One product of an order. `price` is kept as it was. The counters keep remedies from being given twice."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2)
    refunded = models.PositiveIntegerField(default=0)
    exchanged = models.PositiveIntegerField(default=0)
    reships = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1, price__gte=0), name="line_counts"),
            models.CheckConstraint(condition=Q(quantity__gte=F("refunded") + F("exchanged")), name="line_not_twice"),
            models.CheckConstraint(condition=Q(refunded=0) | Q(reships=0), name="reship_or_refund"),
        ]

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price


class Verification(models.Model):
    """The task to verify an order by hand: who, until when, what came of it. `void_at`: it lapses then (unreached)."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("verification", "To be called")
        UNREACHED = "unreached", _("Not reached, told by text message")
        CONFIRMED = "confirmed", pgettext_lazy("verification", "Confirmed")
        CHANGED = "changed", _("Confirmed with changes")
        CANCELLED = "cancelled", _("Cancelled by the customer")
        INVALID = "invalid", _("Found invalid")
        LAPSED = "lapsed", _("Lapsed, nobody reached")

    order = models.OneToOneField(Order, models.CASCADE, related_name="verification")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    agent = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()
    void_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["next_at", "pk"]
        indexes = [models.Index(fields=["state", "next_at"], name="verification_queue")]


@records("ORD-004")
class VerificationCall(models.Model):
    """One call to verify: to which of the order's numbers, and whether anybody answered."""

    verification = models.ForeignKey(Verification, models.CASCADE, related_name="calls")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    to_receiver = models.BooleanField(default=False)
    reached = models.BooleanField()
    words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]


class Shipment(models.Model):
    """A parcel: of the order itself, or of a case's new, added or returned goods."""

    class Kind(models.TextChoices):
        SALE = "sale", _("Ordered goods")
        EXCHANGE = "exchange", _("Exchanged goods")
        RESHIP = "reship", _("Goods sent again")
        BACK = "back", _("Returned to the customer")

    class State(models.TextChoices):
        SHIPPED = "shipped", _("On its way")
        DELIVERED = "delivered", pgettext_lazy("parcel", "Delivered")
        REFUSED = "refused", _("Refused at the door")
        RETURNED = "returned", _("Back in the warehouse")

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SALE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SHIPPED)
    carrier = models.CharField(max_length=40, blank=True, default="")
    tracking = models.CharField(max_length=40, unique=True)
    shipped_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["shipped_at", "pk"]
        indexes = [models.Index(fields=["state", "shipped_at"], name="shipment_state")]


class ShipmentEvent(models.Model):
    """What the carrier said; `key` is its own, so that the same news twice counts once."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="events")
    key = models.CharField(max_length=80)
    what = models.CharField(max_length=12)
    at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True, default="")
    words = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["shipment", "key"], name="shipment_news_once")]


constraint("unverified_stays", "ORD-004")
constraint("verifier_is_not_seller", "ORD-004")
constraint("reship_or_refund", "ORD-006")
constraint("refund_within_paid", "ORD-001")


# Django looks for an app's models here.
from zuoxi.orders.case_models import Case, CaseLine, CasePhoto, MoneyEntry, RefusalReason, StepLog  # noqa: E402
from zuoxi.orders.import_models import OrderImport, OrderReject  # noqa: E402
from zuoxi.orders.watch_models import Emergency, EmergencyNote, PointsEntry, PointsGrant, Suspicion  # noqa: E402

__all__ = [
    "Case",
    "CaseLine",
    "CasePhoto",
    "Emergency",
    "EmergencyNote",
    "MoneyEntry",
    "NumberSeries",
    "Order",
    "OrderImport",
    "OrderLine",
    "OrderReject",
    "PointsEntry",
    "PointsGrant",
    "Price",
    "Product",
    "RefusalReason",
    "Shipment",
    "ShipmentEvent",
    "StepLog",
    "Stock",
    "StockMove",
    "Suspicion",
    "Verification",
    "VerificationCall",
]
