# SPDX-License-Identifier: Apache-2.0
"""The line of command seen from one person: which posts stand above, and who holds them nearest to him."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from zuoxi.people.models import Assignment, Position, Staff
from zuoxi.policy.marks import enforces
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS

_OF_TEAMS = AGENTS | LEADERS | FLOOR_SUPERVISORS
SAME_TEAM, SAME_PROJECT, WHOLE_CENTRE, ELSEWHERE = range(4)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post; `distance` from the person asked about: same team 0, project 1, centre 2, other 3."""

    staff: Staff
    position: str
    distance: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on a day. `line` are the posts above his own, the nearest first; `rank` None: no post."""

    staff: Staff
    position: str
    rank: int | None
    team_ids: frozenset[int]
    project_ids: frozenset[int]
    line: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Every post with its rank and superior; read once for many questions."""

    above: dict[str, str | None]
    ranks: dict[str, int]

    @enforces("ORG-001", "ORG-015")
    def line_from(self, position: str) -> tuple[str, ...]:
        """The posts above a post, the nearest first; a circle ends where it would begin again."""
        found: list[str] = []
        here = self.above.get(position)
        while here is not None and here not in found and here != position:
            found.append(here)
            here = self.above.get(here)
        return tuple(found)

    def leads(self, position: str) -> bool:
        """Whether anything reports to the post."""
        return position in self.above.values()


def ladder() -> Ladder:
    rows = list(Position.objects.values_list("code", "reports_to__code", "rank"))
    return Ladder({code: above for code, above, _rank in rows}, {code: rank for code, _above, rank in rows})


_kept: ContextVar[dict[tuple[int, date], Standing] | None] = ContextVar("standings asked for", default=None)


@contextmanager
def standings_kept() -> Iterator[None]:
    """Within it, where somebody stands on a day is asked once: for pages on which many rules want to know it."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def standing_of(staff: Staff, on: date, steps: Ladder | None = None) -> Standing:
    """Where the person stands that day, by his highest post; without a post the last one he held."""
    kept = _kept.get()
    if kept is None:
        return _standing(staff, on, steps or ladder())
    key = (staff.pk, on)
    if key not in kept:
        kept[key] = _standing(staff, on, steps or ladder())
    return kept[key]


def _standing(staff: Staff, on: date, steps: Ladder) -> Standing:
    held = staff.assignments.filter(Assignment.in_force(on)).select_related("position", "team")
    rows = list(held) or list(staff.assignments.select_related("position", "team").order_by("-from_on")[:1])
    if not rows:
        return Standing(staff, "", None, frozenset(), frozenset(), ())
    post = min(rows, key=lambda row: row.position.rank).position
    projects = {row.project_id or (row.team.project_id if row.team else None) for row in rows}
    teams = {row.team_id for row in rows if row.team_id}
    return Standing(
        staff,
        post.code,
        post.rank,
        frozenset(teams),
        frozenset(one for one in projects if one),
        steps.line_from(post.code),
    )


def holders_near(where: Standing, positions: Iterable[str], on: date) -> list[Holder]:
    """Who holds the posts that day, the nearest first, the person himself left out.

    Leaders of other teams and supervisors of other projects hold nothing over him and are left out.
    """
    rows = (
        Assignment.objects.filter(
            Assignment.in_force(on), Staff.employed_on(on, "staff__"), position__code__in=list(positions)
        )
        .exclude(staff=where.staff)
        .select_related("staff", "staff__user", "position", "team")
        .order_by("from_on", "staff__code")
    )
    best: dict[int, Holder] = {}
    for row in rows:
        distance = _distance(where, row)
        known = best.get(row.staff_id)
        if distance is not None and (known is None or distance < known.distance):
            best[row.staff_id] = Holder(row.staff, row.position.code, distance)
    return sorted(best.values(), key=lambda one: one.distance)


def _distance(where: Standing, row: Assignment) -> int | None:
    project = row.project_id or (row.team.project_id if row.team else None)
    if row.team_id and row.team_id in where.team_ids:
        return SAME_TEAM
    if row.position.code in LEADERS and where.team_ids:
        return None
    if project is None:
        return WHOLE_CENTRE
    if project in where.project_ids:
        return SAME_PROJECT
    return None if row.position.code in _OF_TEAMS and where.project_ids else ELSEWHERE


__all__ = ["Holder", "Ladder", "Standing", "holders_near", "ladder", "standing_of", "standings_kept"]
