# SPDX-License-Identifier: Apache-2.0
"""What the live picture is made of. Times are aware UTC; numbers of callers are whole here and masked when shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from zuoxi.policy import facts as must

RESTING = frozenset({"break", "meal"})
SIGNED_OUT = "signed_out"
PRESENT_ORDER = (
    "ready",
    "ringing",
    "on_call",
    "wrap_up",
    "not_ready",
    "break",
    "meal",
    "training",
    "unreachable",
    "unknown",
)
"""The states of people who are signed in, in the order they are shown."""


class VisitSeen(NamedTuple):
    """One wait in one queue, as the read tables tell it. `outcome` "open": the caller waits still."""

    call: int
    seq: int
    queue: str
    entered_at: datetime
    outcome: str
    wait: int | None
    caller: str = ""


class StateSeen(NamedTuple):
    """An agent's present state, as the tables tell it.

    `caller`, `queue`: of the call in hand, else ""; `held_at`: since when he keeps the caller on hold.
    """

    agent: str
    state: str
    reason: str
    direction: str
    cause: str
    queues: str
    since: datetime
    subject: str
    caller: str = ""
    queue: str = ""
    held_at: datetime | None = None


class HandSeen(NamedTuple):
    """A raised hand that nobody has answered yet."""

    id: int
    agent: str
    at: datetime
    note: str


class QueueTerms(NamedTuple):
    """The queue's own thresholds, in whole seconds."""

    target_seconds: int
    short_abandon_seconds: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What the read tables told of the things that events touched.

    An agent, a call or a hand that was asked for and is not among the answers no longer stands; `lost` and `regained`
    are names of switches.
    """

    through: int
    agents: dict[str, StateSeen | None] = field(default_factory=dict)
    calls: dict[int, tuple[VisitSeen, ...]] = field(default_factory=dict)
    hands: dict[str, HandSeen | None] = field(default_factory=dict)
    lost: dict[str, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of waits of one queue (and one half hour, or one day).

    offered includes those who wait still; settled are those that ended. The counts add up over half hours.
    """

    offered: int = 0
    settled: int = 0
    answered: int = 0
    abandoned: int = 0
    short: int = 0
    within: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(self.counts, other.counts, strict=True)))

    def __sub__(self, other: Tally) -> Tally:
        return Tally(*(a - b for a, b in zip(self.counts, other.counts, strict=True)))

    @property
    def counts(self) -> tuple[int, ...]:
        return (self.offered, self.settled, self.answered, self.abandoned, self.short, self.within)

    @property
    def service_level(self) -> float | None:
        """Answered within the target ÷ (ended waits − short abandons), 0 to 1; None without any."""
        return self.within / base if (base := self.settled - self.short) > 0 else None

    @property
    def answer_rate(self) -> float | None:
        """Answered ÷ (ended waits − short abandons), 0 to 1; None without any."""
        return self.answered / base if (base := self.settled - self.short) > 0 else None


NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class SeatSignInFacts:
    """Signing in at the assigned seat, against the moment the shift is handed over (CALL-005)."""

    handover_at: datetime
    signed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatLeaveFacts:
    """Wanting a break, or to sign out, at `at`. Signing in again after a fault does not begin anew (CALL-006)."""

    signed_in_at: datetime
    at: datetime

    def __post_init__(self) -> None:
        must.must_not_precede("at", self.at, self.signed_in_at, "the sign-in")


@dataclass(frozen=True, slots=True)
class NotReadyFacts:
    """One spell of not being ready, from `since` on (CALL-008)."""

    since: datetime
    now: datetime

    def __post_init__(self) -> None:
        must.must_not_precede("now", self.now, self.since, "the beginning")
