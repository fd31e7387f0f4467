# SPDX-License-Identifier: Apache-2.0
"""From a staff file to staff: every row is judged, the good ones are taken, the bad ones come back with a reason.

Nothing is moved or let go by a file: those need a day and a signature, so a row that says otherwise is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pypinyin import lazy_pinyin

from zuoxi.people import staff_cells
from zuoxi.people.models import Assignment, Position, PositionAlias, Project, Staff, Team
from zuoxi.people.names import sort_key
from zuoxi.people.services import Placement, ensure_team, hire
from zuoxi.people.staff_file import COLUMNS, StaffFile
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault
from zuoxi.web.tabular import Problem, Refusal

Group = TypeVar("Group", Team, Project)

FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that can be taken."""

    line: int
    code: str
    name: str
    position: Position
    teams: tuple[str, ...]
    project: Project | None
    status: str
    joined_on: date | None
    left_on: date | None
    mobile: str
    email: str


@dataclass(slots=True)
class Report:
    """What a file would do, or did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    made_teams: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def bad_lines(self) -> set[int]:
        return {problem.line for problem in self.problems}

    @property
    def good(self) -> int:
        return self.new + self.changed + self.same


class _Reader:
    """What the rows are read against: everything the database knows, fetched once."""

    def __init__(self, on: date, create: bool) -> None:
        self.on, self.create = on, create
        self.positions: dict[str, Position] = {}
        for position in Position.objects.all():
            for word in (position.code, position.name_zh, position.name_en):
                self.positions[word.casefold()] = position
        for alias in PositionAlias.objects.select_related("position"):
            self.positions[alias.alias.casefold()] = alias.position
        self.teams = _by_name(Team.objects.select_related("project").filter(closed_on__isnull=True))
        self.projects = _by_name(Project.objects.all())
        self.staff = {one.code: one for one in Staff.objects.all()}
        self.posts: dict[str, set[tuple[str, str | None]]] = {}
        held = Assignment.objects.filter(Assignment.in_force(on))
        for code, post, team in held.values_list("staff__code", "position__code", "team__code"):
            self.posts.setdefault(code, set()).add((post, team))

    def candidate(self, line: int, row: Mapping[str, str], seen: set[str]) -> Candidate:
        for key, text in row.items():
            if text.startswith(FORMULA) and key != "mobile":
                raise Refusal(key, _("Begins like a formula."), _("Remove the first character."))
        code = staff_cells.staff_number(row, seen)
        name = row["name"].strip()
        if not name or len(name) > 60:
            raise Refusal("name", _("The name is empty or too long."), _("Write the name in at most 60 characters."))
        position = self.positions.get(row["position"].casefold())
        if position is None:
            raise Refusal(
                "position", _("Nobody knows this position."), _("Use a position of the organisation page, as 客服座席.")
            )
        project = self._project(row.get("project", "")) or self._only_project(row.get("team", ""))
        teams = self._teams(row.get("team", ""), project)
        status = staff_cells.status(row)
        known = self.staff.get(code)
        self._not_moved(code, position, teams, status, known)
        return Candidate(
            line,
            code,
            name,
            position,
            teams,
            project,
            status,
            staff_cells.day(row, "joined_on"),
            staff_cells.day(row, "left_on"),
            staff_cells.mobile(row.get("mobile", "")),
            staff_cells.email(row.get("email", "")),
        )

    def _project(self, text: str) -> Project | None:
        if text and text.casefold() not in self.projects:
            raise Refusal("project", _("There is no such project."), _("Add it on the organisation page first."))
        return self.projects.get(text.casefold())

    def _only_project(self, teams: str) -> Project | None:
        """The site's project, for a row that names teams and no project, where there is no other to mean."""
        known = {one.pk: one for one in self.projects.values()}
        return next(iter(known.values())) if teams and len(known) == 1 else None

    def _teams(self, text: str, project: Project | None) -> tuple[str, ...]:
        words = [word.strip() for word in re.split("[;\uff1b、,\uff0c/]", text) if word.strip()]
        for word in words:
            if word.casefold() in self.teams:
                continue
            if not self.create:
                raise Refusal(
                    "team",
                    _("There is no such team."),
                    _("Add it on the organisation page, or let the import make it."),
                )
            if project is None:
                raise Refusal("project", _("A new team needs a project."), _("Fill in the project of this row."))
        return tuple(words)

    @enforces("ORG-023")
    def _not_moved(
        self, code: str, position: Position, teams: tuple[str, ...], status: str, known: Staff | None
    ) -> None:
        """A file does not move or dismiss anybody who is here already."""
        if known is None:
            return
        if (known.status == Staff.Status.LEFT) != (status == Staff.Status.LEFT):
            raise Refusal(
                "status",
                _("Joining again and leaving are not done by a file."),
                _("Do it on the person's page, with its day."),
            )
        named: list[str | None] = [self.teams[word.casefold()].code for word in teams if word.casefold() in self.teams]
        asked: set[tuple[str, str | None]] = {(position.code, team) for team in named or [None]}
        if known.status != Staff.Status.LEFT and self.posts.get(code, set()) != asked:
            raise Refusal(
                "position",
                _("This person holds another post now."),
                _("Transfer the person on the person's page, with the Director's signature."),
            )


def _by_name(rows: Iterable[Group]) -> dict[str, Group]:
    found: dict[str, Group] = {}
    for row in rows:
        for word in (row.name_en, row.name_zh, row.code):
            found[word.casefold()] = row
    return found


def check(file: StaffFile, on: date, *, create: bool = False) -> tuple[Report, list[Candidate]]:
    """What the file would do on that day; changes nothing."""
    reader, report, seen = _Reader(on, create), Report(), set[str]()
    good = []
    for index in range(len(file.cells)):
        if not any(file.cells[index]):
            continue
        try:
            one = reader.candidate(index + 2, file.row(index), seen)
        except Refusal as refusal:
            column = file.head[file.places[refusal.key]] if refusal.key in file.places else COLUMNS[refusal.key][0]
            report.problems.append(Problem(index + 2, column, refusal.wrong, refusal.todo))
            continue
        good.append(one)
        known = reader.staff.get(one.code)
        if known is None:
            report.new += 1
        elif _differences(known, one):
            report.changed += 1
        else:
            report.same += 1
        new_teams = (word for word in one.teams if word.casefold() not in reader.teams)
        report.made_teams += [word for word in new_teams if word not in report.made_teams]
    return report, good


def _differences(staff: Staff, one: Candidate) -> dict[str, object]:
    """Fields that the row would change. An empty cell says nothing, it does not empty the field."""
    said = {
        "name": one.name,
        "status": one.status,
        "joined_on": one.joined_on,
        "mobile": one.mobile,
        "email": one.email,
    }
    return {key: value for key, value in said.items() if value and getattr(staff, key) != value}


@transaction.atomic
def take(file: StaffFile, on: date, by: str, *, create: bool = False) -> Report:
    """Take the good rows; all of them or, on an error of ours, none. Doing it twice changes nothing the second time."""
    report, good = check(file, on, create=create)
    teams = _by_name(Team.objects.filter(closed_on__isnull=True))
    for one in good:
        known = Staff.objects.filter(code=one.code).first()
        if known is None:
            _hire(one, on, by, teams)
            continue
        differences = _differences(known, one)
        for key, value in differences.items():
            setattr(known, key, value)
        if differences:
            known.sort_name = sort_key(known.name)
            known.save()
    vault.record(
        "people.staff.imported",
        who=by,
        new=report.new,
        changed=report.changed,
        same=report.same,
        refused=len(report.bad_lines),
    )
    return report


def _free_team_code(name: str) -> str:
    """销售一组 → xiao-shou-yi-zu, or …-2 where another team sounds the same."""
    base = re.sub(r"[^a-z0-9-]", "", "-".join(lazy_pinyin(name)).lower())[:28].strip("-") or "team"
    taken = set(Team.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 1000))) if code not in taken)


def _hire(one: Candidate, on: date, by: str, teams: dict[str, Team]) -> None:
    for word in one.teams:
        if word.casefold() not in teams and one.project is not None:
            teams[word.casefold()] = ensure_team(_free_team_code(word), word, word, one.project)
    places = [Placement(one.position, teams[word.casefold()]) for word in one.teams]
    left = one.status == Staff.Status.LEFT
    staff = hire(
        one.code,
        one.name,
        [] if left else places or [Placement(one.position, project=one.project)],
        one.joined_on or on,
        status=one.status,
        by=by,
        mobile=one.mobile,
        email=one.email,
    )
    if left:
        Staff.objects.filter(pk=staff.pk).update(left_on=one.left_on)
