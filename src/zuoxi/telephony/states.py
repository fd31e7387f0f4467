# SPDX-License-Identifier: Apache-2.0
"""The pure interpreter: an agent's facts in order → the intervals of his one visible state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from zuoxi.events.facts import Stored
from zuoxi.telephony.facts import AgentState, Direction, Interval
from zuoxi.telephony.stories import told_once
from zuoxi.telephony.telling import whole

PAUSE_STATES: Final = {
    "oncall": AgentState.WRAP_UP,
    "wrapup": AgentState.WRAP_UP,
    "break": AgentState.BREAK,
    "meal": AgentState.MEAL,
    "training": AgentState.TRAINING,
}
"""What a pause's reason means once no call is up. "oncall" stays for the moment until "wrapup" replaces it."""

_INBOUND: Final[str] = Direction.INBOUND.value

_MOVING: Final = frozenset(
    "member.added member.removed member.paused member.unpaused member.snapshot device.reachable device.unreachable "
    "agent.ringing agent.no_answer agent.connected agent.completed call.dial_ended call.started call.dialled "
    "call.ended leg.joined leg.left leg.ended".split()
)
"""Kinds that can change an agent's picture: `StateFold` reads no others."""


@dataclass(slots=True)
class Picture:
    """What is known of an agent at one moment."""

    queues: set[str] = field(default_factory=set)
    pause: str = ""
    ringing: dict[str, None] = field(default_factory=dict)
    talking: dict[str, str] = field(default_factory=dict)
    legs: dict[str, set[str]] = field(default_factory=dict)
    directions: dict[str, str] = field(default_factory=dict)
    parted: set[str] = field(default_factory=set)
    """Calls of a queue that somebody took over from him: the queue counts them as his until the caller hangs up."""
    last_call: str = ""
    reachable: bool = True

    def forget_call(self, subject: str) -> None:
        self.ringing.pop(subject, None)
        self.talking.pop(subject, None)
        self.legs.pop(subject, None)
        self.directions.pop(subject, None)

    def seen(self) -> tuple[AgentState, str, str, str]:
        """State, reason, direction and call, most urgent first."""
        if self.talking or self.legs:
            subject = next(reversed(self.talking or self.legs))
            direction = self.talking.get(subject) or self.directions.get(subject) or _INBOUND
            return AgentState.ON_CALL, "", direction, subject
        if self.ringing:
            return AgentState.RINGING, "", "", next(reversed(self.ringing))
        if not self.queues:
            return AgentState.SIGNED_OUT, "", "", ""
        if not self.reachable:
            return AgentState.UNREACHABLE, "", "", ""
        if not self.pause:
            return AgentState.READY, "", "", ""
        state = PAUSE_STATES.get(self.pause, AgentState.NOT_READY)
        if state is AgentState.WRAP_UP:
            return state, "", "", self.last_call
        return state, self.pause.removeprefix("nr:") if state is AgentState.NOT_READY else "", "", ""


@dataclass(slots=True)
class StateFold:
    """Reads an agent's facts one by one, in order, and keeps the present interval.

    `step` returns the intervals that changed: the one that ended and the one that began. A state that lasted less
    than a second leaves no interval; the ledger keeps its facts.
    """

    agent: str
    picture: Picture = field(default_factory=Picture)
    present: Interval | None = None

    def step(self, event: Stored) -> list[Interval]:
        if self.present is not None and event.kind not in _MOVING:
            return []
        self._take(event)
        state, reason, direction, subject = self.picture.seen()
        if state is AgentState.SIGNED_OUT:
            self.picture = Picture()
        present = self.present
        member_of = self.picture.queues
        queues = ",".join(sorted(member_of) if len(member_of) > 1 else member_of)
        if present is not None and self._unchanged(present, state, reason, direction, subject):
            if queues == present.queues:
                return []
            self.present = present._replace(queues=queues)
            return [self.present]
        begins = Interval(self.agent, state, whole(event.at), None, reason, direction, event.kind, queues, subject)
        self.present = begins
        if present is None or present.from_at >= begins.from_at:
            if present is not None:
                self.present = begins = begins._replace(from_at=present.from_at)
            return [begins]
        return [Interval(*present[:3], begins.from_at, *present[4:]), begins]

    @staticmethod
    def _unchanged(present: Interval, state: AgentState, reason: str, direction: str, subject: str) -> bool:
        alike = (present.state, present.reason, present.direction) == (state, reason, direction)
        return alike and (subject in ("", present.subject) or state not in (AgentState.ON_CALL, AgentState.RINGING))

    def _take(self, event: Stored) -> None:  # noqa: PLR0912 - one line a kind reads best as one list
        picture, kind, subject, data = self.picture, event.kind, event.subject, event.data
        if kind == "member.added":
            picture.queues.add(str(data["queue"]))
        elif kind == "member.removed":
            picture.queues.discard(str(data["queue"]))
            if not picture.queues:
                picture.pause = ""
        elif kind == "member.paused":
            picture.pause = str(data.get("reason") or "nr:other")
        elif kind == "member.unpaused":
            picture.pause = ""
        elif kind == "member.snapshot":
            self._take_snapshot(event)
        elif kind == "device.reachable":
            picture.reachable = True
        elif kind == "device.unreachable":
            picture.reachable = False
        elif kind == "agent.ringing":
            picture.ringing[subject] = None
        elif kind in ("agent.no_answer", "call.dial_ended"):  # no answer, or the caller went while it rang
            picture.ringing.pop(subject, None)
        elif kind == "agent.connected":
            picture.ringing.clear()  # whoever talks is rung by nobody; an end of ringing may have been missed
            picture.talking[subject] = _INBOUND
            picture.last_call = subject
        elif kind == "agent.completed":
            picture.forget_call(subject)
            if subject in picture.parted:
                picture.parted.discard(subject)
            else:
                picture.last_call = subject
        elif kind in ("call.started", "call.dialled"):
            picture.directions[subject] = str(data.get("direction") or picture.directions.get(subject) or "outbound")
            picture.talking[subject] = picture.directions[subject]
            picture.last_call = subject
        elif kind == "leg.joined":
            picture.ringing.pop(subject, None)
            picture.legs.setdefault(subject, set()).add(str(data.get("channel", "")))
            picture.last_call = subject
        elif kind == "leg.left":
            self._leave(subject, str(data.get("channel", "")))
        elif kind == "leg.ended":
            self._end_leg(subject, str(data.get("channel", "")))
        elif kind == "call.ended":
            picture.forget_call(subject)

    def _leave(self, subject: str, channel: str) -> None:
        channels = self.picture.legs.get(subject)
        if channels is None:
            return
        channels.discard(channel)
        if not channels:
            del self.picture.legs[subject]

    def _end_leg(self, subject: str, channel: str) -> None:
        """His telephone is out of the call, whatever the queue counts on."""
        self._leave(subject, channel)
        picture = self.picture
        if subject in picture.legs:
            return
        if subject in picture.talking:
            picture.parted.add(subject)
        picture.forget_call(subject)

    def _take_snapshot(self, event: Stored) -> None:
        data = event.data
        picture = self.picture
        picture.queues = {str(queue) for queue in data.get("queues") or ()}
        picture.pause = str(data.get("reason") or "nr:other") if data.get("paused") else ""
        picture.ringing.clear()
        if not data.get("in_call"):
            picture.talking.clear()
            picture.legs.clear()
            picture.directions.clear()
        if "status" in data:
            picture.reachable = data["status"] not in ("unavailable", 5, "5")


def fold_states(agent: str, events: Iterable[Stored], fold: StateFold | None = None) -> list[Interval]:
    """All intervals of the agent's facts, oldest first, the last one open; `fold` carries on from a settled start."""
    fold = fold or StateFold(agent)
    kept: dict[datetime, Interval] = {}
    if fold.present is not None:
        kept[fold.present.from_at] = fold.present
    for event in told_once(list(events)):
        for interval in fold.step(event):
            kept[interval.from_at] = interval
    return list(kept.values())
