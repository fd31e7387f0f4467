# SPDX-License-Identifier: Apache-2.0
"""What the rules of quality judge."""

from __future__ import annotations

from dataclasses import dataclass

from zuoxi.policy import facts as must

_DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class QuotaFacts:
    """Whole calls of one person evaluated this week, and the days of the week that are left (nought: it is over)."""

    evaluated_this_week: int
    days_left: int | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("evaluated_this_week", self.evaluated_this_week)
        must.must_be_at_most("days_left", self.days_left, _DAYS_OF_A_WEEK)
