# SPDX-License-Identifier: Apache-2.0
import asyncio
from contextlib import aclosing

from zuoxi.events.hub import Behind, Hub, Message, Quiet


async def test_every_viewer_of_a_topic_gets_the_same_bytes_in_order():
    hub: Hub[str] = Hub()

    async def view() -> list[Message]:
        with hub.viewing("floor") as channel:
            async with aclosing(channel.follow(channel.published, 5)) as messages:
                return [await anext(messages), await anext(messages)]

    views = [asyncio.create_task(view()) for _ in range(3)]
    await asyncio.sleep(0)
    hub.publish("floor", 7, b"one")
    hub.publish("floor", 9, b"two")
    first, *others = await asyncio.gather(*views)
    assert first == [Message(7, b"one"), Message(9, b"two")]
    assert all(one[0].body is first[0].body for one in others)


async def test_a_viewer_that_the_ring_has_passed_is_told_and_goes_on():
    hub: Hub[str] = Hub(kept=4)
    with hub.viewing("wall") as channel:
        async with aclosing(channel.follow(0, 5)) as messages:
            for number in range(10):
                hub.publish("wall", number, b"x")
            assert await anext(messages) == Behind()
            hub.publish("wall", 11, b"y")
            assert await anext(messages) == Message(11, b"y")


async def test_silence_is_reported_so_that_the_stream_can_show_it_is_alive():
    with Hub[str]().viewing("desk") as channel:
        async with aclosing(channel.follow(0, 0.01)) as messages:
            assert await anext(messages) == Quiet()


async def test_a_topic_nobody_views_keeps_nothing():
    hub: Hub[str] = Hub()
    with hub.viewing("floor"):
        assert hub.topics == ["floor"]
    hub.publish("floor", 1, b"dropped")
    assert hub.topics == [] and hub.viewers == 0
