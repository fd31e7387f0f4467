# SPDX-License-Identifier: Apache-2.0
"""The listener of one switch: the only writer of its stream.

    connect → which boot → survey (resync) → the gap is unknown → the logs fill it → live

Four tasks share one event loop and never wait for one another: the link reads and spools; the clerk stores what was
spooled; the orderly carries out commands; the keeper ends wrap-ups. The database is touched in one thread beside the
loop. A kill at any moment loses nothing that the logs have: facts are recognised by their keys.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog

from zuoxi.telephony.asterisk import resync
from zuoxi.telephony.asterisk.backfill import QueueLogTail, Recent, cel_between, end_of
from zuoxi.telephony.asterisk.books import Books
from zuoxi.telephony.asterisk.clerk import WITHIN, Clerk
from zuoxi.telephony.asterisk.client import Account, Link, SwitchLost, SwitchRefused, back_off
from zuoxi.telephony.asterisk.desk import Desk
from zuoxi.telephony.asterisk.frames import Frame, Item
from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.asterisk.orderly import Orderly
from zuoxi.telephony.asterisk.spool import Heard, Spool
from zuoxi.telephony.asterisk.wrap_up_keeper import HEEDED, WrapUpKeeper

log = structlog.get_logger(__name__)

LOGS_EVERY: Final = 1.0
SEEN_EVERY: Final = 5.0
STOPS_WITHIN: Final = 10.0
COMES_UP_WITHIN: Final = 20.0
"""Seconds in which a switch that is started beside the listener may be missing without a warning."""
_CEL_MARGIN: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Duty:
    """Whom to listen to and where things lie. A log of None is not readable from here.

    After `silence` seconds without a byte the switch is asked whether it is there. The clock of a `steady` switch goes
    as ours does; that of a simulated day may not.
    """

    name: str
    account: Account
    spool: Path
    queue_log: Path | None = None
    cel: Path | None = None
    silence: float = 5.0
    steady: bool = False


class Listener:
    def __init__(self, duty: Duty) -> None:
        self._duty = duty
        self._desk = Desk(Books(duty.name))
        self._books = self._desk.books
        self._spool = Spool(duty.spool)
        self._clerk = Clerk(self._desk, self._spool, duty.steady)
        self._wrap_ups = WrapUpKeeper(self._desk, lambda: self._link)
        self._orderly = Orderly(self._desk, self._wrap_ups)
        self._link: Link | None = None
        self._boot: Boot | None = None
        self._early: list[Item] = []
        self._ahead = timedelta()
        """How far the switch's clock is ahead of ours."""
        self._tail: QueueLogTail | None = None
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Listen until `stop`; then store everything that was heard."""
        await self._desk.do(self._books.give_up_orders)
        self._clerk.adopt(await self._desk.do(self._books.open_calls))
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(work) for work in (self._clerk.run(), self._keep_connected(), self._stopping.wait())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # one that ended by itself has failed: say how
        finally:
            await self._wind_up(*tasks)

    async def _wind_up(self, clerk: asyncio.Task[Any], *others: asyncio.Task[Any]) -> None:
        listening = self._link is not None
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPS_WITHIN):
                while len(self._spool) and not clerk.done():
                    await asyncio.sleep(WITHIN)
        clerk.cancel()
        await asyncio.gather(clerk, return_exceptions=True)
        self._spool.keep()
        if listening:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._desk.do(partial(self._books.seen, datetime.now(UTC))), 1)
        await self._desk.close()

    # The connection

    async def _keep_connected(self) -> None:
        waits, began = back_off(), time.monotonic()
        while True:
            try:
                await self._listen()
                waits = back_off()
            except (SwitchLost, SwitchRefused) as trouble:
                starting = isinstance(trouble, SwitchLost) and time.monotonic() - began < COMES_UP_WITHIN
                tell = log.info if starting else log.warning
                tell("switch: not connected", switch=self._duty.name, trouble=str(trouble))
            await asyncio.sleep(next(waits))

    async def _listen(self) -> None:
        """One connection, from log-in to loss. SwitchLost, SwitchRefused where it does not come about."""
        self._boot, self._early = None, []
        await self._wrap_ups.begin()
        link = await Link.open(self._duty.account, self._hear, silence=self._duty.silence)
        self._link = link
        try:
            self._boot = boot = await resync.learn_boot(link, self._duty.name)
            for item in self._early:
                self._hear(item)
            await self._begin(link, boot)
            async with asyncio.TaskGroup() as live:
                for work in (self._orderly.serve, self._wrap_ups.serve, self._follow_logs, self._be_seen):
                    live.create_task(work(link))
        finally:
            self._link = None
            with suppress(asyncio.CancelledError):
                await link.log_off()
        lost = resync.fact("switch.lost", self._switch_time(), boot)
        await self._desk.do(partial(self._books.store, [lost]))
        log.warning("switch: lost", switch=self._duty.name, why=link.closed.result())

    def _hear(self, item: Item) -> None:
        """Called in the moment of reading."""
        boot = self._boot
        if boot is None:
            self._early.append(item)  # of which run of the switch it is will be known in a moment
            return
        self._spool.put(Heard(item, boot, time.time()))
        if isinstance(item, Frame) and item.event in HEEDED:
            self._wrap_ups.hear(item, boot)

    async def _begin(self, link: Link, boot: Boot) -> None:
        """Say who is there, what was missed and what stands."""
        switch = await self._desk.do(self._books.switch)
        found = await resync.survey(link, boot)
        self._ahead = found.at - datetime.now(UTC)
        start = switch.seen_at + self._ahead if switch.seen_at is not None else None
        facts = [resync.fact("switch.connected", found.at, boot, data={"instance": boot.instance})]
        if start is not None and start < found.at:
            why = "listener away" if switch.instance in ("", boot.instance) else "switch restarted"
            facts.append(resync.gap(start, found.at, boot, why))
        await self._desk.do(partial(self._books.note_boot, boot))
        await self._desk.do(partial(self._books.store, facts))
        await self._fill_gap(boot, start, found.at)
        signed_in = await self._desk.do(self._books.signed_in)
        open_calls = await self._desk.do(self._books.open_calls)
        self._clerk.adopt(open_calls)
        await self._desk.do(partial(self._books.store, resync.told(found, boot, signed_in, open_calls)))
        await self._desk.do(partial(self._books.seen, datetime.now(UTC)))
        await self._wrap_ups.adopt(found)
        log.info("switch: connected", switch=self._duty.name, instance=boot.instance, callers=found.callers)

    async def _be_seen(self, link: Link) -> None:
        """Note every few seconds that the switch was there: a gap begins at the last note."""
        while not link.closed.done():
            await self._desk.do(partial(self._books.seen, datetime.now(UTC)))
            await asyncio.wait([link.closed], timeout=SEEN_EVERY)

    def _switch_time(self) -> datetime:
        """Now by the switch's clock; a simulated one may run faster than ours."""
        return max(datetime.now(UTC) + self._ahead, self._clerk.latest)

    # The switch's own logs

    async def _fill_gap(self, boot: Boot, start: datetime | None, end: datetime) -> None:
        """From the queue log all that is settled; from the channel event log the stretch since we were last there."""
        saved = await self._desk.do(self._books.positions)
        starts = await self._desk.do(self._books.starts)
        if self._duty.queue_log is not None:
            self._tail = QueueLogTail(self._duty.queue_log, saved.get("queue_log"), boot, starts)
            while await self._read_queue_log(self._tail, self._clerk.recent):
                pass
        if self._duty.cel is not None:
            if start is not None:
                boots = [Boot(boot.name, since, name) for since, name in sorted(starts.items())]
                told = cel_between(self._duty.cel, saved.get("cel"), boots or [boot], start - _CEL_MARGIN, end)
                await self._desk.do(partial(self._books.store, *told))
            await self._desk.do(partial(self._books.note_positions, cel=end_of(self._duty.cel)))

    async def _follow_logs(self, link: Link) -> None:
        while not link.closed.done():
            await asyncio.wait([link.closed], timeout=LOGS_EVERY)
            if self._tail is not None:
                await self._read_queue_log(self._tail, self._clerk.recent)
            if self._duty.cel is not None:
                await self._desk.do(partial(self._books.note_positions, cel=end_of(self._duty.cel)))

    async def _read_queue_log(self, tail: QueueLogTail, recent: Recent) -> bool:
        """Whether it moved on."""
        before = tail.saved()
        try:
            facts, doubts = tail.read(self._switch_time(), recent)
        except OSError as trouble:
            log.warning("queue log: not readable", switch=self._duty.name, trouble=str(trouble))
            return False
        after = tail.saved()
        if facts or doubts:
            await self._desk.do(partial(self._books.store, facts, doubts))
        if after != before:
            await self._desk.do(partial(self._books.note_positions, queue_log=after))
        return after != before
