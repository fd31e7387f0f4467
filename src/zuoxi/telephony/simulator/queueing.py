# SPDX-License-Identifier: Apache-2.0
"""Inbound calls as app_queue handles them: join, ring one agent after another, connect, complete, or give up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .day import MICRO, CallPlan
from .model import Agent, Call, Queue, Stage

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
        world.at(world.now + plan.greeting, self._greeted, call, call.token, queue.name)

    def _greeted(self, call: Call, token: int, queue: str) -> None:
        if call.token == token:
            self.join(call, queue, 1.0)

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
        call.queue, call.joined, call.stage = queue, world.tick(), Stage.WAITING
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
        if luck(call, 1) >= agent.profile.misses:
            spread = world.centre.profile.answer
            wait = min(spread.cap, spread.median * math.exp(spread.sigma * _normal(luck(call, 2))))
            world.after(wait, self.answer, call, call.token)
        world.after(queue.profile.ring_seconds, self._no_answer, call, call.token)

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
        call.stage = Stage.TALKING
        queue.waiting.remove(call)
        leg.answered = world.moment
        world.out.device(world.tick(), leg.agent)
        self.engine.record(call, leg)
        told = call.connected = leg.answered = world.tick()
        wait, ring = told // MICRO - call.joined // MICRO, (told - leg.rang) // MICRO
        world.out.connected(told, call, leg, queue, wait, ring)
        queue.holdtime = (queue.holdtime * 3 + wait) // 4
        queue.in_time += wait <= queue.profile.target_seconds
        call.served = leg
        self.engine.talking.begin(call, leg, queue, leg.agent)

    def _give_up(self, call: Call, visit: int) -> None:
        if call.visit != visit or call.queue is None:
            return
        if luck(call, 6) < call.queue.profile.callback_rate:
            self.ask_back(call)
        elif self.quit(call):
            self.engine.talking.gone(call)

    def ask_back(self, call: Call) -> None:
        """The caller presses the key: he leaves the line and keeps his place."""
        queue, world = call.queue, self.world
        if queue is None or call.stage not in (Stage.WAITING, Stage.RINGING):
            return
        position = self.leave(call)
        told = world.tick()
        world.out.exited(told, call, queue, position, told // MICRO - call.joined // MICRO, "key")
        call.stage = Stage.AFTER
        call.token += 1
        world.out.diverted(world.tick(), call, "callback", call.caller, "")
        world.after(2.0, self.engine.talking.say_goodbye, call, call.token)

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

    def _divert(self, call: Call, outcome: str, status: str) -> None:
        world = self.world
        call.stage, call.queue = Stage.AFTER, None
        call.token += 1
        world.out.diverted(world.tick(), call, outcome, "", status)
        if luck(call, 5) < 0.5:
            world.out.diverted(world.tick(), call, "callback", call.caller, "")
        world.after(6.0, self.engine.talking.say_goodbye, call, call.token)


def luck(call: Call, salt: int) -> float:
    """A chance in [0, 1) that belongs to the call, another for each `salt` and ring."""
    return ((call.plan.luck if call.plan else 0.5) * 1009 * (call.attempts * 7 + salt)) % 1.0


def _normal(chance: float) -> float:
    """A standard normal value for a chance in (0, 1), by the logistic approximation."""
    chance = min(0.999, max(0.001, chance))
    return math.log(chance / (1 - chance)) / 1.702
