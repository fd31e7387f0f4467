# SPDX-License-Identifier: Apache-2.0
"""Keeps agents' wrap-ups on the switch: hears calls begin and end, pauses, and makes ready when the time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

import structlog

from zuoxi.telephony.asterisk.client import Link, SwitchLost, SwitchRefused
from zuoxi.telephony.asterisk.desk import Desk
from zuoxi.telephony.asterisk.frames import Frame
from zuoxi.telephony.asterisk.identity import Boot, Untold
from zuoxi.telephony.asterisk.orders import Impossible, pause
from zuoxi.telephony.asterisk.resync import Survey
from zuoxi.telephony.asterisk.translate import translate
from zuoxi.telephony.asterisk.wrap_up import ON_CALL, WRAP_UP, Wish, WrapUps

log = structlog.get_logger(__name__)

HEEDED: Final = frozenset({"AgentConnect", "AgentComplete", "Hangup", "QueueMemberPause", "QueueMemberAdded"})
EVERY: Final = 0.2
SETTINGS_EVERY: Final = 5.0


class WrapUpKeeper:
    def __init__(self, desk: Desk, link: Callable[[], Link | None]) -> None:
        self._desk = desk
        self._link = link
        self._wrap_ups = WrapUps({})
        self._errands: set[asyncio.Task[None]] = set()

    def extend(self, agent: str) -> bool:
        return self._wrap_ups.extend(agent)

    def hear(self, frame: Frame, boot: Boot) -> None:
        """Called in the moment of reading, for events of `HEEDED`: an agent must be paused before the next caller."""
        try:
            fact = translate(frame, boot)
        except Untold:
            return
        if fact is None:
            return
        agent, queue, now = fact.party, str(fact.data.get("queue", "")), asyncio.get_running_loop().time()
        match fact.kind:
            case "agent.connected":
                self._send(self._wrap_ups.connected(agent, queue, fact.subject))
            case "agent.completed":
                self._send(self._wrap_ups.completed(agent, queue, now, fact.subject))
            case "leg.ended":
                self._send(self._wrap_ups.left(agent, fact.subject, now))
            case "member.paused":
                self._wrap_ups.paused(agent, str(fact.data["reason"]), now)
            case "member.unpaused":
                self._wrap_ups.ready(agent)

    async def begin(self) -> None:
        """Before a connection is made: what is heard on it must find the queues' times."""
        await self._learn()
        self._wrap_ups.forget()

    async def adopt(self, found: Survey) -> None:
        """Whoever was in wrap-up, or on a call that has ended meanwhile, is not left paused."""
        now = asyncio.get_running_loop().time()
        for agent, standing in found.agents.items():
            reason = standing.reason if standing.paused else ""
            left = await self._left(agent, found.at) if reason in (ON_CALL, WRAP_UP) else 0.0
            self._send(self._wrap_ups.adopt(agent, reason, standing.in_call, left, now))

    async def _left(self, agent: str, at: datetime) -> float:
        """Seconds of wrap-up that are left after the last call that the ledger knows."""
        last = await self._desk.do(partial(self._desk.books.last_completed, agent))
        if last is None:
            return 0.0
        ended_at, queue = last
        return self._wrap_ups.seconds.get(queue, 0) - (at - ended_at).total_seconds()

    async def _learn(self) -> None:
        self._wrap_ups.seconds = await self._desk.do(self._desk.books.wrap_seconds)

    async def serve(self, link: Link) -> None:
        """For as long as the link lives."""
        loop = asyncio.get_running_loop()
        learn_at = loop.time() + SETTINGS_EVERY
        while not link.closed.done():
            for wish in list(self._wrap_ups.due(loop.time())):
                self._send(wish)
            if loop.time() > learn_at:
                await self._learn()
                learn_at = loop.time() + SETTINGS_EVERY
            await asyncio.sleep(EVERY)

    def _send(self, wish: Wish | None) -> None:
        link = self._link()
        if wish is None or link is None:
            return
        task = asyncio.create_task(self._fulfil(link, wish))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _fulfil(self, link: Link, wish: Wish) -> None:
        try:
            await pause(link, wish.agent, wish.reason)
        except (SwitchLost, SwitchRefused, Impossible) as trouble:
            log.warning("wrap-up: not done", agent=wish.agent, reason=wish.reason, trouble=str(trouble))
