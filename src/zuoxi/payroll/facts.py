# SPDX-License-Identifier: Apache-2.0
"""What the rules of pay judge. Money in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zuoxi.policy import facts as must


@dataclass(frozen=True, slots=True)
class OvertimeFacts:
    """Overtime that was `assigned` or chosen, the person's indicator in it and the centre's mean.

    `average` None or nought: there is nothing to compare with, which counts as reached.
    """

    assigned: bool
    indicator: Decimal | None
    average: Decimal | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("indicator", self.indicator)
        must.must_not_be_negative("average", self.average)


@dataclass(frozen=True, slots=True)
class SalaryWarningFacts:
    """Warnings for asking about or giving away pay, this one with them."""

    warnings: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("warnings", self.warnings)


@dataclass(frozen=True, slots=True)
class FullAttendanceFacts:
    """A month for the bonus of full attendance."""

    late: int
    early: int
    absence_days: Decimal
    leave_days: Decimal

    def __post_init__(self) -> None:
        must.must_not_be_negative("late", self.late)
        must.must_not_be_negative("early", self.early)
        must.must_be_half_days("absence_days", self.absence_days)
        must.must_not_be_negative("leave_days", self.leave_days)


@dataclass(frozen=True, slots=True)
class StandbyFacts:
    """Days of a month on standby."""

    days: Decimal

    def __post_init__(self) -> None:
        must.must_be_half_days("days", self.days)
        must.must_be_at_most("days", self.days, 31)


@dataclass(frozen=True, slots=True)
class ExpensesFacts:
    """A journey on duty, and when its expenses were handed in (None: not yet)."""

    returned_on: date
    handed_in_on: date | None

    def __post_init__(self) -> None:
        must.must_not_precede("handed_in_on", self.handed_in_on, self.returned_on, "the return")
