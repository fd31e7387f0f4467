# SPDX-License-Identifier: Apache-2.0
"""Whose attendance a person sees; the only place in this package that knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from zuoxi.attendance.models import AfterEntry, Correction, DayRecord, Excuse, MonthRecord, Punch
from zuoxi.people.models import Staff, Team
from zuoxi.people.selectors import Matter, open_teams, scope_of, working_staff

BEYOND_ONESELF = ("attendance.team", "attendance.sheet")


def staff_seen(user: Any, day: date) -> QuerySet[Staff]:
    """Oneself, and who stands in reach on the day for those who look after attendance."""
    if any(user.may(capability) for capability in BEYOND_ONESELF):
        return scope_of(user, day, Matter.STAFF).staff(day)
    return working_staff(day).filter(user_id=user.pk)


def person_seen(user: Any, code: str, day: date) -> Staff | None:
    """The person, if the user may see his attendance of that day."""
    return staff_seen(user, day).filter(code=code).first()


def teams_seen(user: Any, day: date) -> list[Team]:
    """Open teams of which the user sees more than himself, by code."""
    if not any(user.may(capability) for capability in BEYOND_ONESELF):
        return []
    scope = scope_of(user, day, Matter.STAFF)
    if scope.everything:
        return open_teams()
    return [team for team in open_teams() if team.pk in scope.team_ids or team.project_id in scope.project_ids]


def months_seen(user: Any, month: date, last: date) -> QuerySet[MonthRecord]:
    """People's months in reach; reach is that of the month's last day (`last`), or of today while it runs."""
    rows = MonthRecord.objects.filter(month=month)
    return rows.filter(staff__in=staff_seen(user, last))


def days_of_gone(
    user: Any, listed: QuerySet[MonthRecord], month: date, last: date, team: Team | None
) -> QuerySet[DayRecord]:
    """Days in reach (in that team) of people whom the sheet does not list because they left before the month's end.

    `listed`: the months the sheet has. Who sees everything misses nobody until he asks for one team.
    """
    scope = scope_of(user, last, Matter.STAFF)
    if scope.everything and team is None:
        return DayRecord.objects.none()
    rows = scope.narrow_days(DayRecord.objects.all(), month, last)
    return (rows.filter(team=team) if team else rows).exclude(staff__in=listed.order_by().values("staff_id"))


def corrections_seen(user: Any, day: date) -> QuerySet[Correction]:
    return Correction.objects.filter(staff__in=staff_seen(user, day))


def after_entries_seen(user: Any, day: date) -> QuerySet[AfterEntry]:
    return AfterEntry.objects.filter(staff__in=staff_seen(user, day))


def excuses_seen(user: Any, day: date) -> QuerySet[Excuse]:
    """Those for somebody in reach; of a team or the centre for whoever belongs there, which is everybody."""
    teams = [team.pk for team in teams_seen(user, day)]
    wide = Q(staff__isnull=True, team__isnull=True) | Q(staff__isnull=True, team_id__in=teams)
    return Excuse.objects.filter(Q(staff__in=staff_seen(user, day)) | wide)


def punches_seen(user: Any, day: date, staff_ids: Iterable[int] | None = None) -> QuerySet[Punch]:
    rows = Punch.objects.filter(staff__in=staff_seen(user, day))
    return rows if staff_ids is None else rows.filter(staff_id__in=list(staff_ids))
