# SPDX-License-Identifier: Apache-2.0
"""Originate: click to call, and the supervisor's ways into a call (listen, whisper, barge, take over)."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

from .day import MICRO, Outing
from .model import Agent, Call, Leg, Stage
from .outgoing import PICK_UP
from .session import Headers, Session

if TYPE_CHECKING:
    from .ami_server import SimulatedSwitch
    from .engine import Engine

_TELEPHONE: Final = re.compile(r"PJSIP/(\d{2,12})")
_REQUEST: Final = {"channel": "Channel", "context": "Context", "exten": "Exten"}
SPY: Final = "zuoxi-spy"
APPLY: Final = "zuoxi-apply"


def originate(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    """Answered at once; OriginateResponse follows when the telephone was taken up, or not."""
    if not headers.get("channel"):
        session.answer(headers, "Error", "Message: Channel not specified")
        return
    session.answer(headers, "Success", "Message: Originate successfully queued")
    engine = switch.engine
    request = {name: headers[key] for key, name in _REQUEST.items() if key in headers}
    request |= {"ActionID": headers.get("actionid", ""), **headers.variables}
    if headers["channel"].startswith("Local/") and headers["channel"].endswith(f"@{APPLY}"):
        switch.frames.applied(engine.world.tick(), headers["channel"], request)
        return
    found = _TELEPHONE.fullmatch(headers["channel"])
    agent = engine.world.agent(found[1]) if found else None
    if agent is None or agent.leg is not None or not agent.reachable:
        nobody = Call("", headers["channel"], "internal", "", headers.get("exten", ""), engine.world.moment)
        switch.frames.originated(engine.world.tick(), nobody, None, request["ActionID"], request)
        return
    if headers.get("context") == SPY:
        Spying(engine, agent, request)
        return
    if "ZUOXI_MACHINE" not in request:  # a dialler rang for him: nobody has sat down at his desk
        engine.floor.take_over(agent)
    engine.outgoing.originate(agent, _outing(engine, request.get("Exten", "")), request)


def _outing(engine: Engine, number: str) -> Outing:
    """What becomes of a call that a person makes: one in eight is not answered, the same each time."""
    fate = zlib.crc32(number.encode())
    answers = number in engine.world.agents or fate % 8 != 0
    ring = (3 + fate % 5) * MICRO
    return Outing(engine.world.now, number, number in engine.world.agents, answers, ring, 240 * MICRO, "NOANSWER")


class Spying:
    """A supervisor's telephone rings, is taken up, and hears a call until it ends or he hangs up."""

    def __init__(self, engine: Engine, supervisor: Agent, request: dict[str, str]) -> None:
        self.engine = engine
        self.world = engine.world
        self.supervisor = supervisor
        self.request = request
        call = self.call = self.world.open_call(supervisor.code, "internal", supervisor.code, request.get("Exten", ""))
        call.stage, call.context, call.exten, call.app = Stage.DIALLING, SPY, request.get("Exten", ""), "ChanSpy"
        leg = self.leg = call.origin = self.world.first_leg(call, supervisor, supervisor.code)
        leg.originated, leg.context = True, SPY
        self.world.dial(call, leg, None)
        self.world.after(PICK_UP, self._picked_up, call.token)

    def _picked_up(self, token: int) -> None:
        call, leg, world = self.call, self.leg, self.world
        if call.token != token:
            return
        world.dialled(call, leg, "ANSWER")
        world.out.originated(world.tick(), call, leg, self.request["ActionID"], self.request)
        target = self._target()
        if target is None:
            self._over(call.token)
            return
        heard, spied = target
        if self.request.get("Exten") == "takeover":
            if not self.engine.transfers.take_over(heard, call, leg):
                self._over(call.token)
            return
        world.out.spied(world.tick(), leg, spied, True)
        world.after(1.0, self._watch, call.token, heard)

    def _target(self) -> tuple[Call, Leg] | None:
        agent = self.world.agents.get(self.request.get("ZUOXI_TARGET", ""))
        if agent is None or agent.leg is None or not agent.leg.answered:
            return None
        call, leg = self.world.channels[agent.leg.channel]
        return (call, leg) if leg is not None else None

    def _watch(self, token: int, heard: Call) -> None:
        if self.call.token != token:
            return
        if heard.stage is Stage.TALKING and heard.linkedid in self.world.calls:
            self.world.after(1.0, self._watch, token, heard)
        else:
            self._over(token)

    def _over(self, token: int) -> None:
        self.engine.outgoing.end(self.call, token)
