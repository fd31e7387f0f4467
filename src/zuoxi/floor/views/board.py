# SPDX-License-Identifier: Apache-2.0
"""The floor page: what stands now, who is where, and today's curve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zuoxi.attendance.selectors import Rate, rates_by_team
from zuoxi.floor.desk import telephone_of
from zuoxi.floor.drawing import rows
from zuoxi.floor.drawing.cache import drawn
from zuoxi.floor.drawing.floor import DENSITIES, FLOOR_VIEWS, fitting_density, team_rows
from zuoxi.floor.facts import PRESENT_ORDER, SIGNED_OUT
from zuoxi.floor.keeper import keeper
from zuoxi.floor.picture import Audience, Picture
from zuoxi.floor.visibility import Reachable, reachable
from zuoxi.people import selectors as people
from zuoxi.people.models import User
from zuoxi.policy.marks import shows
from zuoxi.web.access import may


@dataclass(frozen=True, slots=True)
class Asked:
    """The page's filters. An unknown value does not narrow."""

    team: int | None
    queue: str
    state: str
    density: str

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        team = request.GET.get("team", "")
        density = request.GET.get("view", "")
        state = request.GET.get("state", "")
        return cls(
            int(team) if team.isdecimal() and len(team) < 10 else None,
            request.GET.get("queue", "")[:32],
            state if state in (*PRESENT_ORDER, "signed_out") else "",
            density if density in DENSITIES else "",
        )

    def keeps(self, picture: Picture, code: str) -> bool:
        person = rows.person_of(picture, code)
        return (self.team is None or (person.team_id or 0) == self.team) and (
            not self.queue or self.queue in person.queues
        )


def audience_of(request: HttpRequest, picture: Picture, reach: Reachable, asked: Asked) -> Audience:
    """For whom the page is drawn. Filters narrow the people; the queue figures stay whole queues."""
    language = translation.get_language() or "zh-hans"
    queues = reach.queues(picture.roster)
    if asked.queue and (queues is None or asked.queue in queues):
        queues = frozenset({asked.queue})
    everybody = Audience(FLOOR_VIEWS["rows"], language, reach.agents, queues)
    agents = rows.shown_agents(picture, everybody)
    narrowed = asked.team is not None or bool(asked.queue)
    if narrowed:
        agents = [code for code in agents if asked.keeps(picture, code)]
    present = sum(code in picture.board.agents and picture.board.agents[code].state != SIGNED_OUT for code in agents)
    view = FLOOR_VIEWS[asked.density or fitting_density(present)]
    return Audience(view, language, frozenset(agents) if narrowed else reach.agents, queues)


def rings_here(request: HttpRequest) -> bool:
    """Whether the person's own telephone is one in the browser, so that the page has to be it."""
    user: Any = request.user
    by = people.staff_of(user) if user.may("telephony.monitor") else None
    return by is not None and telephone_of(by.code).browser


@shows("CALL-004", "FLR-006", "CALL-008", "ATT-018")
@may("floor.board")
def floor(request: HttpRequest) -> HttpResponse:
    """The whole floor as it stands; its stream begins where this page ends."""
    kept = keeper()
    now = timezone.now()
    reach = reachable(request.user, timezone.localdate(now))
    asked = Asked.of(request)
    with kept.lock:
        picture = kept.picture(now)
        audience = audience_of(request, picture, reach, asked)
        context = _parts(picture, audience) | {"place": kept.place}
    asking = request.GET.copy()
    asking["view"] = context["density"]  # the stream must speak of the tiles that this page has
    query = asking.urlencode()
    context |= {
        "asked": asked,
        "state_names": [(state, state) for state in (*PRESENT_ORDER, "signed_out")],
        "stream": f"{reverse('floor:stream')}?{query}&lang={translation.get_language()}",
        "curve": f"{reverse('floor:curve')}?{query}",
        "teams": (teams := _teams(picture, reach)),
        "rates": _rates(teams, asked.team, timezone.localdate(now)),
        "queues": _queues(picture, reach),
        "browser_telephone": rings_here(request),
        "may_discipline": isinstance(request.user, User) and request.user.may("floor.discipline"),
    }
    return render(request, "floor/floor.html", context)


def _parts(picture: Picture, audience: Audience) -> dict[str, Any]:
    agents = rows.shown_agents(picture, audience)
    view: Any = audience.view
    strips = dict(view.strips(picture, audience, agents))
    tiles = {code: view.agent(picture, audience, code) for code in agents}
    teams = []
    if view.density == "teams":
        members: dict[int, list[str]] = {}
        for code in agents:
            members.setdefault(rows.person_of(picture, code).team_id or 0, []).append(tiles[code])
        for team in team_rows(picture, audience, agents):
            teams.append((drawn("floor/parts/team.html", audience.language, team), members[team.id]))
    return {
        "totals": strips.pop("#floor-totals"),
        "states": strips.pop("#floor-states"),
        "alerts": strips.pop("#floor-alerts"),
        "queue_parts": list(strips.values()),
        "tiles": list(tiles.values()),
        "team_parts": teams,
        "density": view.density,
        "people": len(agents),
    }


def _teams(picture: Picture, reach: Reachable) -> list[tuple[int, str]]:
    language = translation.get_language() or ""
    found = {
        person.team_id: person.team(language)
        for code, person in picture.roster.people.items()
        if person.team_id is not None and reach.sees(code)
    }
    return sorted(found.items(), key=lambda pair: pair[1])


def _rates(teams: list[tuple[int, str]], asked: int | None, today: date) -> list[tuple[str, Rate]]:
    """Each team's attendance rate of this month, the one asked for alone; teams with nothing due are left out."""
    wanted = {pk: name for pk, name in teams if asked in (None, pk)}
    rates = rates_by_team(today.replace(day=1), today, list(wanted)) if wanted else {}
    return [(name, rates[pk]) for pk, name in wanted.items() if pk in rates]


def _queues(picture: Picture, reach: Reachable) -> list[tuple[str, str]]:
    language = translation.get_language() or ""
    served = reach.queues(picture.roster)
    return [
        (code, queue.name(language))
        for code, queue in sorted(picture.roster.queues.items())
        if served is None or code in served
    ]


@may("floor.board")
def curve(request: HttpRequest) -> JsonResponse:
    """Today's half hours for the chart: offered, answered, and the service level against its target."""
    kept = keeper()
    now = timezone.now()
    reach = reachable(request.user, timezone.localdate(now))
    with kept.lock:
        picture = kept.picture(now)
        audience = audience_of(request, picture, reach, Asked.of(request))
        codes = audience.queue_codes(picture.roster)
        tallies = picture.board.curve(codes)
        total = rows.totals(picture, audience)
    slots = _slots(list(tallies), now)
    missing = [tallies.get(slot) for slot in slots]
    return JsonResponse(
        {
            "kind": "bar",
            "x": [timezone.localtime(slot).strftime("%H:%M") for slot in slots],
            "series": [
                {"name": _("Offered"), "data": [one.offered if one else 0 for one in missing], "tone": "idle"},
                {"name": _("Answered"), "data": [one.answered if one else 0 for one in missing], "tone": "call"},
            ],
            "unit": "count",
            "links": [f"{reverse('telephony:calls')}?{_span(slot)}{total.query}" for slot in slots],
        }
    )


def _slots(found: list[datetime], now: datetime) -> list[datetime]:
    """Every half hour from the first with a call to the present one, without gaps."""
    if not found:
        return []
    slots = [found[0]]
    while slots[-1] + timedelta(minutes=30) <= now:
        slots.append(slots[-1] + timedelta(minutes=30))
    return slots


def _span(slot: datetime) -> str:
    shape = "%Y-%m-%dT%H:%M"
    since, until = timezone.localtime(slot), timezone.localtime(slot + timedelta(minutes=30))
    return f"when=custom&since={since.strftime(shape)}&until={until.strftime(shape)}"


def seen_agent(request: HttpRequest, code: str) -> Reachable:
    """The reach of whoever asks; 404 for an agent outside of it."""
    reach = reachable(request.user, timezone.localdate())
    if not reach.sees(code):
        raise Http404
    return reach
