# SPDX-License-Identifier: Apache-2.0
"""The listener of one switch: the only writer of its stream.

    connect → which boot → survey (resync) → the gap is unknown → the logs fill it → live

Four tasks share one event loop and never wait for one another: the link reads and spools; the clerk stores what was
spooled; the orderly sends commands; the keeper of wrap-ups makes agents ready. The database is only ever touched in
one thread beside the loop. A kill at any moment loses nothing that the logs have: facts are recognised by their keys.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from django.db import DatabaseError, connection

from zuoxi.telephony.asterisk import resync
from zuoxi.telephony.asterisk.backfill import Heard as Recent
from zuoxi.telephony.asterisk.backfill import QueueLogTail, cel_between, end_of
from zuoxi.telephony.asterisk.books import Books, Doubt, Order
from zuoxi.telephony.asterisk.client import (
    Account,
    Link,
    SwitchLost,
    SwitchRefused,
    Unsendable,
    back_off,
)
from zuoxi.telephony.asterisk.frames import Frame, Item, Rejected
from zuoxi.telephony.asterisk.identity import Boot, Untold
from zuoxi.telephony.asterisk.orders import ORDERS, Impossible, pause
from zuoxi.telephony.asterisk.spool import Heard, Spool
from zuoxi.telephony.asterisk.translate import translate
from zuoxi.telephony.asterisk.wrap_up import Wish, WrapUps
from zuoxi.telephony.facts import SwitchFact

log = structlog.get_logger(__name__)
T = TypeVar("T")

BATCH: Final = 500
WITHIN: Final = 0.05
"""Seconds that a fact may wait for company before it is stored."""
ORDERS_EVERY: Final = 0.2
LOGS_EVERY: Final = 1.0
SEEN_EVERY: Final = 5.0
SETTINGS_EVERY: Final = 30.0
STOPS_WITHIN: Final = 10.0


@dataclass(frozen=True, slots=True)
class Duty:
    """What a listener is told: whom to listen to and where things lie. Paths None: not readable from here."""

    name: str
    account: Account
    spool: Path
    queue_log: Path | None = None
    cel: Path | None = None


@dataclass(slots=True)
class Listener:
    duty: Duty
    silence: float = 5.0
    _books: Books = field(init=False)
    _spool: Spool = field(init=False)
    _desk: ThreadPoolExecutor = field(init=False)
    _link: Link | None = field(default=None, init=False)
    _boot: Boot | None = field(default=None, init=False)
    _early: list[Item] = field(default_factory=list, init=False)
    _tail: QueueLogTail | None = field(default=None, init=False)
    _recent: Recent = field(default_factory=Recent, init=False)
    _wrap_ups: WrapUps = field(default_factory=lambda: WrapUps({}), init=False)
    _errands: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _queues: dict[str, asyncio.Lock] = field(default_factory=dict, init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _live: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _reachable: dict[str, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._books = Books(self.duty.name)
        self._spool = Spool(self.duty.spool)
        self._desk = ThreadPoolExecutor(1, thread_name_prefix="books")

    async def run(self) -> None:
        """Listen until `stop`; then store everything that was heard."""
        await self._booked(self._books.abandoned_orders)
        clerk = asyncio.create_task(self._store_what_is_heard())
        others = [
            asyncio.create_task(duty())
            for duty in (self._keep_connected, self._carry_out_orders, self._end_wrap_ups, self._follow_logs)
        ]
        stopping: asyncio.Task[Any] = asyncio.create_task(self._stopping.wait())
        try:
            done, _ = await asyncio.wait([*others, clerk, stopping], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopping}:
                task.result()  # a task that ended by itself has failed: say how
        finally:
            await self._wind_up(clerk, [stopping, *others, *self._errands])

    def stop(self) -> None:
        self._stopping.set()

    async def _wind_up(self, clerk: asyncio.Task[None], others: list[asyncio.Task[Any]]) -> None:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._link is not None:
            await self._link.log_off()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPS_WITHIN):
                while len(self._spool) and not clerk.done():
                    await asyncio.sleep(WITHIN)
        clerk.cancel()
        await asyncio.gather(clerk, return_exceptions=True)
        self._spool.keep()
        await asyncio.get_running_loop().run_in_executor(self._desk, self._books.close)
        self._desk.shutdown()

    # The database, in its own thread; it may be away, we may not

    async def _booked(self, work: Callable[[], T]) -> T:
        """The result of `work`, however long the database is away."""
        waits = back_off()
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(self._desk, work)
            except DatabaseError as trouble:
                log.warning("database: trying again", switch=self.duty.name, trouble=repr(trouble))
                await asyncio.get_running_loop().run_in_executor(self._desk, connection.close)
                await asyncio.sleep(next(waits))

    async def _store_what_is_heard(self) -> None:
        while True:
            heard = await self._spool.take(BATCH, WITHIN)
            facts, doubts = self._interpret(heard)
            await self._booked(lambda f=facts, d=doubts: self._books.store(f, d))  # type: ignore[misc]
            self._spool.done(len(heard))

    def _interpret(self, heard: list[Heard]) -> tuple[list[SwitchFact], list[Doubt]]:
        facts: list[SwitchFact] = []
        doubts: list[Doubt] = []
        for item, boot, at in heard:
            if isinstance(item, Frame):
                try:
                    fact = translate(item, boot)
                except Untold as fault:
                    doubts.append(_doubt(item.raw, str(fault), boot, at))
                    continue
                if fact is not None and self._is_news(fact):
                    self._recent.note(fact)
                    facts.append(fact)
            elif isinstance(item, Rejected):
                doubts.append(_doubt(item.raw, item.reason, boot, at))
        return facts, doubts

    def _is_news(self, fact: SwitchFact) -> bool:
        """The switch repeats an agent's device state with every call and queue; only a change is a fact."""
        if not fact.kind.startswith("device."):
            return True
        changed = self._reachable.get(fact.party, "device.reachable") != fact.kind
        self._reachable[fact.party] = fact.kind
        return changed

    # The connection

    async def _keep_connected(self) -> None:
        waits = back_off()
        while True:
            try:
                await self._listen()
                waits = back_off()
            except (SwitchLost, SwitchRefused) as trouble:
                log.warning("switch: not connected", switch=self.duty.name, trouble=str(trouble))
            await asyncio.sleep(next(waits))

    async def _listen(self) -> None:
        """One connection, from log-in to loss. SwitchLost, SwitchRefused where it does not come about."""
        self._boot, self._early = None, []
        link = await Link.open(self.duty.account, self._hear, silence=self.silence)
        self._link = link
        try:
            self._boot = boot = await resync.learn_boot(link, self.duty.name)
            for item in self._early:
                self._hear(item)
            await self._begin(link, boot)
            self._live.set()
            await self._stay(link)
        finally:
            self._live.clear()
            link.close()
            self._link = None
        lost = resync.fact("switch.lost", datetime.now(UTC), boot)
        await self._booked(lambda: self._books.store([lost]))
        log.warning("switch: lost", switch=self.duty.name, why=link.closed.result())

    def _hear(self, item: Item) -> None:
        """Called in the moment of reading."""
        boot = self._boot
        if boot is None:
            self._early.append(item)  # whose run of the switch this is will be known in a moment
            return
        self._spool.put(Heard(item, boot, time.time()))
        if isinstance(item, Frame) and item.event in _MOVES_WRAP_UP:
            self._react(item, boot)

    async def _begin(self, link: Link, boot: Boot) -> None:
        """Say who is there, what was missed and what stands."""
        switch = await self._booked(self._books.switch)
        found = await resync.survey(link, boot)
        facts = [resync.fact("switch.connected", found.at, boot, data={"instance": boot.instance})]
        if switch.seen_at is not None and switch.seen_at < found.at:
            why = "listener away" if switch.instance in ("", boot.instance) else "switch restarted"
            facts.append(resync.gap(switch.seen_at, found.at, boot, why))
        await self._booked(lambda: self._books.note_boot(boot))
        await self._booked(lambda: self._books.store(facts))
        await self._fill_gap(boot, switch.seen_at, found.at)
        signed_in = await self._booked(self._books.signed_in)
        open_calls = await self._booked(self._books.open_calls)
        told = resync.told(found, boot, signed_in, open_calls)
        await self._booked(lambda: self._books.store(told))
        await self._booked(lambda: self._books.seen(found.at))
        await self._adopt(found)
        log.info("switch: connected", switch=self.duty.name, instance=boot.instance, callers=found.callers)

    async def _fill_gap(self, boot: Boot, start: datetime | None, end: datetime) -> None:
        """From the queue log all that is settled; from the channel event log the stretch since we were last there."""
        saved = await self._booked(self._books.positions)
        starts = saved.get("starts", [])
        if self.duty.queue_log is not None:
            self._tail = QueueLogTail(self.duty.queue_log, saved.get("queue_log"), boot, starts)
            while await self._read_queue_log(self._tail, Recent()):
                pass
        if self.duty.cel is not None:
            path, boots = (
                self.duty.cel,
                [Boot(boot.name, since, boot.system_name) for since in sorted({*starts, boot.since})],
            )
            if start is not None:
                facts, doubts = cel_between(path, saved.get("cel"), boots, start - timedelta(seconds=2), end)
                await self._booked(lambda: self._books.store(facts, doubts))
            await self._booked(lambda: self._books.note_positions(cel=end_of(path)))

    async def _stay(self, link: Link) -> None:
        while not link.closed.done():
            with suppress(TimeoutError):
                async with asyncio.timeout(SEEN_EVERY):
                    await asyncio.shield(link.closed)
            if not link.closed.done():
                await self._booked(lambda: self._books.seen(datetime.now(UTC)))

    # The logs behind us

    async def _follow_logs(self) -> None:
        while True:
            await asyncio.sleep(LOGS_EVERY)
            await self._live.wait()
            if self._tail is not None:
                await self._read_queue_log(self._tail, self._recent)
            if self.duty.cel is not None:
                path = self.duty.cel
                await self._booked(lambda p=path: self._books.note_positions(cel=end_of(p)))  # type: ignore[misc]

    async def _read_queue_log(self, tail: QueueLogTail, recent: Recent) -> bool:
        """Whether there was anything."""
        try:
            facts, doubts = tail.read(datetime.now(UTC), recent)
        except OSError as trouble:
            log.warning("queue log: not readable", switch=self.duty.name, trouble=str(trouble))
            return False
        before = tail.saved()
        if facts or doubts:
            await self._booked(lambda: self._books.store(facts, doubts))
        await self._booked(lambda: self._books.note_positions(queue_log=before))
        return bool(facts or doubts)

    # Wrap-up

    def _react(self, frame: Frame, boot: Boot) -> None:
        try:
            fact = translate(frame, boot)
        except Untold:
            return
        if fact is None:
            return
        agent, queue, now = fact.party, str(fact.data.get("queue", "")), asyncio.get_running_loop().time()
        wish = None
        match fact.kind:
            case "agent.connected":
                wish = self._wrap_ups.connected(agent, queue)
            case "agent.completed":
                wish = self._wrap_ups.completed(agent, queue, now)
            case "member.paused":
                self._wrap_ups.paused(agent, str(fact.data["reason"]), now)
            case "member.unpaused":
                self._wrap_ups.ready(agent)
        if wish is not None:
            self._send(wish)

    def _send(self, wish: Wish) -> None:
        self._errand(self._fulfil(wish))

    async def _fulfil(self, wish: Wish) -> None:
        link = self._link
        if link is None:
            return
        try:
            await pause(link, wish.agent, wish.reason)
        except (SwitchLost, SwitchRefused, Impossible) as trouble:
            log.warning("wrap-up: not done", agent=wish.agent, reason=wish.reason, trouble=str(trouble))

    async def _adopt(self, found: resync.Survey) -> None:
        """Whoever was in wrap-up, or on a call that has ended meanwhile, is not left paused."""
        self._wrap_ups.seconds = await self._booked(self._books.wrap_seconds)
        now = asyncio.get_running_loop().time()
        for agent, standing in found.agents.items():
            left = 0.0
            if standing.reason in ("oncall", "wrapup"):
                left = await self._wrap_up_left(agent, found.at)
            wish = self._wrap_ups.adopt(agent, standing.reason if standing.paused else "", standing.in_call, left, now)
            if wish is not None:
                self._send(wish)

    async def _wrap_up_left(self, agent: str, at: datetime) -> float:
        last = await self._booked(lambda: self._books.last_completed(agent))
        if last is None:
            return 0.0
        ended_at, queue = last
        return self._wrap_ups.seconds.get(queue, 0) - (at - ended_at).total_seconds()

    async def _end_wrap_ups(self) -> None:
        loop = asyncio.get_running_loop()
        refresh_at = loop.time() + SETTINGS_EVERY
        while True:
            await asyncio.sleep(ORDERS_EVERY)
            await self._live.wait()
            for wish in list(self._wrap_ups.due(loop.time())):
                self._send(wish)
            if loop.time() > refresh_at:
                self._wrap_ups.seconds = await self._booked(self._books.wrap_seconds)
                refresh_at = loop.time() + SETTINGS_EVERY

    # Commands

    async def _carry_out_orders(self) -> None:
        while True:
            await asyncio.sleep(ORDERS_EVERY)
            await self._live.wait()
            for order in await self._booked(self._books.take_orders):
                self._errand(self._carry_out(order))

    async def _carry_out(self, order: Order) -> None:
        """Commands of one agent one after the other, of different agents beside each other."""
        async with self._queues.setdefault(order.agent, asyncio.Lock()):
            failure = await self._outcome(order)
        await self._booked(lambda: self._books.answer(order.number, failure))

    async def _outcome(self, order: Order) -> str:
        """Empty when the switch did it; else why not."""
        link = self._link
        if link is None:
            return "the switch is not connected"
        if order.verb == "extend_wrap_up":
            return "" if self._wrap_ups.extend(order.agent) else "there is no wrap-up to extend"
        if order.verb not in ORDERS:
            return f"unknown command {order.verb}"
        try:
            await ORDERS[order.verb](link, order.agent, order.arguments)
        except (SwitchLost, SwitchRefused, Impossible, Unsendable) as trouble:
            return str(trouble)
        return ""

    def _errand(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


_MOVES_WRAP_UP: Final = frozenset({"AgentConnect", "AgentComplete", "QueueMemberPause", "QueueMemberRemoved"})


def _doubt(raw: bytes, reason: str, boot: Boot, at: float) -> Doubt:
    return Doubt(raw, reason, boot.key(b"doubt|" + raw), datetime.fromtimestamp(at, UTC), "ami")
