# SPDX-License-Identifier: Apache-2.0
"""The live parts of one agent's desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from zuoxi.floor.drawing import rows
from zuoxi.floor.drawing.cache import drawn
from zuoxi.floor.picture import Audience, Picture


class DeskRow(NamedTuple):
    """The agent's own state as his desk shows it. `lost_at`: since when the switch cannot be heard."""

    agent: rows.AgentRow
    queues: tuple[str, ...]
    held_at: datetime | None
    lost_at: datetime | None


class WaitingRow(NamedTuple):
    """One of his queues: how many wait, since when the longest."""

    code: str
    name: str
    waiting: int
    longest_since: datetime | None
    target_seconds: int
    max_wait_seconds: int
    ready: int


class DeskView:
    """An audience of one agent, in however many tabs."""

    def fragments(self, picture: Picture, audience: Audience, since: int) -> Iterator[tuple[str, str]]:
        code = next(iter(audience.agents or ()))
        row = self.row(picture, audience, code)
        yield "#desk-state", drawn("floor/desk/state.html", audience.language, row)
        waiting = self.waiting(picture, audience, code)
        yield "#desk-queues", drawn("floor/desk/queues.html", audience.language, waiting)
        state = picture.board.agents.get(code)
        held = row.held_at.isoformat() if row.held_at else ""
        yield "!zuoxi:call", f"{state.subject} {state.state} {held}" if state else ""
        yield "!zuoxi:notes", str(picture.board.desk_versions.get(code, 0))

    def row(self, picture: Picture, audience: Audience, code: str) -> DeskRow:
        state = picture.board.agents.get(code)
        queues = picture.roster.queues
        signed_in = state.queues.split(",") if state and state.state != "signed_out" else []
        return DeskRow(
            rows.agent_row(picture, audience, code),
            tuple(queues[name].name(audience.language) for name in signed_in if name in queues),
            state.held_at if state else None,
            min(picture.board.lost.values(), default=None),
        )

    def waiting(self, picture: Picture, audience: Audience, code: str) -> tuple[WaitingRow, ...]:
        members = rows.members_by_state(picture)
        found = []
        for name in rows.person_of(picture, code).queues:
            queue = picture.roster.queues[name]
            callers = picture.board.waiting_in(name)
            found.append(
                WaitingRow(
                    name,
                    queue.name(audience.language),
                    len(callers),
                    callers[0].entered_at if callers else None,
                    queue.target_seconds,
                    queue.max_wait_seconds,
                    members[name, "ready"],
                )
            )
        return tuple(found)


DESK_VIEW = DeskView()
