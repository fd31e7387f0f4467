# SPDX-License-Identifier: Apache-2.0
"""What the rules of outbound calls judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

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


@dataclass(frozen=True, slots=True)
class DialFacts:
    """A number that is about to be called under a dial rule of the pack.

    `at`: now. `do_not_call`, `consent`: None where nobody knows. `last_at`: None where he was never called.
    """

    rule: str
    at: datetime
    do_not_call: bool | None
    consent: bool | None
    attempts_today: int
    attempts: int
    last_at: datetime | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("attempts_today", self.attempts_today)
        must.must_not_be_negative("attempts", self.attempts)
        must.must_not_precede("at", self.at, self.last_at, "the last call")


@dataclass(frozen=True, slots=True)
class EffectiveFacts:
    """An answered call: seconds of talk, and whether its result counts (None: no result was written)."""

    talk_seconds: int | None
    result_counts: bool | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("talk_seconds", self.talk_seconds)


@dataclass(frozen=True, slots=True)
class GuardFacts:
    """A campaign's answers since it was started, and how many of them found no agent."""

    answers: int
    without_agent: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("without_agent", self.without_agent)
        must.must_be_at_most("without_agent", self.without_agent, self.answers)


@dataclass(frozen=True, slots=True)
class CallbackFacts:
    """A callback that was promised by `due_at` and is still owed at `at`."""

    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class AttemptTold:
    """An outbound call that ended, as packages above hear of it."""

    attempt_id: int
    campaign_id: int | None
    customer_id: int | None
    staff_code: str
    at: datetime
    result: str
    effective: bool | None
