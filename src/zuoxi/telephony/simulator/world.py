# SPDX-License-Identifier: Apache-2.0
"""The stage: simulated time, the queue of things to come, the names of channels, and who is there."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any, Final

from .centre import AgentProfile, Centre
from .day import MICRO, day_start
from .happenings import Listener
from .model import Agent, Call, Leg, Queue, Stage

STEP: Final = 137
"""µs between two happenings of one moment: no two share a timestamp, so their order can be told from it."""

Act = Callable[..., None]


class World:
    """One simulated day of one switch. `now` is µs since 1970; `out` hears what happens."""

    def __init__(self, centre: Centre, day: date, out: Listener) -> None:
        self.centre = centre
        self.day = day
        self.out = out
        self.now = day_start(day)
        self.skew = 0
        self.agents = {profile.code: Agent(profile) for profile in centre.agents}
        self.queues = {profile.name: Queue(profile) for profile in centre.queues}
        self.by_number = {profile.number: profile.name for profile in centre.queues}
        self.calls: dict[str, Call] = {}
        self.opened = 0
        self.channels: dict[str, tuple[Call, Leg | None]] = {}
        self._told = self.now
        self._agenda: list[tuple[int, int, Act, tuple[Any, ...]]] = []
        self._order = count()
        self._serial = count(1)
        self._bridges = count(1)

    def at(self, when: int, act: Act, *args: Any) -> None:
        """Do `act` at `when`; what lies in the past is done at once, in order."""
        heapq.heappush(self._agenda, (when, next(self._order), act, args))

    def after(self, seconds: float, act: Act, *args: Any) -> None:
        heapq.heappush(self._agenda, (self.now + int(seconds * MICRO), next(self._order), act, args))

    def next_at(self) -> int | None:
        """When the next thing happens; None: the day is over."""
        return self._agenda[0][0] if self._agenda else None

    def run(self, until: int | None = None) -> None:
        """Let everything happen that is due up to and including `until` (None: to the end of the day)."""
        agenda, pop = self._agenda, heapq.heappop
        while agenda and (until is None or agenda[0][0] <= until):
            when, _, act, args = pop(agenda)
            self.now = max(self.now, when)
            act(*args)
        if until is not None and until > self.now:
            self.now = until

    def tick(self) -> int:
        """The moment of the next happening."""
        self._told = max(self.now + self.skew, self._told + STEP)
        return self._told

    @property
    def moment(self) -> int:
        """What the switch's own clock shows."""
        return self.now + self.skew

    def jump(self, seconds: float) -> None:
        """The switch's clock is set forward or back; what is to come comes when it would have."""
        self.skew += int(seconds * MICRO)
        self._told = self.moment

    def names(self, endpoint: str) -> tuple[str, str]:
        """A new channel's name and unique id."""
        serial = next(self._serial)
        return f"PJSIP/{endpoint}-{serial:08x}", f"{self.moment // MICRO}.{serial}"

    def bridge(self) -> str:
        """A new bridge's unique id."""
        seed, day = self.centre.seed & 0xFFFFFFFF, self.day.toordinal() & 0xFFFF
        return f"{seed:08x}-{day:04x}-4000-8000-{next(self._bridges):012x}"

    def agent(self, code: str) -> Agent:
        """The agent with that code; a telephone that nobody planned for belongs to a person."""
        if code not in self.agents:
            self.agents[code] = Agent(AgentProfile(code, code, "", ()), driven=True)
        return self.agents[code]

    def open_call(self, endpoint: str, direction: str, caller: str, called: str) -> Call:
        channel, uid = self.names(endpoint)
        call = Call(uid, channel, direction, caller, called, self.moment)
        self.calls[uid] = call
        self.opened += 1
        if direction == "inbound":
            self.channels[channel] = (call, None)
        return call

    def open_leg(self, call: Call, agent: Agent | None, endpoint: str, number: str = "") -> Leg:
        channel, uid = self.names(endpoint)
        return self._stand(call, Leg(agent, channel, uid, self.moment, number))

    def first_leg(self, call: Call, agent: Agent | None, number: str = "") -> Leg:
        """The leg whose channel is the call's own: the telephone that an outgoing call began at."""
        return self._stand(call, Leg(agent, call.channel, call.linkedid, self.moment, number))

    def _stand(self, call: Call, leg: Leg) -> Leg:
        self.channels[leg.channel] = (call, leg)
        if leg.agent is not None:
            leg.agent.leg = leg
        return leg

    def dial(self, call: Call, leg: Leg, by: Leg | None) -> None:
        """A telephone is rung outside a queue; `by` None: by the caller's channel, or by nobody's."""
        leg.dialling, leg.by = True, by
        self.out.dialled(self.tick(), call, leg, by)
        if leg.agent is not None:
            self.out.device(self.tick(), leg.agent)

    def dialled(self, call: Call, leg: Leg, status: str) -> None:
        """The ringing is over."""
        leg.dialling = False
        told = self.tick()
        if status == "ANSWER":
            leg.answered = told
        self.out.dial_ended(told, call, leg, leg.by, status)
        if leg.agent is not None and leg.answered:
            self.out.device(self.tick(), leg.agent)

    def enter(self, call: Call, leg: Leg | None, bridge: str) -> None:
        """A channel (None: the caller's) enters a bridge."""
        call.inside[call.channel if leg is None else leg.channel] = bridge
        members = sum(place == bridge for place in call.inside.values())
        self.out.bridged(self.tick(), call, leg, bridge, members)

    def leave(self, call: Call, leg: Leg | None) -> None:
        """It leaves the bridge that it is in, if any."""
        bridge = call.inside.pop(call.channel if leg is None else leg.channel, None)
        if bridge is not None:
            members = sum(place == bridge for place in call.inside.values())
            self.out.unbridged(self.tick(), call, leg, bridge, members)

    def drop_leg(self, call: Call, leg: Leg, cause: int = 16) -> None:
        """A telephone of ours is hung up."""
        if leg.channel not in self.channels:
            return
        if leg.dialling:
            self.dialled(call, leg, "CANCEL")
        del self.channels[leg.channel]
        self.leave(call, leg)
        if leg.recording and leg.answered:
            self.out.recording(self.tick(), call, leg, "stopped")
        self.out.hung_up(self.tick(), call, leg, cause)
        if leg.agent is not None and leg.agent.leg is leg:
            leg.agent.leg = None
            self.out.device(self.tick(), leg.agent)

    def drop_caller(self, call: Call, cause: int = 16) -> None:
        if self.channels.pop(call.channel, None) is not None:
            self.leave(call, None)
            self.out.hung_up(self.tick(), call, None, cause)

    def close(self, call: Call) -> None:
        """The call's last channel is gone."""
        if self.calls.pop(call.linkedid, None) is not None:
            call.token += 1
            self.out.ended(self.tick(), call)

    def forget_calls(self) -> None:
        """The switch was killed: no call is up any more, and nobody was told. Channels count from one again."""
        for call in self.calls.values():
            call.token += 1
            call.visit += 1
            call.stage, call.queue, call.leg, call.extra, call.origin = Stage.ENDED, None, None, None, None
            call.served = None
        self.calls.clear()
        self.channels.clear()
        for queue in self.queues.values():
            queue.waiting.clear()
        for agent in self.agents.values():
            agent.leg = None
        self._serial = count(1)
