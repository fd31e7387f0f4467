# SPDX-License-Identifier: Apache-2.0
"""The live parts of the wall board: figures that are read at eight metres. No names unless the link allows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zuoxi.floor.drawing import rows
from zuoxi.floor.drawing.cache import drawn
from zuoxi.floor.facts import PRESENT_ORDER
from zuoxi.floor.picture import Audience, Picture

QUEUES_A_SLIDE = 6
AGENTS_A_SLIDE = 48


class WallRow(NamedTuple):
    """The first slide: totals and people."""

    totals: rows.TotalsRow
    states: rows.StatesRow
    ready: int
    talking: int


class FacesRow(NamedTuple):
    """One slide of agents, those who are over a limit first."""

    number: int
    agents: tuple[rows.AgentRow, ...]


class WallView:
    """All walls alike; what a link shows is in its audience."""

    def fragments(self, picture: Picture, audience: Audience, since: int) -> Iterator[tuple[str, str]]:
        agents = rows.shown_agents(picture, audience)
        language = audience.language
        yield "#wall-summary", drawn("floor/wall/summary.html", language, self.summary(picture, audience, agents))
        for queue in rows.queue_rows(picture, audience):
            yield f"#wall-queue-{queue.code}", drawn("floor/wall/queue.html", language, queue)
        yield "#wall-states", drawn("floor/wall/states.html", language, rows.states(picture, agents))
        if audience.names:
            for faces in self.faces(picture, audience, agents):
                yield f"#wall-faces-{faces.number}", drawn("floor/wall/faces.html", language, faces)

    def summary(self, picture: Picture, audience: Audience, agents: list[str]) -> WallRow:
        states = rows.states(picture, agents)
        counts = dict(states.counts)
        return WallRow(rows.totals(picture, audience), states, counts["ready"], counts["on_call"] + counts["ringing"])

    def faces(self, picture: Picture, audience: Audience, agents: list[str]) -> list[FacesRow]:
        """As many slides as the whole centre would fill, so that their number does not change under a viewer."""
        order = {state: place for place, state in enumerate(PRESENT_ORDER)}
        shown = [rows.agent_row(picture, audience, code) for code in agents]
        present = [row._replace(caller="") for row in shown if row.state in order]
        present.sort(key=lambda row: (-order[row.state] if row.limit else order[row.state], row.code))
        slides = max(1, -(-len(agents) // AGENTS_A_SLIDE))
        return [
            FacesRow(number, tuple(present[number * AGENTS_A_SLIDE : (number + 1) * AGENTS_A_SLIDE]))
            for number in range(slides)
        ]


WALL_VIEW = WallView()
