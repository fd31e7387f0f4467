# SPDX-License-Identifier: Apache-2.0
"""Figures and scales as they hold on one day, and the changes that an amendment lays over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any


class NoSuchEntry(LookupError):
    """The handbook has no entry of that key, or none that holds on that day."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it holds on one day; `text` is the exact value as findings show it."""

    key: str
    value: Any
    text: str
    unit: str
    inclusive: bool
    clauses: tuple[str, ...]
    source: str
    gap: str
    since: date

    def beyond(self, amount: Decimal | int) -> bool:
        """Whether the amount has passed the figure; a figure that is included counts itself as passed."""
        return bool(amount >= self.value if self.inclusive else amount > self.value)

    def within(self, amount: Decimal | int) -> bool:
        """Whether the amount lies up to the figure; a figure that is included counts itself as within."""
        return bool(amount <= self.value if self.inclusive else amount < self.value)


@dataclass(frozen=True, slots=True)
class Change:
    """An approved amendment: from `since` on the figure holds `value`. `until` (exclusive) bounds a trial."""

    key: str
    since: date
    value: Any
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of a scale on one day; `at` None is the lowest."""

    outcome: str
    at: Figure | None
    also: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale on one day, lowest step first."""

    key: str
    clauses: tuple[str, ...]
    gap: str
    steps: tuple[Step, ...]

    def step_for(self, amount: Decimal | int) -> int:
        """Index of the highest step whose figure the amount has passed."""
        reached = 0
        for index, step in enumerate(self.steps):
            if step.at is None or step.at.beyond(amount):
                reached = index
        return reached


def as_text(value: Any) -> str:
    """A value as findings and pages of figures show it, exact."""
    if isinstance(value, Decimal):
        return (
            format(value.normalize(), "f")
            if value != value.to_integral_value()
            else format(value.to_integral_value(), "f")
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)
