# SPDX-License-Identifier: Apache-2.0
"""Manager actions that change something: members, calls, variables. What they do shows in the events that follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from . import memberships
from .memberships import agent_at
from .model import Call, Leg
from .originate import originate
from .session import Headers, Session

if TYPE_CHECKING:
    from .ami_server import SimulatedSwitch

Action = Callable[["SimulatedSwitch", Session, Headers], None]


def _channel(
    switch: SimulatedSwitch, session: Session, headers: Headers, missing: str, name: str = "channel"
) -> tuple[Call, Leg | None] | None:
    """The call and leg of the channel that the action names; answers with `missing` and gives None where none is."""
    wanted = headers.get(name, "")
    channels = switch.engine.world.channels
    found = channels.get(wanted)
    if found is None and len(wanted) > 2 and wanted[0] == wanted[-1] == "/":
        code = re.search(r"PJSIP/(\w+)", wanted.replace("\\", ""))
        found = next((pair for known, pair in channels.items() if code and known.startswith(f"PJSIP/{code[1]}-")), None)
    if found is None:
        session.answer(headers, "Error", f"Message: {missing.format(wanted)}")
    return found


def _hang_up(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    if not headers.get("channel"):
        session.answer(headers, "Error", "Message: No channel specified")
        return
    found = _channel(switch, session, headers, "No such channel")
    if found is None:
        return
    session.answer(headers, "Success", "Message: Channel Hungup")
    switch.engine.hang_up(*found)


def _redirect(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    found = _channel(switch, session, headers, "Channel does not exist: {}")
    if found is None:
        return
    session.answer(headers, "Success", "Message: Redirect successful")
    switch.engine.redirect(found[0], headers.get("context", ""), headers.get("exten", ""))


def _blind(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    found = _channel(switch, session, headers, "Channel specified does not exist")
    if found is None:
        return
    extension, context = headers.get("exten", ""), headers.get("context", "zuoxi-transfer")
    if not switch.engine.transfers.possible(found[0], extension):
        session.answer(headers, "Error", "Message: Transfer failed")
        return
    session.answer(headers, "Success", "Message: Transfer succeeded")
    switch.engine.transfers.blind(found[0], extension, context)


def _attended(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    found = _channel(switch, session, headers, "Channel specified does not exist")
    if found is None:
        return
    mate = agent_at(switch, f"PJSIP/{headers.get('exten', '')}")
    if mate is None or not switch.engine.transfers.consult(found[0], mate):
        session.answer(headers, "Error", "Message: Transfer failed")
        return
    session.answer(headers, "Success", "Message: Atxfer successfully queued")


def _cancel_attended(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    found = _channel(switch, session, headers, "Channel specified does not exist")
    if found is not None:
        session.answer(headers, "Success", "Message: CancelAtxfer successfully queued")
        switch.engine.transfers.take_back(found[0])


def _bridge(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    first = _channel(switch, session, headers, "Channel1 does not exist: {}", "channel1")
    if first is None:
        return
    second = _channel(switch, session, headers, "Channel2 does not exist: {}", "channel2")
    if second is None:
        return
    session.answer(headers, "Success", "Message: Channels have been bridged")
    if second[1] is not None:
        switch.engine.transfers.take_over(first[0], second[0], second[1])


def _get_variable(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    name = headers.get("variable", "")
    if not name:
        session.answer(headers, "Error", "Message: No variable specified")
        return
    values = switch.globals
    if headers.get("channel"):
        found = _channel(switch, session, headers, "No such channel")
        if found is None:
            return
        call, leg = found
        values = {"CHANNEL(name)": leg.channel if leg else call.channel, **call.variables}
    session.answer(headers, "Success", f"Variable: {name}", f"Value: {values.get(name, '')}")


def _set_variable(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    values = switch.globals
    if headers.get("channel"):
        found = _channel(switch, session, headers, "No such channel")
        if found is None:
            return
        values = found[0].variables
    values[headers.get("variable", "")] = headers.get("value", "")
    session.answer(headers, "Success", "Message: Variable Set")


def _user_event(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    """Repeated to all as Asterisk does; ZuoxiDesk also does what a telephone's own keys would do."""
    session.answer(headers, "Success", "Message: Event Sent")
    skipped = ("action", "actionid", "userevent")
    lines = [f"{name}: {value}\r\n" for name, value in headers.lines if name.lower() not in skipped]
    name = f"UserEvent: {headers.get('userevent', '')}\r\n"
    switch.frames.emit("UserEvent", "user", switch.engine.world.tick(), name, *lines, headers.action_id)
    if headers.get("userevent") == "ZuoxiDesk":
        agent = switch.engine.world.agents.get(headers.get("agent", ""))
        if agent is not None:
            switch.engine.press(agent, headers.get("key", ""))


def _notify(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    """What a telephone is told to do: talk (answer, or go on), hold."""
    found = _channel(switch, session, headers, "Could not find channel {}") if headers.get("channel") else None
    agent = found[1].agent if found and found[1] else switch.engine.world.agents.get(headers.get("endpoint", ""))
    if agent is None:
        if found is None and headers.get("channel"):
            return
        session.answer(headers, "Error", "Message: Unable to retrieve endpoint")
        return
    session.answer(headers, "Success", "Message: NOTIFY sent")
    switch.engine.press(agent, headers.variables.get("Event", ""))


def _play_digit(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    """A digit as if pressed on the telephone: "*3" joins a consultation and its call."""
    found = _channel(switch, session, headers, "Channel not found")
    if found is None:
        return
    session.answer(headers, "Success", "Message: DTMF successfully queued")
    call, digits = found[0], found[0].variables
    digits["DIGITS"] = (digits.get("DIGITS", "") + headers.get("digit", ""))[-2:]
    if digits["DIGITS"] == "*3":
        switch.engine.transfers.join(call)


def _mute(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    if _channel(switch, session, headers, "No such channel") is not None:
        session.answer(headers, "Success")


def _done(message: str) -> Action:
    def act(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
        session.answer(headers, "Success", f"Message: {message}")

    return act


COMMANDS: Final[dict[str, Action]] = {
    "queueadd": memberships.add,
    "queueremove": memberships.remove,
    "queuepause": memberships.pause,
    "originate": originate,
    "hangup": _hang_up,
    "redirect": _redirect,
    "blindtransfer": _blind,
    "atxfer": _attended,
    "cancelatxfer": _cancel_attended,
    "bridge": _bridge,
    "getvar": _get_variable,
    "setvar": _set_variable,
    "userevent": _user_event,
    "pjsipnotify": _notify,
    "muteaudio": _mute,
    "playdtmf": _play_digit,
    "queuereset": _done("Queue stats reset successfully"),
    "queuelog": _done("Event added successfully"),
    "reload": _done("Module Reloaded"),
}
