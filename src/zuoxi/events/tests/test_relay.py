# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing
from datetime import UTC, datetime

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from zuoxi.events import selectors, services
from zuoxi.events.facts import Record, Stored
from zuoxi.events.relay import BATCH, Lost, Relay

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def stored(number: int) -> Stored:
    return Stored(number, "switch:lab", "queue.joined", NOON, "ami", f"lab/{number}", "", {})


class Memory:
    """A ledger in memory that rings its bell at each append."""

    def __init__(self) -> None:
        self.rows: list[Stored] = []
        self.bell = threading.Event()
        self.reads = 0

    def grow(self, count: int) -> None:
        self.rows += [stored(len(self.rows) + 1 + i) for i in range(count)]
        self.bell.set()

    def last_id(self) -> int:
        return len(self.rows)

    def after(self, event_id: int, limit: int) -> list[Stored]:
        self.reads += 1
        return self.rows[event_id : event_id + limit]

    def alarm(self) -> Memory:
        return self

    def wait(self) -> None:
        self.bell.wait(0.05)
        self.bell.clear()

    def close(self) -> None:
        pass


async def take(relay: Relay, after_id: int, count: int) -> list[int]:
    ids: list[int] = []
    async with aclosing(relay.follow(after_id)) as steps:
        async for step in steps:
            assert not isinstance(step, Lost)
            ids += [event.id for event in step]
            if len(ids) >= count:
                return ids
    return ids


class Slow(Memory):
    """A tail that comes behind: whoever asks the ledger itself is ahead of it."""

    def __init__(self) -> None:
        super().__init__()
        self.may_tail = threading.Event()

    def after(self, event_id: int, limit: int) -> list[Stored]:
        if threading.current_thread().name == "ledger-tail" and not self.may_tail.is_set():
            return []
        return super().after(event_id, limit)


async def test_who_is_ahead_of_the_tail_has_lost_nothing():
    ledger = Slow()
    ledger.grow(10)
    relay = Relay(ledger)
    async with aclosing(relay.follow(4)) as steps:
        asking = asyncio.create_task(anext(steps))
        await asyncio.sleep(0)
        assert [event.id for event in await asyncio.wait_for(asking, 10)] == list(range(5, 11))
        ledger.grow(5)
        ahead = asyncio.create_task(take(relay, 13, 1))  # as one who has read the ledger himself
        behind = asyncio.create_task(take(relay, 10, 5))
        await asyncio.sleep(0.1)
        ledger.may_tail.set()
        assert await asyncio.wait_for(ahead, 10) == [14, 15]
        assert await asyncio.wait_for(behind, 10) == [11, 12, 13, 14, 15]


async def test_who_is_ahead_of_the_ledger_knew_another_one():
    ledger = Memory()
    ledger.grow(10)
    async with aclosing(Relay(ledger).follow(12)) as steps:
        assert await asyncio.wait_for(anext(steps), 10) == Lost(10)


async def test_events_arrive_in_order_from_the_asked_id_on_across_the_seam_of_old_and_new():
    ledger = Memory()
    ledger.grow(2500)
    relay = Relay(ledger)
    taking = asyncio.create_task(take(relay, 40, 3460))
    for _ in range(10):
        await asyncio.sleep(0.01)
        ledger.grow(100)
    assert await asyncio.wait_for(taking, 10) == list(range(41, 3501))


async def test_a_follower_that_is_hopelessly_late_is_told_and_goes_on_at_the_newest():
    ledger = Memory()
    ledger.grow(900)
    relay = Relay(ledger, too_far=500)
    async with aclosing(relay.follow(3)) as steps:
        assert await anext(steps) == Lost(900)
        ledger.grow(2)
        step = await asyncio.wait_for(anext(steps), 5)
        assert [event.id for event in step] == [901, 902]


async def test_a_follower_from_another_ledger_is_told():
    ledger = Memory()
    ledger.grow(5)
    async with aclosing(Relay(ledger).follow(99)) as steps:
        assert await anext(steps) == Lost(5)


async def test_a_slow_follower_misses_nothing_and_the_ring_stays_bounded():
    ledger = Memory()
    relay = Relay(ledger, kept=50)
    seen: list[int] = []
    async with aclosing(relay.follow(0)) as steps:
        ledger.grow(10)
        async for step in steps:
            seen += [event.id for event in step]
            if len(seen) < 1010 and len(ledger.rows) < 1010:
                ledger.grow(200)
                await asyncio.sleep(0.03)
            assert len(relay._ring) <= 50
            if len(seen) >= 1010:
                break
    assert seen == list(range(1, 1011))


async def test_the_event_loop_is_not_blocked_while_the_ledger_is_slow():
    class Slow(Memory):
        def after(self, event_id: int, limit: int) -> list[Stored]:
            threading.Event().wait(0.3)
            return super().after(event_id, limit)

    ledger = Slow()
    ledger.grow(BATCH)
    taking = asyncio.create_task(take(Relay(ledger), 0, BATCH))
    longest = 0.0
    loop = asyncio.get_running_loop()
    while not taking.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        longest = max(longest, loop.time() - before)
    assert len(taking.result()) == BATCH
    assert longest < 0.2


async def test_a_database_that_fails_once_does_not_end_the_tail():
    class Shaky(Memory):
        failures = 1

        def after(self, event_id: int, limit: int) -> list[Stored]:
            if self.failures and threading.current_thread().name == "ledger-tail":
                self.failures -= 1
                raise RuntimeError("the database restarts")
            return super().after(event_id, limit)

    ledger = Shaky()
    relay = Relay(ledger)
    taking = asyncio.create_task(take(relay, 0, 3))
    await asyncio.sleep(0.05)
    ledger.grow(3)
    assert await asyncio.wait_for(taking, 5) == [1, 2, 3]


async def test_the_thread_ends_with_the_last_follower():
    ledger = Memory()
    relay = Relay(ledger)
    ledger.grow(1)
    await take(relay, 0, 1)
    tails = [thread for thread in threading.enumerate() if thread.name == "ledger-tail"]
    for thread in tails:
        await asyncio.to_thread(thread.join, 3)
    assert not any(thread.is_alive() for thread in tails)


@pytest.mark.django_db(transaction=True)
async def test_what_another_process_commits_to_the_real_ledger_is_heard():
    def append(number: int) -> int:
        try:
            with transaction.atomic():
                services.append(
                    [Record("floor", bytes([number]) * 16, "hand.raised", NOON, "desk", "", "1001", {"n": number})]
                )
            return selectors.last_id()
        finally:
            connection.close()  # the thread lives on, its connection would keep the test's database open

    await sync_to_async(append)(1)
    relay = Relay()
    taking = asyncio.create_task(take(relay, 0, 2))
    await asyncio.sleep(0.2)
    assert await sync_to_async(append)(2) == 2
    assert await asyncio.wait_for(taking, 10) == [1, 2]
    for thread in [t for t in threading.enumerate() if t.name == "ledger-tail"]:
        await asyncio.to_thread(thread.join, 3)
