# SPDX-License-Identifier: Apache-2.0
"""What a post sees first: blocks that the pack names, each made of what other pages show in full.

homes:
  OM:
    clauses: [ORG-005]
    blocks: [figures, staffing, "report:service_suggestions", attendance, "report:training_system"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.attendance import selectors as attendance
from zuoxi.leave import selectors as leave
from zuoxi.people import selectors as people
from zuoxi.people.models import Team
from zuoxi.policy.findings import Why
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting import definitions, names, presentation, selectors
from zuoxi.reporting.duties import lists
from zuoxi.reporting.handbook import DUTIES, HOMES
from zuoxi.reporting.models import DutyItem
from zuoxi.reporting.visibility import narrowed
from zuoxi.workforce import selectors as workforce

FIGURES = ("offered", "service_level", "connect_rate", "abandon_rate", "asa", "aht")
OF_PERSON = ("answered", "outbound_connected", "success_rate", "cph", "aht", "occupancy")
MOST_PEOPLE = 40


@dataclass(frozen=True, slots=True)
class Block:
    """A titled table; `rows` empty: `empty` says what will appear. `url` opens all of it."""

    title: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    url: str = ""
    text: str = ""
    note: str = ""
    empty: str = ""


class _Page:
    """Who reads the page; what several blocks want of him is asked once."""

    def __init__(self, user: Any, now: datetime, reports: Iterable[str]) -> None:
        self.user, self.now, self._reports = user, now, tuple(reports)
        self.today = lists.today(now)
        self.scope = people.scope_of(user, self.today)
        self.staff = people.staff_of(user)

    @cached_property
    def reader(self) -> lists.Reader | None:
        return lists.Reader(self.staff, self.scope) if self.staff else None

    @cached_property
    def reports(self) -> dict[str, DutyItem]:
        """The last report of each duty on the page that he may see."""
        return lists.last_seen(self._reports, self.reader) if self.reader and self._reports else {}

    @cached_property
    def teams(self) -> list[Team]:
        return people.open_teams()

    def own_teams(self) -> dict[int, str]:
        seen = self.scope
        return {
            team.pk: str(team)
            for team in self.teams
            if seen.everything or team.pk in seen.team_ids or team.project_id in seen.project_ids
        }


Maker = Callable[[_Page], Block]
_REPORT = "report:"


def blocks_for(user: Any, now: datetime) -> list[Block]:
    """The blocks of every post that somebody holds, once each, in the pack's order."""
    held = site_handbook().entries(HOMES)
    wanted = dict.fromkeys(name for code in sorted(user.roles) if code in held for name in held[code].blocks)
    page = _Page(user, now, [name.removeprefix(_REPORT) for name in wanted if name.startswith(_REPORT)])
    return [_made(name, page) for name in wanted]


def _made(name: str, page: _Page) -> Block:
    return _report(name.removeprefix(_REPORT), page) if name.startswith(_REPORT) else MAKERS[name](page)


def _figures(page: _Page) -> Block:
    """Yesterday and this month against target."""
    today, now = page.today, page.now
    yesterday = today - timedelta(days=1)
    query = narrowed(selectors.day_query(yesterday, figures=FIGURES), page.user, ("queue",))
    whole = selectors.day_query(today.replace(day=1), today)
    around = selectors.surroundings(replace(query, since=min(query.since, whole.since), until=whole.until), now)
    day = selectors.total(query, now, around)
    month = selectors.total(replace(query, since=whole.since, until=whole.until), now, around)
    rows = []
    for name in FIGURES:
        target = presentation.target_of(name, yesterday)
        told = "—" if target is None else f"{'≥' if target.at_least else '≤'} {target.value:g}"
        values = presentation.shown(day.figures[name]), presentation.shown(month.figures[name])
        rows.append((str(definitions.BY_ID[name].name), *values, told))
    head = (_("Figure"), _("Yesterday"), _("This month"), _("Target"))
    return Block(_("Figures"), head, tuple(rows), reverse("reporting:figures"))


def _staffing(page: _Page) -> Block:
    """Who is rostered today, team by team, and how many are on leave."""
    today = page.today
    seen = page.reader.reach if page.reader else frozenset()
    shifts = [one for one in workforce.shifts_between(today, today) if one.staff_id in seen]
    teams = {team.pk: str(team) for team in page.teams}
    counts: dict[int, set[int]] = {}
    for one in shifts:
        if one.team_id is not None:
            counts.setdefault(one.team_id, set()).add(one.staff_id)
    rows = [(name, str(len(counts[key]))) for key, name in teams.items() if key in counts]
    note = _("%s on leave") % leave.people_on_leave(today)
    return Block(
        _("People today"),
        (_("Team"), _("Rostered")),
        tuple(rows),
        "",
        "",
        note,
        _("Published rosters of today appear here."),
    )


def _attendance(page: _Page) -> Block:
    """The attendance rate of this month by team."""
    today, teams = page.today, page.own_teams()
    rates = attendance.rates_by_team(today.replace(day=1), today, list(teams))
    rows = [
        (name, "—" if rates[key].percent is None else f"{rates[key].percent}%", str(rates[key].unknown))
        for key, name in teams.items()
        if key in rates
    ]
    head = (_("Team"), _("Attendance"), _("Shifts not known"))
    return Block(_("Attendance this month"), head, tuple(rows), empty=_("Judged days of this month appear here."))


def _team_board(page: _Page) -> Block:
    """Everybody of one's teams with yesterday's figures (ORG-020)."""
    user, now = page.user, page.now
    yesterday = page.today - timedelta(days=1)
    query = selectors.day_query(yesterday, figures=OF_PERSON, by=("agent",))
    found = [row for row in selectors.figures(narrowed(query, user), now) if row.group["agent"]][:MOST_PEOPLE]
    known = names.names_of("agent", [row.group["agent"] for row in found])
    rows = [
        (
            names.label_of("agent", row.group["agent"], known),
            *(presentation.shown(row.figures[name]) for name in OF_PERSON),
        )
        for row in found
    ]
    head = (_("Person"), *(str(definitions.BY_ID[name].name) for name in OF_PERSON))
    url = reverse("reporting:report", args=["agent"])
    return Block(_("My people yesterday"), head, tuple(rows), url, empty=_("Figures of your people appear here."))


def _report(duty: str, page: _Page) -> Block:
    """The last report of a duty: what was handed in, by whom; only what the reader may see."""
    body = site_handbook().entries(DUTIES).get(duty)
    title = str(body.label) if body else duty
    item = page.reports.get(duty)
    if item is None:
        return Block(title, empty=_("The report appears here when it is handed in."))
    parts = [
        (str(Why(part["label"]["zh"], part["label"]["en"])), part["key"]) for part in item.terms.get("template", ())
    ]
    told = [
        (name, _("yes") if item.answers[key] is True else str(item.answers[key]))
        for name, key in parts
        if key in item.answers
    ]
    note = f"{item.done_by.name if item.done_by else ''} {item.day:%m-%d}"
    return Block(title, (), tuple(told), reverse("reporting:duty", args=[item.pk]), item.text, note)


def _owed(page: _Page) -> Block:
    """What one owes now."""
    groups = lists.owed_by(page.staff, page.now) if page.staff else []
    zone = site_handbook().zone
    rows = [
        (str(one.item.title), f"{one.item.due_at.astimezone(zone):%m-%d %H:%M}", str(one.label))
        for group in groups
        for one in group.lines
    ]
    head = (_("Report"), _("Due"), _("State"))
    return Block(_("Reports I owe"), head, tuple(rows[:8]), reverse("reporting:duties"), empty=_("Nothing is owed now"))


MAKERS: dict[str, Maker] = {
    "figures": _figures,
    "staffing": _staffing,
    "attendance": _attendance,
    "team_board": _team_board,
    "owed": _owed,
}


def known_block(name: str, duties: Iterable[str]) -> bool:
    """Whether the program can make a block of that name."""
    return name in MAKERS or (name.startswith("report:") and name.removeprefix("report:") in set(duties))
