# SPDX-License-Identifier: Apache-2.0
"""The manager actions that the simulated switch knows: questions here, commands in `commands`.

Answers and errors are worded as Asterisk 22 words them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from . import commands
from .blocks import channel_row, member_row
from .day import MICRO
from .model import Queue
from .session import Headers, Session

if TYPE_CHECKING:
    from .ami_server import SimulatedSwitch

Action = Callable[["SimulatedSwitch", Session, Headers], None]


def perform(switch: SimulatedSwitch, session: Session, action: str, headers: Headers) -> None:
    """Answer the action, or say that there is no such."""
    known = ACTIONS.get(action)
    if known is not None:
        known(switch, session, headers)
        return
    name = headers.get("action", "")
    complaint = f"Invalid/unknown command: {name}. Use Action: ListCommands to show available commands."
    session.answer(headers, "Error", f"Message: {complaint}" if name else "Message: Missing action in request")


def _ping(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    moment = switch.engine.world.moment
    session.answer(headers, "Success", "Ping: Pong", f"Timestamp: {moment // MICRO}.{moment % MICRO:06d}")


def _core_settings(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    session.answer(
        headers,
        "Success",
        "AMIversion: 11.0.0",
        "AsteriskVersion: 22.10.1-zuoxi-simulator",
        f"SystemName: {switch.system_name}",
        "CoreMaxCalls: 0",
        "CoreMaxLoadAvg: 0.000000",
        "CoreRunUser: ",
        "CoreRunGroup: ",
        "CoreMaxFilehandles: 60000",
        "CoreRealTimeEnabled: No",
        "CoreCDRenabled: Yes",
        "CoreHTTPenabled: No",
        "SoundsSearchCustomDir: No",
    )


def _core_status(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    up = datetime.fromtimestamp(switch.boot, UTC)
    session.answer(
        headers,
        "Success",
        f"CoreStartupDate: {up:%Y-%m-%d}",
        f"CoreStartupTime: {up:%H:%M:%S}",
        f"CoreReloadDate: {up:%Y-%m-%d}",
        f"CoreReloadTime: {up:%H:%M:%S}",
        f"CoreCurrentCalls: {len(switch.engine.world.calls)}",
        f"CoreProcessedCalls: {switch.engine.world.opened}",
    )


def _list(session: Session, headers: Headers, message: str, rows: list[str], end: str) -> None:
    """A list answer: its start, its events, its end with the number of items."""
    session.answer(headers, "Success", "EventList: start", f"Message: {message}")
    tail = f"Event: {end}\r\n{headers.action_id}EventList: Complete\r\nListItems: {len(rows)}\r\n\r\n"
    session.write(("".join(rows) + tail).encode())


def _wanted(switch: SimulatedSwitch, headers: Headers) -> list[Queue]:
    name = headers.get("queue", "")
    return [queue for queue in switch.engine.world.queues.values() if name in ("", queue.name)]


def _queue_status(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    rows: list[str] = []
    for queue in _wanted(switch, headers):
        rows += _queue_rows(switch, queue, headers)
    _list(session, headers, "Queue status will follow", rows, "QueueStatusComplete")


def _queue_rows(switch: SimulatedSwitch, queue: Queue, headers: Headers) -> Iterator[str]:
    member, now = headers.get("member", ""), switch.engine.world.moment
    answered = queue.completed
    share = 100.0 * queue.in_time / answered if answered else 0.0
    offered = answered + queue.abandoned
    second = 100.0 * queue.in_time / offered if offered else 0.0
    yield (
        f"Event: QueueParams\r\nQueue: {queue.name}\r\nMax: {queue.profile.max_callers}\r\nStrategy: rrmemory\r\n"
        f"Calls: {len(queue.waiting)}\r\nHoldtime: {queue.holdtime}\r\nTalkTime: {queue.talktime}\r\n"
        f"Completed: {queue.completed}\r\nAbandoned: {queue.abandoned}\r\n"
        f"ServiceLevel: {queue.profile.target_seconds}\r\nServicelevelPerf: {share:.1f}\r\n"
        f"ServicelevelPerf2: {second:.1f}\r\nWeight: {queue.profile.weight}\r\n{headers.action_id}\r\n"
    )
    for agent in queue.members:
        if member in ("", f"PJSIP/{agent.code}"):
            yield member_row(agent, queue.name, headers.action_id)
    for place, call in enumerate(queue.waiting, 1):
        yield (
            f"Event: QueueEntry\r\nQueue: {queue.name}\r\nPosition: {place}\r\nChannel: {call.channel}\r\n"
            f"Uniqueid: {switch.ids}{call.linkedid}\r\nCallerIDNum: {call.caller}\r\nCallerIDName: unknown\r\n"
            f"ConnectedLineNum: unknown\r\nConnectedLineName: unknown\r\n"
            f"Wait: {max(0, now - call.joined) // MICRO}\r\nPriority: {call.priority}\r\n{headers.action_id}\r\n"
        )


def _queue_summary(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    rows = []
    now = switch.engine.world.moment
    for queue in _wanted(switch, headers):
        free = sum(agent.can_take(queue.name) for agent in queue.members)
        longest = max(((now - call.joined) // MICRO for call in queue.waiting), default=0)
        rows.append(
            f"Event: QueueSummary\r\nQueue: {queue.name}\r\nLoggedIn: {len(queue.members)}\r\nAvailable: {free}\r\n"
            f"Callers: {len(queue.waiting)}\r\nHoldTime: {queue.holdtime}\r\nTalkTime: {queue.talktime}\r\n"
            f"LongestHoldTime: {longest}\r\n{headers.action_id}\r\n"
        )
    _list(session, headers, "Queue summary will follow", rows, "QueueSummaryComplete")


def _show_channels(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    world = switch.engine.world
    rows = [
        channel_row(
            call, leg, switch.ids, headers.action_id, (world.moment - (leg.rang if leg else call.started)) // MICRO
        )
        for call, leg in world.channels.values()
    ]
    _list(session, headers, "Channels will follow", rows, "CoreShowChannelsComplete")


def _show_contacts(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    rows = [
        f"Event: ContactList\r\n{headers.action_id}ObjectType: contact\r\nObjectName: {agent.code}\r\n"
        f"Uri: sip:{agent.code}@127.0.0.1\r\nStatus: {'Reachable' if agent.reachable else 'Unavailable'}\r\n"
        f"Endpoint: {agent.code}\r\n\r\n"
        for agent in switch.engine.world.agents.values()
    ]
    message = "A listing of Contacts follows, presented as ContactList events"
    _list(session, headers, message, rows, "ContactListComplete")


def _command(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    command = headers.get("command", "")
    seconds = switch.uptime()
    told = {
        "core show uptime": [f"System uptime: {seconds} seconds", f"Last reload: {seconds} seconds"],
        "core show version": ["Asterisk 22.10.1-zuoxi-simulator"],
        "core show channels count": [f"{len(switch.engine.world.channels)} active channels"],
    }.get(command)
    lines = told or [f"No such command '{command}' (type 'core show help {command}' for other possible commands)"]
    response = "Success" if told else "Error"
    session.answer(headers, response, "Message: Command output follows", *(f"Output: {line}" for line in lines))


def _list_commands(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    session.answer(headers, "Success", *(f"{name}: simulated  (Priv: <none>)" for name in sorted(ACTIONS)))


def _fault(switch: SimulatedSwitch, session: Session, headers: Headers) -> None:
    """Ours alone, and only where the switch was made with `control`: makes something go wrong."""
    if not switch.control:
        session.answer(headers, "Error", "Message: Permission denied")
        return
    session.answer(headers, "Success", "Message: Fault will follow")
    if not switch.fault(headers.get("fault", ""), float(headers.get("amount", "1"))):
        session.answer(headers, "Error", "Message: No such fault")


ACTIONS: Final[dict[str, Action]] = {
    "ping": _ping,
    "coresettings": _core_settings,
    "corestatus": _core_status,
    "queuestatus": _queue_status,
    "queuesummary": _queue_summary,
    "coreshowchannels": _show_channels,
    "pjsipshowcontacts": _show_contacts,
    "command": _command,
    "listcommands": _list_commands,
    "zuoxifault": _fault,
    **commands.COMMANDS,
}
