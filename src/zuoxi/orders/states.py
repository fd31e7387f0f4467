# SPDX-License-Identifier: Apache-2.0
"""The states of orders and of what happens to them afterwards, and the moves between them that can be at all.

Packs say who takes a step and how long he has (`handbook.py`); which states may follow each other is the same for
everybody and is kept by the database as well (`guards.py`).
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderState(models.TextChoices):
    """Where an order stands. Verification stands before everything that leaves the warehouse."""

    TO_VERIFY = "to_verify", pgettext_lazy("order", "To be verified")
    TO_SHIP = "to_ship", _("To be shipped")
    SHIPPED = "shipped", _("On its way")
    DELIVERED = "delivered", pgettext_lazy("parcel", "Delivered")
    REFUSED = "refused", _("Refused at the door")
    SENT_BACK = "sent_back", _("Back in the warehouse")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")
    VOID = "void", pgettext_lazy("order", "Void")


class CaseKind(models.TextChoices):
    RETURN = "return", pgettext_lazy("case", "Return")
    EXCHANGE = "exchange", _("Exchange")
    RESHIP = "reship", _("Reship")
    MONEY_BACK = "money_back", _("Money back")


class CaseState(models.TextChoices):
    """Where a return, an exchange or a reship stands: the name says who has to act next."""

    ASKED = "asked", _("Asked, to be checked")
    TO_APPROVE = "to_approve", _("Waits for approval")
    TO_COLLECT = "to_collect", _("To be collected")
    ON_WAY = "on_way", _("On its way back")
    RECEIVED = "received", _("Received, to be inspected")
    TO_REFUND = "to_refund", _("To be refunded")
    FAILED = "failed", _("Not passed, to be explained")
    TO_SEND_BACK = "to_send_back", _("To be sent back to the customer")
    TO_SEND = "to_send", _("New goods to be sent")
    SENT = "sent", _("New goods on their way")
    TO_CLAIM = "to_claim", _("Damage to be claimed")
    TO_SETTLE = "to_settle", _("Difference to be settled")
    TO_TELL = "to_tell", _("Customer to be told")
    CLOSED = "closed", pgettext_lazy("case", "Closed")
    REFUSED = "refused", pgettext_lazy("case", "Declined")
    CANCELLED = "cancelled", pgettext_lazy("case", "Called off")
    NO_STOCK = "no_stock", _("Out of stock, refunded instead")


ENDED: Final = (CaseState.CLOSED, CaseState.REFUSED, CaseState.CANCELLED, CaseState.NO_STOCK)
NEVER_SHIPPED: Final = (OrderState.TO_VERIFY, OrderState.CANCELLED, OrderState.VOID)

ORDER_MOVES: Final[dict[str, tuple[str, ...]]] = {
    "to_verify": ("to_ship", "cancelled", "void"),
    "to_ship": ("shipped", "cancelled"),
    "shipped": ("delivered", "refused"),
    "refused": ("sent_back", "shipped"),
}
CASE_MOVES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "return": {
        "asked": ("to_collect", "refused", "cancelled"),
        "to_collect": ("on_way", "cancelled"),
        "on_way": ("received",),
        "received": ("to_refund", "failed", "to_tell"),
        "to_refund": ("to_tell",),
        "failed": ("to_send_back",),
        "to_send_back": ("closed",),
        "to_tell": ("closed",),
    },
    "exchange": {
        "asked": ("to_send", "to_collect", "refused", "cancelled"),
        "to_collect": ("on_way", "cancelled"),
        "on_way": ("received",),
        "received": ("to_approve", "failed", "to_claim", "to_settle", "to_tell"),
        "to_approve": ("to_send", "to_send_back"),
        "failed": ("to_send", "to_send_back"),
        "to_send": ("to_collect", "to_settle", "to_tell", "cancelled"),
        "to_claim": ("to_settle", "to_tell"),
        "to_settle": ("to_tell",),
        "to_send_back": ("closed",),
        "to_tell": ("closed",),
    },
    "reship": {
        "asked": ("to_approve", "cancelled"),
        "to_approve": ("to_send", "refused", "cancelled"),
        "to_send": ("sent", "no_stock"),
        "sent": ("to_tell",),
        "to_tell": ("closed",),
    },
    "money_back": {
        "to_refund": ("to_tell",),
        "to_tell": ("closed",),
    },
}
