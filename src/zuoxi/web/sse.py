# SPDX-License-Identifier: Apache-2.0
"""Server-sent events: a page at id N, then a stream from N.

    @may("floor.board.view")
    async def stream(request):
        return event_stream(lines(last_event_id(request)))

where `lines` is an async iterator of `Message`. A comment goes out every 15 s, so that both sides notice a dead
connection; when the reader leaves, the iterator is closed (its `finally` runs).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.http import HttpRequest, StreamingHttpResponse

HEARTBEAT = 15.0
RETRY_MILLISECONDS = 2000


@dataclass(frozen=True, slots=True)
class Message:
    """One event. id None sends no id line, so the reader's place does not move. name "resync" has no data."""

    data: Any = None
    id: int | None = None
    name: str = ""

    def encode(self) -> bytes:
        lines = []
        if self.id is not None:
            lines.append(b"id: %d" % self.id)
        if self.name:
            lines.append(b"event: " + self.name.encode())
        lines.append(b"data: " + (b"" if self.data is None else orjson.dumps(self.data)))
        return b"\n".join(lines) + b"\n\n"


RESYNC = Message(name="resync")


@dataclass(frozen=True, slots=True)
class Patches:
    """Collects what one event changes on a page; `message` makes it ready to send."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def html(self, target: str, html: str) -> None:
        self.rows.append({"target": target, "html": html})

    def text(self, target: str, text: str) -> None:
        self.rows.append({"target": target, "text": text})

    def attrs(self, target: str, **attrs: str | None) -> None:
        """Attribute names with underscores for dashes (data_since); None takes the attribute away."""
        named = {name.replace("_", "-"): value for name, value in attrs.items()}
        self.rows.append({"target": target, "attrs": named})

    def append(self, target: str, html: str, keep: int | None = None) -> None:
        self.rows.append({"target": target, "append": html, **({"keep": keep} if keep else {})})

    def prepend(self, target: str, html: str, keep: int | None = None) -> None:
        self.rows.append({"target": target, "prepend": html, **({"keep": keep} if keep else {})})

    def remove(self, target: str) -> None:
        self.rows.append({"target": target, "remove": True})

    def message(self, id: int, at: str) -> Message:
        """at: the server's time, ISO 8601, by which the page's counters are set right."""
        return Message({"id": id, "patches": self.rows, "at": at}, id)


def last_event_id(request: HttpRequest, default: int | None = None) -> int | None:
    """Where the reader stands: its Last-Event-ID header, else ?after=; nonsense counts as the default."""
    text = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    return int(text) if text.isdecimal() and len(text) < 19 else default


async def _with_heartbeat(source: AsyncIterator[Message], seconds: float) -> AsyncGenerator[bytes]:
    yield b"retry: %d\n\n" % RETRY_MILLISECONDS
    waiting: asyncio.Task[Message] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(source))
            done, _pending = await asyncio.wait({waiting}, timeout=seconds)
            if not done:
                yield b": alive\n\n"
                continue
            try:
                message = waiting.result()
            except StopAsyncIteration:
                return
            waiting = None
            yield message.encode()
    finally:
        if waiting is not None:
            waiting.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await waiting
        close = getattr(source, "aclose", None)
        if close is not None:
            await close()


async def _with_its_own_clock(source: AsyncIterator[Message | None], seconds: float) -> AsyncGenerator[bytes]:
    """The same of a source that gives None now and then: no task is made for each message of each reader."""
    yield b"retry: %d\n\n" % RETRY_MILLISECONDS
    sent = time.monotonic()
    try:
        async for message in source:
            if message is not None:
                yield message.encode()
            elif time.monotonic() - sent >= seconds:
                yield b": alive\n\n"
            else:
                continue
            sent = time.monotonic()
    finally:
        close = getattr(source, "aclose", None)
        if close is not None:
            await close()


def event_stream(
    source: AsyncIterator[Any], heartbeat: float = HEARTBEAT, *, ticking: bool = False
) -> StreamingHttpResponse:
    """The stream as a response; proxies are asked not to buffer it.

    `source` gives messages. `ticking`: it gives None, too, whenever a while has passed without any, well within
    `heartbeat`; what many watch together should, for then a message costs each of them far less.
    """
    return StreamingHttpResponse(
        _with_its_own_clock(source, heartbeat) if ticking else _with_heartbeat(source, heartbeat),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
