# SPDX-License-Identifier: Apache-2.0
"""The live parts of the floor page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from zuoxi.floor.drawing import rows
from zuoxi.floor.drawing.cache import drawn
from zuoxi.floor.facts import SIGNED_OUT
from zuoxi.floor.picture import Audience, Picture

DENSITIES = ("cards", "rows", "teams")


def fitting_density(people: int) -> str:
    """Cards for two or three teams, rows for a hundred and a half, one field a team beyond."""
    return "cards" if people <= 30 else "rows" if people <= 150 else "teams"


class TeamRow(NamedTuple):
    """A team's heading: how many are there, how many of them in each of the states that count."""

    id: int
    name: str
    present: int
    ready: int
    talking: int
    away: int


@dataclass(frozen=True, slots=True)
class FloorView:
    """The floor page in one density."""

    density: str

    def fragments(self, picture: Picture, audience: Audience, since: int) -> Iterator[tuple[str, str]]:
        agents = rows.shown_agents(picture, audience)
        yield from self.strips(picture, audience, agents)
        versions = picture.board.agent_versions
        for code in agents:
            if versions.get(code, 0) >= since:
                yield f"#agent-{code}", self.agent(picture, audience, code)
        if self.density == "teams":
            for team in team_rows(picture, audience, agents):
                yield f"#team-{team.id}", drawn("floor/parts/team.html", audience.language, team)

    def strips(self, picture: Picture, audience: Audience, agents: list[str]) -> Iterator[tuple[str, str]]:
        """Everything of the page but the agents' own tiles."""
        language = audience.language
        yield "#floor-totals", drawn("floor/parts/totals.html", language, rows.totals(picture, audience))
        yield "#floor-states", drawn("floor/parts/states.html", language, rows.states(picture, agents))
        for queue in rows.queue_rows(picture, audience):
            yield f"#queue-{queue.code}", drawn("floor/parts/queue.html", language, queue)
        yield "#floor-alerts", drawn("floor/parts/alerts.html", language, rows.alerts(picture, audience, agents))

    def agent(self, picture: Picture, audience: Audience, code: str) -> str:
        row = rows.agent_row(picture, audience, code)
        return drawn(f"floor/parts/agent_{self.density}.html", audience.language, row)


FLOOR_VIEWS = {density: FloorView(density) for density in DENSITIES}


def team_rows(picture: Picture, audience: Audience, agents: list[str]) -> list[TeamRow]:
    """Teams of the shown agents, by name; team 0 holds those without one."""
    names: dict[int, str] = {}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for code in agents:
        person = rows.person_of(picture, code)
        team = person.team_id or 0
        names[team] = person.team(audience.language)
        state = picture.board.agents.get(code)
        counts[team][state.state if state else SIGNED_OUT] += 1
    return sorted(
        (
            TeamRow(
                team,
                name,
                sum(counts[team].values()) - counts[team][SIGNED_OUT],
                counts[team]["ready"],
                counts[team]["on_call"] + counts[team]["ringing"],
                sum(counts[team][one] for one in ("break", "meal", "not_ready", "training", "unreachable", "unknown")),
            )
            for team, name in names.items()
        ),
        key=lambda row: (row.id == 0, row.name),
    )
