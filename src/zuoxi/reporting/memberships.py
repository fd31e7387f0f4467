# SPDX-License-Identifier: Apache-2.0
"""Who was in which team when, as the figures by team need it."""

from __future__ import annotations

from datetime import date, tzinfo

from zuoxi.people import selectors as people
from zuoxi.reporting.compilation import Membership
from zuoxi.reporting.facts import FigureQuery
from zuoxi.reporting.periods import day_start, local_day

_OPEN = 2**40


def memberships(query: FigureQuery, zone: tzinfo) -> list[Membership]:
    """Team by staff number over the question's time; who held several at once counts in the one held last."""
    first, last = local_day(query.since, zone), local_day(query.until, zone)
    found: list[Membership] = []
    for agent, team, from_on, until_on in people.team_spells(first, last):
        since, until = _second(from_on, zone), _OPEN if until_on is None else _second(until_on, zone)
        if found and found[-1].agent == agent and found[-1].until > since:
            found[-1] = found[-1]._replace(until=since)
            if found[-1].since >= since:
                found.pop()
        found.append(Membership(agent, team, since, until))
    return found


def _second(day: date, zone: tzinfo) -> int:
    return int(day_start(day, zone).timestamp())
