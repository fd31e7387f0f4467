# SPDX-License-Identifier: Apache-2.0
"""Whole days at once, as the facts that the listener would have stored, had it listened to the live simulator.

What `asterisk.translate` makes of each frame is stated here directly. Two things are told better than the manager
interface tells them: a caller who is sent on after too long a wait has left the queue (`queue.exited`, as the queue
log has it; AMI says he gave up), and a telephone's reachability is told when it changes.
"""

# ruff: noqa: PLR0917 - the signatures are those of Listener

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from zuoxi.telephony.asterisk.identity import keyed_by_time
from zuoxi.telephony.facts import SwitchFact

from .centre import MEANS, Centre
from .day import MICRO, day_start
from .engine import Engine
from .happenings import Listener
from .model import Agent, Call, Leg, Queue

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)


class Facts(Listener):
    """Collects facts in `told`, in order of time. `instance` as `Boot.instance`, e.g. "lab-1795291200"."""

    def __init__(self, instance: str, source: str = "sim") -> None:
        self.told: list[SwitchFact] = []
        self.instance = instance
        self._prefix = f"{instance}/"
        self._key = blake2b(digest_size=16, key=instance.encode())
        self._source = source

    def _tell(self, kind: str, t: int, call: Call | None, party: str, data: dict[str, Any]) -> None:
        uid = call.linkedid if call is not None else ""
        key = self._key.copy()
        key.update(f"{t} {kind} {uid} {party} {data.get('queue', '')}".encode())
        subject = self._prefix + uid if uid else ""
        mark = keyed_by_time(key.digest(), t // 1_000_000)
        self.told.append(SwitchFact(kind, _EPOCH + t * _MICRO, subject, party, data, self._source, mark))

    def call_started(self, t: int, call: Call) -> None:
        agent = call.origin.agent.code if call.origin and call.origin.agent else ""
        number = call.caller if call.direction == "outbound" else call.called
        data = {
            "direction": call.direction,
            "caller": call.caller,
            "called": call.called,
            "number": number,
            "channel": call.channel,
        }
        if agent:
            data["agent"] = agent
        self._tell("call.started", t, call, agent, data)

    def diverted(self, t: int, call: Call, outcome: str, to: str, status: str) -> None:
        self._tell("call.diverted", t, call, "", {"outcome": outcome, "to": to} if to else {"outcome": outcome})

    def joined(self, t: int, call: Call, queue: Queue) -> None:
        data = {"queue": queue.name, "position": call.position, "caller": call.caller}
        self._tell("queue.joined", t, call, "", data)

    def ringing(self, t: int, call: Call, leg: Leg, queue: Queue) -> None:
        self._tell("agent.ringing", t, call, _code(leg), {"queue": queue.name})

    def no_answer(self, t: int, call: Call, leg: Leg, queue: Queue, milliseconds: int) -> None:
        code = _code(leg)
        self._tell("agent.no_answer", t, call, code, {"queue": queue.name, "ring": milliseconds // 1000})
        for later, status in ((1, "NOANSWER"), (2, "CANCEL")):
            self._tell("call.dial_ended", t + later, call, code, {"status": status, "channel": leg.channel})

    def ring_cancelled(self, t: int, call: Call, leg: Leg, queue: Queue, milliseconds: int) -> None:
        for later in (0, 1):
            data = {"status": "CANCEL", "channel": leg.channel}
            self._tell("call.dial_ended", t + later, call, _code(leg), data)

    def connected(self, t: int, call: Call, leg: Leg, queue: Queue, wait: int, ring: int) -> None:
        self._tell("call.answered", t - 1, call, _code(leg), {"channel": leg.channel})
        data = {"queue": queue.name, "wait": wait, "ring": ring, "channel": leg.channel}
        self._tell("agent.connected", t, call, _code(leg), data)

    def abandoned(self, t: int, call: Call, queue: Queue, position: int, wait: int) -> None:
        self._tell("queue.abandoned", t, call, "", {"queue": queue.name, "position": position, "wait": wait})

    def exited(self, t: int, call: Call, queue: Queue, position: int, wait: int, reason: str) -> None:
        self._tell("queue.exited", t, call, "", {"queue": queue.name, "reason": reason, "wait": wait})

    def completed(
        self, t: int, call: Call, leg: Leg, queue: Queue, wait: int, talk: int, ended_by: str, to: str
    ) -> None:
        data = {"queue": queue.name, "wait": wait, "talk": talk, "ended_by": ended_by}
        self._tell("agent.completed", t, call, _code(leg), data)

    def bridged(self, t: int, call: Call, leg: Leg | None, bridge: str, members: int) -> None:
        self._tell("leg.joined", t, call, _code(leg), {"channel": _channel(call, leg), "bridge": bridge})

    def unbridged(self, t: int, call: Call, leg: Leg | None, bridge: str, members: int) -> None:
        self._tell("leg.left", t, call, _code(leg), {"channel": _channel(call, leg), "bridge": bridge})

    def held(self, t: int, call: Call, leg: Leg) -> None:
        self._tell("call.held", t, call, _code(leg), {"channel": leg.channel})

    def resumed(self, t: int, call: Call, leg: Leg) -> None:
        self._tell("call.resumed", t, call, _code(leg), {"channel": leg.channel})

    def transferred(self, t: int, call: Call, leg: Leg, how: str, to: str, target: Leg | None) -> None:
        self._tell("call.transferred", t, call, _code(leg), {"how": how, "to": to, "result": "Success"})

    def dialled(self, t: int, call: Call, leg: Leg, by: Leg | None) -> None:
        if leg.originated:
            return  # his own telephone, to connect him; the call begins when he takes it up
        if leg.agent is not None:
            self._tell("agent.ringing", t, call, leg.agent.code, {"queue": ""})
        else:
            self._tell("call.dialled", t, call, _code(by), {"number": leg.number, "channel": leg.channel})

    def dial_ended(self, t: int, call: Call, leg: Leg, by: Leg | None, status: str) -> None:
        if leg.originated:
            return
        if status != "ANSWER":
            self._tell("call.dial_ended", t, call, _code(leg), {"status": status, "channel": leg.channel})
        else:
            self._tell("call.answered", t, call, _code(leg), {"channel": leg.channel})

    def hung_up(self, t: int, call: Call, leg: Leg | None, cause: int) -> None:
        if leg is None or leg.uid == call.linkedid:
            data = {"cause": cause, "channel": _channel(call, leg)}
            self._tell("call.ended", t, call, _code(leg), data)
        elif leg is call.served:
            self._tell("leg.ended", t, call, _code(leg), {"channel": leg.channel})

    def recording(self, t: int, call: Call, leg: Leg, state: str) -> None:
        code = _code(leg)
        self._tell(f"recording.{state}", t, call, code, {"path": leg.recording, "channel": leg.channel, "leg": code})

    def surveyed(self, t: int, call: Call, agent: str, score: int) -> None:
        self._tell("survey.answered", t, call, agent, {"score": score, "question": 1, "means": MEANS[score]})

    def asked(self, t: int, call: Call, agent: str, queue: str) -> None:
        self._tell("survey.asked", t, call, agent, {"questions": 1, "queue": queue})

    def member_added(self, t: int, agent: Agent, queue: Queue) -> None:
        self._tell("member.added", t, None, agent.code, {"queue": queue.name})

    def member_removed(self, t: int, agent: Agent, queue: Queue) -> None:
        self._tell("member.removed", t, None, agent.code, {"queue": queue.name})

    def paused(self, t: int, agent: Agent, queues: list[str], reason: str, everywhere: bool) -> None:
        for later, queue in enumerate(queues):
            self._tell("member.paused", t + later, None, agent.code, {"queue": queue, "reason": reason})

    def unpaused(self, t: int, agent: Agent, queues: list[str], reason: str, everywhere: bool) -> None:
        for later, queue in enumerate(queues):
            self._tell("member.unpaused", t + later, None, agent.code, {"queue": queue, "reason": reason})

    def reachable(self, t: int, agent: Agent) -> None:
        self._tell("device.reachable" if agent.reachable else "device.unreachable", t, None, agent.code, {})


def _code(leg: Leg | None) -> str:
    return leg.agent.code if leg is not None and leg.agent is not None else ""


def _channel(call: Call, leg: Leg | None) -> str:
    return call.channel if leg is None else leg.channel


def instance_of(switch: str, day: date) -> str:
    """The boot that a simulated day's calls are numbered under: the switch starts anew each morning."""
    return f"{switch}-{day_start(day) // MICRO}"


def facts_of(
    centre: Centre, day: date, *, switch: str = "sim", until: datetime | None = None, source: str = "sim"
) -> list[SwitchFact]:
    """The facts of one simulated day (04:00 to 04:00 Shanghai), up to and including `until`, in order of time."""
    facts = Facts(instance_of(switch, day), source)
    Engine(centre, day, facts).run(None if until is None else round(until.timestamp() * MICRO))
    return facts.told


def history(
    centre: Centre, start_date: date, days: int, *, switch: str = "sim", until: datetime | None = None
) -> Iterator[SwitchFact]:
    """`days` simulated days from `start_date`, cut at `until`. Same arguments, same facts, to the last byte."""
    for offset in range(days):
        yield from facts_of(centre, start_date + timedelta(days=offset), switch=switch, until=until)
