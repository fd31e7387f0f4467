# SPDX-License-Identifier: Apache-2.0
"""Calls that an agent passes on: blind to a queue or a colleague, attended after a word with the colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .day import MICRO
from .model import Agent, Call, Leg, Stage

if TYPE_CHECKING:
    from .engine import Engine

CONTEXT = "zuoxi-transfer"
RING_LIMIT = 20
"""Seconds for which a colleague is rung."""


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
        return known and call.leg is not None and call.stage is Stage.TALKING and call.direction == "inbound"

    def blind(self, call: Call, extension: str, context: str = CONTEXT) -> None:
        """To a number of ours (its queue) or an agent's code."""
        world, leg = self.world, call.leg
        if leg is None or not self.possible(call, extension):
            return
        self.engine.queueing.resume(call, leg)
        world.out.transferred(world.tick(), call, leg, "blind", extension, None)
        self.part(call, f"blind:{extension}@{context}")
        call.context, call.exten = context, extension
        if extension in world.by_number:
            self.engine.queueing.join(call, world.by_number[extension], 1.5)
        else:
            self.reach(call, world.agents[extension])

    def part(self, call: Call, to: str) -> None:
        """Agent and caller are parted; the caller stays."""
        if call.leg is None or call.leg.agent is None:
            return
        call.token += 1
        call.turned = True
        self.engine.queueing.resume(call, call.leg)
        self._leave(call, call.leg, call.leg.agent, to)

    def _leave(self, call: Call, leg: Leg, agent: Agent, to: str) -> None:
        """The first agent's part is over; the caller stands alone."""
        world = self.world
        world.out.unbridged(world.tick(), call, leg, call.bridge, 1)
        queued = call.queue is not None
        self.engine.queueing.complete(call, leg, "transfer", to)
        world.out.unbridged(world.tick(), call, None, call.bridge, 0)
        world.drop_leg(call, leg)
        call.leg, call.bridge = None, ""
        self.after_leg(agent, call, queued)

    def after_leg(self, agent: Agent, call: Call, queued: bool) -> None:
        if queued:
            self.engine.floor.call_over(agent, call)
        else:
            self.engine.floor.idle_again(agent)

    def reach(self, call: Call, mate: Agent | None) -> None:
        """The caller's own channel dials a colleague."""
        world = self.world
        call.stage, call.app = Stage.DIALLING, "Dial"
        call.token += 1
        if mate is None or mate.leg is not None or not mate.reachable:
            world.after(1.0, self._failed, call, call.token)
            return
        far = call.leg = world.open_leg(call, mate, mate.code, mate.code)
        world.out.dialled(world.tick(), call, far, None)
        world.out.device(world.tick(), mate)
        world.after(3.4, self._reached, call, call.token)

    def _failed(self, call: Call, token: int) -> None:
        if call.token == token:
            self.world.drop_caller(call)
            self.world.close(call)

    def _reached(self, call: Call, token: int) -> None:
        world, far = self.world, call.leg
        if call.token != token or far is None or far.agent is None:
            return
        far.answered = world.tick()
        world.out.dial_ended(far.answered, call, far, None, "ANSWER")
        world.out.device(world.tick(), far.agent)
        self._with_colleague(call, far)

    def _with_colleague(self, call: Call, far: Leg) -> None:
        world = self.world
        call.stage, call.bridge = Stage.TALKING, call.bridge or world.bridge()
        self.engine.name_recording(call, far)
        world.out.recording(world.tick(), call, far, "started")
        self.engine.queueing.bridge(call, far)
        talk = 60.0 * (far.agent.profile.pace if far.agent else 1.0)
        world.after(talk, self.end, call, call.token)

    def end(self, call: Call, token: int) -> None:
        """The end of a call that no queue holds any more."""
        world, leg = self.world, call.leg
        if call.token != token or leg is None:
            return
        call.token += 1
        self.engine.queueing.resume(call, leg)
        world.out.unbridged(world.tick(), call, leg, call.bridge, 1)
        world.out.unbridged(world.tick(), call, None, call.bridge, 0)
        world.drop_leg(call, leg)
        call.leg, call.stage = None, Stage.ENDED
        world.drop_caller(call)
        world.close(call)
        if leg.agent is not None:
            self.engine.floor.idle_again(leg.agent)

    def consult(self, call: Call, mate: Agent) -> bool:
        """The caller is put on hold and the agent calls the colleague."""
        world, leg = self.world, call.leg
        if leg is None or call.stage is not Stage.TALKING or mate.leg is not None or call.extra is not None:
            return False
        call.token += 1
        call.turned = True
        self.engine.queueing.hold(call, leg)
        far = call.extra = world.open_leg(call, mate, mate.code, mate.code)
        world.out.dialled(world.tick(), call, far, leg)
        world.out.device(world.tick(), mate)
        world.after(3.4, self._consulting, call, call.token)
        return True

    def _consulting(self, call: Call, token: int) -> None:
        world, leg, far = self.world, call.leg, call.extra
        if call.token != token or leg is None or far is None or far.agent is None:
            return
        far.answered = world.tick()
        world.out.dial_ended(far.answered, call, far, leg, "ANSWER")
        world.out.device(world.tick(), far.agent)
        world.out.unbridged(world.tick(), call, leg, call.bridge, 1)
        second = world.bridge()
        for members, one in ((1, far), (2, leg)):
            one.bridge = second
            world.out.bridged(world.tick(), call, one, second, members)
        if leg.agent is not None and not leg.agent.driven:
            world.after(18.0 + 20 * (far.rang // MICRO % 7) / 7, self.hand_over, call, call.token)

    def hand_over(self, call: Call, token: int) -> None:
        """The agent leaves, the colleague goes on with the caller."""
        world, leg, far = self.world, call.leg, call.extra
        if call.token != token or leg is None or far is None or leg.agent is None:
            return
        call.token += 1
        agent, second = leg.agent, far.bridge
        world.out.transferred(world.tick(), call, leg, "attended", far.number, far)
        self.engine.queueing.resume(call, leg)
        world.out.unbridged(world.tick(), call, leg, second, 1)
        world.out.unbridged(world.tick(), call, far, second, 0)
        far.bridge = call.bridge
        world.out.bridged(world.tick(), call, far, call.bridge, 2)
        queued = call.queue is not None
        self.engine.queueing.complete(call, leg, "transfer", f"attended:{far.number}@{CONTEXT}")
        world.drop_leg(call, leg)
        call.leg, call.extra = far, None
        self.engine.name_recording(call, far)
        world.out.recording(world.tick(), call, far, "started")
        call.token += 1
        world.after(70.0, self.end, call, call.token)
        self.after_leg(agent, call, queued)

    def take_back(self, call: Call) -> bool:
        """The consultation is given up; the agent goes on with the caller."""
        world, leg, far = self.world, call.leg, call.extra
        if leg is None or far is None:
            return False
        call.token += 1
        consulted, second = bool(far.bridge), far.bridge
        if consulted:
            world.out.unbridged(world.tick(), call, far, second, 1)
            world.out.unbridged(world.tick(), call, leg, second, 0)
        world.drop_leg(call, far)
        call.extra = None
        if consulted:
            leg.bridge = call.bridge
            world.out.bridged(world.tick(), call, leg, call.bridge, 2)
        self.engine.queueing.resume(call, leg)
        if far.agent is not None:
            self.engine.floor.idle_again(far.agent)
        world.after(30.0, self.engine.queueing.end_talk, call, call.token)
        return True

    def take_over(self, call: Call, theirs: Call, leg: Leg) -> None:
        """A telephone that has a call of its own takes the caller over; his agent is let go."""
        world = self.world
        if call.stage is not Stage.TALKING or call.leg is None or call.leg is leg or not call.bridge:
            return
        bridge = call.bridge
        call.token += 1
        call.turned = True
        first, agent = call.leg, call.leg.agent
        queued = call.queue is not None
        self.engine.queueing.resume(call, first)
        world.out.unbridged(world.tick(), call, first, bridge, 1)
        self.engine.queueing.complete(call, first, "transfer", f"attended:{leg.number}@{CONTEXT}")
        world.drop_leg(call, first)
        theirs.token += 1
        world.calls.pop(theirs.linkedid, None)
        world.channels[leg.channel] = (call, leg)
        call.leg, leg.bridge, leg.originated, theirs.origin = leg, bridge, False, None
        world.out.bridged(world.tick(), call, leg, bridge, 2)
        if agent is not None:
            self.after_leg(agent, call, queued)
        world.after(150.0, self.end, call, call.token)
