# SPDX-License-Identifier: Apache-2.0
"""Leave as other packages see it. Times are aware; None means that nothing is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LeaveSpell:
    """One leave. `days` is what it costs; `state` a value of `models.LeaveState`."""

    id: int
    staff_id: int
    kind: str
    starts_at: datetime
    ends_at: datetime
    days: Decimal
    paid: bool | None
    state: str


@dataclass(frozen=True, slots=True)
class LeaveOnDay:
    """What one leave takes of one roster day: from when to when, and which share of the day."""

    leave_id: int
    staff_id: int
    day: date
    kind: str
    starts_at: datetime
    ends_at: datetime
    share: Decimal
    paid: bool | None
    shift: str


@dataclass(frozen=True, slots=True)
class ProposedAbsence:
    """A day that leave no longer covers: `cause` is "lapsed" (papers missing), "untrue" (reason found false) or
    "not_back" (no return and no extension)."""

    leave_id: int
    staff_id: int
    day: date
    share: Decimal
    cause: str
    since: datetime
