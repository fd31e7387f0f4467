# SPDX-License-Identifier: Apache-2.0
"""What the rules of tickets judge. Times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zuoxi.policy import facts as must


@dataclass(frozen=True, slots=True)
class DeadlineFacts:
    """A service of a kind that the pack knows."""

    kind: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class RepairTotalFacts:
    """Repairs of a time by where they came from, and the total that somebody reported (None: nobody did)."""

    hotline: int
    own_inspection: int
    reported_total: int | None

    def __post_init__(self) -> None:
        must.must_not_be_negative("hotline", self.hotline)
        must.must_not_be_negative("own_inspection", self.own_inspection)
        must.must_not_be_negative("reported_total", self.reported_total)


@dataclass(frozen=True, slots=True)
class CloseFacts:
    """A ticket that somebody wants to close. `answered_at`: when the customer was told the result (None: not yet)."""

    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class IntakeFacts:
    """A request that could not be settled at once: what was written down ("" : nothing), and the promised day."""

    reason: str
    name: str
    organisation: str
    contact: str
    promised_by: datetime | None


@dataclass(frozen=True, slots=True)
class EscalationFacts:
    """A running time: since when, until when, and the moment of the question."""

    started_at: datetime
    due_at: datetime
    now: datetime

    def __post_init__(self) -> None:
        must.must_not_precede("due_at", self.due_at, self.started_at, "its beginning")


@dataclass(frozen=True, slots=True)
class PapersFacts:
    """The how-manieth notice of missing papers for one matter; whether the law changed since the first (None: not
    known)."""

    turn: int
    law_changed: bool | None

    def __post_init__(self) -> None:
        must.must_be_positive("turn", self.turn)


@dataclass(frozen=True, slots=True)
class ExtensionFacts:
    """Somebody asks for more time."""

    reason: str
    told_customer: bool
    told_leader: bool
    due_at: datetime
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class JointFacts:
    """How many matters one person brings."""

    matters: int

    def __post_init__(self) -> None:
        must.must_be_positive("matters", self.matters)


@dataclass(frozen=True, slots=True)
class TicketTold:
    """What the packages above are told of a ticket. `by_code`: staff number, "" for the program itself."""

    ticket_id: int
    number: str
    kind: str
    customer_id: int | None
    at: datetime
    by_code: str
