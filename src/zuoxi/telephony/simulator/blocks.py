# SPDX-License-Identifier: Apache-2.0
"""The runs of headers that recur in manager events: a channel's snapshot, a bridge's, a queue member's."""

# ruff: noqa: PLR0917 - a block is its headers in their order

from __future__ import annotations

from typing import Final

from .model import Agent, Call, Leg, Stage

UNKNOWN: Final = "<unknown>"
_STATES: Final = {"Down": 0, "Ringing": 5, "Up": 6}


def channel_block(
    prefix: str,
    name: str,
    state: str,
    caller: tuple[str, str],
    other: tuple[str, str],
    place: tuple[str, str],
    ids: tuple[str, str],
) -> str:
    """`caller` and `other`: number and name; `place`: context and extension; `ids`: unique and linked id."""
    p = prefix
    return (
        f"{p}Channel: {name}\r\n{p}ChannelState: {_STATES[state]}\r\n{p}ChannelStateDesc: {state}\r\n"
        f"{p}CallerIDNum: {caller[0]}\r\n{p}CallerIDName: {caller[1]}\r\n"
        f"{p}ConnectedLineNum: {other[0]}\r\n{p}ConnectedLineName: {other[1]}\r\n"
        f"{p}Language: en\r\n{p}AccountCode: \r\n"
        f"{p}Context: {place[0]}\r\n{p}Exten: {place[1]}\r\n{p}Priority: 1\r\n"
        f"{p}Uniqueid: {ids[0]}\r\n{p}Linkedid: {ids[1]}\r\n"
    )


def call_block(call: Call, ids: str, prefix: str = "") -> str:
    """The caller's own channel. `ids` stands before every unique id (the system name)."""
    leg = call.leg
    other = _party(leg) if leg is not None and leg.answered else (UNKNOWN, UNKNOWN)
    caller = (call.caller, UNKNOWN)
    uid = ids + call.linkedid
    return channel_block(prefix, call.channel, "Up", caller, other, (call.context, call.exten), (uid, uid))


def leg_block(call: Call, leg: Leg, ids: str, prefix: str = "") -> str:
    """The channel of an agent's telephone, or of the outside party of an outgoing call."""
    state = "Up" if leg.answered else "Down"
    if leg.originated:
        other = _party(call.leg) if call.leg is not None else _party(leg)
    else:
        other = _party(call.origin) if call.origin is not None else (call.caller, UNKNOWN)
    exten = "s" if not leg.answered else call.exten
    place = ("from-trunk" if leg.agent is None else leg.context, exten)
    return channel_block(prefix, leg.channel, state, _party(leg), other, place, (ids + leg.uid, ids + call.linkedid))


def _party(leg: Leg) -> tuple[str, str]:
    return (leg.agent.code, leg.agent.profile.name) if leg.agent is not None else (leg.number, UNKNOWN)


def bridge_block(bridge: str, members: int, prefix: str = "") -> str:
    p = prefix
    return (
        f"{p}BridgeUniqueid: {bridge}\r\n{p}BridgeType: basic\r\n{p}BridgeTechnology: simple_bridge\r\n"
        f"{p}BridgeCreator: <unknown>\r\n{p}BridgeName: <unknown>\r\n"
        f"{p}BridgeNumChannels: {members}\r\n{p}BridgeVideoSourceMode: none\r\n"
    )


def in_call(agent: Agent) -> bool:
    """Whether app_queue counts the member as in a call of a queue."""
    return agent.leg is not None and bool(agent.leg.answered) and bool(agent.leg.queue)


def member_block(agent: Agent, queue: str, reason: str | None = None) -> str:
    """A member as live events print him; `reason` in place of the pause's own (an unpause may give one)."""
    told = agent.paused.get(queue, "") if reason is None else reason
    return (
        f"Queue: {queue}\r\nMemberName: {agent.code}\r\nInterface: PJSIP/{agent.code}\r\n"
        f"StateInterface: PJSIP/{agent.code}\r\nMembership: dynamic\r\nPenalty: 0\r\n"
        f"CallsTaken: {agent.taken}\r\nLastCall: {agent.last_call}\r\nLastPause: {agent.last_pause}\r\n"
        f"LoginTime: {agent.login}\r\nInCall: {int(in_call(agent))}\r\nStatus: {agent.status}\r\n"
        f"Paused: {int(queue in agent.paused)}\r\nPausedReason: {told}\r\nRinginuse: 0\r\nWrapuptime: 0\r\n"
    )


def member_row(agent: Agent, queue: str, action_id: str) -> str:
    """A member as QueueStatus lists him."""
    return (
        f"Event: QueueMember\r\nQueue: {queue}\r\nName: {agent.code}\r\nLocation: PJSIP/{agent.code}\r\n"
        f"StateInterface: PJSIP/{agent.code}\r\nMembership: dynamic\r\nPenalty: 0\r\n"
        f"CallsTaken: {agent.taken}\r\nLastCall: {agent.last_call}\r\nLastPause: {agent.last_pause}\r\n"
        f"LoginTime: {agent.login}\r\nInCall: {int(in_call(agent))}\r\nStatus: {agent.status}\r\n"
        f"Paused: {int(queue in agent.paused)}\r\nPausedReason: {agent.paused.get(queue, '')}\r\nWrapuptime: 0\r\n"
        f"{action_id}\r\n"
    )


def channel_row(call: Call, leg: Leg | None, ids: str, action_id: str, seconds: int) -> str:
    """A channel as CoreShowChannels lists it."""
    block = call_block(call, ids) if leg is None else leg_block(call, leg, ids)
    bridge = call.inside.get(call.channel if leg is None else leg.channel, "")
    if leg is None:
        app = "Queue" if call.queue is not None else call.app if call.stage is not Stage.AFTER else "Playback"
    else:
        spying = leg.originated and call.app == "ChanSpy" and call.inside.get(leg.channel) is None
        app = "AppQueue" if leg.queue else "ChanSpy" if spying else "Dial" if leg.originated else "AppDial"
    data = call.queue.name if leg is None and call.queue is not None else ""
    hours, rest = divmod(max(0, seconds), 3600)
    return (
        f"Event: CoreShowChannel\r\n{action_id}{block}Application: {app}\r\nApplicationData: {data}\r\n"
        f"Duration: {hours:02d}:{rest // 60:02d}:{rest % 60:02d}\r\nBridgeId: {bridge}\r\n\r\n"
    )
