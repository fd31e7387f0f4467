# SPDX-License-Identifier: Apache-2.0
"""What the rules of follow-ups and surveys judge."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zuoxi.policy import facts as must


@dataclass(frozen=True, slots=True)
class SatisfactionFacts:
    """Answers by what they say, and the rate in per cent that somebody typed (None: nobody did)."""

    satisfied: int
    fairly_satisfied: int
    dissatisfied: int
    stated_percent: Decimal | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("satisfied", self.satisfied)
        must.must_not_be_negative("fairly_satisfied", self.fairly_satisfied)
        must.must_not_be_negative("dissatisfied", self.dissatisfied)
        must.must_be_at_most("stated_percent", self.stated_percent, 100)
