# SPDX-License-Identifier: Apache-2.0
"""Days, weeks, months, quarters and years as people compare them. Plain calendar: no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

KINDS: Final = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Span:
    """One whole period: its first day, and the day after its last."""

    kind: str
    first: date
    end: date

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def label(self) -> str:
        """2026-11-22, 2026-W47, 2026-11, 2026-Q4, 2026."""
        if self.kind == "day":
            return self.first.isoformat()
        if self.kind == "week":
            year, week, _day = self.first.isocalendar()
            return f"{year}-W{week:02d}"
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}" if self.kind == "quarter" else str(self.first.year)

    def stepped(self, steps: int) -> Span:
        """The period so many later, or earlier for a minus."""
        if self.kind in ("day", "week"):
            return span_at(self.kind, self.first + timedelta(days=steps * (1 if self.kind == "day" else 7)))
        months = steps * {"month": 1, "quarter": 3, "year": 12}[self.kind]
        return span_at(self.kind, _months_later(self.first, months))

    def year_before(self) -> Span:
        """The period to compare with a year ago: the same day of the calendar, the same week by its number's place
        (52 weeks), the same month, quarter; the year before."""
        if self.kind == "day":
            return span_at("day", _months_later(self.first, -12))
        return self.stepped(-52) if self.kind == "week" else self.stepped(-1) if self.kind == "year" else self._back()

    def _back(self) -> Span:
        return span_at(self.kind, _months_later(self.first, -12))


def span_at(kind: str, day: date) -> Span:
    """The period that the day lies in; a week begins on Monday. Raises ValueError for a kind that is none."""
    if kind == "day":
        return Span(kind, day, day + timedelta(days=1))
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Span(kind, monday, monday + timedelta(days=7))
    months = {"month": 1, "quarter": 3, "year": 12}.get(kind)
    if months is None:
        raise ValueError(kind)
    first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    return Span(kind, first, _months_later(first, months))


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last where that month is shorter."""
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return min(last, first + timedelta(days=day.day - 1))
