# SPDX-License-Identifier: Apache-2.0
"""Who was in which team when, as the figures by team need it."""

from __future__ import annotations

from datetime import date, tzinfo

from zuoxi.people import selectors as people
from zuoxi.policy.marks import enforces
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
    return lent(found, _loans(query))


def _loans(query: FigureQuery) -> list[Membership]:
    """Who works for another team, from second to second; one ended early ends then."""
    return [
        Membership(one.staff.code, one.to_team.code, int(one.starts_at.timestamp()), int(ends.timestamp()))
        for one in people.loans_between(query.since, query.until)
        if (ends := min(one.ended_early_at or one.ends_at, one.ends_at)) > one.starts_at
    ]


@enforces("ORG-011")
def lent(held: list[Membership], loans: list[Membership]) -> list[Membership]:
    """The memberships with the hours of a loan taken out of one's own team and given to the other: counted once.

    Somebody without a team counts for the one he is lent to. Work that is kept by half-hours (time in a state) belongs
    to the team in which its half-hour, or what is left of it, began.
    """
    spells: dict[str, list[Membership]] = {}
    for one in held:
        spells.setdefault(one.agent, []).append(one)
    for loan in loans:
        left: list[Membership] = []
        for one in spells.get(loan.agent, ()):
            if one.until <= loan.since or one.since >= loan.until:
                left.append(one)
                continue
            if one.since < loan.since:
                left.append(one._replace(until=loan.since))
            if one.until > loan.until:
                left.append(one._replace(since=loan.until))
        spells[loan.agent] = [*left, loan]
    return [one for own in spells.values() for one in own]


def _second(day: date, zone: tzinfo) -> int:
    return int(day_start(day, zone).timestamp())
