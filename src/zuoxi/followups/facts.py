# SPDX-License-Identifier: Apache-2.0
"""What the rules of follow-ups and surveys judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Literal

from zuoxi.policy import facts as must
from zuoxi.policy.rulebook import Impossible


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


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """A moment at which somebody would call. `quiet`: spans like "12:00-15:00" at which this person is not called."""

    at: datetime
    quiet: tuple[str, ...]

    def __post_init__(self) -> None:
        for span in self.quiet:
            try:
                first, last = (time.fromisoformat(part) for part in span.split("-"))
            except ValueError:
                raise Impossible("quiet", f"a span like 12:00-15:00 is expected, not {span[:20]!r}") from None
            if first >= last:
                raise Impossible("quiet", f"{span} ends before it begins")


@dataclass(frozen=True, slots=True)
class DueFacts:
    """A follow-up of a kind that the pack knows, of something that happened at a moment; `quiet` as above."""

    kind: str
    at: datetime
    quiet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """How many agreed times in a row the customer could not be reached at."""

    missed: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("missed", self.missed)


Attitude = Literal["satisfied", "fairly_satisfied", "dissatisfied"]


@dataclass(frozen=True, slots=True)
class RepairCallFacts:
    """What a customer answered after a repair; None: not asked or not known. `unpaid`: owes the fee of the season."""

    solved: bool | None
    attitude: Attitude | None
    charged: bool | None
    score: int | None
    unpaid: bool | None


@dataclass(frozen=True, slots=True)
class RefusalFacts:
    """Why a parcel was refused: the reason, and the customer's own words."""

    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class OthersFacts:
    """Refusals of a time, and how many of them say "other"."""

    others: int
    total: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("others", self.others)
        must.must_not_be_negative("total", self.total)
        if self.others > self.total:
            raise Impossible("others", "cannot be more than there are")


@dataclass(frozen=True, slots=True)
class ReachedFacts:
    """People that were to be called and those that were reached; who has no number that is right counts in neither."""

    reached: int
    due: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("reached", self.reached)
        must.must_not_be_negative("due", self.due)


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """An opinion that was passed to a department, when it answered (None: not yet), and the moment that is asked."""

    passed_at: datetime
    replied_at: datetime | None
    now: datetime

    def __post_init__(self) -> None:
        must.must_not_precede("replied_at", self.replied_at, self.passed_at, "the opinion was passed on")


@dataclass(frozen=True, slots=True)
class FunnelFacts:
    """Check-ups: results read, positive ones, people followed up, people who came."""

    checked: int
    positive: int
    followed: int
    came: int

    def __post_init__(self) -> None:
        for name, part, whole in (
            ("positive", self.positive, self.checked),
            ("followed", self.followed, self.positive),
            ("came", self.came, self.followed),
        ):
            must.must_not_be_negative(name, part)
            if part > whole:
                raise Impossible(name, "cannot be more than the step before")


@dataclass(frozen=True, slots=True)
class KeptFacts:
    """Appointments at the clinic whose time is over, and those that were kept."""

    booked: int
    came: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("booked", self.booked)
        must.must_not_be_negative("came", self.came)
        if self.came > self.booked:
            raise Impossible("came", "cannot be more than were booked")


@dataclass(frozen=True, slots=True)
class FollowUpTold:
    """A follow-up that was closed, as packages above hear it."""

    task_id: int
    kind: str
    ticket: str
    order: str
    customer_id: int | None
    state: str
    satisfaction: str
    score: int | None
    complaint: str
    at: datetime
    by_code: str
