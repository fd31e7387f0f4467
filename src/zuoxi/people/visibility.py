# SPDX-License-Identifier: Apache-2.0
"""Which people somebody may see, for each kind of matter. Other packages narrow their rows by `Scope`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from zuoxi.people.models import Assignment, Post, Staff
from zuoxi.policy.marks import enforces
from zuoxi.web.roles import FLOOR_SUPERVISORS, LEADERS, Role

AnyModel = TypeVar("AnyModel", bound=Model)


class Matter(StrEnum):
    """What the rows are about; a post may reach further in one matter than in another."""

    OPERATIONS = "operations"  # calls, states, attendance, figures
    RECORDINGS = "recordings"  # conversations and their recordings
    SCORES = "scores"  # quality and exam results
    STAFF = "staff"  # who works here


class Reach(StrEnum):
    NONE = "none"
    OWN = "own"
    TEAMS = "teams"
    PROJECTS = "projects"
    ALL = "all"


_TEAMS = LEADERS | FLOOR_SUPERVISORS
_PROJECTS = frozenset({Role.OM, Role.ODM})
_EVERYTHING = frozenset({Role.DIR, Role.SM, Role.DA})
_FURTHER: dict[Matter, frozenset[Role]] = {
    Matter.OPERATIONS: frozenset(),
    Matter.RECORDINGS: frozenset({Role.QAS, Role.QA, Role.TRS, Role.TR}),
    Matter.SCORES: frozenset({Role.QAS, Role.QA, Role.TRS, Role.TR}),
    Matter.STAFF: frozenset({Role.QAS, Role.QA, Role.TRS, Role.TR, Role.HR, Role.IT, Role.FD, Role.FIN}),
}


def reach_of(position: str, matter: Matter) -> Reach:
    """How far a position sees in a matter (catalogue annex A); a position nobody knows sees only itself."""
    if position in _EVERYTHING or position in _FURTHER[matter]:
        return Reach.ALL
    if position in _PROJECTS:
        return Reach.PROJECTS
    return Reach.TEAMS if position in _TEAMS else Reach.OWN


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows somebody may see on one day. `kind` is the widest of what his posts give.

    `rank` keeps a leader from seeing those above him who are listed with his team.
    """

    kind: Reach
    on: date
    user_id: int | None
    team_ids: frozenset[int] = frozenset()
    project_ids: frozenset[int] = frozenset()
    rank: int = 0

    @property
    def everything(self) -> bool:
        return self.kind is Reach.ALL

    def staff(self, on: date | None = None) -> QuerySet[Staff]:
        """The people in reach; `on` asks for those who stood in reach on another day (a past call, a next roster)."""
        if self.kind is Reach.NONE:
            return Staff.objects.none()
        if self.everything:
            return Staff.objects.all()
        return Staff.objects.filter(Q(user_id=self.user_id) | Q(pk__in=self._subordinates(on or self.on)))

    def _subordinates(self, day: date) -> QuerySet[Assignment, Any]:
        return self._posts().filter(Assignment.in_force(day)).values("staff_id")

    def _posts(self) -> QuerySet[Assignment]:
        """Posts in reach, whenever they were held."""
        here = Q(team_id__in=self.team_ids) | Q(project_id__in=self.project_ids)
        here |= Q(team__project_id__in=self.project_ids)
        return Assignment.objects.filter(here, position__rank__gte=self.rank)

    @enforces("SEC-008")
    def narrow_days(self, rows: QuerySet[AnyModel], first: date, last: date) -> QuerySet[AnyModel]:
        """Rows (of `staff`, each of a `day` between the two) of people who stood in reach on the row's own day."""
        rows = rows.filter(day__range=(first, last))
        if self.everything:
            return rows
        if self.kind is Reach.NONE:
            return rows.none()
        posts = self._posts()
        held = Q(until_on__isnull=True) | Q(until_on__gt=OuterRef("day"))
        that_day = posts.filter(held, from_on__lte=OuterRef("day"), staff_id=OuterRef("staff_id"))
        at_all = posts.filter(Q(until_on__isnull=True) | Q(until_on__gt=first), from_on__lte=last)
        return rows.filter(Exists(that_day), staff__in=at_all.values("staff_id"))

    def agent_codes_query(self, on: date | None = None) -> QuerySet[Staff, Any]:
        """Staff numbers in reach, to be used as a subquery: `filter(agent__in=scope.agent_codes_query())`."""
        return self.staff(on).order_by().values("code")

    def agent_codes(self, on: date | None = None) -> frozenset[str]:
        """The same as a set; asks the database each time."""
        return frozenset(self.staff(on).values_list("code", flat=True))

    @enforces("SEC-008", "SEC-013")
    def narrow(self, rows: QuerySet[AnyModel], agent: str = "agent", on: date | None = None) -> QuerySet[AnyModel]:
        """Only the rows of agents in reach; `agent` names the column with the staff number."""
        if self.kind is Reach.NONE:
            return rows.none()
        return rows if self.everything else rows.filter(**{f"{agent}__in": self.agent_codes_query(on)})


def scope_for(user_id: int | None, posts: tuple[Post, ...], on: date, matter: Matter) -> Scope:
    """The union of what each post gives; no post gives nothing."""
    if user_id is None or not posts:
        return Scope(Reach.NONE, on, None)
    reached = [(post, reach_of(post.position, matter)) for post in posts]
    if any(reach is Reach.ALL for _, reach in reached):
        return Scope(Reach.ALL, on, user_id)
    teams = {post.team_id for post, reach in reached if reach is Reach.TEAMS and post.team_id is not None}
    projects = {post.project_id for post, reach in reached if reach is Reach.PROJECTS and post.project_id is not None}
    kind = Reach.PROJECTS if projects else Reach.TEAMS if teams else Reach.OWN
    rank = min((post.rank for post, reach in reached if reach is not Reach.OWN), default=0)
    return Scope(kind, on, user_id, frozenset(teams), frozenset(projects), rank)


__all__ = ["Matter", "Reach", "Scope", "reach_of", "scope_for"]
