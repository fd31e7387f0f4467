# SPDX-License-Identifier: Apache-2.0
"""Whose figures somebody sees: figures of people by reach, figures of queues by project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils import timezone

from zuoxi.people import selectors as people
from zuoxi.reporting.facts import FigureQuery
from zuoxi.telephony import selectors as telephony

PERSONAL = frozenset({"agent", "team", "reason"})


def narrowed(query: FigureQuery, user: Any, by: Iterable[str] | None = None) -> FigureQuery:
    """The question, held to what the user may see; `by` are the groupings when the question has none itself.

    Figures of people are held to the people in reach. Those of queues are no personal data: who answers for people of
    a project sees the project's queues whole, callers that nobody took among them.
    """
    scope = people.scope_of(user, timezone.localdate())
    if scope.everything:
        return query
    keys = set(query.keys if by is None else by)
    if keys & PERSONAL or scope.kind in (people.Reach.OWN, people.Reach.NONE):
        codes = scope.agent_codes()
        return replace(query, agents=codes if query.agents is None else query.agents & codes)
    codes = telephony.queues_of(scope.project_ids, scope.team_ids)
    return replace(query, queues=codes if query.queues is None else query.queues & codes)
