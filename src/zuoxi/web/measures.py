# SPDX-License-Identifier: Apache-2.0
"""How figures are written: one place, so that every page, export and chart writes them alike."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

UNKNOWN = "—"
Figure = int | float | Decimal

_SHAPES = {
    "full": "%Y-%m-%d %H:%M:%S",
    "minute": "%Y-%m-%d %H:%M",
    "short": "%m-%d %H:%M",
    "date": "%Y-%m-%d",
    "day": "%m-%d",
    "time": "%H:%M:%S",
    "hm": "%H:%M",
    "month": "%Y-%m",
}


def duration_text(value: Figure | timedelta | None) -> str:
    """Seconds as 1:05:09, below an hour as 5:09; None is unknown. A negative span keeps its sign."""
    if value is None or value == "":
        return UNKNOWN
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}" if hours else f"{sign}{minutes}:{seconds:02}"


def _rounded(value: Figure, places: str) -> Decimal:
    # str() so that a float is rounded as it is written, half up, as people round on paper; + 0 leaves no minus nought.
    return Decimal(str(value)).quantize(Decimal(places), rounding=ROUND_HALF_UP) + 0


def percent_text(ratio: Figure | None) -> str:
    """A ratio (0.853) as 85.3%; None (empty denominator) as a dash."""
    return UNKNOWN if ratio is None or ratio == "" else f"{_rounded(Decimal(str(ratio)) * 100, '0.1')}%"


def money_text(amount: Figure | None) -> str:
    """1234.5 as 1,234.50."""
    return UNKNOWN if amount is None or amount == "" else f"{_rounded(amount, '0.01'):,}"


def number_text(value: Figure | None, places: int = 0) -> str:
    """12345 as 12,345, with so many decimals."""
    if value is None or value == "":
        return UNKNOWN
    return f"{_rounded(value, '1' if not places else '0.' + '0' * places):,}"


def local_text(moment: datetime | date | None, shape: str = "minute") -> str:
    """A moment in the site's zone; shapes: full, minute, short, date, day, time, hm, month."""
    if moment is None or moment == "":
        return UNKNOWN
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        return moment.strftime(_SHAPES[shape])
    return moment.strftime(_SHAPES[shape if shape in ("day", "month") else "date"])
