# SPDX-License-Identifier: Apache-2.0
"""Whether a wish for a coming roster is still in time and within what everybody may wish in a month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zuoxi.policy import facts as must
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule


@dataclass(frozen=True, slots=True)
class RosterWishFacts:
    """A wish for a day of a month to come. `months_ahead`: months between the asking and the day wished, 0 in its own
    month; `asked_day`: day of the month on which it is asked; `standing` and `standing_strong`: what the person wishes
    for that month already."""

    months_ahead: int
    asked_day: int
    strong: bool
    standing: int
    standing_strong: int

    def __post_init__(self) -> None:
        for name in ("standing", "standing_strong"):
            must.must_not_be_negative(name, getattr(self, name))
        if not 1 <= self.asked_day <= 31:
            raise Impossible("asked_day", "is a day of a month")


@rule(
    "roster.wish",
    outcomes=("taken", "late", "full", "strong_full"),
    needs=("figures:roster.wish.day", "figures:roster.wish.month_maximum", "figures:roster.wish.strong_maximum"),
    clauses=("SCH-002",),
)
def judge_roster_wish(facts: RosterWishFacts, reading: Reading) -> Finding:
    """In time up to a day of the month before; so many in a month, of them so few that matter much."""
    reading.note("SCH-002")
    last = reading.figure("roster.wish.day")
    most = reading.figure("roster.wish.month_maximum")
    words: dict[str, Any] = {"day": last.text, "most": most.text, "count": facts.standing + 1}
    if facts.months_ahead < 1 or (facts.months_ahead == 1 and not last.within(Decimal(facts.asked_day))):
        return reading.finding("roster.wish", "late", **words)
    if not most.within(Decimal(facts.standing + 1)):
        return reading.finding("roster.wish", "full", **words)
    if facts.strong:
        strong = reading.figure("roster.wish.strong_maximum")
        if not strong.within(Decimal(facts.standing_strong + 1)):
            return reading.finding("roster.wish", "strong_full", strong=strong.text, **words)
    return reading.finding("roster.wish", "taken", **words)
