# SPDX-License-Identifier: Apache-2.0
"""Whose roster somebody stands in: that of his team, or that of the function posts of his project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from zuoxi.people.models import Project, Team
from zuoxi.people.selectors import PostSpell, post_spells, projects_and_teams
from zuoxi.web.roles import AGENTS, LEADERS
from zuoxi.workforce.models import Roster

_DAY = timedelta(days=1)
_IN_TEAMS = frozenset(str(role) for role in AGENTS | LEADERS)
Unit = tuple[int, int | None]
"""Project id and team id; None: the function posts of the project."""


def month_of(text: str) -> date | None:
    """The first day of "2026-11"; None for anything else, and for a year that has no next one."""
    year, _dash, month = text.partition("-")
    if not (len(year) == 4 and year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12):
        return None
    if not 2000 <= int(year) < date.max.year:
        return None
    return date(int(year), int(month), 1)


def month_end(month: date) -> date:
    return next_month(month) - _DAY


def next_month(month: date) -> date:
    return (month.replace(day=1) + 32 * _DAY).replace(day=1)


def days_of(month: date) -> list[date]:
    return [month + _DAY * step for step in range((month_end(month) - month).days + 1)]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody as a roster lists him; `posts` are his posts in the month, the highest first."""

    staff_id: int
    code: str
    name: str
    position: str
    posts: tuple[PostSpell, ...]


class Book:
    """Who belongs to which roster over some days; three queries, then none."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.projects: dict[int, Project] = {}
        self.teams: dict[int, Team] = {}
        for project, teams in projects_and_teams():
            self.projects[project.pk] = project
            self.teams.update({team.pk: team for team in teams})
        spells: dict[int, list[PostSpell]] = {}
        for one in post_spells(first, last):
            spells.setdefault(one.staff_id, []).append(one)
        self.members = {
            staff: Member(staff, held[0].code, held[0].name, held[0].position, tuple(held))
            for staff, held in spells.items()
        }

    def unit_on(self, staff_id: int, day: date) -> Unit | None:
        """The roster's unit that day; None for who has no post then or no project to stand in."""
        member = self.members.get(staff_id)
        for post in member.posts if member else ():
            if post.from_on <= day and (post.until_on is None or post.until_on > day):
                return self._unit(post)
        return None

    def _unit(self, post: PostSpell) -> Unit | None:
        team = self.teams.get(post.team_id or 0)
        if team is not None and post.position in _IN_TEAMS:
            return team.project_id, team.pk
        project = post.project_id or (team.project_id if team else None) or next(iter(self.projects), None)
        return (project, None) if project is not None else None

    def units(self, staff_ids: Iterable[int] | None = None) -> dict[Unit, list[Member]]:
        """Unit → who stands in it on any of the days: teams by code, function posts after them."""
        wanted = None if staff_ids is None else set(staff_ids)
        found: dict[Unit, list[Member]] = {}
        for member in self.members.values():
            if wanted is not None and member.staff_id not in wanted:
                continue
            for unit in dict.fromkeys(self._unit(post) for post in member.posts):
                if unit is not None:
                    found.setdefault(unit, []).append(member)
        return dict(sorted(found.items(), key=self._order))

    def _order(self, item: tuple[Unit, list[Member]]) -> tuple[str, bool, str]:
        project, team = item[0]
        return self.projects[project].code, team is None, self.teams[team].code if team is not None else ""

    def title(self, unit: Unit) -> str:
        project, team = unit
        if team is not None:
            return str(self.teams[team])
        from django.utils.translation import gettext as _

        return _("%(project)s · function posts") % {"project": self.projects[project]}

    def rosters(self, units: Iterable[Unit], month: date) -> dict[Unit, Roster]:
        """The month's rosters of the units that have one already."""
        wanted = set(units)
        rows = Roster.objects.filter(month=month).select_related("team", "project", "published_by")
        return {(one.project_id, one.team_id): one for one in rows if (one.project_id, one.team_id) in wanted}


def book_of(roster: Roster) -> Book:
    """Who belongs to which roster in the month of this one; asked once for each row in hand."""
    held: Book | None = roster.__dict__.get("book_in_hand")
    if held is None:
        held = roster.__dict__["book_in_hand"] = Book(roster.month, month_end(roster.month))
    return held
