# SPDX-License-Identifier: Apache-2.0
"""One message for many viewers: channels by topic, each with a short ring of ready bytes.

A viewer keeps only its place in the ring. When the ring has moved past it, it is told (`Behind`) and brings itself
up to date by other means; nobody's slowness makes anything grow.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T", bound=Hashable)


class Message(NamedTuple):
    """Ready bytes that bring a page to event `through`."""

    through: int
    body: bytes


class Behind(NamedTuple):
    """The ring no longer holds what followed the viewer's place."""


class Quiet(NamedTuple):
    """Nothing was published for the given time."""


class Channel:
    """The messages of one topic, numbered from 1 in the order of publication."""

    def __init__(self, kept: int = 64) -> None:
        self._ring: deque[Message] = deque(maxlen=kept)
        self._published = 0
        self._changed = asyncio.Event()
        self.viewers = 0

    @property
    def published(self) -> int:
        """How many messages there have been: the place of a viewer that has seen everything."""
        return self._published

    def publish(self, through: int, body: bytes) -> None:
        """Call in the event loop's own thread."""
        self._ring.append(Message(through, body))
        self._published += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def follow(self, place: int, quiet_after: float) -> AsyncGenerator[Message | Behind | Quiet]:
        """Messages after number `place`, for ever; `Quiet` each `quiet_after` seconds without any."""
        while True:
            changed = self._changed
            missed = self._published - place
            if missed > len(self._ring):
                place = self._published
                yield Behind()
            elif missed > 0:
                message = self._ring[len(self._ring) - missed]
                place += 1
                yield message
            else:
                try:
                    async with asyncio.timeout(quiet_after):  # costs no task, which `wait_for` would for every viewer
                        await changed.wait()
                except TimeoutError:
                    yield Quiet()


class Hub(Generic[T]):
    """The channels that somebody views at present."""

    def __init__(self, kept: int = 64) -> None:
        self._kept = kept
        self._channels: dict[T, Channel] = {}

    @property
    def topics(self) -> list[T]:
        return list(self._channels)

    @property
    def viewers(self) -> int:
        return sum(channel.viewers for channel in self._channels.values())

    def publish(self, topic: T, through: int, body: bytes) -> None:
        """Give a message to everybody who views the topic; with nobody there it is dropped."""
        if channel := self._channels.get(topic):
            channel.publish(through, body)

    @contextmanager
    def viewing(self, topic: T) -> Iterator[Channel]:
        """The topic's channel for as long as somebody views it."""
        channel = self._channels.setdefault(topic, Channel(self._kept))
        channel.viewers += 1
        try:
            yield channel
        finally:
            channel.viewers -= 1
            if not channel.viewers:
                self._channels.pop(topic, None)
