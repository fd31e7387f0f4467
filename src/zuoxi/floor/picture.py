# SPDX-License-Identifier: Apache-2.0
"""What pages and streams of the floor are drawn from, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from zuoxi.floor.board import Board
from zuoxi.floor.roster import Roster


class Picture(NamedTuple):
    """The board and the roster at one moment; read it under the keeper's lock."""

    board: Board
    roster: Roster
    now: datetime


class View(Protocol):
    """One kind of live page."""

    def fragments(self, picture: Picture, audience: Audience, since: int) -> Iterable[tuple[str, str]]:
        """(target, HTML) of every part that may have changed with event `since` or later, or by the clock.

        A target "!name" is no part of the page but an event for it, with the HTML's place taken by its detail.
        """


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who see exactly the same: one rendering serves them all.

    `agents` None: everybody; `queues` None: all of them.
    """

    view: View
    language: str
    agents: frozenset[str] | None = None
    queues: frozenset[str] | None = None
    names: bool = True

    def sees(self, agent: str) -> bool:
        return self.agents is None or agent in self.agents

    def queue_codes(self, roster: Roster) -> list[str]:
        """The queues shown, in their order."""
        return [code for code in sorted(roster.queues) if self.queues is None or code in self.queues]
