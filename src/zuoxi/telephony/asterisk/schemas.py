# SPDX-License-Identifier: Apache-2.0
"""The AMI events we listen to, header by header, as Asterisk 22 writes them.

One table, read by three: the parser (which frames are believed), the configuration (what the listener's
account may hear) and the tests. The order of headers is Asterisk's own and is part of the check: text of a caller
that breaks out of its line cannot keep it. Derived from traces of Asterisk 22.10.1; headers that only some
situations have are `maybe`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_VALUE: Final = r"[ -~\xa0-\u2027\u202a-\U0010ffff]*+"
"""One line of text: no C0, DEL or C1 control character and no Unicode line or paragraph separator."""


@dataclass(frozen=True, slots=True)
class Maybe:
    """Headers that stand together or not at all."""

    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Exactly one of several runs of headers, the longest first."""

    runs: tuple[tuple[str, ...], ...]


Part = str | Maybe | OneOf


@dataclass(frozen=True, slots=True)
class Schema:
    """One event: its headers after the preamble, in order, and which of them we read.

    `answer` events reply to an action of ours: they carry its ActionID instead of privilege, time and system name.
    """

    event: str
    parts: tuple[Part, ...]
    read: tuple[str, ...]
    privilege: str = ""
    answer: bool = False
    free: bool = False
    """Lines of our own dial plan follow, which the translator checks (UserEvent)."""

    def headers(self) -> list[str]:
        """Every header this event may have, in order (of alternatives, all)."""
        found: list[str] = []
        for part in self.parts:
            match part:
                case str():
                    found.append(part)
                case Maybe(headers):
                    found += headers
                case OneOf(runs):
                    found += [header for run in runs for header in run if header not in found]
        return found


def maybe(*headers: str) -> Maybe:
    return Maybe(headers)


def channel(prefix: str = "") -> tuple[str, ...]:
    """A channel's snapshot, as it opens most events."""
    return tuple(
        prefix + header
        for header in (
            "Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName",
            "ConnectedLineNum", "ConnectedLineName", "Language", "AccountCode",
            "Context", "Exten", "Priority", "Uniqueid", "Linkedid",
        )
    )  # fmt: skip


def bridge(prefix: str = "") -> tuple[str, ...]:
    """A bridge's snapshot."""
    return tuple(
        f"{prefix}Bridge{header}"
        for header in ("Uniqueid", "Type", "Technology", "Creator", "Name", "NumChannels", "VideoSourceMode")
    )


_MEMBER = (
    "Queue", "MemberName", "Interface", "StateInterface", "Membership", "Penalty", "CallsTaken", "LastCall",
    "LastPause", "LoginTime", "InCall", "Status", "Paused", "PausedReason", "Ringinuse", "Wrapuptime",
)  # fmt: skip
# either channel is missing where it was gone by the time that the event was written
_OFFER: tuple[Part, ...] = (Maybe(channel()), Maybe(channel("Dest")), "Queue", "Interface", "MemberName")
_DIAL: tuple[Part, ...] = (Maybe(channel()), *channel("Dest"))
_CALL = ("Channel", "CallerIDNum", "Uniqueid", "Linkedid")
_LIST_END = ("ActionID", "EventList", "ListItems")
_AGENT = ("Linkedid", "DestChannel", "DestLinkedid", "Queue", "Interface")


def _member(event: str) -> Schema:
    read = ("Queue", "MemberName", "Interface", "Status", "Paused", "PausedReason")
    return Schema(event, _MEMBER, read, "agent,all")


SCHEMAS: Final[tuple[Schema, ...]] = (
    # The caller in the queue
    Schema("QueueCallerJoin", (*channel(), "Queue", "Position", "Count"),
           (*_CALL, "Exten", "Queue", "Position"), "agent,all"),
    Schema("QueueCallerLeave", (*channel(), "Queue", "Position", "Count"),
           (*_CALL, "Queue", "Position"), "agent,all"),
    Schema("QueueCallerAbandon", (*channel(), "Queue", "Position", "OriginalPosition", "HoldTime"),
           (*_CALL, "Queue", "Position", "HoldTime"), "agent,all"),
    # The agent offered a caller
    Schema("AgentCalled", _OFFER, _AGENT, "agent,all"),
    Schema("AgentRingNoAnswer", (*_OFFER, "RingTime"), (*_AGENT, "RingTime"), "agent,all"),
    Schema("AgentConnect", (*_OFFER, "HoldTime", "RingTime"), (*_AGENT, "HoldTime", "RingTime"), "agent,all"),
    Schema("AgentComplete", (*_OFFER, "HoldTime", "TalkTime", "Reason"),
           (*_AGENT, "HoldTime", "TalkTime", "Reason"), "agent,all"),
    Schema("AgentDump", _OFFER, _AGENT, "agent,all"),
    # Membership of queues
    _member("QueueMemberAdded"),
    _member("QueueMemberRemoved"),
    _member("QueueMemberPause"),
    _member("QueueMemberStatus"),
    # Legs
    Schema("DialBegin", (*_DIAL, maybe("DialString")),
           ("Channel", "Linkedid", "DestChannel", "DialString"), "call,all"),
    Schema("DialEnd", (*_DIAL, "DialStatus", maybe("Forward")),
           ("Channel", "Linkedid", "DestChannel", "DialStatus"), "call,all"),
    Schema("BridgeEnter", (*bridge(), *channel(), maybe("SwapUniqueid")),
           (*_CALL, "BridgeUniqueid"), "call,all"),
    Schema("BridgeLeave", (*bridge(), *channel()), (*_CALL, "BridgeUniqueid"), "call,all"),
    Schema("Hold", (*channel(), maybe("MusicClass")), _CALL, "call,all"),
    Schema("Unhold", channel(), _CALL, "call,all"),
    Schema("BlindTransfer",
           ("Result", *channel("Transferer"), Maybe(channel("Transferee")), Maybe(bridge()),
            "IsExternal", "Context", "Extension"),
           ("Result", "TransfererChannel", "TransfererLinkedid", "TransfereeChannel", "TransfereeLinkedid",
            "Extension"), "call,all"),
    Schema("AttendedTransfer",
           ("Result", *channel("OrigTransferer"), Maybe(bridge("Orig")),
            *channel("SecondTransferer"), Maybe(bridge("Second")),
            Maybe(channel("Transferee")), Maybe(channel("TransferTarget")), "IsExternal", "DestType",
            OneOf(((*channel("LocalOne"), *channel("LocalTwo")),
                   ("DestBridgeUniqueid", "DestTransfererChannel"), ("DestBridgeUniqueid",), ("DestApp",), ()))),
           ("Result", "OrigTransfererChannel", "OrigTransfererLinkedid", "TransfereeLinkedid",
            "TransferTargetChannel"), "call,all"),
    Schema("Hangup", (*channel(), "Cause", "Cause-txt", maybe("TechCause")), (*_CALL, "ChannelState", "Cause"),
           "call,all"),
    # Telephones
    Schema("ContactStatus", ("URI", "ContactStatus", "AOR", "EndpointName", maybe("RoundtripUsec")),
           ("ContactStatus", "EndpointName"), "system,all"),
    Schema("PeerStatus",
           ("ChannelType", "Peer", "PeerStatus",
            maybe("Cause"), maybe("Address"), maybe("Port"), maybe("Time")),
           ("Peer", "PeerStatus"), "system,all"),
    Schema("DeviceStateChange", ("Device", "State"), ("Device", "State"), "call,all"),
    # Our own dial plan
    Schema("UserEvent", (*channel(), "UserEvent"), (*_CALL, "Exten", "UserEvent"), "user,all", free=True),
    # The switch itself
    Schema("FullyBooted", ("Uptime", "LastReload", "Status"), ("Uptime",), "system,all"),
    Schema("Shutdown", ("Shutdown", "Restart"), ("Shutdown", "Restart"), "system,all"),
    # Answers to our own actions
    Schema("QueueParams",
           ("Queue", "Max", "Strategy", "Calls", "Holdtime", "TalkTime", "Completed", "Abandoned",
            "ServiceLevel", "ServicelevelPerf", "ServicelevelPerf2", "Weight", "ActionID"),
           ("Queue", "Calls", "ActionID"), answer=True),
    Schema("QueueMember",
           ("Queue", "Name", "Location", "StateInterface", "Membership", "Penalty", "CallsTaken", "LastCall",
            "LastPause", "LoginTime", "InCall", "Status", "Paused", "PausedReason", "Wrapuptime", "ActionID"),
           ("Queue", "Name", "Location", "InCall", "Status", "Paused", "PausedReason", "ActionID"),
           answer=True),
    Schema("QueueEntry",
           ("Queue", "Position", "Channel", "Uniqueid", "CallerIDNum", "CallerIDName", "ConnectedLineNum",
            "ConnectedLineName", "Wait", "Priority", "ActionID"),
           ("Queue", "Position", "Channel", "Uniqueid", "CallerIDNum", "Wait", "ActionID"), answer=True),
    Schema("QueueStatusComplete", _LIST_END, ("ActionID", "ListItems"), answer=True),
    Schema("CoreShowChannel",
           ("ActionID", *channel(), "Application", "ApplicationData", "Duration", "BridgeId"),
           ("ActionID", *_CALL, "Exten", "Context", "Application", "BridgeId", "Duration"), answer=True),
    Schema("CoreShowChannelsComplete", _LIST_END, ("ActionID", "ListItems"), answer=True),
    Schema("OriginateResponse",
           (maybe("ActionID"), "Response", "Channel", maybe("Context"), maybe("Exten"), maybe("Application"),
            maybe("Data"), "Reason", "Uniqueid", "CallerIDNum", "CallerIDName"),
           ("ActionID", "Response", "Channel", "Reason", "Uniqueid"), "call,all"),
)  # fmt: skip

BY_EVENT: Final = {schema.event: schema for schema in SCHEMAS}

HEARD: Final = tuple(schema.event for schema in SCHEMAS if not schema.answer)
"""The events that the listener's account is let hear; `eventfilter` in manager.conf keeps everything else out."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """A schema made ready: `pattern` matches a whole genuine frame, its groups are `names` in order."""

    schema: Schema
    pattern: re.Pattern[str]
    names: tuple[str, ...]


class Grammars(dict[bytes, Grammar | None]):
    """By event name, made when first needed (it takes some 50 ms each); None for an event that is not wanted.

    With `system_name` every live event must carry it: no caller knows it (see `frames`).
    """

    def __init__(self, system_name: str = "") -> None:
        super().__init__()
        self._system_name = system_name

    def __missing__(self, event: bytes) -> Grammar | None:
        schema = BY_EVENT.get(event.decode(errors="replace"))
        if schema is None:
            return None
        self[event] = made = _grammar(schema, self._system_name)
        return made


grammars: Final = lru_cache(maxsize=16)(Grammars)
"""The grammars under a system name, shared by all connections."""


def _grammar(schema: Schema, system_name: str) -> Grammar:
    names: list[str] = []
    pattern = "Event: " + re.escape(schema.event)
    if not schema.answer:
        pattern += rf"\r\nPrivilege: {schema.privilege}" + _preamble(schema, system_name)
        names.append("Timestamp")
    for part in schema.parts:
        match part:
            case str():
                pattern += _lines((part,), schema.read, names)
            case Maybe(headers):
                pattern += f"(?:{_lines(headers, schema.read, names)})?"
            case OneOf(runs):
                pattern += f"(?:{'|'.join(_lines(run, (), names) for run in runs)})"
    if schema.free:
        pattern += rf"((?:\r\n[A-Za-z0-9_-]++: {_VALUE})*+)"
        names.append("")
    return Grammar(schema, re.compile(pattern), tuple(names))


def _preamble(schema: Schema, system_name: str) -> str:
    named = rf"\r\nSystemName: {re.escape(system_name) or _VALUE}"
    timed = r"\r\nTimestamp: ([0-9]{9,11}\.[0-9]{6})" + (named if system_name else f"(?:{named})?")
    # Asterisk greets a new session with a FullyBooted that has neither.
    return f"(?:{timed})?" if schema.event == "FullyBooted" else timed


def _lines(headers: Iterable[str], read: tuple[str, ...], names: list[str]) -> str:
    pattern = ""
    for header in headers:
        if header in read:
            names.append(header)
        pattern += rf"\r\n{re.escape(header)}: " + (f"({_VALUE})" if header in read else _VALUE)
    return pattern
