# SPDX-License-Identifier: Apache-2.0
"""Calls that agents make: click to call outside, and to each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .day import MICRO, Outing
from .model import Agent, Call, Leg, Stage

if TYPE_CHECKING:
    from .engine import Engine

PICK_UP = 1.2
"""Seconds until an agent's own telephone answers the call that he asked for."""
PATIENCE = 600
"""Seconds for which an agent who is busy keeps a call in mind that he meant to make."""


class Outgoing:
    """Originate, from the ring at the agent's own telephone to the last hang-up."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.world = engine.world

    def want(self, agent: Agent, outing: Outing) -> None:
        """Make the call now, or when he is free again; after ten minutes it is forgotten."""
        world = self.world
        if agent.driven or not agent.queues or world.now > outing.at + PATIENCE * MICRO:
            return
        if not agent.idle():
            world.after(20.0, self.want, agent, outing)
            return
        if outing.internal and not self._there(outing.number):
            mates = [one.code for one in world.agents.values() if one is not agent and one.idle() and not one.driven]
            if not mates:
                return
            outing = replace(outing, number=mates[outing.talk % len(mates)])
        self.originate(agent, outing, {})

    def _there(self, code: str) -> bool:
        mate = self.world.agents.get(code)
        return mate is not None and mate.leg is None and bool(mate.queues)

    def originate(self, agent: Agent, outing: Outing, variables: dict[str, str]) -> Call:
        world = self.world
        direction = "internal" if outing.internal else "outbound"
        called = outing.number
        shown = agent.code if outing.internal else variables.get("ZUOXI_PRESENT") or world.centre.queues[0].number
        call = world.open_call(agent.code, direction, shown, called)
        call.stage, call.context, call.exten, call.app = Stage.DIALLING, "from-agent", called, "Dial"
        call.variables = variables
        leg = call.origin = world.first_leg(call, agent, agent.code)
        leg.originated = True
        world.dial(call, leg, None)
        world.after(PICK_UP, self._picked_up, call, call.token, outing)
        return call

    def _picked_up(self, call: Call, token: int, outing: Outing) -> None:
        leg, world = call.origin, self.world
        if call.token != token or leg is None or leg.agent is None:
            return
        world.dialled(call, leg, "ANSWER")
        world.out.originated(world.tick(), call, leg, call.variables.get("ActionID", ""), call.variables)
        world.out.call_started(world.tick(), call)
        self._dial(call, leg, outing)

    def _dial(self, call: Call, leg: Leg, outing: Outing) -> None:
        world = self.world
        if outing.internal:
            mate = world.agents.get(outing.number)
            disturbed = mate is not None and mate.driven and leg.agent is not None and not leg.agent.driven
            if mate is None or mate.leg is not None or not mate.queues or disturbed:
                world.after(1.0, self.end, call, call.token, 19)
                return
            far = world.open_leg(call, mate, mate.code, mate.code)
        else:
            far = world.open_leg(call, None, "trunk", outing.number)
        call.leg = far
        world.dial(call, far, leg)
        world.at(world.now + outing.ring, self._far_answers, call, call.token, outing)

    def _far_answers(self, call: Call, token: int, outing: Outing) -> None:
        world, far, leg = self.world, call.leg, call.origin
        if call.token != token or far is None or leg is None:
            return
        if not outing.answers:
            world.dialled(call, far, outing.status)
            world.drop_leg(call, far, {"BUSY": 17, "NOANSWER": 19}.get(outing.status, 16))
            call.leg = None
            self.end(call, token, 16)
            return
        world.dialled(call, far, "ANSWER")
        call.stage, call.connected, call.bridge = Stage.TALKING, far.answered, world.bridge()
        if call.direction == "outbound":
            self.engine.record(call, leg)
        for one in (far, leg):
            world.enter(call, one, call.bridge)
        world.at(world.now + outing.talk, self.end, call, call.token, 16)

    def end(self, call: Call, token: int, cause: int = 16) -> None:
        """Every channel of the call is hung up."""
        if call.token != token:
            return
        world = self.world
        call.token += 1
        legs = [leg for leg in (call.leg, call.origin) if leg is not None]
        for leg in legs:
            self.engine.talking.resume(call, leg)
            world.leave(call, leg)
        call.stage = Stage.ENDED
        for leg in legs:
            world.drop_leg(call, leg, cause)
        call.leg = call.origin = None
        world.close(call)
        for leg in legs:
            if leg.agent is not None:
                self.engine.floor.idle_again(leg.agent)
