# SPDX-License-Identifier: Apache-2.0
"""Closing live streams of people who may no longer look: signed out, left, moved to another team, rights taken away.

All open streams of the process are looked at together every few seconds, with a handful of queries however many.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from zuoxi.floor.models import WallLink
from zuoxi.people.models import Assignment, Post, Staff, User
from zuoxi.people.visibility import Matter, Scope, scope_for
from zuoxi.web.access import registry

log = structlog.get_logger(__name__)
ROUND = 5.0


@dataclass(slots=True, eq=False)
class Guest:
    """One open stream. Exactly one of `user_id` and `wall` is set; `welcome` turns False when it must end."""

    user_id: int | None = None
    session: str = ""
    capability: str = ""
    scope: Scope | None = None
    agents: frozenset[str] | None = None
    wall: int | None = None
    welcome: bool = True


class Doorkeeper:
    """Goes round while there are guests."""

    def __init__(self, seconds: float = ROUND) -> None:
        self._seconds = seconds
        self._guests: set[Guest] = set()
        self._round: asyncio.Task[None] | None = None

    @contextmanager
    def hosting(self, guest: Guest) -> Iterator[Guest]:
        self._guests.add(guest)
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._go_round(), name="doorkeeper")
        try:
            yield guest
        finally:
            self._guests.discard(guest)

    async def _go_round(self) -> None:
        while self._guests:
            await asyncio.sleep(self._seconds)
            guests = list(self._guests)
            with suppress(asyncio.CancelledError):
                try:
                    unwelcome = await sync_to_async(turned_away, thread_sensitive=False)(guests)
                except Exception as trouble:  # a database that restarts: look again on the next round
                    log.warning("doorkeeper: trying again", trouble=repr(trouble))
                    continue
                for guest in unwelcome:
                    guest.welcome = False


def turned_away(guests: list[Guest]) -> list[Guest]:
    """Those whose stream must end now."""
    today = timezone.localdate()
    users = User.objects.filter(pk__in={g.user_id for g in guests if g.user_id}, is_active=True)
    known = {user.pk: user for user in users}
    posts = _posts(list(known), today)
    keys = {g.session for g in guests if g.session}
    sessions = {
        one.session_key: one.get_decoded()
        for one in Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    }
    links = {g.wall for g in guests if g.wall}
    open_links = (
        set(WallLink.objects.filter(pk__in=links, revoked_at=None).values_list("pk", flat=True)) if links else set()
    )
    reach: dict[Scope, frozenset[str] | None] = {}

    def welcome(guest: Guest) -> bool:
        if guest.wall is not None:
            return guest.wall in open_links
        user = known.get(guest.user_id or 0)
        session: dict[str, Any] | None = sessions.get(guest.session)
        if user is None or session is None or session.get(HASH_SESSION_KEY) != user.get_session_auth_hash():
            return False
        held = posts.get(user.pk, ())
        if guest.capability not in registry.granted_to(post.position for post in held):
            return False
        if guest.scope is None:
            return True
        scope = scope_for(user.pk, held, today, Matter.OPERATIONS)
        if scope not in reach:
            reach[scope] = None if scope.everything else scope.agent_codes(today)
        return reach[scope] == guest.agents

    return [guest for guest in guests if not welcome(guest)]


def _posts(user_ids: list[int], day: date) -> dict[int, tuple[Post, ...]]:
    rows = Assignment.objects.filter(
        Assignment.in_force(day), Staff.employed_on(day, "staff__"), staff__user_id__in=user_ids
    ).values_list("staff__user_id", "position__code", "position__rank", "team_id", "project_id")
    found: dict[int, list[Post]] = defaultdict(list)
    for user_id, position, rank, team, project in rows:
        found[user_id or 0].append(Post(position, rank, team, project))
    return {user_id: tuple(held) for user_id, held in found.items()}


_doors: dict[asyncio.AbstractEventLoop, Doorkeeper] = {}


def doorkeeper() -> Doorkeeper:
    """The doorkeeper of the running event loop."""
    loop = asyncio.get_running_loop()
    for other in [one for one in _doors if one.is_closed()]:
        del _doors[other]
    return _doors.setdefault(loop, Doorkeeper())
