# SPDX-License-Identifier: Apache-2.0
"""A manager interface of a few actions, for tests of the client and the listener: what it is told to do, it does."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from zuoxi.telephony.asterisk.client import Account

TRACES = Path(__file__).parent / "traces"
SYSTEM_NAME = "zx-5f1d9c27"
STARTED = 1795336489  # 2026-11-22 08:34:49 UTC


def trace(name: str) -> bytes:
    """A trace of a real Asterisk 22.10.1 as it came over the wire."""
    return (TRACES / name).read_bytes().replace(b"\n", b"\r\n")


def frames_of(name: str) -> list[bytes]:
    return [piece for piece in trace(name).split(b"\r\n\r\n") if piece]


def frame(event: str, name: str, **changed: str) -> bytes:
    """The first frame of that event in the trace, with some headers changed."""
    raw = next(one for one in frames_of(name) if one.startswith(b"Event: " + event.encode() + b"\r\n"))
    lines = []
    for line in raw.decode().split("\r\n"):
        header, _, value = line.partition(": ")
        lines.append(f"{header}: {changed.get(header.replace('-', '_'), value)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


class FakeSwitch:
    """`members`: queue → agent → pause reason ("" = ready). `asked`: every action that came. `mute`: answer nothing."""

    def __init__(self, system_name: str = SYSTEM_NAME, secret: str = "secret") -> None:
        self.system_name = system_name
        self.secret = secret
        self.started = STARTED
        self.asked: list[dict[str, Any]] = []
        self.asked_at: list[float] = []
        self.members: dict[str, dict[str, str]] = {}
        self.busy: set[str] = set()
        self.channels: list[str] = []
        self.apps: dict[str, str] = {}
        self.mute = False
        self.refused: dict[str, str] = {}
        self.writers: list[asyncio.StreamWriter] = []
        self.originated = "Success"
        self.port = 0
        self._server: asyncio.Server | None = None
        self._connected: list[asyncio.StreamWriter] = []
        self._serving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[FakeSwitch]:
        await self.begin(port)
        try:
            yield self
        finally:
            await self.end()

    async def begin(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port or self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def end(self) -> None:
        assert self._server
        self._server.close()
        self.drop()
        await asyncio.gather(*self._serving)
        await self._server.wait_closed()

    def drop(self) -> None:
        for writer in self._connected:
            writer.transport.abort()

    @property
    def account(self) -> Account:
        return Account("127.0.0.1", self.port, "zuoxi", self.secret)

    def pauses(self) -> list[tuple[str, float]]:
        """The reasons for which agents were paused ("" = made ready), with the moment of asking."""
        both = zip(self.asked, self.asked_at, strict=True)
        return [(one.get("Reason", ""), at) for one, at in both if one["Action"] == "QueuePause"]

    def emit(self, *frames: bytes) -> None:
        for writer in self.writers:
            writer.write(b"".join(frames))

    def emit_trace(self, name: str) -> None:
        self.emit(trace(name))

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connected.append(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                block = await reader.readuntil(b"\r\n\r\n")
                action: dict[str, Any] = {}  # a header that comes once has a text, one that is repeated a list
                for line in block.decode().strip().split("\r\n"):
                    header, _, value = line.partition(": ")
                    action.setdefault(header, []).append(value)
                action = {header: values if values[1:] else values[0] for header, values in action.items()}
                self.asked.append(action)
                self.asked_at.append(time.monotonic())
                if not self.mute:
                    self._answer(action, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._connected.remove(writer)
            if writer in self.writers:
                self.writers.remove(writer)
            writer.transport.abort()

    def _answer(self, action: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        name, number = action["Action"], action.get("ActionID", "")

        def reply(success: bool = True, **headers: str) -> None:
            lines = [f"Response: {'Success' if success else 'Error'}", f"ActionID: {number}"]
            lines += [f"{header}: {value}" for header, value in headers.items()]
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())

        if name in self.refused:
            reply(False, Message=self.refused[name])
        elif hasattr(self, f"_{name.lower()}"):
            getattr(self, f"_{name.lower()}")(action, reply, writer)
        else:
            reply(Message="done")

    def _challenge(self, action, reply, writer) -> None:
        reply(Challenge="108242651")

    def _login(self, action, reply, writer) -> None:
        wanted = hashlib.md5(("108242651" + self.secret).encode()).hexdigest()
        if action.get("Key") != wanted:
            reply(False, Message="Authentication failed")
            return
        reply(Message="Authentication accepted")
        uptime = int(time.time()) - self.started
        writer.write(
            f"Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: {uptime}\r\nLastReload: {uptime}\r\n"
            "Status: Fully Booted\r\n\r\n".encode()
        )
        self.writers.append(writer)

    def _coresettings(self, action, reply, writer) -> None:
        reply(AMIversion="11.0.0", AsteriskVersion="22.10.1", SystemName=self.system_name)

    def _corestatus(self, action, reply, writer) -> None:
        local = time.gmtime(self.started + 8 * 3600)  # the switch stands in Shanghai and does not say so
        reply(CoreStartupDate=time.strftime("%Y-%m-%d", local), CoreStartupTime=time.strftime("%H:%M:%S", local))

    def _ping(self, action, reply, writer) -> None:
        reply(Ping="Pong", Timestamp=f"{time.time():.6f}")

    def _queuestatus(self, action, reply, writer) -> None:
        reply(EventList="start", Message="Queue status will follow")
        number, wanted = action["ActionID"], action.get("Member")
        for queue, members in self.members.items():
            for agent, reason in members.items():
                if wanted not in (None, f"PJSIP/{agent}"):
                    continue
                status = 2 if agent in self.busy else 1
                writer.write(
                    frame(
                        "QueueMember",
                        "answers.txt",
                        Queue=queue,
                        Name=agent,
                        Location=f"PJSIP/{agent}",
                        StateInterface=f"PJSIP/{agent}",
                        InCall=str(int(agent in self.busy)),
                        Status=str(status),
                        Paused=str(int(bool(reason))),
                        PausedReason=reason,
                        ActionID=number,
                    )
                )
        self._complete("QueueStatusComplete", number, writer)

    def _hangup(self, action, reply, writer) -> None:
        reply(Message="Channel Hungup")
        if action["Channel"] in self.channels:
            self.channels.remove(action["Channel"])

    def _coreshowchannels(self, action, reply, writer) -> None:
        reply(EventList="start", Message="Channels will follow")
        for place, channel in enumerate(self.channels):
            writer.write(
                frame(
                    "CoreShowChannel",
                    "answers.txt",
                    ActionID=action["ActionID"],
                    Channel=channel,
                    Uniqueid=f"{self.system_name}-1795336500.{place}",
                    Linkedid=f"{self.system_name}-1795336500.0",
                    **({"Application": self.apps[channel]} if channel in self.apps else {}),
                )
            )
        self._complete("CoreShowChannelsComplete", action["ActionID"], writer)

    def _complete(self, event: str, number: str, writer) -> None:
        writer.write(f"Event: {event}\r\nActionID: {number}\r\nEventList: Complete\r\nListItems: 1\r\n\r\n".encode())

    def _queueadd(self, action, reply, writer) -> None:
        agent, queue = action["MemberName"], action["Queue"]
        if agent in self.members.setdefault(queue, {}):
            reply(False, Message="Unable to add interface: Already there")
            return
        self.members[queue][agent] = ""
        reply(Message="Added interface to queue")
        self._member("QueueMemberAdded", queue, agent)

    def _queueremove(self, action, reply, writer) -> None:
        agent, queue = action["Interface"].removeprefix("PJSIP/"), action["Queue"]
        if agent not in self.members.get(queue, {}):
            reply(False, Message="Unable to remove interface: Not there")
            return
        reply(Message="Removed interface from queue")
        self._member("QueueMemberRemoved", queue, agent)
        del self.members[queue][agent]

    def _queuepause(self, action, reply, writer) -> None:
        agent = action["Interface"].removeprefix("PJSIP/")
        queues = [queue for queue, members in self.members.items() if agent in members]
        if not queues:
            reply(False, Message="Interface not found")
            return
        for queue in queues:
            self.members[queue][agent] = action.get("Reason", "") if action["Paused"] == "true" else ""
            self._member("QueueMemberPause", queue, agent)
        reply(Message="Interface paused successfully")

    def _originate(self, action, reply, writer) -> None:
        reply(Message="Originate successfully queued")
        response = frame(
            "OriginateResponse",
            "telephones.txt",
            Timestamp=f"{time.time():.6f}\r\nSystemName: {self.system_name}",
            ActionID=action["ActionID"],
            Response=self.originated,
            Channel=f"{action['Channel']}-0000000e",
        )
        writer.write(response)

    def _member(self, event: str, queue: str, agent: str) -> None:
        reason = self.members[queue][agent]
        self.emit(
            frame(
                event, "members.txt", Queue=queue, MemberName=agent, Interface=f"PJSIP/{agent}",
                StateInterface=f"PJSIP/{agent}", Paused=str(int(bool(reason))), PausedReason=reason,
                Timestamp=f"{time.time():.6f}\r\nSystemName: {self.system_name}",
            )
        )  # fmt: skip
