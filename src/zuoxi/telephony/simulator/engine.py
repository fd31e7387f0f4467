# SPDX-License-Identifier: Apache-2.0
"""One simulated day, played: as fast as the machine can for history, or up to a moment for a live switch."""

from __future__ import annotations

from datetime import date, datetime

from .centre import ZONE, Centre
from .day import MICRO, CallPlan, calls_of_half_hour, day_start
from .floor import Floor
from .happenings import Listener
from .model import Agent, Call, Leg, Stage
from .outgoing import Outgoing
from .queueing import Queueing
from .talking import Talking
from .transfers import Transfers
from .world import World


class Engine:
    """A day of the centre. `pauses_itself`: agents are paused around a call by the simulation (history, and live as
    long as no listener does it). `since` (µs since 1970): begin there, with everybody in his place who would be.
    """

    def __init__(
        self, centre: Centre, day: date, out: Listener, *, pauses_itself: bool = True, since: int | None = None
    ) -> None:
        self.world = World(centre, day, out)
        self.pauses_itself = pauses_itself
        self.queueing = Queueing(self)
        self.talking = Talking(self)
        self.floor = Floor(self)
        self.outgoing = Outgoing(self)
        self.transfers = Transfers(self)
        self._since = since or day_start(day)
        self.floor.plan_day(self._since)
        for half in range(48):
            starts = day_start(day) + half * 1800 * MICRO
            if starts + 1800 * MICRO > self._since:
                self.world.at(max(starts, self._since), self._half_hour, half)

    def run(self, until: int | None = None) -> None:
        """Play up to µs `until`, or the whole rest of the day."""
        self.world.run(until)

    def _half_hour(self, half: int) -> None:
        plans = calls_of_half_hour(self.world.centre, self.world.day, half)
        plans = [plan for plan in plans if plan.at >= self._since]
        if plans:
            plans.reverse()
            self.world.at(plans[-1].at, self._next_call, plans)

    def _next_call(self, plans: list[CallPlan]) -> None:
        plan = plans.pop()
        if plans:
            self.world.at(plans[-1].at, self._next_call, plans)
        self.queueing.arrive(plan)

    def name_recording(self, call: Call, leg: Leg) -> None:
        """`day/linkedid-uniqueid-agent.wav`, as the dial plan names it."""
        code = leg.agent.code if leg.agent else leg.number
        day = datetime.fromtimestamp(self.world.now / MICRO, ZONE).date().isoformat()
        leg.recording = f"{day}/{call.linkedid}-{leg.uid}-{code}.wav"

    def record(self, call: Call, leg: Leg) -> None:
        """The recording of a leg begins."""
        self.name_recording(call, leg)
        self.world.out.recording(self.world.tick(), call, leg, "started")

    def end_call(self, call: Call, ended_by: str) -> None:
        """End the call in whatever stage it is, as when its first channel is hung up."""
        if call.direction != "inbound":
            self.outgoing.end(call, call.token)
        elif call.stage is Stage.TALKING and call.served is not None and call.served is call.leg:
            self.talking.finish(call, ended_by)
        else:
            self.talking.end_everything(call)

    def hang_up(self, call: Call, leg: Leg | None) -> None:
        """A channel is hung up by command. Of an agent whom a queue rings, that only stops the ringing."""
        if leg is not None and leg is call.leg and call.stage is Stage.RINGING:
            self.queueing.reject(call)
        elif leg is not None and call.extra is not None:
            self.transfers.one_leaves(call, leg)
        else:
            self.end_call(call, "caller")  # Asterisk takes a channel hung up by command for the caller's doing

    def redirect(self, call: Call, context: str, extension: str) -> None:
        """The caller is sent elsewhere in the dial plan."""
        queue = self.world.by_number.get(extension)
        if context.startswith("zuoxi-requeue-"):
            queue = context.removeprefix("zuoxi-requeue-")
        if call.queue is not None and call.stage in (Stage.WAITING, Stage.RINGING):
            self.queueing.quit(call)
        elif call.leg is not None:
            self.transfers.part(call, f"blind:{extension}@{context}")
        call.token += 1
        call.context, call.exten = context, extension
        if queue in self.world.queues:
            self.queueing.join(call, str(queue), 1.5)
        else:
            self.transfers.reach(call, self.world.agents.get(extension))

    def press(self, agent: Agent, key: str) -> None:
        """A key of an agent's telephone: talk or answer, hold, hangup, transfer (leave the other two)."""
        if agent.leg is None or agent.leg.channel not in self.world.channels:
            return
        call, leg = self.world.channels[agent.leg.channel]
        if leg is None:
            return
        if key in ("talk", "answer", "resume"):
            if call.stage is Stage.RINGING and leg is call.leg:
                self.queueing.answer(call, call.token)
            else:
                self.talking.resume(call, leg)
        elif key == "hold" and call.stage is Stage.TALKING:
            self.talking.hold(call, leg)
        elif key == "hangup":
            self.hang_up(call, leg)
        elif key == "transfer":
            self.transfers.hand_over(call, call.token)

    def restart(self) -> None:
        """The switch was killed and is up again; who was in a call is in his wrap-up."""
        busy = [agent for agent in self.world.agents.values() if agent.leg is not None]
        self.world.forget_calls()
        for agent in busy:
            if agent.queues and not agent.driven:
                self.world.after(5.0, self.floor.nudged, agent)
