# SPDX-License-Identifier: Apache-2.0
"""Questions about the path of people: planned changes, loans, gates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from zuoxi.people.models import Assignment, Clearance, Handover, Loan, PlannedChange, Position, Staff, Team, User
from zuoxi.people.visibility import Scope
from zuoxi.policy.marks import enforces


def open_team_choices() -> list[tuple[str, str]]:
    """(code, name in the reader's language) of every team that is not closed."""
    rows = Team.objects.filter(closed_on__isnull=True).only("code", "name_zh", "name_en")
    return [(team.code, str(team)) for team in rows.order_by("code")]


def planned_changes(scope: Scope, *states: str) -> QuerySet[PlannedChange]:
    """Changes of the people in reach, in the given states (none: any), the latest day first."""
    rows = PlannedChange.objects.select_related("staff", "position", "team", "handover")
    rows = scope.narrow(rows, "staff__code")
    return rows.filter(state__in=states) if states else rows


def loans_between(starts: datetime, ends: datetime, staff_ids: Iterable[int] | None = None) -> list[Loan]:
    """Loans that touch the span, by person and time; one ended early ends then."""
    rows = Loan.objects.filter(starts_at__lt=ends, ends_at__gt=starts).select_related("staff", "from_team", "to_team")
    rows = rows.filter(Q(ended_early_at__isnull=True) | Q(ended_early_at__gt=starts))
    if staff_ids is not None:
        rows = rows.filter(staff_id__in=list(staff_ids))
    return list(rows.order_by("staff__code", "starts_at"))


@enforces("ORG-011")
def team_at(staff: Staff, moment: datetime) -> int | None:
    """Id of the team the person works for at that moment: the one he is lent to, else his own; None without one."""
    lent = loans_between(moment, moment + timedelta(microseconds=1), [staff.pk])
    if lent:
        return lent[0].to_team_id
    rows = staff.assignments.filter(Assignment.in_force(timezone.localdate(moment)), team__isnull=False)
    found: int | None = rows.values_list("team_id", flat=True).first()
    return found


def gates_passed(staff_id: int) -> tuple[str, ...]:
    """The gates of going live that the person has passed."""
    return tuple(Clearance.objects.filter(staff_id=staff_id).values_list("gate", flat=True))


def team_of(staff: Staff, on: date) -> Team | None:
    """The team of the person's post that day; None without one."""
    row = staff.assignments.filter(Assignment.in_force(on), team__isnull=False).select_related("team").first()
    return row.team if row else None


def open_handovers() -> list[Handover]:
    """Handovers that are not closed yet, the oldest first."""
    return list(Handover.objects.filter(closed_at__isnull=True).select_related("giver", "taker").order_by("pk"))


def user_by_id(user_id: int) -> User:
    """The sign-in of that id. Raises DoesNotExist."""
    return User.objects.get(pk=user_id)


def post_names() -> dict[str, str]:
    """What each post is called in the reader's language, by code."""
    return {post.code: str(post) for post in Position.objects.only("code", "name_zh", "name_en")}
