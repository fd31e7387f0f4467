# SPDX-License-Identifier: Apache-2.0
"""The live streams of floor, wall and desk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any

import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone, translation

from zuoxi.floor import services
from zuoxi.floor.doorkeeper import Guest, doorkeeper
from zuoxi.floor.drawing.desk import DESK_VIEW
from zuoxi.floor.keeper import RESYNC, keeper
from zuoxi.floor.models import OpenDesk
from zuoxi.floor.picture import Audience
from zuoxi.floor.views.board import Asked, audience_of
from zuoxi.floor.visibility import reachable
from zuoxi.people import selectors as people
from zuoxi.vault.origin import address_of
from zuoxi.web.access import may
from zuoxi.web.sse import event_stream, last_event_id

KEPT_EVERY = 15.0
ASKED_AGAIN = 3.0


class Ready:
    """A message that is encoded already, for all its readers together."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        self.body = body

    def encode(self) -> bytes:
        return self.body


async def lines(audience: Audience, place: int, guest: Guest) -> AsyncGenerator[Ready | None]:
    """What the guest's page lacks and whatever follows, until he is no longer welcome; None each second without."""
    with doorkeeper().hosting(guest):
        async with aclosing(keeper().watch(audience, place)) as bodies:
            async for body in bodies:
                if not guest.welcome:
                    yield Ready(RESYNC)  # the page reads itself anew and is told what it may still see
                    return
                yield None if body is None else Ready(body)


def place_asked(request: HttpRequest) -> int:
    """Where the page stands: Last-Event-ID of a reconnection, else ?from=; 0 brings a resync."""
    first = request.GET.get("from", "")
    return last_event_id(request, int(first) if first.isdecimal() and len(first) < 19 else 0) or 0


def spoken(request: HttpRequest) -> str:
    """The page's language, which it names with ?lang=: a shared worker's own request may prefer another."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or "zh-hans"


async def prepared(request: HttpRequest, work: Callable[[], Any]) -> Any:
    """Run in a thread what asks the database, in the page's language."""
    language = spoken(request)

    def done() -> Any:
        with translation.override(language):
            return work()

    return await sync_to_async(done)()


def _floor_guest(request: HttpRequest) -> tuple[Audience, Guest]:
    kept = keeper()
    now = timezone.now()
    reach = reachable(request.user, timezone.localdate(now))
    with kept.lock:
        audience = audience_of(request, kept.picture(now), reach, Asked.of(request))
    user: Any = request.user
    return audience, Guest(user.pk, request.session.session_key or "", "floor.board", reach.scope, reach.agents)


@may("floor.board")
async def floor(request: HttpRequest) -> HttpResponseBase:
    audience, guest = await prepared(request, lambda: _floor_guest(request))
    return event_stream(lines(audience, place_asked(request), guest), ticking=True)


class Seat:
    """One tab's claim to its agent's desk (CALL-009): there is one desk, and the later tab is told."""

    def __init__(self, agent: str, tab: str, session: str, address: str, language: str) -> None:
        self.agent, self.tab, self.session, self.address, self.language = agent, tab, session, address, language
        self.told = False

    async def claim(self) -> OpenDesk | None:
        """None: the desk is this tab's; otherwise the one that holds it."""
        tries = 1 if self.told else 3  # a reload opens its new stream before the old one has ended
        for left in reversed(range(tries)):
            standing: OpenDesk | None = await _in_thread(partial(self._open, note=not left and not self.told))
            if standing is None or not left:
                break
            await asyncio.sleep(0.7)
        return standing

    def _open(self, *, note: bool) -> OpenDesk | None:
        return services.open_desk(self.agent, self.tab, self.session, self.address, timezone.now(), note=note)

    async def keep(self) -> bool:
        return bool(await _in_thread(partial(services.keep_desk, self.agent, self.tab, timezone.now())))

    async def leave(self) -> None:
        await _in_thread(partial(services.leave_desk, self.agent, self.tab))

    def notice(self, standing: OpenDesk | None) -> Ready:
        """What covers the desk while another tab has it; without `standing` the cover is taken away.

        The message has no id, so that the reader's place does not move.
        """
        context = {"standing": standing, "same": standing and standing.session == self.session, "tab": self.tab}
        with translation.override(self.language):
            html = render_to_string("floor/desk/guard.html", context)
        data = {"patches": [{"target": "#desk-guard", "html": html}], "at": timezone.now().isoformat()}
        return Ready(b"data: %b\n\n" % orjson.dumps(data))


async def _in_thread(work: Callable[[], Any]) -> Any:
    return await sync_to_async(work, thread_sensitive=False)()


async def desk_lines(seat: Seat, audience: Audience, place: int, guest: Guest) -> AsyncGenerator[Ready]:
    """The desk's stream while this tab holds the desk; a cover over the page while it does not."""
    with doorkeeper().hosting(guest):
        try:
            while guest.welcome:
                standing = await seat.claim()
                if standing is not None:
                    if not seat.told:
                        seat.told = True
                        yield seat.notice(standing)
                    await asyncio.sleep(ASKED_AGAIN)
                    continue
                if seat.told:
                    seat.told = False
                    yield seat.notice(None)
                    yield Ready(RESYNC)
                async for message in _held_lines(seat, audience, place, guest):
                    yield message
            yield Ready(RESYNC)
        finally:
            await seat.leave()


async def _held_lines(seat: Seat, audience: Audience, place: int, guest: Guest) -> AsyncGenerator[Ready]:
    kept_at = time.monotonic()
    async with aclosing(keeper().watch(audience, place)) as bodies:
        async for body in bodies:
            if not guest.welcome:
                return
            if body is not None:
                yield Ready(body)
            moved = body is not None and b"zuoxi:notes" in body  # taking the desk elsewhere is told as an event
            if moved or time.monotonic() - kept_at > KEPT_EVERY:
                kept_at = time.monotonic()
                if not await seat.keep():
                    return


def _desk_guest(request: HttpRequest) -> tuple[Audience, Guest, Seat]:
    staff = people.staff_of(request.user)
    code = staff.code if staff else ""
    language = translation.get_language() or "zh-hans"
    session = request.session.session_key or ""
    user: Any = request.user
    seat = Seat(code, request.GET.get("tab", "")[:32] or session[:32], session, address_of(request) or "", language)
    return Audience(DESK_VIEW, language, frozenset({code})), Guest(user.pk, session, "telephony.desk"), seat


@may("telephony.desk")
async def desk(request: HttpRequest) -> HttpResponseBase:
    audience, guest, seat = await prepared(request, lambda: _desk_guest(request))
    source: Any = desk_lines(seat, audience, place_asked(request), guest)
    return event_stream(source)
