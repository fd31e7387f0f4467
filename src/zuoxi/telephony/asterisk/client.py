# SPDX-License-Identifier: Apache-2.0
"""One connection to an Asterisk manager interface: logs in, asks, hands over what it hears.

Nothing here waits for anybody: what is heard goes to `take` in the moment it is read, because Asterisk cuts off a
listener that stops reading and drops events without a word. A connection that has gone silent is asked (Ping) and
given up when it does not answer; `closed` then tells why.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import md5
from typing import Final, cast

from zuoxi.telephony.asterisk.frames import Frame, Item, Parser, Rejected, Reply
from zuoxi.telephony.asterisk.identity import whole

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BACK_OFF: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


class SwitchLost(ConnectionError):
    """The connection is gone or was never made; the text says how."""


class SwitchRefused(Exception):
    """The switch answered an action with an error; the text is its own."""


class Unsendable(ValueError):
    """An action that would not be one: a control character in a value, or a name that is none."""


@dataclass(frozen=True, slots=True)
class Account:
    host: str
    port: int
    username: str
    secret: str = field(repr=False)


@dataclass(slots=True)
class _Asked:
    """An action that waits for its answer; `until` is the event that ends a list or reports a result."""

    answer: asyncio.Future[list[Frame | Reply]]
    until: str = ""
    parts: list[Frame | Reply] = field(default_factory=list)


class Link(asyncio.Protocol):
    """A logged-in connection. `take` is called in the event loop with each frame and each rejected piece.

    What comes before the log-in is complete is dropped: its system name could not be checked, and every connection
    begins with a survey of what stands.
    """

    def __init__(self, account: Account, take: Callable[[Item], None], silence: float = 5.0) -> None:
        self.system_name = ""
        self.uptime: int | None = None
        """Seconds that the switch was up when it let us in; None where it did not say."""
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._account = account
        self._take = take
        self._silence = silence
        self._prefix = secrets.token_hex(8) + "-"
        self._numbers = iter(range(1, 2**62))
        self._parser = Parser(action_prefix=self._prefix)
        self._transport: asyncio.Transport | None = None
        self._asked: dict[str, _Asked] = {}
        self._logged_in = False
        self._heard_at = 0.0
        self._keeper: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls, account: Account, take: Callable[[Item], None], *, patience: float = 10.0, silence: float = 5.0
    ) -> Link:
        """Connect, log in and learn the system name; events flow when this returns. SwitchLost, SwitchRefused."""
        link = cls(account, take, silence)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(patience):
                await loop.create_connection(lambda: link, account.host, account.port)
                await link._log_in()
        except TimeoutError:
            link.close("no answer to the log-in")
            raise SwitchLost("no answer to the log-in") from None
        except OSError as trouble:
            link.close(str(trouble))
            raise SwitchLost(str(trouble)) from None
        except BaseException:
            link.close("not logged in")
            raise
        link._keeper = asyncio.create_task(link._keep_alive())
        return link

    async def _log_in(self) -> None:
        challenge = await self.ask("Challenge", AuthType="MD5")
        word = challenge.fields.get("Challenge", "") + self._account.secret
        key = md5(word.encode(), usedforsecurity=False).hexdigest()
        await self.ask("Login", Username=self._account.username, AuthType="MD5", Key=key, Events="system")
        settings = await self.ask("CoreSettings")
        self.system_name = settings.fields.get("SystemName", "")
        self._parser.expect(self.system_name)
        self._logged_in = True
        await self.ask("Events", EventMask="on")

    # Asking

    async def ask(self, action: str, /, *, patience: float = 10.0, **headers: str | list[str]) -> Reply:
        """The switch's answer. SwitchRefused when it is an error, SwitchLost when none comes in `patience` seconds."""
        parts = await self._answered(action, "", headers, patience)
        return next(part for part in parts if isinstance(part, Reply))

    async def collect(
        self, action: str, until: str, /, *, patience: float = 30.0, **headers: str | list[str]
    ) -> list[Frame]:
        """The events of an action that answers with a list, or with a result later, up to and with event `until`."""
        parts = await self._answered(action, until, headers, patience)
        return [part for part in parts if isinstance(part, Frame)]

    async def _answered(
        self, action: str, until: str, headers: dict[str, str | list[str]], patience: float
    ) -> list[Frame | Reply]:
        if self._transport is None or self.closed.done():
            raise SwitchLost("not connected")
        number = f"{self._prefix}{next(self._numbers)}"
        message = written({"Action": action, "ActionID": number, **headers})
        asked = _Asked(asyncio.get_running_loop().create_future(), until)
        self._asked[number] = asked
        self._transport.write(message)
        try:
            async with asyncio.timeout(patience):
                return await asked.answer
        except TimeoutError:
            raise SwitchLost(f"no answer to {action}") from None
        finally:
            self._asked.pop(number, None)

    # Hearing

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        for item in self._parser.feed(data):
            if isinstance(item, Rejected) or not self._answers(item):
                if self._logged_in:
                    self._take(item)
                elif isinstance(item, Frame) and item.event == "FullyBooted":
                    self.uptime = whole(item.fields["Uptime"])

    def _answers(self, item: Frame | Reply) -> bool:
        """Whether it belongs to an action of ours (a reply that nobody waits for any more does too)."""
        asked = self._asked.get(item.fields.get("ActionID", ""))
        if asked is None or asked.answer.done():
            return isinstance(item, Reply)
        if isinstance(item, Reply) and item.fields["Response"] not in ("Success", "Goodbye"):
            asked.answer.set_exception(SwitchRefused(item.fields.get("Message", "refused")))
            return True
        asked.parts.append(item)
        if asked.until == (item.event if isinstance(item, Frame) else ""):
            asked.answer.set_result(asked.parts)
        return True

    def connection_lost(self, trouble: Exception | None) -> None:
        self._end(str(trouble) if trouble else "the switch closed the connection")

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        while not self.closed.done():
            idle = loop.time() - self._heard_at
            if idle < self._silence:
                await asyncio.sleep(self._silence - idle)
                continue
            try:
                await self.ask("Ping", patience=self._silence)
            except (SwitchLost, SwitchRefused):
                self.close("silent: no answer to a ping")

    def close(self, why: str = "closed by us") -> None:
        """End the connection at once; everybody who still waits for an answer gets SwitchLost."""
        self._end(why)
        if self._transport is not None:
            self._transport.abort()

    async def log_off(self) -> None:
        """Say good-bye and close."""
        with suppress(SwitchLost, SwitchRefused):
            await self.ask("Logoff", patience=1.0)
        self.close()

    def _end(self, why: str) -> None:
        if not self.closed.done():
            self.closed.set_result(why)
        for asked in self._asked.values():
            if not asked.answer.done():
                asked.answer.set_exception(SwitchLost(why))
        if self._keeper is not None and self._keeper is not asyncio.current_task():
            self._keeper.cancel()


def written(headers: dict[str, str | list[str]]) -> bytes:
    """An action as bytes; a list repeats its header. Unsendable for anything that could begin another line."""
    lines = []
    for name, value in headers.items():
        for text in value if isinstance(value, list) else [value]:
            if not _NAME.fullmatch(name) or _CONTROL.search(text):
                raise Unsendable(f"{name[:64]!r}: {text[:64]!r}")
            lines.append(f"{name}: {text}\r\n")
    return "".join([*lines, "\r\n"]).encode()


def back_off() -> Iterator[float]:
    """Seconds to wait before each further try: longer each time, up to 15, spread by a fifth."""
    spread = secrets.SystemRandom()
    for seconds in _BACK_OFF:
        yield seconds * spread.uniform(0.8, 1.2)
    while True:
        yield _BACK_OFF[-1] * spread.uniform(0.8, 1.2)
