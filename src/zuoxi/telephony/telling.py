# SPDX-License-Identifier: Apache-2.0
"""A call while its facts are being read, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from zuoxi.telephony.facts import CallRow, LegKind, LegRow, Outcome, VisitRow

CLOCK_TOLERANCE = timedelta(seconds=2)


_SECONDS_KEPT = 50_000
_seconds: dict[int, datetime] = {}


def whole(moment: datetime) -> datetime:
    """The second it happened in. Seconds of UTC that were asked for lately are not made anew."""
    if not moment.microsecond:
        return moment
    if moment.tzinfo is not UTC:
        return moment.replace(microsecond=0)
    number = moment.toordinal() * 86_400 + moment.hour * 3600 + moment.minute * 60 + moment.second
    second = _seconds.get(number)
    if second is None:
        if len(_seconds) >= _SECONDS_KEPT:
            _seconds.clear()
        second = _seconds[number] = moment.replace(microsecond=0)
    return second


def seconds_between(start: datetime | None, end: datetime | None) -> int | None:
    """Whole seconds; None when an end is missing or the clock ran backwards."""
    if start is None or end is None or end < start:
        return None
    return int((whole(end) - whole(start)).total_seconds())


def whole_number(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


@dataclass(slots=True)
class Telling:
    """A call while its facts are being read, in order."""

    row: CallRow
    doubts: dict[str, None] = field(default_factory=dict)
    started_at: datetime | None = None
    answered_at: datetime | None = None
    dial_status: str = ""
    diversion: str = ""
    ringing: dict[str, datetime] = field(default_factory=dict)
    held: dict[str, datetime] = field(default_factory=dict)
    bridges: dict[str, str] = field(default_factory=dict)
    parted: dict[str, tuple[LegRow, datetime, datetime | None]] = field(default_factory=dict)
    """Who left a bridge: his leg, when, and since when the caller was held."""
    took_over: dict[str, datetime] = field(default_factory=dict)
    """Since when somebody who was consulted has the caller."""
    transferred: bool = False
    marks: dict[int, int] = field(default_factory=dict)
    """What the caller answered by key, by the question's number."""
    channels_up: set[str] = field(default_factory=set)

    def visit(self, queue: str, *, open_only: bool = False) -> VisitRow | None:
        """The latest wait in that queue."""
        for visit in reversed(self.row.visits):
            if visit.queue == queue and (not open_only or visit.outcome is Outcome.OPEN):
                return visit
        return None

    def leg(self, agent: str) -> LegRow | None:
        """The agent's open leg."""
        for leg in reversed(self.row.legs):
            if leg.agent == agent and leg.to_at is None:
                return leg
        return None

    def open_leg(self, agent: str, kind: LegKind, at: datetime, queue: str = "") -> LegRow:
        rang = self.ringing.pop(agent, None)
        leg = LegRow(
            seq=len(self.row.legs) + 1,
            agent=agent,
            kind=kind,
            from_at=whole(at),
            ring_seconds=seconds_between(rang, at),
            queue=queue,
        )
        self.row.legs.append(leg)
        return leg

    def close_leg(self, leg: LegRow, at: datetime, talk: int | None = None) -> None:
        self.resume(leg, at)
        leg.to_at = whole(at)
        begun = max(leg.from_at, whole(self.took_over.get(leg.agent, leg.from_at)))
        leg.talk_seconds = talk if talk is not None else seconds_between(begun, leg.to_at)
        if at < leg.from_at - CLOCK_TOLERANCE:
            self.doubts["clock"] = None

    def part(self, leg: LegRow, at: datetime) -> None:
        """The agent left a bridge; mostly that is the end of his leg."""
        self.parted[leg.agent] = leg, at, self.held.get(leg.agent)
        self.close_leg(leg, at)

    def rejoin(self, agent: str, at: datetime) -> bool:
        """Going from one bridge into the next (to consult somebody, and back) is the same leg, the hold too."""
        leg, left_at, held_since = self.parted.pop(agent, (None, at, None))
        if leg is None or at - left_at > CLOCK_TOLERANCE or leg.to_at != whole(left_at):
            return False
        leg.to_at = leg.talk_seconds = None
        if held_since is not None:
            leg.hold_seconds = (leg.hold_seconds or 0) - (seconds_between(held_since, left_at) or 0)
            self.held[agent] = held_since
        return True

    def resume(self, leg: LegRow, at: datetime) -> None:
        since = self.held.pop(leg.agent, None)
        if since is not None:
            leg.hold_seconds = (leg.hold_seconds or 0) + (seconds_between(since, at) or 0)
