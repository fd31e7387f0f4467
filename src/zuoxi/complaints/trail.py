# SPDX-License-Identifier: Apache-2.0
"""What the steps of a complaint are called, and its three clocks as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.complaints.models import Complaint

Text = str | Promise
# Step → (its name, icon, tone).
STEP_NAMES: Final[dict[str, tuple[Text, str, str]]] = {
    "received": (pgettext_lazy("complaint", "Received"), "complaint", "info"),
    "responded": (_("First response"), "phone", "info"),
    "assigned": (_("Given to"), "person", "plain"),
    "passed_on": (pgettext_lazy("complaint", "Passed on to"), "send", "plain"),
    "escalated": (_("Gone up"), "arrow-up", "warn"),
    "grave": (_("Has become grave"), "warning", "bad"),
    "reported": (_("Reported to"), "send", "bad"),
    "located": (pgettext_lazy("complaint", "What it is about"), "people", "plain"),
    "paused": (_("Clocks stopped"), "pause", "warn"),
    "resumed": (_("Clocks go on"), "play", "plain"),
    "verified": (_("Verified by a trainer"), "check", "good"),
    "handled": (_("Handled"), "edit", "plain"),
    "answered": (_("Customer answered"), "phone", "good"),
    "plan": (_("Plan written"), "file", "plain"),
    "agreed": (_("Plan agreed to"), "check", "good"),
    "closed": (pgettext_lazy("complaint", "Closed"), "check", "good"),
    "reopened": (_("Opened again"), "undo", "warn"),
    "note": (pgettext_lazy("complaint", "Note"), "file", "plain"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the three. `done_at` None: it runs, or stands while the customer is waited for."""

    name: Text
    due_at: datetime
    done_at: datetime | None
    late: bool
    soon: bool
    stands: bool

    @property
    def tone(self) -> str:
        return "bad" if self.late else "good" if self.done_at else "warn" if self.soon or self.stands else ""


_CLOCKS: Final = (
    (_("First response"), "response_due_at", "responded_at"),
    (_("Handling"), "handling_due_at", "handled_at"),
    (_("Answer to the customer"), "answer_due_at", "answered_at"),
)


def clocks_of(one: Complaint, now: datetime, warn_minutes: int) -> list[Clock]:
    found = []
    for name, due_name, done_name in _CLOCKS:
        due, done = getattr(one, due_name), getattr(one, done_name)
        stands = one.paused_since is not None and done is None
        until = done or one.paused_since or now
        soon = done is None and not stands and (due - now).total_seconds() <= warn_minutes * 60
        found.append(Clock(name, due, done, until > due, soon, stands))
    return found
