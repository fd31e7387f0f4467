# SPDX-License-Identifier: Apache-2.0
"""The calls that go on now, for those who listen in: quality and trainers have no floor of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from zuoxi.floor.drawing import rows
from zuoxi.floor.keeper import keeper
from zuoxi.floor.picture import Picture
from zuoxi.floor.views.board import rings_here
from zuoxi.floor.visibility import Reachable, heard_by, reachable
from zuoxi.people import selectors as people
from zuoxi.web.access import may
from zuoxi.web.listing import page_of_rows


class LiveCall(NamedTuple):
    """A call that somebody in reach has in hand. `led`: the viewer may speak in it, too."""

    code: str
    name: str
    team_id: int | None
    team: str
    queue: str
    direction: str
    since: datetime
    held: bool
    led: bool


def live_calls_of(picture: Picture, reach: Reachable, led: Reachable | None, me: str, language: str) -> list[LiveCall]:
    """The longest first; nobody listens to himself. `led`: the people in whose calls the viewer may step in."""
    found = []
    for code, seen in picture.board.agents.items():
        if seen.state != "on_call" or code == me or not reach.sees(code):
            continue
        person = rows.person_of(picture, code)
        queue = picture.roster.queues.get(seen.queue)
        found.append(
            LiveCall(
                code, person.name, person.team_id, person.team(language), queue.name(language) if queue else "",
                seen.direction, seen.since, seen.held_at is not None,
                led is not None and led.sees(code),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.since, one.code))


@never_cache
@may("telephony.monitor")
def live_calls(request: HttpRequest) -> HttpResponse:
    """Who talks with whom's customer now, with a button to listen; looks again by itself every few seconds."""
    user: Any = request.user
    by = people.staff_of(user)
    now = timezone.now()
    today = timezone.localdate(now)
    reach = heard_by(user, today)
    led = reachable(user, today) if user.may("telephony.step_in") else None
    me, language = by.code if by else "", translation.get_language() or ""
    kept = keeper()
    with kept.lock:
        calls = live_calls_of(kept.picture(now), reach, led, me, language)
    teams = sorted({(one.team_id, one.team) for one in calls if one.team_id is not None}, key=lambda pair: pair[1])
    asked = request.GET.get("team", "")
    shown = [one for one in calls if not asked or str(one.team_id) == asked]
    context = {
        "page": page_of_rows(request, shown),
        "teams": [(str(pk), name) for pk, name in teams],
        "team": asked,
        "browser_telephone": rings_here(request),
    }
    part = request.headers.get("HX-Target", "").endswith("#live-calls")  # htmx names "section#live-calls"
    return render(request, "floor/parts/live_calls.html" if part else "floor/live_calls.html", context)
