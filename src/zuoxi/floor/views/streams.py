# SPDX-License-Identifier: Apache-2.0
"""The live streams of floor, wall and desk."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from zuoxi.floor.doorkeeper import Guest, doorkeeper
from zuoxi.floor.keeper import RESYNC, keeper
from zuoxi.floor.picture import Audience
from zuoxi.floor.views.board import Asked, audience_of
from zuoxi.floor.visibility import reachable
from zuoxi.web.access import may
from zuoxi.web.sse import event_stream, last_event_id


class Ready:
    """A message that is encoded already, for all its readers together."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        self.body = body

    def encode(self) -> bytes:
        return self.body


async def lines(audience: Audience, place: int, guest: Guest) -> AsyncGenerator[Ready]:
    """What the guest's page lacks and whatever follows, until he is no longer welcome."""
    with doorkeeper().hosting(guest):
        async with aclosing(keeper().watch(audience, place)) as bodies:
            async for body in bodies:
                if not guest.welcome:
                    yield Ready(RESYNC)  # the page reads itself anew and is told what it may still see
                    return
                if body is not None:
                    yield Ready(body)


def place_asked(request: HttpRequest) -> int:
    """Where the page stands: Last-Event-ID of a reconnection, else ?from=; 0 brings a resync."""
    first = request.GET.get("from", "")
    return last_event_id(request, int(first) if first.isdecimal() and len(first) < 19 else 0) or 0


def _floor_guest(request: HttpRequest) -> tuple[Audience, Guest]:
    kept = keeper()
    now = timezone.now()
    reach = reachable(request.user, timezone.localdate(now))
    with kept.lock:
        audience = audience_of(request, kept.picture(now), reach, Asked.of(request))
    session = request.session.session_key or ""
    user: Any = request.user
    return audience, Guest(user.pk, session, "floor.board", reach.scope, reach.agents)


@may("floor.board")
async def floor(request: HttpRequest) -> HttpResponseBase:
    language = translation.get_language() or "zh-hans"

    def prepare() -> tuple[Audience, Guest]:
        with translation.override(language):
            return _floor_guest(request)

    audience, guest = await sync_to_async(prepare)()
    source: Any = lines(audience, place_asked(request), guest)
    return event_stream(source)
