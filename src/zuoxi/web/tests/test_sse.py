# SPDX-License-Identifier: Apache-2.0
import asyncio
from contextlib import aclosing

import pytest
from django.test import RequestFactory

from zuoxi.web.sse import RESYNC, Message, Patches, event_stream, last_event_id


def test_a_message_is_its_id_and_its_data_in_one_line():
    assert Message({"a": "坐席\n2"}, 7).encode() == 'id: 7\ndata: {"a":"坐席\\n2"}\n\n'.encode()


def test_an_order_to_read_anew_moves_nobodys_place():
    assert RESYNC.encode() == b"event: resync\ndata: \n\n"


@pytest.mark.parametrize(
    ("headers", "query", "place"),
    [
        ({"Last-Event-ID": "41"}, "?after=7", 41),
        ({}, "?after=7", 7),
        ({}, "", None),
        ({"Last-Event-ID": "x; DROP"}, "", None),
        ({"Last-Event-ID": "9" * 30}, "", None),
    ],
)
def test_the_reader_says_where_he_stands(headers, query, place):
    assert last_event_id(RequestFactory().get(f"/stream/{query}", headers=headers)) == place


async def collect(response, count):
    parts = []
    async for part in response:
        parts.append(part)
        if len(parts) == count:
            break
    return parts


async def test_a_quiet_stream_gives_a_sign_of_life():
    async def quiet():
        await asyncio.sleep(60)
        yield Message(1, 1)

    parts = await collect(event_stream(quiet(), heartbeat=0.01), 3)
    assert parts == [b"retry: 2000\n\n", b": alive\n\n", b": alive\n\n"]


async def test_a_source_with_its_own_clock_gives_a_sign_of_life_when_it_is_due_and_not_before():
    async def ticking():
        for number in range(3):
            yield None
            yield Message(number, number)
        await asyncio.sleep(0.02)
        yield None
        yield None

    parts = [part async for part in event_stream(ticking(), heartbeat=0.02, ticking=True)]
    told = [b"id: %d\ndata: %d\n\n" % (number, number) for number in range(3)]
    assert parts == [b"retry: 2000\n\n", *told, b": alive\n\n"]


async def test_a_heartbeat_loses_no_message():
    async def slow():
        for number in range(3):
            await asyncio.sleep(0.03)
            yield Message(number, number)

    parts = [part async for part in event_stream(slow(), heartbeat=0.01)]
    assert [part for part in parts if part.startswith(b"id:")] == [b"id: %d\ndata: %d\n\n" % (n, n) for n in range(3)]


@pytest.mark.parametrize("ticking", [False, True])
async def test_when_the_reader_leaves_the_source_is_closed(ticking):
    closed = []

    async def source():
        try:
            while True:
                await asyncio.sleep(0.001)
                yield Message(1, 1)
        finally:
            closed.append(True)

    async with aclosing(aiter(event_stream(source(), ticking=ticking))) as body:
        async for part in body:
            if part.startswith(b"id:"):
                break
    await asyncio.sleep(0.05)  # Django wraps the generator; the inner one is closed by the loop a moment later
    assert closed == [True]


def test_patches_say_what_changed():
    patches = Patches()
    patches.text("#n", "7")
    patches.attrs("#n", data_since="x", title=None)
    patches.append("#l", "<li>", keep=5)
    patches.remove("#gone")
    assert patches.message(9, "2026-11-22T00:00:00Z").data == {
        "id": 9,
        "at": "2026-11-22T00:00:00Z",
        "patches": [
            {"target": "#n", "text": "7"},
            {"target": "#n", "attrs": {"data-since": "x", "title": None}},
            {"target": "#l", "append": "<li>", "keep": 5},
            {"target": "#gone", "remove": True},
        ],
    }
