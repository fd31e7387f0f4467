# SPDX-License-Identifier: Apache-2.0
"""Carries out what people asked of the switch, and writes down what became of it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from zuoxi.telephony.asterisk.books import Order
from zuoxi.telephony.asterisk.client import Link, SwitchLost, SwitchRefused, Unsendable
from zuoxi.telephony.asterisk.desk import Desk
from zuoxi.telephony.asterisk.orders import ORDERS, Impossible
from zuoxi.telephony.asterisk.wrap_up_keeper import WrapUpKeeper

EVERY: Final = 0.2
"""Seconds between looks for new commands."""


class Orderly:
    """Commands of one agent are carried out one after the other, those of different agents beside each other."""

    def __init__(self, desk: Desk, wrap_ups: WrapUpKeeper) -> None:
        self._desk = desk
        self._wrap_ups = wrap_ups
        self._turns: dict[str, asyncio.Lock] = {}

    async def serve(self, link: Link) -> None:
        """For as long as the link lives."""
        async with asyncio.TaskGroup() as errands:
            while not link.closed.done():
                for order in await self._desk.do(self._desk.books.take_orders):
                    errands.create_task(self._carry_out(link, order))
                await asyncio.sleep(EVERY)

    async def _carry_out(self, link: Link, order: Order) -> None:
        async with self._turns.setdefault(order.agent, asyncio.Lock()):
            failure = await self._outcome(link, order)
        await self._desk.do(partial(self._desk.books.answer, order.number, failure))

    async def _outcome(self, link: Link, order: Order) -> str:
        """Empty when the switch did it; else why not."""
        if order.verb == "extend_wrap_up":
            return "" if self._wrap_ups.extend(order.agent) else "there is no wrap-up to extend"
        if order.verb not in ORDERS:
            return f"unknown command {order.verb}"
        try:
            await ORDERS[order.verb](link, order.agent, order.arguments)
        except (SwitchLost, SwitchRefused, Impossible, Unsendable) as trouble:
            return str(trouble)
        return ""
