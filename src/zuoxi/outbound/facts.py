# SPDX-License-Identifier: Apache-2.0
"""What the rules of outbound calls judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zuoxi.policy import facts as must


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """Somebody who joined on one day, on another."""

    joined_on: date
    on: date

    def __post_init__(self) -> None:
        must.must_not_precede("on", self.on, self.joined_on, "the day of joining")


@dataclass(frozen=True, slots=True)
class ShortfallFacts:
    """Somebody's effective calls of a day that is about to end."""

    joined_on: date
    on: date
    effective_calls: int

    def __post_init__(self) -> None:
        must.must_not_precede("on", self.on, self.joined_on, "the day of joining")
        must.must_not_be_negative("effective_calls", self.effective_calls)


@dataclass(frozen=True, slots=True)
class FollowUpFacts:
    """What a follow-up of a prospect says ("": nothing)."""

    contact: str
    phone: str
    content: str
