# SPDX-License-Identifier: Apache-2.0
"""Tailing the ledger from a web process: in order, at least once, from any event id, never in the event loop.

One thread per process reads what is new and hands it to the event loop, where it stands in one shared ring. A
follower keeps only its own position, so a slow one costs no memory: it reads what it missed from the ledger, and
when that has become too much it is told so (`Lost`) and begins again at the newest event.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from itertools import islice
from typing import NamedTuple, Protocol, TypeVar

import structlog
from asgiref.sync import sync_to_async
from django.db import connection

from zuoxi.events import selectors, wake
from zuoxi.events.facts import Stored

log = structlog.get_logger(__name__)
T = TypeVar("T")
BATCH = 1000
UNREAD_BATCHES = 8  # how many batches may wait for the event loop before the thread stops reading


class Lost(NamedTuple):
    """The follower was too far behind: whatever it holds must be read anew. It goes on after `through`."""

    through: int


class Source(Protocol):
    """Where events are read from; called in threads."""

    def last_id(self) -> int: ...

    def after(self, event_id: int, limit: int) -> list[Stored]: ...

    def alarm(self) -> wake.Alarm: ...


class Ledger:
    """The ledger of this database."""

    def last_id(self) -> int:
        return self._and_back(selectors.last_id)

    def after(self, event_id: int, limit: int) -> list[Stored]:
        return self._and_back(lambda: selectors.after(event_id, limit))

    def alarm(self) -> wake.Alarm:
        return wake.alarm()

    def _and_back(self, read: Callable[[], T]) -> T:
        try:
            return read()
        finally:
            if connection.vendor != "sqlite" and not connection.in_atomic_block:
                connection.close()  # back to the pool: these threads live as long as the process


class _Tail(threading.Thread):
    """Reads what is new and gives it to the loop, at most `UNREAD_BATCHES` ahead of it."""

    def __init__(self, source: Source, position: int, deliver: Callable[[list[Stored]], None]) -> None:
        super().__init__(name="ledger-tail", daemon=True)
        self._source = source
        self._position = position
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()
        self._room = threading.BoundedSemaphore(UNREAD_BATCHES)
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        bell: wake.Alarm | None = None
        while not self._stopped.is_set():
            try:
                bell = bell or self._source.alarm()
                if not self._read_on():
                    bell.wait()
            except Exception as trouble:  # a database that restarts must not end the live pages for good
                if self._stopped.is_set() or self._loop.is_closed():
                    break
                log.warning("ledger tail: trying again", trouble=repr(trouble))
                connection.close()
                self._stopped.wait(1)
        if bell:
            bell.close()
        connection.close()

    def _read_on(self) -> bool:
        """Read one batch; False when there was nothing new."""
        rows = self._source.after(self._position, BATCH)
        if not rows:
            return False
        while not self._room.acquire(timeout=0.5):
            if self._stopped.is_set():
                return False
        self._loop.call_soon_threadsafe(self._taken, rows)
        self._position = rows[-1].id
        return True

    def _taken(self, rows: list[Stored]) -> None:
        self._room.release()
        if not self._stopped.is_set():
            self._deliver(rows)


class Relay:
    """The newest events of one process and everybody who follows them. Lives in one event loop."""

    def __init__(self, source: Source | None = None, *, kept: int = 4096, too_far: int = 20_000) -> None:
        self._source = source or Ledger()
        self._ring: deque[Stored] = deque(maxlen=kept)
        self._too_far = too_far
        self._newest = 0
        self._tail: _Tail | None = None
        self._followers = 0
        self._changed = asyncio.Event()
        self._starting = asyncio.Lock()

    async def follow(self, after_id: int) -> AsyncGenerator[Sequence[Stored] | Lost]:
        """What was committed after `after_id`, in batches by id, for ever; `Lost` where too much was missed.

        Close the iterator (`contextlib.aclosing`) when done: the last follower's leaving stops the thread.
        """
        self._followers += 1
        try:
            await self._begin()
            position = after_id
            while True:
                changed = self._changed
                step = await self._step(position)
                if isinstance(step, Lost):
                    position = step.through
                    yield step
                elif step:
                    position = step[-1].id
                    yield step
                else:
                    await changed.wait()
        finally:
            self._followers -= 1
            if not self._followers and self._tail:
                self._tail.stop()
                self._tail = None

    async def _begin(self) -> None:
        async with self._starting:
            if self._tail is None:
                self._newest = await sync_to_async(self._source.last_id, thread_sensitive=False)()
                self._ring.clear()
                self._tail = _Tail(self._source, self._newest, self._deliver)
                self._tail.start()

    async def _step(self, position: int) -> Sequence[Stored] | Lost:
        behind = self._newest - position
        if behind == 0:
            return ()
        if behind < 0:  # he has read the ledger itself and is ahead of the tail; or it is another ledger than he knew
            there = await sync_to_async(self._source.last_id, thread_sensitive=False)()
            return () if position <= there else Lost(self._newest)
        if behind > self._too_far:
            return Lost(self._newest)
        if self._ring and self._ring[0].id <= position + 1:
            first = position + 1 - self._ring[0].id  # ids have no gaps
            return list(islice(self._ring, first, first + BATCH))
        return await sync_to_async(self._source.after, thread_sensitive=False)(position, BATCH)

    def _deliver(self, rows: list[Stored]) -> None:
        self._ring.extend(rows)
        self._newest = rows[-1].id
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


_relays: dict[asyncio.AbstractEventLoop, Relay] = {}


def relay() -> Relay:
    """The relay of the running event loop (one per process under the server)."""
    loop = asyncio.get_running_loop()
    for other in [one for one in _relays if one.is_closed()]:
        del _relays[other]
    return _relays.setdefault(loop, Relay())
