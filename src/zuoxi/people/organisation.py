# SPDX-License-Identifier: Apache-2.0
"""The organisation of a day as one picture: posts with their holders, projects with their teams, posts against norm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from zuoxi.people.models import Assignment, Position, Project, Staff, Team
from zuoxi.policy.marks import enforces
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS

SHOWN_HOLDERS = 12


@dataclass(slots=True)
class PostNode:
    """A position, how many hold it, the first of their names, what reports to it."""

    position: Position
    holders: list[Staff] = field(default_factory=list)
    count: int = 0
    below: list[PostNode] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.holders)


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team: who leads and supervises it, how many agents it has."""

    team: Team
    leaders: tuple[Staff, ...]
    supervisors: tuple[Staff, ...]
    agents: int


@dataclass(frozen=True, slots=True)
class NormLine:
    """Posts that there should be and are. `missing` None: there is nothing yet that the norm counts."""

    positions: tuple[str, ...]
    per: int
    of: str
    wanted: int
    held: int
    default: bool

    @property
    def missing(self) -> int:
        return max(self.wanted - self.held, 0)


def _held(on: date) -> list[Assignment]:
    rows = Assignment.objects.filter(Assignment.in_force(on), Staff.employed_on(on, "staff__"))
    return list(rows.select_related("staff", "position", "team").order_by("staff__code"))


def post_tree(on: date) -> list[PostNode]:
    """The tops of the line of command with everything below them; three queries whatever the size."""
    nodes = {
        position.pk: PostNode(position)
        for position in Position.objects.select_related("copies_to", "safety_to").order_by("rank", "code")
    }
    seen: set[tuple[int, int]] = set()
    for row in _held(on):
        node = nodes[row.position_id]
        if (row.position_id, row.staff_id) in seen:
            continue
        seen.add((row.position_id, row.staff_id))
        node.count += 1
        if len(node.holders) < SHOWN_HOLDERS:
            node.holders.append(row.staff)
    tops: list[PostNode] = []
    for node in nodes.values():
        above = nodes.get(node.position.reports_to_id or 0)
        (above.below if above else tops).append(node)
    return tops


def teams_by_project(on: date) -> list[tuple[Project, list[TeamLine]]]:
    """Open teams under their projects."""
    held: dict[int, list[Assignment]] = {}
    for row in _held(on):
        if row.team_id:
            held.setdefault(row.team_id, []).append(row)
    lines: dict[int, list[TeamLine]] = {}
    for team in Team.objects.filter(closed_on__isnull=True):
        rows = held.get(team.pk, [])
        lines.setdefault(team.project_id, []).append(
            TeamLine(team, _holding(rows, LEADERS), _holding(rows, FLOOR_SUPERVISORS), len(_holding(rows, AGENTS)))
        )
    return [(project, lines.get(project.pk, [])) for project in Project.objects.order_by("code")]


def _holding(rows: Iterable[Assignment], positions: Iterable[str]) -> tuple[Staff, ...]:
    wanted = set(positions)
    return tuple(row.staff for row in rows if row.position.code in wanted)


@cache
def _norms(path: Path) -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8"))["norms"])


@enforces("ORG-002")
def wanted_posts(counted: int, per: int) -> int:
    """One post for every `per` or part of it; nobody to look after needs nobody."""
    return -(-counted // per)


def norm_lines(on: date) -> list[NormLine]:
    """Posts held against the norms of `handbooks/site/staffing.yaml`."""
    rows = _held(on)
    counted = {
        "agents": len({row.staff_id for row in rows if row.position.code in AGENTS}),
        "teams": Team.objects.filter(closed_on__isnull=True).count(),
    }
    lines = []
    for norm in _norms(settings.HANDBOOKS / "site" / "staffing.yaml"):
        held = len({row.staff_id for row in rows if row.position.code in norm["position"]})
        wanted = wanted_posts(counted[norm["of"]], norm["per"])
        lines.append(
            NormLine(tuple(norm["position"]), norm["per"], norm["of"], wanted, held, norm.get("default", False))
        )
    return lines
