# SPDX-License-Identifier: Apache-2.0
"""The handbook's figures that a play rests on, and those that a what-if may change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from zuoxi.policy.handbook import Handbook
from zuoxi.workforce.scenarios.changing import Learning

CHANGEABLE: Final = (
    "break.minutes",
    "break.every_minutes",
    "meal.minutes",
    "staffing.shrinkage.absence",
    "staffing.patience_seconds",
    "staffing.trainee_factor",
    "staffing.hour_cost",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """`break_share` and `absence` from 0 to 1; `patience` and `ring` in seconds, for queues that told none. A new
    person's slowness is half gone after half the days for which he counts as new."""

    break_share: float
    meal_minutes: float
    absence: float
    patience: float
    ring: float
    hour_cost: float
    replications: int
    weeks_back: int
    learning: Learning


def terms_of(handbook: Handbook, day: date, changed: Iterable[tuple[str, Decimal]] = ()) -> Terms:
    """The figures of a day; `changed` hold instead."""
    reading, instead = handbook.on(day), dict(changed)

    def number(key: str) -> float:
        return float(instead[key]) if key in instead else float(reading.number(key))

    every = number("break.every_minutes")
    return Terms(
        break_share=min(number("break.minutes") / every, 0.95) if every else 0.0,
        meal_minutes=number("meal.minutes"),
        absence=min(number("staffing.shrinkage.absence") / 100, 0.95),
        patience=number("staffing.patience_seconds"),
        ring=number("twin.ring_seconds"),
        hour_cost=number("staffing.hour_cost"),
        replications=int(number("twin.replications")),
        weeks_back=int(number("twin.weeks_back")),
        learning=Learning(number("staffing.trainee_factor"), max(number("staffing.trainee_days") / 2, 1.0)),
    )
