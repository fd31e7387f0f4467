# SPDX-License-Identifier: Apache-2.0
"""A small SIP registrar and proxy on a WebSocket: enough for two browsers to register and to call one another.

It challenges nobody, forwards a request to the socket that registered the number in its target, and an answer to the
socket whose Via it carries. Not a switch: what a switch does is tested on Asterisk.
"""

from __future__ import annotations

import asyncio
import re
import threading
from contextlib import suppress

from websockets.asyncio.server import Server, ServerConnection, serve

TARGET = re.compile(r"^(\w+) sips?:([^@;\s>]+)")


def header(message: str, name: str) -> str:
    found = re.search(rf"^{name}\s*:\s*(.*)$", message, re.M | re.I)
    return found[1].strip() if found else ""


class SipStub:
    """Start it, give browsers its `url`, stop it. `deaf` swallows everything, as a dead network does."""

    def __init__(self) -> None:
        self.registered: dict[str, ServerConnection] = {}
        self.by_via: dict[str, ServerConnection] = {}
        self.contacts: dict[str, ServerConnection] = {}
        self.requests: list[str] = []
        self.deaf = False
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> SipStub:
        self.thread.start()
        self.ready.wait(5)
        return self

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(5)

    def drop(self) -> None:
        """Close every socket, as a restarted switch does."""

        async def close() -> None:
            for one in set(self.registered.values()):
                await one.close()

        asyncio.run_coroutine_threadsafe(close(), self.loop).result(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        self.over = asyncio.Event()
        server: Server
        async with serve(self._socket, "127.0.0.1", 0, subprotocols=["sip"]) as server:  # type: ignore[list-item]
            port = next(iter(server.sockets)).getsockname()[1]
            self.url = f"ws://127.0.0.1:{port}/ws"
            self.ready.set()
            await self.over.wait()

    async def _socket(self, socket: ServerConnection) -> None:
        with suppress(Exception):
            async for message in socket:
                if not self.deaf and isinstance(message, str) and message.strip():
                    await self._take(socket, message)

    async def _take(self, socket: ServerConnection, message: str) -> None:
        # Requests inside a call go to the random name that the other side gave as its contact.
        if contact := re.search(r"sips?:([^@;>]+)@", header(message, "Contact")):
            self.contacts[contact[1]] = socket
        if message.startswith("SIP/2.0"):
            branch = re.search(r"branch=([^;\s,]+)", header(message, "Via"))
            if branch and (back := self.by_via.get(branch[1])):
                await back.send(message)
            return
        found = TARGET.match(message)
        verb, user = (found[1], found[2]) if found else (message.split(" ", 1)[0], "")
        self.requests.append(verb)
        branch = re.search(r"branch=([^;\s,]+)", header(message, "Via"))
        if branch:
            self.by_via[branch[1]] = socket
        if verb == "REGISTER":
            number = re.search(r"sips?:([^@>]+)@", header(message, "To"))
            assert number
            self.registered[number[1]] = socket
            contact = header(message, "Contact")
            await socket.send(self._answer(message, "200 OK", f"Contact: {contact};expires=60\r\nExpires: 60\r\n"))
        elif verb == "OPTIONS":
            await socket.send(self._answer(message, "200 OK"))
        elif (other := self.registered.get(user) or self.contacts.get(user)) is not None:
            await other.send(message)
        elif verb != "ACK":
            await socket.send(self._answer(message, "404 Not Found"))

    def _answer(self, request: str, status: str, more: str = "") -> str:
        to = header(request, "To")
        tag = "" if "tag=" in to else ";tag=stub"
        kept = "".join(f"{name}: {header(request, name)}\r\n" for name in ("Via", "From", "Call-ID", "CSeq"))
        return f"SIP/2.0 {status}\r\n{kept}To: {to}{tag}\r\n{more}Content-Length: 0\r\n\r\n"
