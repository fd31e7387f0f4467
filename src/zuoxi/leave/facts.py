# SPDX-License-Identifier: Apache-2.0
"""Leave as other packages see it. Times are aware; None means that nothing is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

from zuoxi.policy import facts as must
from zuoxi.policy.rulebook import Impossible
from zuoxi.policy.vocabulary import role_words

LeaveKind = Literal["personal", "sick", "other"]  # what the routes of a pack tell apart


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
    """What one leave takes of one roster day: from when to when, and which share of the day.

    `counts`: it uses a place of the day, of the duty supervisor with the staff id `duty_id` (None: nobody's).
    """

    leave_id: int
    staff_id: int
    day: date
    kind: str
    starts_at: datetime
    ends_at: datetime
    share: Decimal
    paid: bool | None
    shift: str
    counts: bool
    duty_id: int | None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the supervisor's daily record; `duty` is the name of whose place it takes ("" for nobody's)."""

    leave_id: int
    code: str
    name: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    share: Decimal
    handover: str
    duty: str


@dataclass(frozen=True, slots=True)
class ProposedAbsence:
    """A day that leave no longer covers: `cause` is "lapsed" (papers missing) or "untrue" (reason found false)."""

    leave_id: int
    staff_id: int
    day: date
    share: Decimal
    cause: str


@dataclass(frozen=True, slots=True)
class DueBack:
    """The day after a leave that nobody prolonged: who is not there without leave is absent (ATT-005, ATT-035)."""

    leave_id: int
    staff_id: int
    day: date


@dataclass(frozen=True, slots=True)
class LeaveRouteFacts:
    """A leave that is asked for. `days` of rostered time; `applicant` a role word.

    `granted_today`: leaves that this duty supervisor, or this shift, has granted already; `centre_on_leave`: people on
    leave before this one; `taken_this_month`: days of leave the applicant has had this month. What the pack's route
    does not look at may be None.
    """

    kind: LeaveKind
    days: Decimal
    applicant: str
    granted_today: int | None
    centre_on_leave: int | None
    taken_this_month: Decimal | None

    def __post_init__(self) -> None:
        if self.kind not in get_args(LeaveKind):
            raise Impossible("kind", f"one of {', '.join(get_args(LeaveKind))}")
        must.must_be_positive("days", self.days)
        if self.applicant not in role_words():
            raise Impossible("applicant", f"no such role word: {self.applicant[:40]}")
        must.must_not_be_negative("granted_today", self.granted_today)
        must.must_not_be_negative("centre_on_leave", self.centre_on_leave)
        must.must_not_be_negative("taken_this_month", self.taken_this_month)
