# SPDX-License-Identifier: Apache-2.0
"""What the rules of complaints judge, and what packages above are told. Times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from zuoxi.policy import facts as must


@dataclass(frozen=True, slots=True)
class SeverityFacts:
    """A complaint as it stands. `claim_yuan` None: the customer claims no money. `people`: who complain of the same
    matter, himself counted. `escalations`: how often it has gone up the chain."""

    source: str
    kind: str
    claim_yuan: Decimal | None
    people: int
    escalations: int
    received_at: datetime

    def __post_init__(self) -> None:
        must.must_not_be_negative("claim_yuan", self.claim_yuan)
        must.must_be_positive("people", self.people)
        must.must_not_be_negative("escalations", self.escalations)


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A complaint that was received. `severity`: ordinary or grave."""

    severity: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A complaint at a step of the chain (a role word) since a moment; `paused_minutes` of it waited for a customer."""

    level: str
    since: datetime
    now: datetime
    paused_minutes: int

    def __post_init__(self) -> None:
        must.must_not_precede("now", self.now, self.since, "the moment it came to the step")
        must.must_not_be_negative("paused_minutes", self.paused_minutes)


@dataclass(frozen=True, slots=True)
class PauseFacts:
    """Somebody wants to stop the clocks. `pauses`: those before this one."""

    waits_for_customer: bool
    pauses: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("pauses", self.pauses)


@dataclass(frozen=True, slots=True)
class CloseFacts:
    """A complaint that somebody wants to close. `answered_at` None: the customer has not been told. `verified_at`
    None: nobody has verified it. `plan_agreed_at` None: no plan, or not agreed."""

    severity: str
    about_person: bool
    answered_at: datetime | None
    verified_at: datetime | None
    plan_agreed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ComplaintTold:
    """Told to the packages above."""

    complaint_id: int
    number: str
    customer_id: int | None
    about_code: str
    severity: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PraiseTold:
    """A praise that was confirmed. `points`: what is proposed for the month's score."""

    number: str
    staff_code: str
    points: Decimal | None
    at: datetime
