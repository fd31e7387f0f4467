# SPDX-License-Identifier: Apache-2.0
"""One manager connection: banner, log-in, actions in, answers and events out."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from hashlib import md5
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from .ami_server import SimulatedSwitch

BANNER: Final = b"Asterisk Call Manager/11.0.0\r\n"
LONGEST_ACTION: Final = 64 * 1024
TOO_SLOW: Final = 16 * 1024 * 1024
"""Bytes that may wait for a listener; who reads no faster is cut off, as Asterisk does after its write time-out."""


class Headers(dict[str, str]):
    """An action's headers, names in lower case; `variables` gathers the Variable headers, which may repeat."""

    def __init__(self, block: bytes) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []
        self.variables: dict[str, str] = {}
        for line in block.decode("utf-8", "replace").split("\r\n"):
            name, mark, value = line.partition(":")
            if mark:
                self._take(name.strip(), value.strip())

    def _take(self, name: str, value: str) -> None:
        self.lines.append((name, value))
        if name.lower() == "variable":
            for part in value.split(","):
                variable, _, text = part.partition("=")
                self.variables[variable.strip().lstrip("_")] = text
        self.setdefault(name.lower(), value)

    @property
    def action_id(self) -> str:
        """The ActionID line with its end, or nothing."""
        return f"ActionID: {self['actionid']}\r\n" if "actionid" in self else ""


class Session(asyncio.Protocol):
    """Lives as long as its socket. `stalled`: half open, nothing is read or written any more."""

    def __init__(self, switch: SimulatedSwitch) -> None:
        self.switch = switch
        self.user = ""
        self.mask: frozenset[str] = frozenset()
        self.stalled = False
        self.sent = 0
        self._challenge = ""
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.switch.sessions.add(self)
        self._transport.write(BANNER)

    def connection_lost(self, trouble: Exception | None) -> None:
        self.switch.sessions.discard(self)

    def data_received(self, data: bytes) -> None:
        if self.stalled:
            return
        for block in self._blocks(data):
            self._act(Headers(block))

    def _blocks(self, data: bytes) -> Iterator[bytes]:
        self._rest += data
        while b"\r\n\r\n" in self._rest:
            block, _, self._rest = self._rest.partition(b"\r\n\r\n")
            if block.strip():
                yield block
        if len(self._rest) > LONGEST_ACTION:
            self.drop()

    def write(self, raw: bytes) -> None:
        transport = self._transport
        if transport is None or self.stalled or transport.is_closing():
            return
        transport.write(raw)
        self.sent += 1
        if transport.get_write_buffer_size() > TOO_SLOW:
            self.drop()

    def answer(self, headers: Headers, response: str, *lines: str) -> None:
        body = "".join(f"{line}\r\n" for line in lines)
        self.write(f"Response: {response}\r\n{headers.action_id}{body}\r\n".encode())

    def stall(self) -> None:
        """Keep the socket, hear and say nothing more."""
        self.stalled = True
        if self._transport is not None:
            self._transport.pause_reading()

    def drop(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _act(self, headers: Headers) -> None:
        action = headers.get("action", "").lower()
        match action:
            case "login":
                self._log_in(headers)
            case "challenge":
                self._challenge_him(headers)
            case "logoff":
                self.answer(headers, "Goodbye", "Message: Thanks for all the fish.")
                self.close()
            case _ if not self.user:
                self.answer(headers, "Error", "Message: Permission denied")
            case "events":
                self._mask(headers)
            case _:
                self.switch.act(self, action, headers)

    def _challenge_him(self, headers: Headers) -> None:
        if headers.get("authtype", "").upper() != "MD5":
            self.answer(headers, "Error", "Message: Must specify AuthType")
            return
        self._challenge = self._challenge or str(secrets.randbelow(900_000_000) + 100_000_000)
        self.answer(headers, "Success", f"Challenge: {self._challenge}")

    def _log_in(self, headers: Headers) -> None:
        if self.user:
            self.answer(headers, "Success", "Message: Already authenticated")
            return
        user = headers.get("username", "")
        known = self.switch.accounts.get(user)
        if known is None or not self._proven(headers, known):
            self.answer(headers, "Error", "Message: Authentication failed")
            self.close()
            return
        self.user = user
        self.answer(headers, "Success", "Message: Authentication accepted")
        self.mask = _classes(headers.get("events", "on"))
        if self.mask & {"all", "system"}:
            self._greet()

    def _greet(self) -> None:
        uptime = self.switch.uptime()
        lines = f"Uptime: {uptime}\r\nLastReload: {uptime}\r\nStatus: Fully Booted\r\n"
        self.write(f"Event: FullyBooted\r\nPrivilege: system,all\r\n{lines}\r\n".encode())

    def _proven(self, headers: Headers, secret: str) -> bool:
        if headers.get("authtype", "").upper() == "MD5":
            if not self._challenge:
                return False
            key = md5((self._challenge + secret).encode(), usedforsecurity=False).hexdigest()
            return secrets.compare_digest(key, headers.get("key", ""))
        return secrets.compare_digest(secret.encode(), headers.get("secret", "").encode())

    def _mask(self, headers: Headers) -> None:
        self.mask = _classes(headers.get("eventmask", ""))
        self.answer(headers, "Success", f"Events: {'On' if self.mask else 'Off'}")

    def hears(self, privilege: str) -> bool:
        """Whether events of the class ("agent", "call", "user", "system") are sent to him."""
        return "all" in self.mask or privilege in self.mask


def _classes(mask: str) -> frozenset[str]:
    if mask.lower() in ("", "off", "no", "false", "0"):
        return frozenset()
    if mask.lower() in ("on", "yes", "true", "1"):
        return frozenset({"all"})
    return frozenset(name.strip().lower() for name in mask.split(","))
