# SPDX-License-Identifier: Apache-2.0
"""The live picture of the floor: a pure fold over what the read tables tell of touched calls, agents and hands.

No clock and no database in here. `touched` says what a batch of events has to do with; whoever keeps a board reads
those rows and gives them to `Board.take`. Taking the same rows twice, or newer ones early, does no harm: each row
replaces what stood for the same call, agent or hand. So a picture read whole at event N and brought on by the
tail is the picture that is read whole later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from zuoxi.events.facts import Stored
from zuoxi.floor.facts import NOTHING, HandSeen, QueueTerms, Seen, StateSeen, Tally, VisitSeen

HALF_HOUR = timedelta(minutes=30)


@dataclass(slots=True)
class Touched:
    """What events have to do with; `desks`: agents whose raised hand or messages changed."""

    subjects: set[str] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)
    desks: set[str] = field(default_factory=set)
    switches: dict[str, datetime | None] = field(default_factory=dict)
    through: int = 0

    def __bool__(self) -> bool:
        return bool(self.subjects or self.agents or self.desks or self.switches)


def touched(events: Iterable[Stored], into: Touched | None = None) -> Touched:
    """Add what the events touch; `switches` maps a switch to when it was lost, or None when it is back."""
    found = Touched() if into is None else into
    for event in events:
        found.through = event.id
        if event.stream == "floor":
            found.desks.add(str(event.data.get("agent", "")))
            continue
        if event.subject:
            found.subjects.add(event.subject)
        if event.party:
            found.agents.add(event.party)
        if event.kind in ("switch.lost", "switch.connected"):
            name = event.stream.partition(":")[2]
            found.switches[name] = event.at if event.kind == "switch.lost" else None
    return found


def half_hour(moment: datetime) -> datetime:
    """The half hour that the moment is in."""
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)


def counted(visit: VisitSeen, terms: QueueTerms) -> Tally:
    """What one wait adds to the counts."""
    ended = visit.outcome != "open"
    answered, abandoned = visit.outcome == "answered", visit.outcome == "abandoned"
    known = visit.wait is not None
    return Tally(
        offered=1,
        settled=int(ended),
        answered=int(answered),
        abandoned=int(abandoned),
        short=int(abandoned and known and (visit.wait or 0) < terms.short_abandon_seconds),
        within=int(answered and known and (visit.wait or 0) <= terms.target_seconds),
    )


@dataclass(slots=True)
class Board:
    """The picture of one local day, through one event. `day_start` and `day_end` are that day's bounds, UTC."""

    day: date
    day_start: datetime
    day_end: datetime
    terms: Mapping[str, QueueTerms]
    through: int = 0
    agents: dict[str, StateSeen] = field(default_factory=dict)
    waiting: dict[tuple[int, int], VisitSeen] = field(default_factory=dict)
    hands: dict[str, HandSeen] = field(default_factory=dict)
    lost: dict[str, datetime] = field(default_factory=dict)
    tallies: dict[tuple[str, datetime], Tally] = field(default_factory=dict)
    agent_versions: dict[str, int] = field(default_factory=dict)
    queue_versions: dict[str, int] = field(default_factory=dict)
    desk_versions: dict[str, int] = field(default_factory=dict)
    _visits: dict[int, tuple[VisitSeen, ...]] = field(default_factory=dict)

    def take(self, seen: Seen) -> None:
        """Put what was read in the place of what stood."""
        self.through = max(self.through, seen.through)
        for code, state in seen.agents.items():
            self._take_agent(code, state)
        for call, visits in seen.calls.items():
            self._take_call(call, visits)
        for agent, hand in seen.hands.items():
            if hand is None:
                self.hands.pop(agent, None)
            else:
                self.hands[agent] = hand
            self.agent_versions[agent] = self.desk_versions[agent] = self.through
        for switch, since in seen.lost.items():
            if since is None:
                self.lost.pop(switch, None)
            else:
                self.lost[switch] = since

    def _take_agent(self, code: str, state: StateSeen | None) -> None:
        """Marked as changed even when it looks the same: an early reading may have shown it under an older event."""
        self.agent_versions[code] = self.through
        if state is None:
            self.agents.pop(code, None)
        else:
            self.agents[code] = state

    def _take_call(self, call: int, visits: tuple[VisitSeen, ...]) -> None:
        before = self._visits.get(call, ())
        if before == visits:
            return
        for visit in before:
            self.waiting.pop((visit.call, visit.seq), None)
            self._count(visit, -1)
        for visit in visits:
            if visit.outcome == "open":
                self.waiting[visit.call, visit.seq] = visit
            self._count(visit, 1)
        if visits:
            self._visits[call] = visits
        else:
            self._visits.pop(call, None)

    def _count(self, visit: VisitSeen, sign: int) -> None:
        self.queue_versions[visit.queue] = self.through
        if not self.day_start <= visit.entered_at < self.day_end:
            return
        one = counted(visit, self.terms.get(visit.queue, QueueTerms(20, 5)))
        key = (visit.queue, half_hour(visit.entered_at))
        tally = self.tallies.get(key, NOTHING)
        tally = tally + one if sign > 0 else tally - one
        if tally == NOTHING:
            self.tallies.pop(key, None)
        else:
            self.tallies[key] = tally

    # What is asked of the picture.

    def today(self, queue: str) -> Tally:
        """The day's counts of one queue."""
        return sum((tally for (code, _), tally in self.tallies.items() if code == queue), NOTHING)

    def today_of(self, queues: Iterable[str]) -> Tally:
        """The day's counts of several queues together."""
        wanted = set(queues)
        return sum((tally for (code, _), tally in self.tallies.items() if code in wanted), NOTHING)

    def curve(self, queues: Iterable[str]) -> dict[datetime, Tally]:
        """Counts by half hour of several queues together; half hours without any are absent."""
        wanted = set(queues)
        found: dict[datetime, Tally] = defaultdict(Tally)
        for (code, slot), tally in self.tallies.items():
            if code in wanted:
                found[slot] = found[slot] + tally
        return dict(sorted(found.items()))

    def waiting_in(self, queue: str) -> list[VisitSeen]:
        """Callers who wait in the queue, longest first."""
        return sorted(
            (visit for visit in self.waiting.values() if visit.queue == queue),
            key=lambda visit: (visit.entered_at, visit.call),
        )

    def shown(self) -> tuple[object, ...]:
        """The whole picture without its versions: equal for boards that show the same."""
        return (self.day, self.agents, self.waiting, self.hands, self.lost, self.tallies)
