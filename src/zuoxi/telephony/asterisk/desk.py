# SPDX-License-Identifier: Apache-2.0
"""The listener's way to the database: one thread beside the event loop, patient when the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from django.db import DatabaseError

from zuoxi.telephony.asterisk.books import Books
from zuoxi.telephony.asterisk.client import back_off

log = structlog.get_logger(__name__)
T = TypeVar("T")


class Desk:
    """The books of one switch and the thread that keeps them."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="books")

    async def do(self, work: Callable[[], T]) -> T:
        """The result of `work`, however long the database is away. Every piece of work may be done twice."""
        waits = back_off()
        while True:
            try:
                return await self._in_thread(work)
            except DatabaseError as trouble:
                log.warning("database: trying again", switch=self.books.name, trouble=repr(trouble))
                await self._in_thread(self.books.close)
                await asyncio.sleep(next(waits))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def close(self) -> None:
        await self._in_thread(self.books.close)
        self._thread.shutdown()
