# SPDX-License-Identifier: Apache-2.0
"""Happenings as manager events, header for header in the order in which Asterisk 22 writes them.

Only the events that the listener's account is let hear (`asterisk.schemas.HEARD`): the rest is bulk.
"""

# ruff: noqa: PLR0917 - the signatures are those of Listener

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .blocks import UNKNOWN, bridge_block, call_block, leg_block, member_block
from .centre import MEANS
from .day import MICRO
from .happenings import Listener
from .model import Agent, Call, Leg, Queue

CAUSES: Final = {0: "Unknown", 16: "Normal Clearing", 17: "User busy", 19: "User alerting, no answer"}


class Frames(Listener):
    """Hands each event to `send(class, bytes)`. Silent while `muted`, so that a day can be caught up with."""

    def __init__(self, send: Callable[[str, bytes], object], system_name: str = "") -> None:
        self._send = send
        self._prefix = f"{system_name}-" if system_name else ""
        self._named = f"\r\nSystemName: {system_name}" if system_name else ""
        self.muted = False

    def emit(self, event: str, privilege: str, t: int, *parts: str) -> None:
        """Each of `parts` is one or more lines, each line ended."""
        if self.muted:
            return
        head = (
            f"Event: {event}\r\nPrivilege: {privilege},all\r\nTimestamp: {t // MICRO}.{t % MICRO:06d}{self._named}\r\n"
        )
        self._send(privilege, (head + "".join(parts) + "\r\n").encode())

    def _caller(self, call: Call, prefix: str = "") -> str:
        return call_block(call, self._prefix, prefix)

    def _leg(self, call: Call, leg: Leg, prefix: str = "Dest") -> str:
        return leg_block(call, leg, self._prefix, prefix)

    def _user_event(self, t: int, call: Call, leg: Leg | None, name: str, **headers: str) -> None:
        block = self._caller(call) if leg is None else self._leg(call, leg, "")
        lines = "".join(f"{header}: {value}\r\n" for header, value in headers.items())
        self.emit("UserEvent", "user", t, block, f"UserEvent: {name}\r\n", lines)

    def call_started(self, t: int, call: Call) -> None:
        leg = call.origin
        number = call.caller if call.direction == "outbound" else call.called
        headers = {"Direction": call.direction, "Caller": call.caller, "Called": call.called, "Number": number}
        if leg is not None and leg.agent is not None:
            headers["Agent"] = leg.agent.code
        self._user_event(t, call, leg, "ZuoxiCall", **headers)

    def diverted(self, t: int, call: Call, outcome: str, to: str, status: str) -> None:
        headers = {"Outcome": outcome, "To": to, "Status": status}
        self._user_event(t, call, None, "ZuoxiDivert", **{name: text for name, text in headers.items() if text})

    def recording(self, t: int, call: Call, leg: Leg, state: str) -> None:
        headers = {"State": state, "Path": leg.recording, "Leg": leg.agent.code if leg.agent else ""}
        speaker = leg
        if state == "started" and leg.originated and call.leg is not None:  # told by the called party's channel
            speaker, headers["Channel"] = call.leg, leg.channel
        self._user_event(t, call, speaker, "ZuoxiRecording", **headers)

    def surveyed(self, t: int, call: Call, agent: str, score: int) -> None:
        said = {"Question": "1", "Score": str(score), "Means": MEANS[score]}
        self._user_event(t, call, None, "ZuoxiSurvey", **said, Agent=agent)

    def asked(self, t: int, call: Call, agent: str, queue: str) -> None:
        self._user_event(t, call, None, "ZuoxiAsked", Questions="1", Queue=queue, Agent=agent)

    def joined(self, t: int, call: Call, queue: Queue) -> None:
        count = f"Queue: {queue.name}\r\nPosition: {call.position}\r\nCount: {len(queue.waiting)}\r\n"
        self.emit("QueueCallerJoin", "agent", t, self._caller(call), count)

    def _left(self, t: int, call: Call, queue: Queue, position: int) -> None:
        count = f"Queue: {queue.name}\r\nPosition: {position}\r\nCount: {len(queue.waiting)}\r\n"
        self.emit("QueueCallerLeave", "agent", t, self._caller(call), count)

    def _offer(self, event: str, t: int, call: Call, leg: Leg, queue: Queue, *more: str) -> None:
        code = leg.agent.code if leg.agent else ""
        member = f"Queue: {queue.name}\r\nInterface: PJSIP/{code}\r\nMemberName: {code}\r\n"
        self.emit(event, "agent", t, self._caller(call), self._leg(call, leg), member, *more)

    def ringing(self, t: int, call: Call, leg: Leg, queue: Queue) -> None:
        self._offer("AgentCalled", t, call, leg, queue)
        code = leg.agent.code if leg.agent else ""
        self.emit("DialBegin", "call", t, self._caller(call), self._leg(call, leg), f"DialString: PJSIP/{code}\r\n")

    def no_answer(self, t: int, call: Call, leg: Leg, queue: Queue, milliseconds: int) -> None:
        self._offer("AgentRingNoAnswer", t, call, leg, queue, f"RingTime: {milliseconds}\r\n")
        self._dial_end(t + 1, call, leg, self._caller(call), "NOANSWER")
        self._dial_end(t + 2, call, leg, self._caller(call), "CANCEL")

    def ring_cancelled(self, t: int, call: Call, leg: Leg, queue: Queue, milliseconds: int) -> None:
        for later in (0, 1):
            self._dial_end(t + later, call, leg, self._caller(call), "CANCEL")

    def connected(self, t: int, call: Call, leg: Leg, queue: Queue, wait: int, ring: int) -> None:
        self._dial_end(t - 1, call, leg, self._caller(call), "ANSWER")
        self._left(t, call, queue, 1)
        self._offer("AgentConnect", t, call, leg, queue, f"HoldTime: {wait}\r\nRingTime: {ring}\r\n")

    def abandoned(self, t: int, call: Call, queue: Queue, position: int, wait: int) -> None:
        where = (
            f"Queue: {queue.name}\r\nPosition: {position}\r\nOriginalPosition: {call.position}\r\nHoldTime: {wait}\r\n"
        )
        self.emit("QueueCallerAbandon", "agent", t, self._caller(call), where)
        self._left(t, call, queue, position)

    def exited(self, t: int, call: Call, queue: Queue, position: int, wait: int, reason: str) -> None:
        if reason == "key":
            self._left(t, call, queue, position)
            return
        self.abandoned(t, call, queue, position, wait)  # Asterisk says so, too; only its queue log knows better

    def completed(
        self, t: int, call: Call, leg: Leg, queue: Queue, wait: int, talk: int, ended_by: str, to: str
    ) -> None:
        told = f"HoldTime: {wait}\r\nTalkTime: {talk}\r\nReason: {ended_by}\r\n"
        self._offer("AgentComplete", t, call, leg, queue, told)

    def bridged(self, t: int, call: Call, leg: Leg | None, bridge: str, members: int) -> None:
        self._bridge("BridgeEnter", t, call, leg, bridge, members)

    def unbridged(self, t: int, call: Call, leg: Leg | None, bridge: str, members: int) -> None:
        self._bridge("BridgeLeave", t, call, leg, bridge, members)

    def _bridge(self, event: str, t: int, call: Call, leg: Leg | None, bridge: str, members: int) -> None:
        block = self._caller(call) if leg is None else self._leg(call, leg, "")
        self.emit(event, "call", t, bridge_block(bridge, members), block)

    def held(self, t: int, call: Call, leg: Leg) -> None:
        self.emit("Hold", "call", t, self._leg(call, leg, ""))

    def resumed(self, t: int, call: Call, leg: Leg) -> None:
        self.emit("Unhold", "call", t, self._leg(call, leg, ""))

    def transferred(self, t: int, call: Call, leg: Leg, how: str, to: str, target: Leg | None) -> None:
        if target is None:
            self.emit(
                "BlindTransfer", "call", t, "Result: Success\r\n",
                self._leg(call, leg, "Transferer"), self._caller(call, "Transferee"), bridge_block(call.bridge, 2),
                f"IsExternal: Yes\r\nContext: zuoxi-transfer\r\nExtension: {to}\r\n",
            )  # fmt: skip
            return
        self.emit(
            "AttendedTransfer", "call", t, "Result: Success\r\n",
            self._leg(call, leg, "OrigTransferer"), bridge_block(call.bridge, 1, "Orig"),
            self._leg(call, leg, "SecondTransferer"), bridge_block(call.inside.get(target.channel, ""), 2, "Second"),
            self._caller(call, "Transferee"), self._leg(call, target, "TransferTarget"),
            f"IsExternal: Yes\r\nDestType: Bridge\r\nDestBridgeUniqueid: {call.bridge}\r\n",
        )  # fmt: skip

    def dialled(self, t: int, call: Call, leg: Leg, by: Leg | None) -> None:
        string = f"{leg.number}@trunk" if leg.agent is None else leg.number
        self.emit(
            "DialBegin", "call", t, self._dialler(call, leg, by), self._leg(call, leg), f"DialString: {string}\r\n"
        )

    def _dialler(self, call: Call, leg: Leg, by: Leg | None) -> str:
        if leg.originated:
            return ""
        return self._caller(call) if by is None else self._leg(call, by, "")

    def dial_ended(self, t: int, call: Call, leg: Leg, by: Leg | None, status: str) -> None:
        self._dial_end(t, call, leg, self._dialler(call, leg, by), status)

    def _dial_end(self, t: int, call: Call, leg: Leg, dialler: str, status: str) -> None:
        self.emit("DialEnd", "call", t, dialler, self._leg(call, leg), f"DialStatus: {status}\r\n")

    def hung_up(self, t: int, call: Call, leg: Leg | None, cause: int) -> None:
        block = self._caller(call) if leg is None else self._leg(call, leg, "")
        self.emit("Hangup", "call", t, block, f"Cause: {cause}\r\nCause-txt: {CAUSES.get(cause, 'Unknown')}\r\n")

    def member_added(self, t: int, agent: Agent, queue: Queue) -> None:
        self.emit("QueueMemberAdded", "agent", t, member_block(agent, queue.name))

    def member_removed(self, t: int, agent: Agent, queue: Queue) -> None:
        self.emit("QueueMemberRemoved", "agent", t, member_block(agent, queue.name))

    def paused(self, t: int, agent: Agent, queues: list[str], reason: str, everywhere: bool) -> None:
        for later, queue in enumerate(queues):
            self.emit("QueueMemberPause", "agent", t + later, member_block(agent, queue))

    def unpaused(self, t: int, agent: Agent, queues: list[str], reason: str, everywhere: bool) -> None:
        for later, queue in enumerate(queues):
            self.emit("QueueMemberPause", "agent", t + later, member_block(agent, queue, reason))

    def device(self, t: int, agent: Agent) -> None:
        if not self.muted:
            for later, queue in enumerate(agent.queues):
                self.emit("QueueMemberStatus", "agent", t + later, member_block(agent, queue))

    def reachable(self, t: int, agent: Agent) -> None:
        state = "Reachable" if agent.reachable else "Unreachable"
        peer = f"ChannelType: PJSIP\r\nPeer: PJSIP/{agent.code}\r\nPeerStatus: {state}\r\n"
        self.emit("PeerStatus", "system", t, peer)

    def originated(self, t: int, call: Call, leg: Leg | None, action_id: str, request: dict[str, str]) -> None:
        if "Channel" not in request:
            return  # a simulated agent pressed his own keys
        lines = f"ActionID: {action_id}\r\n" if action_id else ""
        lines += (
            f"Response: {'Success' if leg else 'Failure'}\r\nChannel: {leg.channel if leg else request['Channel']}\r\n"
        )
        lines += "".join(f"{name}: {request[name]}\r\n" for name in ("Context", "Exten") if name in request)
        uid = f"{self._prefix}{leg.uid}" if leg else UNKNOWN
        lines += f"Reason: {4 if leg else 0}\r\nUniqueid: {uid}\r\n"
        lines += f"CallerIDNum: {call.caller or UNKNOWN}\r\nCallerIDName: {UNKNOWN}\r\n"
        self.emit("OriginateResponse", "call", t, lines)

    def applied(self, t: int, channel: str, request: dict[str, str]) -> None:
        """A file was read again: the extension that does it has answered."""
        action = f"ActionID: {request['ActionID']}\r\n" if request["ActionID"] else ""
        lines = f"{action}Response: Success\r\nChannel: {channel}\r\nReason: 4\r\nUniqueid: {UNKNOWN}\r\n"
        lines += f"CallerIDNum: {UNKNOWN}\r\nCallerIDName: {UNKNOWN}\r\n"
        self.emit("OriginateResponse", "call", t, lines)

    def shut_down(self, t: int) -> None:
        """The switch is stopped in order; connections end after this."""
        self.emit("Shutdown", "system", t, "Shutdown: Cleanly\r\nRestart: False\r\n")
