# SPDX-License-Identifier: Apache-2.0
"""Calls that an agent passes on: blind to a queue or a colleague, attended after a word with the colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .day import MICRO
from .model import Agent, Call, Leg, Stage

if TYPE_CHECKING:
    from .engine import Engine

CONTEXT = "zuoxi-transfer"
RINGS = 3.4
"""Seconds until a colleague takes up the telephone."""
HOLDS = 240.0
"""Seconds after which a caller hangs up whom nobody takes off hold."""


class Transfers:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.world = engine.world

    def turn(self, call: Call, token: int, how: str) -> None:
        """The agent decides to pass the call on; without anybody to pass it to he goes on himself."""
        if call.token != token or call.leg is None or call.leg.held:
            return
        luck = (call.plan.luck * 6151) % 1.0 if call.plan else 0.0
        mate = self._colleague(call.leg.agent, luck)
        if how == "attended":
            if mate is not None:
                self.consult(call, mate)
        elif luck < 0.6 or mate is None:
            others = [queue for queue in ("aftersales", "service") if queue in self.world.queues]
            others = [queue for queue in others if call.queue is None or queue != call.queue.name]
            if others:
                self.blind(call, self.world.queues[others[0]].profile.number)
        else:
            self.blind(call, mate.code)

    def _colleague(self, agent: Agent | None, luck: float) -> Agent | None:
        free = [one for one in self.world.agents.values() if one is not agent and one.idle() and not one.driven]
        return free[int(luck * len(free))] if free else None

    def possible(self, call: Call, extension: str) -> bool:
        """Whether the call can be passed on to that extension."""
        known = extension in self.world.agents or extension in self.world.by_number
        return known and self._talks(call)

    @staticmethod
    def _talks(call: Call) -> bool:
        """A caller from outside with an agent of ours."""
        with_agent = call.leg is not None and call.leg.agent is not None
        return with_agent and call.stage is Stage.TALKING and call.direction == "inbound"

    def blind(self, call: Call, extension: str, context: str = CONTEXT) -> None:
        """To a number of ours (its queue) or an agent's code."""
        world = self.world
        if call.leg is None or not self.possible(call, extension):
            return
        self.let_go(call)
        self.engine.talking.resume(call, call.leg)
        world.out.transferred(world.tick(), call, call.leg, "blind", extension, None)
        self.part(call, f"blind:{extension}@{context}")
        call.context, call.exten = context, extension
        if extension in world.by_number:
            self.engine.queueing.join(call, world.by_number[extension], 1.5)
        else:
            self.reach(call, world.agents[extension])

    def part(self, call: Call, to: str) -> None:
        """Agent and caller are parted; the caller stays, alone."""
        world, leg = self.world, call.leg
        if leg is None:
            return
        self.let_go(call)
        call.token += 1
        call.turned = True
        self.engine.talking.resume(call, leg)
        world.leave(call, leg)
        served = call.served is leg
        queued = self.engine.talking.complete(call, "transfer", to) and served
        world.leave(call, None)
        world.drop_leg(call, leg)
        call.leg, call.bridge = None, ""
        if leg.agent is not None:
            self.engine.floor.after_leg(leg.agent, call, queued)

    def reach(self, call: Call, mate: Agent | None) -> None:
        """The caller's own channel dials a colleague."""
        world = self.world
        call.stage, call.app = Stage.DIALLING, "Dial"
        call.token += 1
        if mate is None or mate.leg is not None or not mate.reachable:
            world.after(1.0, self.end, call, call.token)
            return
        far = call.leg = world.open_leg(call, mate, mate.code, mate.code)
        world.dial(call, far, None)
        world.after(RINGS, self._reached, call, call.token)

    def _reached(self, call: Call, token: int) -> None:
        world, far = self.world, call.leg
        if call.token != token or far is None or far.agent is None:
            return
        call.token += 1
        world.dialled(call, far, "ANSWER")
        call.stage = Stage.TALKING
        self.engine.record(call, far)
        self.engine.talking.together(call, far)
        world.after(60.0 * far.agent.profile.pace, self.end, call, call.token)

    def end(self, call: Call, token: int) -> None:
        """The end of a call that no queue holds any more."""
        if call.token == token:
            self.engine.talking.end_everything(call)

    def consult(self, call: Call, mate: Agent) -> bool:
        """The caller is put on hold and the agent calls the colleague."""
        world, leg = self.world, call.leg
        if leg is None or mate.leg is not None or call.extra is not None or not self._talks(call):
            return False
        call.token += 1
        call.turned = True
        self.engine.talking.hold(call, leg)
        far = call.extra = world.open_leg(call, mate, mate.code, mate.code)
        world.dial(call, far, leg)
        world.after(RINGS, self._consulting, call, call.token)
        world.after(HOLDS, self.engine.talking.end_talk, call, call.token)
        return True

    def _consulting(self, call: Call, token: int) -> None:
        world, leg, far = self.world, call.leg, call.extra
        if call.token != token or leg is None or far is None or far.agent is None:
            return
        world.dialled(call, far, "ANSWER")
        world.leave(call, leg)
        second = world.bridge()
        for one in (far, leg):
            world.enter(call, one, second)
        if leg.agent is not None and not leg.agent.driven:
            world.after(18.0 + 20 * (far.rang // MICRO % 7) / 7, self.hand_over, call, call.token)

    @staticmethod
    def _apart(call: Call) -> bool:
        """Agent and colleague are in a bridge of their own."""
        far = call.extra
        return far is not None and call.inside.get(far.channel, call.bridge) != call.bridge

    def hand_over(self, call: Call, token: int) -> None:
        """The agent leaves, the colleague goes on with the caller."""
        world, leg, far = self.world, call.leg, call.extra
        if call.token != token or leg is None or far is None or leg.agent is None or not self._apart(call):
            return
        call.token += 1
        world.out.transferred(world.tick(), call, leg, "attended", far.number, far)
        self.engine.talking.resume(call, leg)
        for one in (leg, far):
            world.leave(call, one)
        world.enter(call, far, call.bridge)
        self._replaced(call, leg, far)

    def _replaced(self, call: Call, leg: Leg, far: Leg) -> None:
        """`far` stands where `leg` stood."""
        served = call.served is leg
        queued = self.engine.talking.complete(call, "transfer", f"attended:{far.number}@{CONTEXT}")
        self._goes_on_with(call, leg, far, queued and served)

    def _goes_on_with(self, call: Call, leg: Leg, far: Leg, queued: bool) -> None:
        world = self.world
        world.drop_leg(call, leg)
        call.leg, call.extra = far, None
        if not far.recording:
            self.engine.record(call, far)
        call.token += 1
        world.after(70.0, self.end, call, call.token)
        if leg.agent is not None:
            self.engine.floor.after_leg(leg.agent, call, queued)

    def join(self, call: Call) -> bool:
        """All three talk: agent and colleague come back to the caller (三方)."""
        world, leg, far = self.world, call.leg, call.extra
        if leg is None or far is None or not self._apart(call):
            return False
        call.token += 1
        for one in (far, leg):
            world.leave(call, one)
        self.engine.talking.resume(call, leg)
        for one in (leg, far):
            world.enter(call, one, call.bridge)
        self.engine.record(call, far)
        world.after(90.0, self.engine.talking.end_talk, call, call.token)
        return True

    def one_leaves(self, call: Call, leg: Leg) -> None:
        """One of two telephones hangs up: the agent passes the call on so, the colleague leaves the agent to it."""
        far = call.extra
        if far is None or leg is far:
            self.take_back(call)
        elif self._apart(call):
            self.hand_over(call, call.token)
        elif far.answered:
            call.token += 1
            self._replaced(call, leg, far)
        else:
            self.let_go(call)
            self.engine.end_call(call, "caller")

    def let_go(self, call: Call) -> None:
        """A third telephone leaves the call; where agent and colleague spoke alone, the agent is back."""
        world, leg, far = self.world, call.leg, call.extra
        if far is None:
            return
        apart = self._apart(call)
        world.leave(call, far)
        if leg is not None and apart:
            world.leave(call, leg)
        world.drop_leg(call, far)
        call.extra = None
        if leg is not None:
            if apart:
                world.enter(call, leg, call.bridge)
            self.engine.talking.resume(call, leg)
        if far.agent is not None:
            self.engine.floor.idle_again(far.agent)

    def take_back(self, call: Call) -> bool:
        """The consultation is given up, or the colleague leaves; the agent goes on with the caller."""
        if call.leg is None or call.extra is None:
            return False
        call.token += 1
        self.let_go(call)
        self.world.after(30.0, self.engine.talking.end_talk, call, call.token)
        return True

    def take_over(self, call: Call, theirs: Call, leg: Leg) -> bool:
        """A telephone that has a call of its own takes the caller over; his agent is let go. False: not possible."""
        world, first = self.world, call.leg
        if first is None or not self._talks(call) or theirs.origin is not leg or theirs.inside:
            return False
        self.let_go(call)
        call.token += 1
        call.turned = True
        self.engine.talking.resume(call, first)
        world.leave(call, first)
        theirs.token += 1
        theirs.origin = None
        world.calls.pop(theirs.linkedid, None)
        world.channels[leg.channel] = (call, leg)
        leg.originated = False
        world.enter(call, leg, call.bridge)
        self._goes_on_with(call, first, leg, first is call.served)  # the queue hears nothing of it and counts on
        return True
