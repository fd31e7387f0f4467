# SPDX-License-Identifier: Apache-2.0
"""Judgements of the floor beside those of the seat: breaks, handing over, who keeps watch, ringing, seats.

Pure: facts and a reading of the handbook in, a finding out. Lengths are exact: five minutes and a second is beyond five
minutes. Times are aware.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule
from zuoxi.policy.vocabulary import role_words


def minutes_of(span: timedelta) -> Decimal:
    """Exact minutes of a span."""
    return Decimal(span // timedelta(microseconds=1)) / Decimal(60_000_000)


def spoken(span: timedelta) -> str:
    """A span as findings say it: 5:01, or 1:05:09 from an hour on."""
    seconds = max(0, int(span.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _not_before(name: str, earlier: datetime, later: datetime) -> None:
    if later < earlier:
        raise Impossible(name, "lies before it began")


@dataclass(frozen=True, slots=True)
class BreakFacts:
    """A break that lasts, or the one that ended at `now`."""

    since: datetime
    now: datetime

    def __post_init__(self) -> None:
        _not_before("now", self.since, self.now)


@rule("floor.break_length", outcomes=("within", "over"), needs=("figures:floor.break.minutes",), clauses=("FLR-006",),
      day="since")  # fmt: skip
def judge_break_length(facts: BreakFacts, reading: Reading) -> Finding:
    over = reading.beyond("floor.break.minutes", minutes_of(facts.now - facts.since))
    limit = reading.figure("floor.break.minutes").text
    spent = spoken(facts.now - facts.since)
    return reading.finding("floor.break_length", "over" if over else "within", minutes=spent, limit=limit)


@dataclass(frozen=True, slots=True)
class BreakCountFacts:
    """`count`: breaks begun within the hour that ends at `at`, this one with them."""

    count: int
    at: datetime

    def __post_init__(self) -> None:
        if self.count < 0:
            raise Impossible("count", "is negative")


@rule("floor.break_count", outcomes=("within", "over"), needs=("figures:floor.break.per_hour",), clauses=("FLR-006",),
      day="at")  # fmt: skip
def judge_break_count(facts: BreakCountFacts, reading: Reading) -> Finding:
    over = reading.beyond("floor.break.per_hour", facts.count)
    limit = reading.figure("floor.break.per_hour").text
    return reading.finding("floor.break_count", "over" if over else "within", count=facts.count, limit=limit)


@dataclass(frozen=True, slots=True)
class DepartureFacts:
    """Somebody whose shift was handed over; `now` is the moment at which he is still here, or went."""

    handover_at: datetime
    now: datetime

    def __post_init__(self) -> None:
        _not_before("now", self.handover_at, self.now)


@rule("floor.departure", outcomes=("in_time", "overdue"), needs=("figures:floor.departure.minutes",),
      clauses=("CALL-007", "MTG-004"), day="handover_at")  # fmt: skip
def judge_departure(facts: DepartureFacts, reading: Reading) -> Finding:
    span = facts.now - facts.handover_at
    late = reading.beyond("floor.departure.minutes", minutes_of(span))
    return reading.finding(
        "floor.departure",
        "overdue" if late else "in_time",
        at=f"{reading.local(facts.handover_at):%H:%M}",
        minutes=spoken(span),
        limit=reading.figure("floor.departure.minutes").text,
    )


@dataclass(frozen=True, slots=True)
class SupervisionFacts:
    """`in_charge`: supervisors or stand-ins on the floor; `agents` at work; `gap_since`: since when nobody is in
    charge while people work, None while somebody is."""

    in_charge: int
    agents: int
    gap_since: datetime | None
    now: datetime

    def __post_init__(self) -> None:
        if self.in_charge < 0 or self.agents < 0:
            raise Impossible("in_charge" if self.in_charge < 0 else "agents", "is negative")
        if self.gap_since is not None:
            _not_before("now", self.gap_since, self.now)


@rule("floor.supervision", outcomes=("covered", "not_needed", "gap", "unknown"),
      needs=("figures:floor.supervision.gap_minutes",), clauses=("FLR-007",), day="now")  # fmt: skip
def judge_supervision(facts: SupervisionFacts, reading: Reading) -> Finding:
    if facts.in_charge:
        reading.note("FLR-007")
        return reading.finding("floor.supervision", "covered", count=facts.in_charge)
    if not facts.agents:
        reading.note("FLR-007")
        return reading.finding("floor.supervision", "not_needed")
    if facts.gap_since is None:
        return reading.unknown("floor.supervision", ["gap_since"])
    span = facts.now - facts.gap_since
    if not reading.beyond("floor.supervision.gap_minutes", minutes_of(span)):
        return reading.finding("floor.supervision", "covered", count=0)
    return reading.finding(
        "floor.supervision",
        "gap",
        agents=facts.agents,
        minutes=spoken(span),
        details={"gap_minutes": str(int(span.total_seconds()) // 60)},
    )


@dataclass(frozen=True, slots=True)
class StandInFacts:
    """Who is to stand in; `positions` are the codes of his posts, comma between them."""

    name: str
    positions: str


@rule("floor.stand_in", outcomes=("allowed", "refused"), needs=("figures:floor.supervision.stand_in_roles",),
      clauses=("FLR-007",))  # fmt: skip
def judge_stand_in(facts: StandInFacts, reading: Reading) -> Finding:
    """Only a team leader or somebody above keeps watch in the supervisor's place."""
    words = reading.words("floor.supervision.stand_in_roles")
    able = {position for word in words for position in role_words()[word].positions}
    held = set(facts.positions.split(","))
    return reading.finding("floor.stand_in", "allowed" if held & able else "refused", name=facts.name)


@dataclass(frozen=True, slots=True)
class RingingFacts:
    """How long it rang. `rings` None: not told, then the seconds are reckoned as rings; both None: unknown."""

    rings: int | None
    seconds: Decimal | None
    on: date

    def __post_init__(self) -> None:
        if (self.rings or 0) < 0 or (self.seconds or 0) < 0:
            raise Impossible("rings" if (self.rings or 0) < 0 else "seconds", "is negative")


@rule("floor.ringing", outcomes=("within", "over", "unknown"), needs=("figures:floor.ringing.rings",),
      clauses=("CALL-013",), day="on")  # fmt: skip
def judge_ringing(facts: RingingFacts, reading: Reading) -> Finding:
    if facts.rings is None and facts.seconds is None:
        return reading.unknown("floor.ringing", ["rings"])
    if facts.rings is not None:
        rings = Decimal(facts.rings)
    else:
        rings = Decimal(facts.seconds or 0) / reading.number("floor.ringing.seconds_per_ring")
    over = reading.beyond("floor.ringing.rings", rings)
    limit = reading.figure("floor.ringing.rings").text
    return reading.finding("floor.ringing", "over" if over else "within", rings=f"{rings:.1f}", limit=limit)


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """The seat of the roster and the one that the telephone stands at; "" is not known."""

    planned: str
    actual: str


@rule("floor.seat", outcomes=("planned", "other", "unknown"), needs=("why:floor.seat.other",), clauses=("CALL-005",))
def judge_seat(facts: SeatFacts, reading: Reading) -> Finding:
    reading.note("CALL-005", "CALL-022")
    if not facts.planned or not facts.actual:
        return reading.unknown("floor.seat", ["planned" if not facts.planned else "actual"])
    outcome = "planned" if facts.planned == facts.actual else "other"
    return reading.finding("floor.seat", outcome, planned=facts.planned, actual=facts.actual)


@dataclass(frozen=True, slots=True)
class NoStateFacts:
    """Somebody ready since `since`; `seen_at`: last sign of life of the page at his desk, None where he has none."""

    since: datetime
    seen_at: datetime | None
    now: datetime


@rule("floor.no_state", outcomes=("fine", "suspect", "unknown"), needs=("figures:floor.no_state.minutes",),
      clauses=("CALL-011",), day="now")  # fmt: skip
def judge_no_state(facts: NoStateFacts, reading: Reading) -> Finding:
    if facts.seen_at is None:
        return reading.unknown("floor.no_state", ["seen_at"])
    unseen = max(timedelta(0), facts.now - max(facts.seen_at, facts.since))
    outcome = "suspect" if reading.beyond("floor.no_state.minutes", minutes_of(unseen)) else "fine"
    return reading.finding("floor.no_state", outcome, minutes=spoken(unseen))


@dataclass(frozen=True, slots=True)
class LineHeldFacts:
    """Calls of one agent to one number within the hour, how many of them hardly lasted."""

    count: int
    short: int
    at: datetime

    def __post_init__(self) -> None:
        if self.count < 0 or not 0 <= self.short <= self.count:
            raise Impossible("short", "must lie between none and all of the calls")


@rule("floor.line_held", outcomes=("fine", "suspect"), needs=("figures:floor.line_held.times",), clauses=("CALL-012",),
      day="at")  # fmt: skip
def judge_line_held(facts: LineHeldFacts, reading: Reading) -> Finding:
    """A hint for the leader to ask, never a verdict."""
    outcome = "suspect" if reading.beyond("floor.line_held.times", facts.count) else "fine"
    return reading.finding("floor.line_held", outcome, count=facts.count, short=facts.short)
