# SPDX-License-Identifier: Apache-2.0
"""What happens once an agent has answered a queue's caller: talk, hold, end, survey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .day import MICRO
from .model import Agent, Call, Leg, Queue, Stage
from .queueing import luck

if TYPE_CHECKING:
    from .engine import Engine

AGAIN: float = 0.7
"""How long the second agent of a call talks, beside the first."""


class Talking:
    """Two, or three, hear each other."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.world = engine.world

    def begin(self, call: Call, leg: Leg, queue: Queue, agent: Agent) -> None:
        self.together(call, leg)
        self.engine.floor.on_call(agent)
        plan = call.plan
        talk = (plan.talk if plan else queue.profile.talk.median) * agent.profile.pace
        if call.visit > 1:
            talk *= AGAIN
        call.token += 1
        if agent.driven:
            self.world.after(talk, self._said, call, call.token)
            return
        if plan and plan.hold_for and not call.turned:
            self.world.after(talk * plan.hold_from, self._planned, self.hold, call, call.token, leg)
            self.world.after(talk * plan.hold_from + plan.hold_for, self._planned, self.resume, call, call.token, leg)
            talk += plan.hold_for
        if plan and plan.turn and not call.turned:
            self.world.after(talk * 0.8, self.engine.transfers.turn, call, call.token, plan.turn)
        self.world.after(talk, self.end_talk, call, call.token)

    def together(self, call: Call, leg: Leg) -> None:
        """A telephone and the caller in a bridge of their own."""
        call.bridge = self.world.bridge()
        self.world.enter(call, leg, call.bridge)
        self.world.enter(call, None, call.bridge)

    @staticmethod
    def _planned(act: object, call: Call, token: int, leg: Leg) -> None:
        if call.token == token and callable(act):
            act(call, leg)

    def hold(self, call: Call, leg: Leg) -> None:
        if not leg.held:
            leg.held = self.world.tick()
            self.world.out.held(leg.held, call, leg)

    def resume(self, call: Call, leg: Leg) -> None:
        if leg.held:
            leg.held = 0
            self.world.out.resumed(self.world.tick(), call, leg)

    def _said(self, call: Call, token: int) -> None:
        """The caller of a call that a person answered has said what he wanted."""
        if call.token == token and call.stage is Stage.TALKING:
            self.engine.end_call(call, "caller")

    def end_talk(self, call: Call, token: int) -> None:
        if call.token == token and call.stage is Stage.TALKING:
            self.engine.end_call(call, call.plan.ended_by if call.plan else "caller")

    def finish(self, call: Call, ended_by: str) -> None:
        """The agent's leg ends, and the caller's unless a survey waits for him."""
        world, leg = self.world, call.leg
        if leg is None or leg.agent is None:
            return
        self.engine.transfers.let_go(call)
        call.token += 1
        self.resume(call, leg)
        rated = call.queue.profile.survey_rate > 0 if call.queue else False
        asked = call.queue.name if call.queue and call.plan and ended_by == "agent" and rated else ""
        if ended_by == "caller":
            self.complete(call, ended_by)
        for one in (None, leg) if ended_by == "caller" else (leg, None):
            world.leave(call, one)
        self.complete(call, ended_by)
        world.drop_leg(call, leg)
        call.leg = None
        if asked and call.plan:
            call.stage = Stage.AFTER
            world.out.asked(world.tick(), call, leg.agent.code, asked)
            if call.plan.survey:
                world.after(4.0 + 3 * luck(call, 3), self._survey, call, call.token, leg.agent.code, call.plan.survey)
            else:  # he hangs up, or presses nothing until it is over
                world.after(min(9.5, 1 + 14 * luck(call, 5)), self.say_goodbye, call, call.token)
        else:
            self.gone(call)
        self.engine.floor.call_over(leg.agent, call)

    def complete(self, call: Call, ended_by: str, to: str = "") -> bool:
        """app_queue's own end of its call, exactly one for each connect. False: no queue holds the call any more."""
        queue, leg, world = call.queue, call.served, self.world
        call.served = None
        if queue is None or leg is None or leg.agent is None:
            return False
        told = world.tick()
        wait = call.connected // MICRO - call.joined // MICRO
        talk = told // MICRO - call.connected // MICRO
        queue.completed += 1
        queue.talktime = (queue.talktime * 3 + talk) // 4
        leg.agent.taken += 1
        leg.agent.last_call = told // MICRO
        world.out.completed(told, call, leg, queue, wait, talk, ended_by, to)
        call.queue = None
        return True

    def _survey(self, call: Call, token: int, agent: str, score: int) -> None:
        if call.token == token and call.linkedid in self.world.calls:
            self.world.out.surveyed(self.world.tick(), call, agent, score)
            self.world.after(1.5, self.say_goodbye, call, token)

    def say_goodbye(self, call: Call, token: int) -> None:
        """The dial plan has nothing more for the caller."""
        if call.token == token:
            self.gone(call)

    def gone(self, call: Call) -> None:
        """The caller's own channel is the last to go."""
        if call.linkedid in self.world.calls:
            call.stage = Stage.ENDED
            self.world.drop_caller(call)
            self.world.close(call)

    def end_everything(self, call: Call) -> None:
        """Every channel of the call is hung up, whatever they are doing."""
        world, served = self.world, call.served
        self.engine.queueing.quit(call)
        call.token += 1
        self.complete(call, "caller")
        legs = [leg for leg in (call.leg, call.extra, call.origin) if leg is not None]
        for leg in legs:
            self.resume(call, leg)
            world.leave(call, leg)
        world.leave(call, None)
        for leg in legs:
            world.drop_leg(call, leg)
        call.leg = call.extra = call.origin = None
        self.gone(call)
        for leg in legs:
            if leg.agent is not None:
                self.engine.floor.after_leg(leg.agent, call, leg is served)
