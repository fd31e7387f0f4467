# SPDX-License-Identifier: Apache-2.0
"""How a day looks on a sheet: one sign, one tone, and what both mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.attendance import matching
from zuoxi.attendance.models import DayRecord, Status


@dataclass(frozen=True, slots=True)
class Sign:
    """`text` is what the sheet prints; the tone is a second hint, never the only one."""

    status: str
    text: str | Promise
    tone: str
    label: str | Promise


def _sign(status: Status, text: Any, tone: str) -> Sign:
    return Sign(str(status), text, tone, status.label)


SIGNS: Final = {
    str(one.status): one
    for one in (
        _sign(Status.NORMAL, "√", "good"),
        _sign(Status.LATE, pgettext_lazy("sign", "L"), "warn"),
        _sign(Status.EARLY, pgettext_lazy("sign", "E"), "warn"),
        _sign(Status.LATE_EARLY, pgettext_lazy("sign", "L E"), "warn"),
        _sign(Status.HALF_ABSENT, pgettext_lazy("sign", "½A"), "bad"),
        _sign(Status.ABSENT, pgettext_lazy("sign", "A"), "bad"),
        _sign(Status.LEAVE, pgettext_lazy("sign", "V"), "info"),
        _sign(Status.EXCUSED, pgettext_lazy("sign", "X"), "plain"),
        _sign(Status.UNKNOWN, "?", "warn"),
        _sign(Status.ERROR, "!", "bad"),
        _sign(Status.UNROSTERED, "+", "plain"),
        _sign(Status.OPEN, "·", "plain"),
    )
}
PLANNED: Final = Sign("planned", "○", "plain", pgettext_lazy("attendance", "Planned"))
"""A shift that has not begun."""
NO_SHIFT: Final = Sign("rest", "", "plain", _("No shift"))
HEAVIEST: Final = tuple(str(status) for status in Status)

DOUBTS: Final[dict[str, str | Promise]] = {
    matching.OUT_BEFORE_IN: _("A sign-out lies before the sign-in"),
    matching.NO_SIGN_IN: _("No sign-in was recorded"),
    matching.NO_SIGN_OUT: _("No sign-out was recorded"),
    matching.OTHER_SOURCE: _("Filled from another source than the leading one"),
    matching.UNROSTERED: _("Nobody rostered this"),
}
FINDINGS: Final[dict[str, str | Promise]] = {
    "presence": _("Presence"),
    "arrival": _("Arrival"),
    "departure": _("Departure"),
    "early_arrival": _("Coming early"),
}


def sign_of(rows: Iterable[DayRecord], now: datetime | None) -> Sign:
    """The sign of a day with these shifts: the heaviest stands; planned while none of them has begun.

    `now` None: of days that are over anyway.
    """
    held = list(rows)
    found = min((row.status for row in held), key=HEAVIEST.index, default="")
    if now and found == Status.OPEN and all(row.due_start is not None and row.due_start > now for row in held):
        return PLANNED
    return SIGNS.get(found, NO_SHIFT)


def hours(minutes: int | None) -> Decimal | None:
    """Minutes as hours, exact."""
    return None if minutes is None else Decimal(minutes) / 60
