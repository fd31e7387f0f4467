# SPDX-License-Identifier: Apache-2.0
"""The one live board of a web process: follows the ledger while somebody watches, and tells every watcher at once.

What events touched is gathered for a seventh of a second and rendered once per audience, however many are in it. The
work is done in one thread of its own; the event loop only hands bytes around.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import orjson
import structlog
from django.db import connection
from django.utils import timezone

from zuoxi.events import selectors as ledger
from zuoxi.events.hub import Behind, Hub, Message
from zuoxi.events.relay import Lost, relay
from zuoxi.floor.board import Board, Touched, touched
from zuoxi.floor.picture import Audience, Picture
from zuoxi.floor.reading import seen_of, whole_board
from zuoxi.floor.roster import Roster, read_roster

log = structlog.get_logger(__name__)
T = TypeVar("T")
GATHER = 0.15
CLOCK = 1.0
TAIL_AT_MOST = 1000
ROSTER_KEPT = timedelta(seconds=20)
COMPARED_EVERY = timedelta(minutes=5)
STEPS = 1_000_000
"""A place in a stream is event id x STEPS + the number of messages since that event."""
RESYNC = b"event: resync\ndata: \n\n"


class Keeper:
    """Keeps the picture; `keeper()` is the one of this process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.hub: Hub[Audience] = Hub()
        self.rendered = 0
        self._board: Board | None = None
        self._base = self._sent_through = self._steps = 0
        self._roster: Roster | None = None
        self._roster_sent: Roster | None = None
        self._roster_at = self._compared_at = datetime.min.replace(tzinfo=timezone.get_default_timezone())
        self._told: dict[Audience, dict[str, str]] = {}
        self._ready: dict[Audience, tuple[int, int, bytes]] = {}
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="floor-keeper")

    # For pages and for the keeper's own thread.

    def picture(self, now: datetime) -> Picture:
        """The picture with everything that is committed by now; use it while holding `lock`."""
        with self.lock:
            roster = self._roster_now(now)
            board = self._board
            if board is None or board.day != timezone.localdate(now) or not self._tail(board):
                board = self._read_whole(now, roster)
            return Picture(board, roster, now)

    @property
    def place(self) -> int:
        """Where a page drawn now stands in every stream."""
        return self._board.through * STEPS + self._steps if self._board else 0

    def _roster_now(self, now: datetime) -> Roster:
        if self._roster is None or now - self._roster_at > ROSTER_KEPT:
            self._roster, self._roster_at = read_roster(timezone.localdate(now)), now
        return self._roster

    def _tail(self, board: Board) -> bool:
        """Bring the board on by what the ledger has since; False when that is too much or another ledger.

        The last known event is read again: where it is gone, this is another ledger.
        """
        events = ledger.after(board.through - 1, TAIL_AT_MOST)
        if len(events) == TAIL_AT_MOST or (board.through and (not events or events[0].id != board.through)):
            return False
        if events := [event for event in events if event.id > board.through]:
            self._take(board, touched(events))
        return True

    def _take(self, board: Board, batch: Touched) -> None:
        if batch.through > board.through:
            self._steps = 0
        board.take(seen_of(batch))

    def _read_whole(self, now: datetime, roster: Roster) -> Board:
        board = whole_board(now, roster.terms)
        if self._board is None or board.through != self._board.through:
            self._steps = 0
        self._board, self._base, self._compared_at = board, board.through, now
        return board

    # For streams, in the event loop.

    async def watch(self, audience: Audience, place: int) -> AsyncGenerator[bytes | None]:
        """Ready bytes that keep a page drawn at `place` right, for ever; None each second without any."""
        with self.hub.viewing(audience) as channel:
            self._begin()
            body, number = await self._in_thread(lambda: self._caught_up(audience, place, channel.published))
            yield body
            async with aclosing(channel.follow(number, CLOCK)) as messages:
                async for message in messages:
                    self._begin()  # whoever came while the last one left finds nobody at work
                    if isinstance(message, Message):
                        yield message.body
                    else:
                        yield RESYNC if isinstance(message, Behind) else None

    def _begin(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep(), name="floor-keeper")

    async def _in_thread(self, work: Callable[[], T]) -> T:
        def done() -> T:
            try:
                return work()
            finally:
                if connection.vendor != "sqlite":
                    connection.close()

        return await asyncio.get_running_loop().run_in_executor(self._thread, done)

    async def _keep(self) -> None:
        """Follow the ledger until nobody watches any more."""
        gathered, whole = Touched(), False
        news = asyncio.Event()
        start = await self._in_thread(self._through_now)

        async def gather() -> None:
            nonlocal whole
            position = start
            while True:
                try:
                    async with aclosing(relay().follow(position)) as steps:
                        async for step in steps:
                            if isinstance(step, Lost):
                                whole, position = True, step.through
                            else:
                                touched(step, gathered)
                                position = step[-1].id
                            news.set()
                except Exception as trouble:  # a database that restarts must not end the live pages
                    log.warning("floor: following anew", trouble=repr(trouble))
                    whole = True
                    await asyncio.sleep(CLOCK)

        gathering = asyncio.create_task(gather(), name="floor-gather")
        try:
            while self.hub.viewers:
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), CLOCK)
                news.clear()
                turn = partial(self._turn, gathered, whole)
                gathered, whole = Touched(), False
                try:
                    for audience, place, body in await self._in_thread(turn):
                        self.hub.publish(audience, place, body)
                except Exception as trouble:  # one bad turn must not end the live pages; the next reads all anew
                    log.warning("floor: reading anew", trouble=repr(trouble))
                    whole = True
                await asyncio.sleep(GATHER)
        finally:
            gathering.cancel()
            with suppress(asyncio.CancelledError):
                await gathering

    def _through_now(self) -> int:
        return self.picture(timezone.now()).board.through

    def _turn(self, batch: Touched, whole: bool) -> list[tuple[Audience, int, bytes]]:
        """Bring the board on and say, per audience, what changed on its pages."""
        now = timezone.now()
        with self.lock:
            board, roster = self._board, self._roster_now(now)
            renewed = self._roster_sent not in (None, roster)
            self._roster_sent = roster
            if board is None or whole or board.day != timezone.localdate(now):
                board, renewed = self._read_whole(now, roster), True
            elif batch:
                self._take(board, batch)
            if now - self._compared_at > COMPARED_EVERY:
                kept, board = board, self._compared(board, now, roster)
                renewed = renewed or board is not kept
            if renewed:
                self._told.clear()
                self._sent_through = board.through
                return [(audience, self.place, RESYNC) for audience in self.hub.topics]
            changes = list(self._changes(Picture(board, roster, now), self._sent_through + 1))
            self._sent_through = board.through
            return changes

    def _compared(self, board: Board, now: datetime, roster: Roster) -> Board:
        """Read the whole picture beside the kept one; where they differ, believe the tables."""
        fresh = whole_board(now, roster.terms)
        self._compared_at = now
        if fresh.through != board.through or fresh.shown() == board.shown():
            return board
        log.warning("floor: the kept picture had drifted", through=board.through)
        self._board, self._base = fresh, fresh.through
        return fresh

    def _caught_up(self, audience: Audience, place: int, number: int) -> tuple[bytes, int]:
        """What a page at `place` lacks; and from which message of its channel on it goes."""
        now = timezone.now()
        with self.lock:
            picture = self.picture(now)
            after = place // STEPS
            if not self._base <= after <= picture.board.through:
                return RESYNC, number
            if after == picture.board.through:
                self._steps = max(self._steps, place % STEPS)
            ready = self._ready.get(audience)
            if ready and ready[:2] == (after, self.place):
                return ready[2], number  # a whole floor that comes back at once is told the same
            fragments = dict(audience.view.fragments(picture, audience, after + 1))
            self._told.setdefault(audience, dict(fragments))
            body = self._body(fragments, now)
            self._ready[audience] = (after, self.place, body)
            return body, number

    def _changes(self, picture: Picture, since: int) -> Iterator[tuple[Audience, int, bytes]]:
        audiences = self.hub.topics
        for gone in self._told.keys() - set(audiences):
            del self._told[gone]
            self._ready.pop(gone, None)
        for audience in audiences:
            told = self._told.setdefault(audience, {})
            fresh = {
                target: html
                for target, html in audience.view.fragments(picture, audience, since)
                if told.get(target) != html
            }
            if fresh:
                told.update(fresh)
                body = self._body(fresh, picture.now)
                yield audience, self.place, body

    def _body(self, fragments: dict[str, str], now: datetime) -> bytes:
        self.rendered += 1
        self._steps += 1
        patches = [{"target": t, "html": html} for t, html in fragments.items() if not t.startswith("!")]
        events = [{"name": t[1:], "detail": detail} for t, detail in fragments.items() if t.startswith("!")]
        data = orjson.dumps({"id": self.place, "patches": patches, "events": events, "at": now.isoformat()})
        return b"id: %d\ndata: %b\n\n" % (self.place, data)


_ours: list[Keeper] = []


def keeper() -> Keeper:
    """The keeper of this process."""
    if not _ours:
        _ours.append(Keeper())
    return _ours[0]


def begin_anew() -> None:
    """Forget the process's keeper; for tests, whose database comes and goes."""
    _ours.clear()
