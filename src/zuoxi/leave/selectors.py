# SPDX-License-Identifier: Apache-2.0
"""Questions about leave: who is away when, and how many places are taken."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet

from zuoxi.leave.facts import LeaveOnDay, LeaveSpell
from zuoxi.leave.models import Leave, LeaveDay, LeaveState

__all__ = [
    "granted_in_shift",
    "granted_today",
    "is_on_leave",
    "leave_between",
    "leave_days_between",
    "people_on_leave",
]


def _granted(staff_ids: Collection[int] | None) -> QuerySet[Leave]:
    rows = Leave.objects.filter(state=LeaveState.APPROVED)
    return rows if staff_ids is None else rows.filter(staff_id__in=list(staff_ids))


def spell_of(leave: Leave) -> LeaveSpell:
    return LeaveSpell(
        leave.pk, leave.staff_id, leave.kind, leave.starts_at, leave.ends_at, leave.days, leave.paid, leave.state
    )


def leave_between(first: date, last: date, staff_ids: Collection[int] | None = None) -> list[LeaveSpell]:
    """Granted leave that touches the roster days from `first` to `last`, both included, by beginning. One query."""
    rows = _granted(staff_ids).filter(first_on__lte=last, last_on__gte=first)
    return [spell_of(row) for row in rows.order_by("starts_at", "pk")]


def leave_days_between(first: date, last: date, staff_ids: Collection[int] | None = None) -> list[LeaveOnDay]:
    """Each roster day of those days that granted leave takes, by day and person. One query."""
    rows = LeaveDay.objects.filter(day__range=(first, last), leave__state=LeaveState.APPROVED).select_related("leave")
    if staff_ids is not None:
        rows = rows.filter(staff_id__in=list(staff_ids))
    return [
        LeaveOnDay(
            row.leave_id,
            row.staff_id,
            row.day,
            row.leave.kind,
            row.starts_at,
            row.ends_at,
            row.share,
            row.leave.paid,
            row.shift,
        )
        for row in rows.order_by("day", "staff_id", "starts_at")
    ]


def people_on_leave(day: date) -> int:
    """How many people granted leave keeps away on that day, long leave included; a return ends it (ATT-020)."""
    rows = _granted(None).filter(first_on__lte=day, last_on__gte=day)
    return rows.values("staff_id").distinct().count()


def granted_today(duty_supervisor_staff_id: int, day: date) -> int:
    """People whose granted leave uses this duty supervisor's place on that day (ATT-019)."""
    rows = LeaveDay.objects.filter(
        day=day, duty_id=duty_supervisor_staff_id, counts=True, leave__state=LeaveState.APPROVED
    )
    return rows.values("staff_id").distinct().count()


def granted_in_shift(shift: str, day: date) -> int:
    """People away from one shift of that day by granted leave that counts against places (SCH-008)."""
    rows = LeaveDay.objects.filter(day=day, shift=shift, counts=True, leave__state=LeaveState.APPROVED)
    return rows.values("staff_id").distinct().count()


def is_on_leave(staff_id: int, moment: datetime) -> bool:
    """Whether granted leave covers the moment: between its beginning and its end, whatever the roster says."""
    return _granted([staff_id]).filter(starts_at__lte=moment, ends_at__gt=moment).exists()
