# SPDX-License-Identifier: Apache-2.0
"""Judgements on one item: too early, in time, late; who receives it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from zuoxi.reporting.duties.facts import Holding, PostsOfDay
from zuoxi.reporting.handbook import SUPERIOR, positions_of
from zuoxi.web.marks import enforces


class Standing(StrEnum):
    """Where an open item stands against the clock."""

    EARLY = "early"
    IN_TIME = "in_time"
    LATE = "late"


@enforces("RPT-001", "RPT-002", "RPT-025")
def stands(at: datetime, due_at: datetime, inclusive: bool, earliest_at: datetime | None = None) -> Standing:
    """What a report handed in at that moment is. The deadline itself is in time only where it is included.

    Parts of a second do not count: 20:00:00.9 is still eight o'clock.
    """
    second = at.replace(microsecond=0)
    if earliest_at is not None and second < earliest_at.replace(microsecond=0):
        return Standing.EARLY
    in_time = second <= due_at if inclusive else second < due_at
    return Standing.IN_TIME if in_time else Standing.LATE


def overdue(now: datetime, due_at: datetime, inclusive: bool) -> bool:
    return stands(now, due_at, inclusive) is Standing.LATE


def reminders_due(due_at: datetime, minutes: Iterable[int], now: datetime) -> int:
    """How many of the reminders (minutes before the deadline) should have gone out by now."""
    return sum(now >= due_at - timedelta(minutes=one) for one in minutes)


@enforces("RPT-005", "RPT-008", "ORG-015")
def receivers(words: Iterable[str], position: str, team: str, own: Iterable[int], posts: PostsOfDay) -> list[Holding]:
    """Who gets what a post of that team hands in, once each; a vacant post's share goes to the next above it.

    Of the posts that a role word means, those in the line of command go before the others.
    """
    above, mine = posts.centre.above(position), set(own)
    found: dict[int, Holding] = {}
    for word in words:
        for one in posts.stand_in(position, team)[:1] if word == SUPERIOR else _named(word, above, team, posts):
            if one.staff not in mine:
                found.setdefault(one.staff, one)
    return list(found.values())


def _named(word: str, above: list[str], team: str, posts: PostsOfDay) -> list[Holding]:
    positions = positions_of(word)
    wanted = [one for one in positions if one in above] or list(positions)
    held = [one for position in wanted for one in posts.holders(position, team)]
    return held or [one for position in wanted[:1] for one in posts.stand_in(position, team)[:1]]
