# SPDX-License-Identifier: Apache-2.0
"""How agents behave: sign in and out, breaks and meals, wrap-up, telephones out of reach, people who take over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .day import MICRO, Pause, work_plan
from .model import Agent, Call, Queue

if TYPE_CHECKING:
    from .engine import Engine

OWN_REASONS = frozenset({"oncall", "wrapup"})
"""Pauses that Zuoxi's listener sets around a call; they do not mean that a person sits at the desk."""


class Floor:
    """The agents' side. What a person asks of the switch goes through the same methods as what an agent does."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.world = engine.world

    def plan_day(self, since: int) -> None:
        world = self.world
        for place, profile in enumerate(world.centre.agents):
            agent = world.agents[profile.code]
            if profile.code in world.centre.people:
                agent.driven = True
                continue
            if (plan := work_plan(world.centre, place, world.day)) is None:
                continue
            if plan.signs_out <= since:
                continue
            world.at(max(since, plan.signs_in), self._begin, agent)
            world.at(plan.signs_out, self._end, agent)
            for pause in (one for one in plan.pauses if one.at >= since):
                world.at(pause.at, self._due, agent, pause)
            for outing in (one for one in plan.outings if one.at >= since):
                world.at(outing.at, self.engine.outgoing.want, agent, outing)
            for at, length in (one for one in plan.unreachable if one[0] >= since):
                world.at(at, self._lose, agent, length)

    def _begin(self, agent: Agent) -> None:
        if not agent.driven:
            self.sign_in(agent, agent.profile.queues)

    def _end(self, agent: Agent) -> None:
        if agent.driven:
            return
        agent.leaving = True
        self._move_on(agent)

    def sign_in(self, agent: Agent, queues: tuple[str, ...] | list[str], reason: str = "") -> None:
        for name in queues:
            self.add(agent, self.world.queues[name], reason)
        self.engine.queueing.free(agent)

    def add(self, agent: Agent, queue: Queue, reason: str = "") -> None:
        now = self.world.tick()
        agent.login = now // MICRO
        agent.queues.append(queue.name)
        if reason:
            agent.paused[queue.name] = reason
            agent.last_pause = now // MICRO
        queue.members.append(agent)
        self.world.out.member_added(now, agent, queue)

    def remove(self, agent: Agent, queue: Queue) -> None:
        now = self.world.tick()
        agent.queues.remove(queue.name)
        queue.members.remove(agent)
        self.world.out.member_removed(now, agent, queue)
        agent.paused.pop(queue.name, None)

    def sign_out(self, agent: Agent) -> None:
        for name in list(agent.queues):
            self.remove(agent, self.world.queues[name])
        agent.leaving = False

    def pause(self, agent: Agent, reason: str, queues: list[str] | None = None) -> None:
        """Paused in `queues`, or everywhere. A pause on a pause changes the reason, as in Asterisk."""
        names = list(agent.queues) if queues is None else queues
        agent.pause_token += 1
        now = self.world.tick()
        for name in names:
            agent.paused[name] = reason
        agent.last_pause = now // MICRO
        self.world.out.paused(now, agent, names, reason, queues is None)

    def unpause(self, agent: Agent, queues: list[str] | None = None, reason: str = "") -> None:
        names = list(agent.queues) if queues is None else queues
        agent.pause_token += 1
        now = self.world.tick()
        for name in names:
            agent.paused.pop(name, None)
        self.world.out.unpaused(now, agent, names, reason, queues is None)
        self.engine.queueing.free(agent)

    def on_call(self, agent: Agent) -> None:
        """A queued call was connected: keep others away until his wrap-up is over."""
        if self.engine.pauses_itself:
            self.pause(agent, "oncall")

    def call_over(self, agent: Agent, call: Call) -> None:
        """The wrap-up begins. Who forgets to end it is brought back after some minutes."""
        plan, world = call.plan, self.world
        if self.engine.pauses_itself or not agent.paused:
            self.pause(agent, "wrapup")
        if agent.driven:
            return
        wrap = (plan.wrap if plan else 20.0) * agent.profile.tidy
        if plan and (plan.luck * 7907) % 1.0 < agent.profile.forgets:
            wrap += 420
        agent.wrapping_until = world.now + int(wrap * MICRO)
        world.at(agent.wrapping_until, self._wrapped, agent)

    def _wrapped(self, agent: Agent) -> None:
        if agent.driven or agent.leg is not None or self.world.now < agent.wrapping_until:
            return
        if set(agent.paused.values()) <= OWN_REASONS:
            self._back_to_work(agent)

    def _back_to_work(self, agent: Agent) -> None:
        if not self._move_on(agent) and agent.paused:
            self.unpause(agent)

    def _move_on(self, agent: Agent) -> bool:
        """Do what has waited for the end of a call: go home, or take the pause that is due. True when it was done."""
        if agent.leg is not None or self._busy(agent):
            return False
        if agent.leaving:
            self.sign_out(agent)
            return True
        if agent.owed and agent.queues:
            self._take(agent, agent.owed.pop(0))
            return True
        return False

    def after_leg(self, agent: Agent, call: Call, queued: bool) -> None:
        """His part in the call is over; the queue's agent has a wrap-up, others have not."""
        if queued:
            self.call_over(agent, call)
        else:
            self.idle_again(agent)

    def idle_again(self, agent: Agent) -> None:
        """A call that no queue gave him is over."""
        if agent.paused or not self._move_on(agent):
            self.engine.queueing.free(agent)

    def _busy(self, agent: Agent) -> bool:
        return bool(agent.paused) and self.world.now < agent.wrapping_until

    def _due(self, agent: Agent, pause: Pause) -> None:
        if agent.driven or not agent.queues:
            return
        agent.owed.append(pause)
        if agent.leg is None and not agent.paused:
            self._move_on(agent)

    def _take(self, agent: Agent, pause: Pause) -> None:
        self.pause(agent, pause.reason)
        self.world.at(self.world.now + pause.length, self._pause_over, agent, agent.pause_token)

    def _pause_over(self, agent: Agent, token: int) -> None:
        if not agent.driven and agent.pause_token == token and agent.queues:
            self._back_to_work(agent)

    def nudged(self, agent: Agent) -> None:
        """The listener paused a simulated agent after his wrap-up had ended already: he lifts it himself."""
        if agent.driven or agent.leg is not None or self.world.now < agent.wrapping_until:
            return
        self.world.after(1.0, self._wrapped, agent)

    def _lose(self, agent: Agent, length: int) -> None:
        if agent.driven or agent.leg is not None or not agent.queues:
            return
        agent.reachable = False
        self.world.out.reachable(self.world.tick(), agent)
        self.world.out.device(self.world.tick(), agent)
        self.world.at(self.world.now + length, self._found, agent)

    def _found(self, agent: Agent) -> None:
        agent.reachable = True
        self.world.out.reachable(self.world.tick(), agent)
        self.world.out.device(self.world.tick(), agent)
        self.engine.queueing.free(agent)

    def take_over(self, agent: Agent) -> None:
        """A person sits down at this agent's desk; the simulated behaviour yields until he signs out."""
        agent.driven = True
        agent.leaving = False
        agent.owed.clear()

    def give_back(self, agent: Agent) -> None:
        agent.driven = agent.code in self.world.centre.people
