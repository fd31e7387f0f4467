# SPDX-License-Identifier: Apache-2.0
"""Which agents and queues of the floor a person sees; the only place in this package that knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from zuoxi.floor.roster import Roster
from zuoxi.people import selectors as people
from zuoxi.people.visibility import Scope


@dataclass(frozen=True, slots=True)
class Reachable:
    """`agents` None: everybody."""

    scope: Scope
    agents: frozenset[str] | None

    def queues(self, roster: Roster) -> frozenset[str] | None:
        """The queues that the reachable agents serve; None: all."""
        if self.agents is None:
            return None
        served = (roster.people[code].queues for code in self.agents if code in roster.people)
        return frozenset(queue for queues in served for queue in queues)

    def sees(self, agent: str) -> bool:
        return self.agents is None or agent in self.agents


def heard_by(user: Any, today: date) -> Reachable:
    """The people whose conversations somebody may hear, live as recorded: quality and trainers everybody's (QA-003)."""
    scope = people.scope_of(user, today, people.Matter.RECORDINGS)
    return Reachable(scope, None if scope.everything else scope.agent_codes(today))


def reachable(user: Any, today: date) -> Reachable:
    """The people of the user's scope of operations: a leader his team, a manager his projects (SEC-008)."""
    scope = people.scope_of(user, today)
    return Reachable(scope, None if scope.everything else scope.agent_codes(today))
