# SPDX-License-Identifier: Apache-2.0
"""AMI frame → fact. Pure: the same frame of the same boot is the same fact with the same key, whenever it is read.

Identity of a call is its linked id under the boot of the switch that numbered it, because Asterisk counts from
`<second>.0` again after each start. The system name (see `frames`) is a secret and is cut from every id.
ContactStatus is heard but says nothing here: a telephone that registers again from a second browser tab reports
its old contact removed, although the telephone is there. PeerStatus speaks for the telephone as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from zuoxi.telephony.asterisk import user_events
from zuoxi.telephony.asterisk.frames import Frame
from zuoxi.telephony.asterisk.identity import (
    Boot,
    Told,
    Untold,
    agent_of,
    moment_of,
    number_of,
    target_of,
    whole,
)
from zuoxi.telephony.facts import SwitchFact

_UNREACHABLE: Final = frozenset({"4", "5"})  # AST_DEVICE_INVALID, AST_DEVICE_UNAVAILABLE
_UP: Final = "6"  # AST_STATE_UP
_ENDED_BY: Final = frozenset({"agent", "caller", "transfer"})
_MILLISECONDS: Final = 1000

_Fields = dict[str, str]


def translate(frame: Frame, boot: Boot) -> SwitchFact | None:
    """The fact that the frame states; None for a frame that is no fact. Untold for impossible values."""
    teller = _TELLERS.get(frame.event)
    told = teller(frame.fields) if teller else None
    if told is None:
        return None
    kind, linked_id, party, data = told
    subject = boot.call(linked_id) if linked_id else ""
    at = moment_of(frame.fields["Timestamp"])
    return SwitchFact(kind, at, subject, party, data, "ami", boot.fact_key(frame.raw, at))


def _joined(f: _Fields) -> Told:
    data = {"queue": f["Queue"], "position": whole(f["Position"]), "caller": number_of(f["CallerIDNum"])}
    return "queue.joined", f["Linkedid"], "", data


def _abandoned(f: _Fields) -> Told:
    data = {"queue": f["Queue"], "position": whole(f["Position"]), "wait": whole(f["HoldTime"])}
    return "queue.abandoned", f["Linkedid"], "", data


def _offered(f: _Fields) -> Told:
    return "agent.ringing", _either(f), _agent(f["Interface"]), {"queue": f["Queue"]}


def _not_answered(f: _Fields) -> Told:
    ring = whole(f["RingTime"]) // _MILLISECONDS
    return "agent.no_answer", _either(f), _agent(f["Interface"]), {"queue": f["Queue"], "ring": ring}


def _dumped(f: _Fields) -> Told:
    return "agent.no_answer", _either(f), _agent(f["Interface"]), {"queue": f["Queue"]}


def _connected(f: _Fields) -> Told:
    data = {
        "queue": f["Queue"],
        "wait": whole(f["HoldTime"]),
        "ring": whole(f["RingTime"]),
        "channel": f["DestChannel"],
    }
    return "agent.connected", _either(f), _agent(f["Interface"]), data


def _completed(f: _Fields) -> Told:
    if f["Reason"] not in _ENDED_BY:
        raise Untold(f"end {f['Reason'][:40]!r}")
    data = {
        "queue": f["Queue"],
        "wait": whole(f["HoldTime"]),
        "talk": whole(f["TalkTime"]),
        "ended_by": f["Reason"],
    }
    return "agent.completed", _either(f), _agent(f["Interface"]), data


def _either(f: _Fields) -> str:
    """The call by either of its channels; "" where both were gone by the time that the event was written."""
    return f["Linkedid"] or f["DestLinkedid"]


def _agent(interface: str) -> str:
    if not (agent := agent_of(interface)):
        raise Untold(f"member {interface[:40]!r} is no agent's telephone")
    return agent


def _member_added(f: _Fields) -> Told:
    return "member.added", "", _agent(f["Interface"]), {"queue": f["Queue"]}


def _member_removed(f: _Fields) -> Told:
    return "member.removed", "", _agent(f["Interface"]), {"queue": f["Queue"]}


def _member_paused(f: _Fields) -> Told:
    kind = "member.paused" if f["Paused"] == "1" else "member.unpaused"
    return kind, "", _agent(f["Interface"]), {"queue": f["Queue"], "reason": f["PausedReason"]}


def _member_status(f: _Fields) -> Told:
    return _device(f["Status"] not in _UNREACHABLE, _agent(f["Interface"]))


def _peer(f: _Fields) -> Told | None:
    agent = agent_of(f["Peer"])
    return _device(f["PeerStatus"] in ("Reachable", "Registered"), agent) if agent else None


def _device_state(f: _Fields) -> Told | None:
    agent = agent_of(f["Device"])
    return _device(f["State"] not in ("UNAVAILABLE", "INVALID"), agent) if agent else None


def _device(reachable: bool, agent: str) -> Told:
    return "device.reachable" if reachable else "device.unreachable", "", agent, {}


def _dialled(f: _Fields) -> Told | None:
    if not f["Channel"]:
        return None  # we ring the agent's own telephone to connect him; his call begins when he takes it up
    if f["DialString"].startswith("PJSIP/"):
        return None  # a queue writes so where Dial writes the bare number; AgentCalled tells it
    if rung := agent_of(f["DestChannel"]):
        return "agent.ringing", f["Linkedid"], rung, {"queue": ""}
    data = {"number": target_of(f["DialString"]), "channel": f["DestChannel"]}
    return "call.dialled", f["Linkedid"], agent_of(f["Channel"]), data


def _dial_ended(f: _Fields) -> Told | None:
    if not f["Channel"]:
        return None
    rung = agent_of(f["DestChannel"])
    if f["DialStatus"] == "ANSWER":
        return "call.answered", f["Linkedid"], rung, {"channel": f["DestChannel"]}
    return "call.dial_ended", f["Linkedid"], rung, {"status": f["DialStatus"], "channel": f["DestChannel"]}


def _leg(kind: str) -> Callable[[_Fields], Told]:
    def tell(f: _Fields) -> Told:
        data = {"channel": f["Channel"], "bridge": f["BridgeUniqueid"]}
        return kind, f["Linkedid"], agent_of(f["Channel"]), data

    return tell


def _hold(kind: str) -> Callable[[_Fields], Told]:
    def tell(f: _Fields) -> Told:
        return kind, f["Linkedid"], agent_of(f["Channel"]), {"channel": f["Channel"]}

    return tell


def _blind(f: _Fields) -> Told:
    data = {"how": "blind", "to": number_of(f["Extension"]), "result": f["Result"]}
    return "call.transferred", f["TransfererLinkedid"], agent_of(f["TransfererChannel"]), data


def _attended(f: _Fields) -> Told:
    data = {"how": "attended", "to": target_of(f["TransferTargetChannel"]), "result": f["Result"]}
    linked_id = f["TransfereeLinkedid"] or f["OrigTransfererLinkedid"]
    return "call.transferred", linked_id, agent_of(f["OrigTransfererChannel"]), data


def _hung_up(f: _Fields) -> Told | None:
    agent = agent_of(f["Channel"])
    if f["Uniqueid"] == f["Linkedid"]:
        data = {"cause": whole(f["Cause"]), "channel": f["Channel"]}
        return "call.ended", f["Linkedid"], agent, data
    if not agent or f["ChannelState"] != _UP:
        return None  # a ring's end is told by the dial that ends; the call's first channel is up
    return "leg.ended", f["Linkedid"], agent, {"channel": f["Channel"]}


_TELLERS: Final[dict[str, Callable[[_Fields], Told | None]]] = {
    "QueueCallerJoin": _joined,
    "QueueCallerAbandon": _abandoned,
    "AgentCalled": _offered,
    "AgentRingNoAnswer": _not_answered,
    "AgentDump": _dumped,
    "AgentConnect": _connected,
    "AgentComplete": _completed,
    "QueueMemberAdded": _member_added,
    "QueueMemberRemoved": _member_removed,
    "QueueMemberPause": _member_paused,
    "QueueMemberStatus": _member_status,
    "PeerStatus": _peer,
    "DeviceStateChange": _device_state,
    "DialBegin": _dialled,
    "DialEnd": _dial_ended,
    "BridgeEnter": _leg("leg.joined"),
    "BridgeLeave": _leg("leg.left"),
    "Hold": _hold("call.held"),
    "Unhold": _hold("call.resumed"),
    "BlindTransfer": _blind,
    "AttendedTransfer": _attended,
    "Hangup": _hung_up,
    "UserEvent": user_events.tell,
}
