# SPDX-License-Identifier: Apache-2.0
"""Inbound calls as app_queue handles them: join, ring one agent after another, connect, complete, or give up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .day import MICRO, CallPlan
from .model import Agent, Call, Leg, Queue, Stage

if TYPE_CHECKING:
    from .engine import Engine

AUTO_ANSWER = 3.0
"""Seconds after which a telephone answers by itself where a person at a desk drives the agent."""


class Queueing:
    """The way of a caller through the queues."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.world = engine.world

    def arrive(self, plan: CallPlan) -> None:
        world = self.world
        queue = world.queues[plan.queue]
        call = world.open_call("trunk", "inbound", plan.caller, queue.profile.number)
        call.plan, call.context, call.priority = plan, f"zuoxi-in-{queue.profile.number}", queue.profile.weight
        world.out.call_started(world.tick(), call)
        world.at(world.now + plan.greeting, self.join, call, queue.name, 1.0)

    def join(self, call: Call, name: str, patience: float) -> None:
        world = self.world
        if call.linkedid not in world.calls:
            return
        queue, plan = world.queues[name], call.plan
        if len(queue.waiting) >= queue.profile.max_callers:
            self._divert(call, "full", "FULL")
            return
        call.visit += 1
        call.token += 1
        call.queue, call.joined, call.stage, call.talk = queue, world.tick(), Stage.WAITING, 0.0
        place = next((i for i, other in enumerate(queue.waiting) if other.priority < call.priority), None)
        queue.waiting.insert(len(queue.waiting) if place is None else place, call)
        call.position = queue.waiting.index(call) + 1
        world.out.joined(call.joined, call, queue)
        waits = int((plan.patience if plan else 120 * MICRO) * patience)
        world.at(world.now + waits, self._give_up, call, call.visit)
        world.at(world.now + queue.profile.max_wait * MICRO, self._time_out, call, call.visit)
        self.offer(queue)

    def offer(self, queue: Queue) -> None:
        """Ring agents for those who wait, first come first served, as long as somebody is free."""
        for call in [call for call in queue.waiting if call.stage is Stage.WAITING]:
            agent = self._next_agent(queue)
            if agent is None:
                return
            self._ring(call, agent, queue)

    def free(self, agent: Agent) -> None:
        """An agent may have become available: give him the most urgent caller of his queues."""
        best: Call | None = None
        for name in agent.queues:
            queue = self.world.queues[name]
            if not agent.can_take(name):
                continue
            first = next((call for call in queue.waiting if call.stage is Stage.WAITING), None)
            if first is not None and (best is None or self._urgency(first) < self._urgency(best)):
                best = first
        if best is not None and best.queue is not None:
            self._ring(best, agent, best.queue)

    @staticmethod
    def _urgency(call: Call) -> tuple[int, int]:
        return (-(call.queue.profile.weight if call.queue else 0), call.joined)

    def _next_agent(self, queue: Queue) -> Agent | None:
        """rrmemory: go round the members, on from whom we rang last."""
        members, size = queue.members, len(queue.members)
        for step in range(size):
            agent = members[(queue.pointer + step) % size]
            if agent.can_take(queue.name):
                queue.pointer = (queue.pointer + step + 1) % size
                return agent
        return None

    def _ring(self, call: Call, agent: Agent, queue: Queue) -> None:
        world = self.world
        call.stage, call.attempts = Stage.RINGING, call.attempts + 1
        call.token += 1
        leg = world.open_leg(call, agent, agent.code)
        leg.queue = queue.name
        call.leg = leg
        leg.rang = world.tick()
        world.out.ringing(leg.rang, call, leg, queue)
        world.out.device(world.tick(), agent)
        if agent.driven:
            world.after(AUTO_ANSWER, self.answer, call, call.token)
            return
        lucky = self._luck(call, 1)
        if lucky >= agent.profile.misses:
            spread = world.centre.profile.answer
            wait = min(spread.cap, spread.median * math.exp(spread.sigma * _normal(self._luck(call, 2))))
            world.after(wait, self.answer, call, call.token)
        world.after(queue.profile.ring_seconds, self._no_answer, call, call.token)

    def _luck(self, call: Call, salt: int) -> float:
        return ((call.plan.luck if call.plan else 0.5) * 1009 * (call.attempts * 7 + salt)) % 1.0

    def _no_answer(self, call: Call, token: int) -> None:
        if call.token == token and call.stage is Stage.RINGING and call.queue is not None:
            self._unanswered(call, call.queue.profile.ring_seconds * 1000)

    def reject(self, call: Call) -> None:
        """The agent's telephone is silenced; the caller waits on and others are rung."""
        if call.stage is Stage.RINGING and call.leg is not None:
            self._unanswered(call, max(0, self.world.moment - call.leg.rang) // 1000)

    def _unanswered(self, call: Call, milliseconds: int) -> None:
        leg, queue, world = call.leg, call.queue, self.world
        if leg is None or queue is None:
            return
        world.out.no_answer(world.tick(), call, leg, queue, milliseconds)
        world.drop_leg(call, leg, 0)
        call.leg, call.stage = None, Stage.WAITING
        call.token += 1
        world.after(queue.profile.retry_seconds, self._retry, call, call.token, leg.agent)

    def _retry(self, call: Call, token: int, agent: Agent | None) -> None:
        if call.token == token and call.queue is not None:
            self.offer(call.queue)
        if agent is not None:
            self.free(agent)

    def answer(self, call: Call, token: int) -> None:
        """The agent takes the call."""
        leg, queue, world = call.leg, call.queue, self.world
        if call.token != token or leg is None or leg.agent is None or queue is None:
            return
        call.token += 1
        call.stage, call.connected = Stage.TALKING, world.now
        queue.waiting.remove(call)
        leg.answered = world.now
        agent = leg.agent
        world.out.device(world.tick(), agent)
        self._record(call, leg)
        told = world.tick()
        call.connected = leg.answered = told
        wait, ring = told // MICRO - call.joined // MICRO, (told - leg.rang) // MICRO
        world.out.connected(told, call, leg, queue, wait, ring)
        queue.holdtime = (queue.holdtime * 3 + wait) // 4
        queue.in_time += wait <= queue.profile.target_seconds
        call.bridge = world.bridge()
        self.bridge(call, leg)
        self.engine.floor.on_call(agent)
        self._plan_talk(call, queue, agent)

    def _record(self, call: Call, leg: Leg) -> None:
        self.engine.name_recording(call, leg)
        self.world.out.recording(self.world.tick(), call, leg, "started")

    def bridge(self, call: Call, leg: Leg) -> None:
        world = self.world
        leg.bridge = call.bridge
        world.out.bridged(world.tick(), call, leg, call.bridge, 1)
        world.out.bridged(world.tick(), call, None, call.bridge, 2)

    def _plan_talk(self, call: Call, queue: Queue, agent: Agent) -> None:
        plan = call.plan
        talk = (plan.talk if plan else queue.profile.talk.median) * agent.profile.pace
        if call.visit > 1 or call.turned:
            talk *= 0.7
        call.talk = talk
        call.token += 1
        if agent.driven:
            self.world.after(talk, self.engine.hang_up_caller, call, call.token)
            return
        if plan and plan.hold_for and not call.turned:
            self.world.after(talk * plan.hold_from, self._planned_hold, call, call.token, call.leg)
            self.world.after(talk * plan.hold_from + plan.hold_for, self._planned_resume, call, call.token, call.leg)
            talk += plan.hold_for
        if plan and plan.turn and not call.turned:
            self.world.after(talk * 0.8, self.engine.transfers.turn, call, call.token, plan.turn)
        self.world.after(talk, self.end_talk, call, call.token)

    def _planned_hold(self, call: Call, token: int, leg: Leg) -> None:
        if call.token == token:
            self.hold(call, leg)

    def _planned_resume(self, call: Call, token: int, leg: Leg) -> None:
        if call.token == token:
            self.resume(call, leg)

    def hold(self, call: Call, leg: Leg) -> None:
        if not leg.held:
            leg.held = self.world.tick()
            self.world.out.held(leg.held, call, leg)

    def resume(self, call: Call, leg: Leg) -> None:
        if leg.held:
            leg.held = 0
            self.world.out.resumed(self.world.tick(), call, leg)

    def end_talk(self, call: Call, token: int) -> None:
        if call.token == token and call.stage is Stage.TALKING:
            self.finish(call, call.plan.ended_by if call.plan else "caller")

    def finish(self, call: Call, ended_by: str) -> None:
        """Both hear each other no more; the agent's leg ends, and the caller's unless a survey waits for him."""
        world, leg = self.world, call.leg
        call.token += 1
        if leg is None:
            return
        self.resume(call, leg)
        survey = call.plan.survey if call.plan and ended_by == "agent" else 0
        self.complete(call, leg, ended_by)
        order = (None, leg) if ended_by == "caller" else (leg, None)
        for left, one in zip((1, 0), order, strict=True):
            world.out.unbridged(world.tick(), call, one, call.bridge, left)
        agent = leg.agent
        world.drop_leg(call, leg)
        call.leg = None
        if survey:
            call.stage = Stage.AFTER
            world.after(4.0 + 3 * self._luck(call, 3), self._survey, call, call.token, agent, survey)
        else:
            self._gone(call)
        if agent is not None:
            self.engine.floor.call_over(agent, call)

    def complete(self, call: Call, leg: Leg, ended_by: str, to: str = "") -> None:
        """app_queue's own end of its call: exactly one for each connect."""
        queue, world = call.queue, self.world
        if queue is None or leg.agent is None:
            return
        told = world.tick()
        wait = call.connected // MICRO - call.joined // MICRO
        talk = told // MICRO - call.connected // MICRO
        queue.completed += 1
        queue.talktime = (queue.talktime * 3 + talk) // 4
        leg.agent.taken += 1
        leg.agent.last_call = told // MICRO
        world.out.completed(told, call, leg, queue, wait, talk, ended_by, to)
        call.queue = None

    def _survey(self, call: Call, token: int, agent: Agent | None, score: int) -> None:
        if call.token == token and call.linkedid in self.world.calls:
            self.world.out.surveyed(self.world.tick(), call, agent.code if agent else "", score)
            self.world.after(1.5, self._gone, call)

    def _gone(self, call: Call) -> None:
        if call.linkedid in self.world.calls:
            call.stage = Stage.ENDED
            self.world.drop_caller(call)
            self.world.close(call)

    def _give_up(self, call: Call, visit: int) -> None:
        if call.visit == visit and self.quit(call):
            self._gone(call)

    def quit(self, call: Call) -> bool:
        """Out of the queue before anybody answered, which the queue takes for giving up."""
        queue, world = call.queue, self.world
        if queue is None or call.stage not in (Stage.WAITING, Stage.RINGING):
            return False
        position = self.leave(call)
        told = world.tick()
        queue.abandoned += 1
        world.out.abandoned(told, call, queue, position, told // MICRO - call.joined // MICRO)
        return True

    def _time_out(self, call: Call, visit: int) -> None:
        queue, world = call.queue, self.world
        if call.visit != visit or queue is None or call.stage not in (Stage.WAITING, Stage.RINGING):
            return
        position = self.leave(call)
        told = world.tick()
        world.out.exited(told, call, queue, position, told // MICRO - call.joined // MICRO, "timeout")
        self._divert(call, "failed", "TIMEOUT")

    def leave(self, call: Call) -> int:
        """Out of the queue without an agent; a telephone that rings for him stops. Returns his last position."""
        queue, leg, world = call.queue, call.leg, self.world
        if queue is None:
            return 0
        position = queue.waiting.index(call) + 1
        queue.waiting.remove(call)
        call.token += 1
        call.queue = None
        if leg is not None:
            world.out.ring_cancelled(world.tick(), call, leg, queue, max(0, world.moment - leg.rang) // 1000)
            world.drop_leg(call, leg, 0)
            call.leg = None
            if leg.agent is not None:
                world.after(0.2, self.free, leg.agent)
        return position

    def drop(self, call: Call) -> None:
        """The caller's channel is hung up, wherever he is."""
        queue, world = call.queue, self.world
        if queue is not None and call.stage in (Stage.WAITING, Stage.RINGING):
            self._give_up(call, call.visit)
            return
        call.token += 1
        if call.leg is not None:
            agent = call.leg.agent
            world.drop_leg(call, call.leg)
            call.leg = None
            if agent is not None:
                self.engine.floor.idle_again(agent)
        self._gone(call)

    def _divert(self, call: Call, outcome: str, status: str) -> None:
        world = self.world
        call.stage, call.queue = Stage.AFTER, None
        call.token += 1
        world.out.diverted(world.tick(), call, outcome, "", status)
        if self._luck(call, 5) < 0.5:
            world.out.diverted(world.tick(), call, "callback", call.caller, "")
        world.after(6.0, self._gone, call)


def _normal(chance: float) -> float:
    """A standard normal value for a chance in (0, 1), by the logistic approximation."""
    chance = min(0.999, max(0.001, chance))
    return math.log(chance / (1 - chance)) / 1.702
