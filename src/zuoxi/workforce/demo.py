# SPDX-License-Identifier: Apache-2.0
"""The demo's rosters: last month and this one published, the next one a draft with gaps. Agents' shifts are those that
the simulated centre works, so what the telephones tell of a day fits its roster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction

from zuoxi.people.selectors import PostSpell, post_spells, projects_and_teams, staff_by_codes
from zuoxi.policy.calendars import WorkCalendar, calendar_of
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import seats_by_staff, simulated_shifts
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, Role
from zuoxi.workforce.cells import cell_text, menu_on
from zuoxi.workforce.clock import DAY, Clock, moments_of
from zuoxi.workforce.conflicts import limits_on
from zuoxi.workforce.demo_forecast import forecast_ahead
from zuoxi.workforce.demo_month import live_through
from zuoxi.workforce.demo_wishes import wish_for
from zuoxi.workforce.models import Roster, RosterReading, RosterVersion, ShiftAssignment
from zuoxi.workforce.scenarios.demo import lay_out

_DAY = timedelta(days=1)
_BY_NAME = {"dawn": "D", "early": "E", "middle": "M", "late": "L", "night": "N"}
# A leader's eight days: a night on duty, rest, two early, two middle shifts; each day every step is somebody's.
_LEADERS = ("DN", "R", "R", "E", "E", "M", "M", "R")
_PLANNER = "8002"


def furnish(today: date) -> None:
    """Last month, this month and the next for everybody of the demo; does nothing when a roster is there."""
    forecast_ahead(today)
    if Roster.objects.exists():
        return
    first = today.replace(day=1)
    last_month, next_month = (first - _DAY).replace(day=1), _next(first)
    with transaction.atomic():
        rosters = _rosters((last_month, first, next_month))
        _fill(rosters, last_month, _next(next_month) - _DAY, next_month)
        _publish([one for one in rosters.values() if one.month <= first])
    live_through(today)
    lay_out(today, _PLANNER)
    wish_for(today, _PLANNER)


def _next(month: date) -> date:
    return (month + 32 * _DAY).replace(day=1)


def _rosters(months: Iterable[date]) -> dict[tuple[date, int, int | None], Roster]:
    made = [
        Roster(month=month, project=project, team=team, due_on=(month - _DAY).replace(day=25))
        for month in months
        for project, teams in projects_and_teams()
        for team in (*teams, None)
    ]
    Roster.objects.bulk_create(made)
    return {(one.month, one.project_id, one.team_id): one for one in made}


def _fill(rosters: dict[tuple[date, int, int | None], Roster], first: date, last: date, draft: date) -> None:
    handbook, seats = site_handbook(), seats_by_staff()
    projects = {team.pk: project.pk for project, teams in projects_and_teams() for team in teams}
    anywhere = next(iter(projects.values()), None)
    rows = []
    for post, day, code in _plan(handbook, first, last, draft):
        office = post.team_id is None or post.position in FLOOR_SUPERVISORS
        project = post.project_id or projects.get(post.team_id or 0) or anywhere
        roster = rosters.get((day.replace(day=1), project or 0, None if office else post.team_id))
        if roster is not None:
            rows.append(_row(handbook, roster, post.staff_id, day=day, code=code, seat=seats.get(post.staff_id, "")))
    ShiftAssignment.objects.bulk_create(rows, batch_size=1000)


def _row(handbook: Handbook, roster: Roster, staff_id: int, *, day: date, code: str, seat: str) -> ShiftAssignment:
    (part,) = menu_on(handbook, day).parse(code)
    moments = moments_of(part.clock, day, handbook.zone)
    body = menu_on(handbook, day).templates[code]
    return ShiftAssignment(
        roster=roster,
        staff_id=staff_id,
        day=day,
        template=code,
        kind=part.kind,
        clock=str(part.clock),
        starts_at=moments[0][0] if moments else None,
        ends_at=moments[-1][1] if moments else None,
        meal_minutes=part.meal_minutes,
        seat=seat if body.seat else "",
        version=1,
    )


def _plan(handbook: Handbook, first: date, last: date, draft: date) -> Iterator[tuple[PostSpell, date, str]]:
    """(post, day, code) of everybody; in the draft the last team has nothing yet from the 16th on."""
    posts = {one.staff_id: one for one in post_spells(first, last)}
    agents = {one.code: one for one in posts.values() if one.position in AGENTS}
    days = [first + _DAY * step for step in range((last - first).days + 1)]
    worked = {(code, day): _BY_NAME[name] for code, day, name, _start, _end in simulated_shifts(first, last)}
    last_team = max((one.team_id or 0 for one in agents.values()), default=0)
    clocks, rest = menu_on(handbook, draft).clocks, limits_on(handbook, None, draft).rest
    before: dict[str, str] = {}
    for day in days:
        reserves: set[int | None] = set()
        for one in agents.values():
            if day >= draft and day.day > 15 and one.team_id == last_team:
                continue
            code = worked.get((one.code, day), "R")
            if day >= draft and _too_soon(clocks, before.get(one.code, "R"), code, rest):
                code = "R"  # who plans lets people sleep; what has passed is as the telephones tell it
            if code == "M" and one.team_id not in reserves:
                reserves.add(one.team_id)
                code = "F"
            before[one.code] = code
            yield one, day, code
    others = [one for one in posts.values() if one.position not in AGENTS]
    yield from _leading(calendar_of(handbook), others, days)


def _too_soon(clocks: Mapping[str, Clock], before: str, code: str, rest: int) -> bool:
    """Whether less than so many minutes lie between yesterday's shift and today's."""
    one, two = clocks.get(before), clocks.get(code)
    if one is None or two is None or not one.spans or not two.spans:
        return False
    return two.spans[0][0] + DAY - one.spans[-1][1] < rest


def _leading(calendar: WorkCalendar, posts: list[PostSpell], days: list[date]) -> Iterator[tuple[PostSpell, date, str]]:
    """Two supervisors have the duty by day and by evening, leaders by night and where a supervisor is off."""
    supervisors = sorted((one for one in posts if one.position in FLOOR_SUPERVISORS), key=lambda one: one.code)
    leaders = sorted((one for one in posts if one.position in LEADERS), key=lambda one: one.code)
    office = [one for one in posts if one.position not in FLOOR_SUPERVISORS | LEADERS | {Role.DIR}]
    for day in days:
        works = {0: day.isoweekday() <= 5, 1: day.isoweekday() >= 3}
        for place, one in enumerate(supervisors[:2]):
            yield one, day, ("DE" if place == 0 else "DL") if works[place] else "R"
        for place, one in enumerate(leaders):
            code = _LEADERS[(day.toordinal() + place) % len(_LEADERS)]
            step = (day.toordinal() + place) % len(_LEADERS)
            if step == 3 and not works[0]:
                code = "DE"
            elif step == 6 and not works[1]:
                code = "DL"
            yield one, day, code
        for one in office:
            yield one, day, "O" if calendar.is_working_day(day) else "R"


def _publish(rosters: list[Roster]) -> None:
    zone = site_handbook().zone
    by = staff_by_codes([_PLANNER]).get(_PLANNER)
    cells: dict[int, dict[str, dict[str, str]]] = {}
    people: dict[int, set[int]] = {}
    rows = ShiftAssignment.objects.filter(roster__in=rosters).select_related("staff").order_by("staff", "day")
    for row in rows:
        cells.setdefault(row.roster_id, {}).setdefault(row.staff.code, {})[row.day.isoformat()] = cell_text([row])
        people.setdefault(row.roster_id, set()).add(row.staff_id)
    versions, readings = [], []
    for roster in rosters:
        at = datetime.combine((roster.month - _DAY).replace(day=23), time(15, 20), zone)
        roster.state, roster.version, roster.published_at, roster.first_published_at = "published", 1, at, at
        roster.published_by = by
        versions.append(
            RosterVersion(roster=roster, number=1, at=at, by=by.code if by else "", cells=cells.get(roster.pk, {}))
        )
        readings += [
            RosterReading(roster=roster, version=1, staff_id=staff, read_at=at + timedelta(minutes=7 * (staff % 200)))
            for staff in people.get(roster.pk, ())
            if staff % 9
        ]
    Roster.objects.bulk_update(rosters, ["state", "version", "published_at", "first_published_at", "published_by"])
    RosterVersion.objects.bulk_create(versions)
    RosterReading.objects.bulk_create(readings)
