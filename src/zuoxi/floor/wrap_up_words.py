# SPDX-License-Identifier: Apache-2.0
"""What a call may have been about and how it may have ended, in the wrap-up form."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise

TOPICS: tuple[tuple[str, Label], ...] = (
    ("order", _("Order")),
    ("product", _("Product question")),
    ("delivery", _("Delivery")),
    ("return", _("Return or exchange")),
    ("invoice", _("Payment or invoice")),
    ("complaint", _("Complaint")),
    ("praise", _("Praise or suggestion")),
    ("nuisance", _("Nuisance or wrong number")),
    ("other", _("Something else")),
)
RESULTS: tuple[tuple[str, Label], ...] = (
    ("solved", _("Settled on the call")),
    ("ordered", _("Ordered")),
    ("callback", _("Call back later")),
    ("passed_on", _("Passed on")),
    ("refused", _("Customer declined")),
    ("unsolved", _("Not settled")),
)
