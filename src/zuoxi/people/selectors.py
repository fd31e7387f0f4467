# SPDX-License-Identifier: Apache-2.0
"""Questions about who works here and who may see whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from zuoxi.people import rules
from zuoxi.people.lines import Holder, Ladder, Standing, holders_near, ladder, standing_of, standings_kept
from zuoxi.people.models import Assignment, Position, PositionAlias, Project, Staff, Team, User, posts_of
from zuoxi.people.path import (
    gates_passed,
    loans_between,
    open_handovers,
    open_team_choices,
    planned_changes,
    post_names,
    team_at,
    team_of,
    user_by_id,
)
from zuoxi.people.visibility import Matter, Reach, Scope, scope_for
from zuoxi.policy.marks import enforces
from zuoxi.web.roles import LEADERS, Role

__all__ = [
    "Holder",
    "Ladder",
    "Matter",
    "PostHeld",
    "PostSpell",
    "Reach",
    "Scope",
    "Standing",
    "breaches_on",
    "codes_named",
    "employed",
    "everybody",
    "gates_passed",
    "holders_near",
    "holders_of",
    "ladder",
    "loans_between",
    "may_manage",
    "members_between",
    "names_of",
    "open_handovers",
    "open_team_choices",
    "open_teams",
    "open_teams_query",
    "planned_changes",
    "position_named",
    "post_names",
    "post_spells",
    "posts_on",
    "projects_and_teams",
    "scope_of",
    "staff_by_code",
    "staff_by_codes",
    "staff_by_id",
    "staff_of",
    "standing_of",
    "standings_kept",
    "superior_of",
    "team_at",
    "team_choices",
    "team_members",
    "team_named",
    "team_of",
    "team_spells",
    "user_by_id",
    "working_staff",
]


def scope_of(user: User | AnonymousUser, on: date, matter: Matter = Matter.OPERATIONS) -> Scope:
    """Whose rows the user may see on that day. No current post, or left: nothing. No query when `on` is today."""
    if not isinstance(user, User) or not user.is_active:
        return Scope(Reach.NONE, on, None)
    posts = user.posts if on == timezone.localdate() else posts_of(user.pk, on)
    return scope_for(user.pk, posts, on, matter)


def staff_of(user: User | AnonymousUser) -> Staff | None:
    """The staff record behind a sign-in; None for strangers and for technical accounts. One query per request."""
    if not user.is_authenticated:
        return None
    return getattr(user, "staff_member", None)


def staff_by_code(code: str) -> Staff | None:
    """Whoever has the staff number, employed or not; None for a number nobody has."""
    return Staff.objects.select_related("user").filter(code=code).first() if code else None


def staff_by_id(staff_ids: Iterable[int]) -> dict[int, Staff]:
    """Staff records by id, with their sign-ins; ids nobody has are absent. One query."""
    return Staff.objects.select_related("user").in_bulk(list(staff_ids))


def may_manage(user: User | AnonymousUser, staff: Staff, on: date) -> bool:
    """Whether the user stands above that person: human resources and IT above everybody, others by rank."""
    if not isinstance(user, User) or staff.user_id == user.pk:
        return False
    if user.roles & {Role.HR, Role.IT, Role.DIR}:
        return True
    ranks = staff.assignments.filter(Assignment.in_force(on)).values_list("position__rank", flat=True)
    own = min((post.rank for post in user.posts), default=None)
    return own is not None and all(rank > own for rank in ranks)


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Name by staff number; numbers nobody has are absent. One query, none for no numbers."""
    wanted = {code for code in codes if code}
    return dict(Staff.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}


def codes_named(word: str, most: int = 50) -> list[str]:
    """Staff numbers of whom a word may mean: the number itself, part of a name, the beginning of its pinyin."""
    text = word.strip()
    if not text:
        return []
    meant = Q(code=text) | Q(name__icontains=text) | Q(sort_name__istartswith=text.lower())
    return list(Staff.objects.filter(meant).order_by("code").values_list("code", flat=True)[:most])


def team_choices() -> list[tuple[str, str]]:
    """(code, name in the reader's language) of every team, by code; closed ones too, for what is past."""
    return [(team.code, str(team)) for team in Team.objects.only("code", "name_zh", "name_en").order_by("code")]


def members_between(teams: Iterable[str], first: date | None, last: date | None) -> QuerySet[Assignment, str]:
    """Staff numbers of who was in the teams on any day from `first` to `last` (None: open), as a subquery."""
    rows = Assignment.objects.filter(team__code__in=list(teams))
    if last is not None:
        rows = rows.filter(from_on__lte=last)
    if first is not None:
        rows = rows.filter(Q(until_on__isnull=True) | Q(until_on__gt=first))
    return rows.order_by().values_list("staff__code", flat=True)


def team_spells(first: date, last: date) -> list[tuple[str, str, date, date | None]]:
    """(staff number, team, first day, day it ended or None) of every membership that touches the days, by person."""
    rows = Assignment.objects.filter(team__isnull=False, from_on__lte=last)
    rows = rows.filter(Q(until_on__isnull=True) | Q(until_on__gt=first)).order_by("staff__code", "from_on", "pk")
    return [
        (code, team or "", since, until)
        for code, team, since, until in rows.values_list("staff__code", "team__code", "from_on", "until_on")
    ]


def everybody() -> QuerySet[Staff]:
    """All who work or have worked here."""
    return Staff.objects.all()


def employed(on: date) -> list[Staff]:
    """Everybody who has not left by that day, by staff number."""
    return list(Staff.objects.filter(Staff.employed_on(on)).order_by("code"))


def holders_of(position: str, on: date) -> list[Staff]:
    """Who holds a post on a day and is still employed then, by staff number."""
    rows = Assignment.objects.filter(Assignment.in_force(on), position__code=position)
    return list(Staff.objects.filter(Staff.employed_on(on), assignments__in=rows).distinct().order_by("code"))


@enforces("ORG-003")
def position_named(word: str) -> Position | None:
    """The position that a code, a name or one of the other names means; None when nobody knows the word."""
    text = word.strip()
    if not text:
        return None
    found = Position.objects.filter(code__iexact=text).first()
    if found is None:
        found = Position.objects.filter(name_zh=text).first() or Position.objects.filter(name_en=text).first()
    if found is None:
        alias = PositionAlias.objects.filter(alias=text).select_related("position").first()
        found = alias.position if alias else None
    return found


@enforces("ORG-015", "ORG-001")
def superior_of(staff: Staff, on: date) -> Staff | None:
    """The nearest holder upwards along the line of command: same team first, then same project, then anywhere.

    None at the top, and for somebody without a post. People who have left are passed over.
    """
    post = staff.assignments.filter(Assignment.in_force(on)).select_related("position", "team").first()
    if post is None:
        return None
    project = post.project_id or (post.team.project_id if post.team else None)
    above = post.position.reports_to
    seen: set[int] = set()
    while above is not None and above.pk not in seen:
        seen.add(above.pk)
        holder = _holder(above, post.team_id, project, on, but=staff)
        if holder is not None:
            return holder
        above = above.reports_to
    return None


def _holder(position: Position, team: int | None, project: int | None, on: date, *, but: Staff) -> Staff | None:
    rows = list(
        Assignment.objects.filter(Assignment.in_force(on), Staff.employed_on(on, "staff__"), position=position)
        .exclude(staff=but)
        .select_related("staff", "team")
        .order_by("from_on", "staff__code")
    )

    def distance(row: Assignment) -> int | None:
        row_project = row.project_id or (row.team.project_id if row.team else None)
        if team is not None and row.team_id == team:
            return 0
        if project is not None and row_project == project:
            return 1 if row.team_id is None or position.code not in LEADERS else None
        return 2 if row_project is None else None

    near = [(step, row.staff) for row in rows if (step := distance(row)) is not None]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def team_members(team: Team, scope: Scope, on: date) -> list[Assignment]:
    """The team's assignments of the day, the highest post first, of the people in reach."""
    rows = Assignment.objects.filter(Assignment.in_force(on), team=team, staff__in=scope.staff(on))
    return list(rows.select_related("staff", "position").order_by("position__rank", "staff__code"))


def breaches_on(on: date) -> list[rules.Breach]:
    """Everything in the organisation of that day that its rules forbid."""
    lines = dict(Position.objects.values_list("code", "reports_to__code"))
    rows = Assignment.objects.filter(Assignment.in_force(on)).values_list(
        "staff__code", "position__code", "team__code", "staff__status", "staff__left_on"
    )
    held = [
        rules.Held(code, position, team, status != Staff.Status.LEFT and (left is None or left > on))
        for code, position, team, status, left in rows
    ]
    teams = list(Team.objects.filter(closed_on__isnull=True).values_list("code", flat=True))
    return [
        *rules.loop_breaches(lines),
        *rules.leaver_breaches(held),
        *rules.double_post_breaches(one for one in held if one.employed),
        *rules.leaderless_breaches(teams, held, frozenset(str(role) for role in LEADERS)),
    ]


class PostHeld(NamedTuple):
    """A post as it is held on a day. `team_id` None: not of one team."""

    staff_id: int
    code: str
    name: str
    position: str
    rank: int
    team_id: int | None


def posts_on(
    day: date, *, teams: Iterable[int] | None = None, positions: Iterable[str] | None = None
) -> list[PostHeld]:
    """Posts in force that day of people employed then, by staff number; of some teams or some positions only."""
    rows = Assignment.objects.filter(Assignment.in_force(day), Staff.employed_on(day, "staff__"))
    if teams is not None:
        rows = rows.filter(team_id__in=list(teams))
    if positions is not None:
        rows = rows.filter(position__code__in=list(positions))
    fields = ("staff_id", "staff__code", "staff__name", "position__code", "position__rank", "team_id")
    return [PostHeld(*row) for row in rows.order_by("staff__code", "pk").values_list(*fields)]


def staff_by_codes(codes: Iterable[str]) -> dict[str, Staff]:
    """Staff by number; numbers nobody has are absent."""
    return {one.code: one for one in Staff.objects.filter(code__in=list(codes))}


def team_named(code: str) -> Team | None:
    return Team.objects.filter(code=code).first()


def open_teams(team_ids: Iterable[int] | None = None) -> list[Team]:
    """Teams that are not closed, by code; of some ids only, or all."""
    rows = Team.objects.filter(closed_on__isnull=True)
    return list((rows if team_ids is None else rows.filter(pk__in=list(team_ids))).order_by("code"))


class PostSpell(NamedTuple):
    """A post as it is held over some days. `until_on` (exclusive) None: open."""

    staff_id: int
    code: str
    name: str
    position: str
    rank: int
    team_id: int | None
    project_id: int | None
    from_on: date
    until_on: date | None


def post_spells(first: date, last: date) -> list[PostSpell]:
    """Posts that touch the days, of people still employed on the first of them; by rank and staff number. One query."""
    rows = Assignment.objects.filter(Staff.employed_on(first, "staff__"), from_on__lte=last)
    rows = rows.filter(Q(until_on__isnull=True) | Q(until_on__gt=first))
    fields = (
        "staff_id", "staff__code", "staff__name", "position__code", "position__rank", "team_id", "project_id",
        "from_on", "until_on",
    )  # fmt: skip
    return [PostSpell(*row) for row in rows.order_by("position__rank", "staff__code", "pk").values_list(*fields)]


def projects_and_teams() -> list[tuple[Project, list[Team]]]:
    """Every project with its open teams, by code. Two queries."""
    teams: dict[int, list[Team]] = {}
    for team in Team.objects.filter(closed_on__isnull=True).order_by("code"):
        teams.setdefault(team.project_id, []).append(team)
    return [(project, teams.get(project.pk, [])) for project in Project.objects.order_by("code")]


def working_staff(on: date) -> QuerySet[Staff]:
    """Everybody employed that day."""
    return Staff.objects.filter(Staff.employed_on(on)).order_by("code")


class PostHistory(NamedTuple):
    """A post as somebody held it. `until_on` (exclusive): the post's end or the person's leaving, None: open."""

    staff_id: int
    code: str
    position: str
    team: str
    project_id: int | None
    from_on: date
    until_on: date | None


def post_history() -> list[PostHistory]:
    """Every post that anybody holds or has held, those who left included, by staff number. One query."""
    fields = (
        "staff_id", "staff__code", "position__code", "team__code", "project_id", "from_on", "until_on",
        "staff__left_on", "staff__status",
    )  # fmt: skip
    found = []
    for staff, code, post, team, project, since, until, left, status in (
        Assignment.objects.order_by("staff__code", "from_on", "pk").values_list(*fields).iterator()
    ):
        ends = [day for day in (until, left) if day is not None]
        if not ends and status == Staff.Status.LEFT:
            ends = [since]
        found.append(PostHistory(staff, code, post, team or "", project, since, min(ends) if ends else None))
    return found


def lines_of_command() -> dict[str, str | None]:
    """Position → the position above it."""
    return dict(Position.objects.values_list("code", "reports_to__code"))


def position_names(codes: Iterable[str]) -> dict[str, str]:
    """Name of each position in the reader's language; unknown codes are absent."""
    return {one.code: str(one) for one in Position.objects.filter(code__in=list(codes))}


def changes_between(first: date, last: date) -> tuple[list[str], list[str], list[str]]:
    """Names and numbers of who joined, who left and who took another post on the days, each list by number.

    A change counts in the month it takes effect; who came and went within it stands in both lists (ORG-021).
    """

    def shown(rows: QuerySet[Staff]) -> list[str]:
        return [f"{one.name} {one.code}" for one in rows.order_by("code").distinct()]

    joined = Staff.objects.filter(joined_on__range=(first, last))
    left = Staff.objects.filter(left_on__range=(first, last))
    begun = Assignment.objects.filter(from_on__range=(first, last), from_on__gt=F("staff__joined_on"))
    return shown(joined), shown(left), shown(Staff.objects.filter(assignments__in=begun))


def staff_names(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Staff id → number and name."""
    rows = Staff.objects.filter(pk__in=list(ids)).values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}


def team_codes() -> dict[int, str]:
    """Team id → code, of every team."""
    return dict(Team.objects.values_list("pk", "code"))


def open_teams_query() -> QuerySet[Team]:
    """Teams that are not closed, by code, for a form's choices."""
    return Team.objects.filter(closed_on__isnull=True).order_by("code")
