# SPDX-License-Identifier: Apache-2.0
"""What judging a day goes by beside the clock, and what it comes to. Frozen; no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from zuoxi.policy.findings import Finding

NOUGHT: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class LeaveSpan:
    """What granted leave takes of a day."""

    starts_at: datetime
    ends_at: datetime
    kind: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class ExcuseSpan:
    """An accepted cause. `missing`: it also explains that there is no record. `untrue`: it was found to be false."""

    starts_at: datetime
    ends_at: datetime
    cause: str
    missing: bool
    untrue: bool = False

    def covers(self, moment: datetime) -> bool:
        return self.starts_at <= moment <= self.ends_at


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """One shift of one person as judged; the fields are those of `models.DayRecord`."""

    staff_id: int
    day: date
    part: int
    status: str
    team_id: int | None = None
    template: str = ""
    due_start: datetime | None = None
    due_end: datetime | None = None
    first_in: datetime | None = None
    last_out: datetime | None = None
    late: bool = False
    early: bool = False
    absence_days: Decimal = NOUGHT
    leave_kind: str = ""
    leave_days: Decimal = NOUGHT
    due_minutes: int = 0
    leave_minutes: int = 0
    worked_minutes: int | None = None
    findings: Mapping[str, Finding] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthVerdict:
    """One person's month; the fields are those of `models.MonthRecord`."""

    staff_id: int
    month: date
    due_days: int
    present_days: int
    late: int
    early: int
    absence_days: Decimal
    unknown_days: int
    excused_days: int
    unrostered_days: int
    longest_run: int
    open_run: int
    leave: Mapping[str, str]
    due_minutes: int
    worked_minutes: int
    finding: Finding | None
