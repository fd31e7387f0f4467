# SPDX-License-Identifier: Apache-2.0
"""The list of staff: what one may filter by, and the rows with their posts of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from zuoxi.people.models import Assignment, Staff
from zuoxi.people.visibility import Scope

SORTS = {"code": "code", "name": "sort_name", "status": "status", "joined": "joined_on"}


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """Empty texts filter nothing. `status` "" shows those employed, "all" everybody."""

    words: str = ""
    status: str = ""
    position: str = ""
    team: str = ""
    project: str = ""


def named(rows: QuerySet[Staff], words: str) -> QuerySet[Staff]:
    """Rows whose number begins with the words, or whose name or its sounds hold them."""
    text = words.strip()
    if not text:
        return rows
    return rows.filter(Q(code__istartswith=text) | Q(name__icontains=text) | Q(sort_name__icontains=text.lower()))


def staff_rows(scope: Scope, asked: StaffFilter, on: date) -> QuerySet[Staff]:
    """Staff in reach with `posts_now`: their assignments of the day, with position, team and project."""
    rows = named(scope.staff(), asked.words)
    if asked.status == "":
        rows = rows.exclude(status=Staff.Status.LEFT)
    elif asked.status != "all":
        rows = rows.filter(status=asked.status)
    post: dict[str, Any] = {}
    if asked.position:
        post["position__code"] = asked.position
    if asked.team:
        post["team__code"] = asked.team
    holding = Assignment.objects.filter(Assignment.in_force(on), **post)
    if asked.project:
        holding = holding.filter(Q(project__code=asked.project) | Q(team__project__code=asked.project))
    if post or asked.project:
        rows = rows.filter(pk__in=holding.values("staff_id"))
    return rows.prefetch_related(posts_now(on))


def posts_now(on: date) -> Prefetch[Any]:
    current = Assignment.objects.filter(Assignment.in_force(on))
    related = current.select_related("position", "team__project", "project")
    return Prefetch("assignments", related, to_attr="posts_now")
