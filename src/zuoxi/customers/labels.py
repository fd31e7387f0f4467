# SPDX-License-Identifier: Apache-2.0
"""What the fields of a customer are called, in the log of changes and beside a choice."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "grade": gettext_lazy("Grade"),
    "source": gettext_lazy("Source"),
    "seller": gettext_lazy("Own customer of"),
    "language": gettext_lazy("Language"),
    "parent": gettext_lazy("Household or company"),
    "identity": gettext_lazy("Number of the document"),
    "birthday": gettext_lazy("Birthday"),
    "note": gettext_lazy("What the next agent should know"),
    "tags": gettext_lazy("Tags"),
    "number": gettext_lazy("Telephone number"),
    "address": gettext_lazy("Address"),
    "unknown": gettext_lazy("To be found out"),
    "identity_kind": gettext_lazy("Document"),
}
