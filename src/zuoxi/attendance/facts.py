# SPDX-License-Identifier: Apache-2.0
"""What the attendance rules judge. Times are aware; None means that nothing is known, never nought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from zuoxi.policy import facts as must
from zuoxi.policy.rulebook import Impossible

LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class ArrivalFacts:
    """`signed_in_at` None: there is no record. `excused`: the cause of a lateness has been accepted."""

    rostered_start: datetime
    signed_in_at: datetime | None
    excused: bool


@dataclass(frozen=True, slots=True)
class DepartureFacts:
    """`signed_out_at` None: there is no record. `excused`: the cause of leaving early has been accepted."""

    rostered_end: datetime
    signed_out_at: datetime | None
    excused: bool


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A person's month: times `late` and `early` (days absent are not among them), days absent in halves, and the
    longest run of rostered days absent, one that began in an earlier month counted whole (ATT-005)."""

    late: int | None
    early: int | None
    absence_days: Decimal | None
    longest_absent_run: int | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("late", self.late)
        must.must_not_be_negative("early", self.early)
        must.must_be_half_days("absence_days", self.absence_days)
        must.must_be_at_most("absence_days", self.absence_days, LONGEST_MONTH)
        must.must_not_be_negative("longest_absent_run", self.longest_absent_run)
        if self.absence_days == 0 and self.longest_absent_run:
            raise Impossible("longest_absent_run", "there is no run without a day absent")
