# SPDX-License-Identifier: Apache-2.0
"""Manager actions about members of queues: sign in, sign out, pause.

A command for an agent that comes from a desk (signing in or out, a pause other than those around a call, a call of
his own) hands that agent to the person at the desk; the simulated behaviour yields until he signs out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .floor import OWN_REASONS
from .model import Agent
from .session import Headers, Session

if TYPE_CHECKING:
    from .ami_server import SimulatedSwitch

_INTERFACE: Final = re.compile(r"PJSIP/(\d{2,12})")


def agent_at(switch: SimulatedSwitch, interface: str) -> Agent | None:
    """The agent whose telephone it is; a number nobody knew yet gets a telephone. None: no such interface."""
    found = _INTERFACE.fullmatch(interface)
    return switch.engine.world.agent(found[1]) if found else None


def add(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    name, interface = headers.get("queue", ""), headers.get("interface", "")
    if not name:
        session.answer(headers, "Error", "Message: 'Queue' not specified.")
        return
    if not interface:
        session.answer(headers, "Error", "Message: 'Interface' not specified.")
        return
    queue, agent = switch.engine.world.queues.get(name), agent_at(switch, interface)
    if queue is None or agent is None:
        session.answer(headers, "Error", "Message: Unable to add interface to queue: No such queue")
        return
    switch.engine.floor.take_over(agent)
    if queue.name in agent.queues:
        session.answer(headers, "Error", "Message: Unable to add interface: Already there")
        return
    session.answer(headers, "Success", "Message: Added interface to queue")
    paused = _yes(headers.get("paused", ""))
    switch.engine.floor.add(agent, queue, headers.get("reason", "") or "unknown" if paused else "")
    switch.engine.queueing.free(agent)


def remove(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    name, interface = headers.get("queue", ""), headers.get("interface", "")
    if not name or not interface:
        session.answer(headers, "Error", "Message: Need 'Queue' and 'Interface' parameters.")
        return
    queue, agent = switch.engine.world.queues.get(name), agent_at(switch, interface)
    if queue is None:
        session.answer(headers, "Error", "Message: Unable to remove interface from queue: No such queue")
        return
    if agent is None or name not in agent.queues:
        session.answer(headers, "Error", "Message: Unable to remove interface: Not there")
        return
    session.answer(headers, "Success", "Message: Removed interface from queue")
    switch.engine.floor.take_over(agent)
    switch.engine.floor.remove(agent, queue)
    if not agent.queues:
        switch.engine.floor.give_back(agent)


def pause(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    interface, wanted = headers.get("interface", ""), headers.get("paused", "")
    if not interface or not wanted:
        session.answer(headers, "Error", "Message: Need 'Interface' and 'Paused' parameters.")
        return
    agent, name = agent_at(switch, interface), headers.get("queue", "")
    names = [queue for queue in (agent.queues if agent else []) if name in ("", queue)]
    if agent is None or not names:
        session.answer(headers, "Error", "Message: Interface not found")
        return
    done = "paused" if _yes(wanted) else "unpaused"
    session.answer(headers, "Success", f"Message: Interface {done} successfully")
    reason, floor = headers.get("reason", ""), switch.engine.floor
    only = names if name else None
    if not _yes(wanted):
        floor.unpause(agent, only, reason)
        return
    if reason == "oncall" and switch.pauses == "auto":
        switch.engine.pauses_itself = False
    if reason not in OWN_REASONS:
        floor.take_over(agent)
    floor.pause(agent, reason, only)
    floor.nudged(agent)


def _yes(text: str) -> bool:
    return text.lower() in ("yes", "true", "y", "t", "1", "on")
