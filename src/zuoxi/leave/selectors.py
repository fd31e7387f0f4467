# SPDX-License-Identifier: Apache-2.0
"""Questions about leave: who is away when, and how many places are taken."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from zuoxi.leave.facts import DueBack, LeaveOnDay, LeaveSpell, LogLine, ProposedAbsence
from zuoxi.leave.kinds import kinds_of
from zuoxi.leave.ledger import balance_of
from zuoxi.leave.models import Leave, LeaveDay, LeaveState
from zuoxi.leave.site_days import site_calendar
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import selectors as workforce

__all__ = [
    "balance_of",
    "due_back",
    "floor_log",
    "granted_in_shift",
    "granted_today",
    "is_on_leave",
    "kind_names",
    "leave_between",
    "leave_days_between",
    "people_on_leave",
    "proposed_absences",
    "site_calendar",
]


_LOOK = timedelta(days=14)  # a leave that ended so long ago is told of on its own day
# A reason that was found false covers nothing any more (ATT-016).
_HOLDS = Q(state=LeaveState.APPROVED) & ~Q(truthful=False)


def _granted(staff_ids: Collection[int] | None) -> QuerySet[Leave]:
    rows = Leave.objects.filter(_HOLDS)
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
    rows = LeaveDay.objects.filter(day__range=(first, last), leave__in=_granted(None)).select_related("leave")
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
            row.paid,
            row.shift,
            row.counts,
            row.duty_id,
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


@enforces("ATT-013", "ATT-015", "ATT-016")
def proposed_absences(first: date, last: date, staff_ids: Collection[int] | None = None) -> list[ProposedAbsence]:
    """Days that leave no longer covers, because its papers did not come or its reason was false. One query."""
    gone = Q(leave__state=LeaveState.LAPSED) | Q(leave__state=LeaveState.APPROVED, leave__truthful=False)
    rows = LeaveDay.objects.filter(gone, day__range=(first, last)).select_related("leave")
    if staff_ids is not None:
        rows = rows.filter(staff_id__in=list(staff_ids))
    return [
        ProposedAbsence(
            row.leave_id,
            row.staff_id,
            row.day,
            row.share,
            "lapsed" if row.leave.state == LeaveState.LAPSED else "untrue",
        )
        for row in rows.order_by("day", "staff_id")
    ]


@enforces("ATT-005", "ATT-035")
def due_back(first: date, last: date, staff_ids: Collection[int] | None = None) -> list[DueBack]:
    """Who is due back from leave on those days: the first rostered day after leave that no other leave follows.

    Where no roster speaks of the person, the day after the leave. Who is not there then is absent.
    """
    ended = _granted(staff_ids).filter(last_on__gte=first - _LOOK, last_on__lt=last).order_by("last_on", "pk")
    leaves = list(ended)
    ids = {one.staff_id for one in leaves}
    away = {(one.staff_id, one.day) for one in leave_days_between(first - _LOOK, last, ids)} if ids else set()
    days: dict[int, list[date]] = {}
    for shift in workforce.shifts_between(first - _LOOK, last + _LOOK, ids) if ids else ():
        days.setdefault(shift.staff_id, []).append(shift.day)
    found = []
    for leave in leaves:
        rostered = [day for day in sorted(set(days.get(leave.staff_id, ()))) if day > leave.last_on]
        day = rostered[0] if rostered else leave.last_on + timedelta(days=1)
        if first <= day <= last and (leave.staff_id, day) not in away:
            found.append(DueBack(leave.pk, leave.staff_id, day))
    return found


@enforces("ATT-008")
def floor_log(day: date, staff_ids: Collection[int] | None = None) -> list[LogLine]:
    """Who is away that day and why, as the supervisor's daily record needs it, by staff number. One query."""
    rows = LeaveDay.objects.filter(day=day, leave__in=_granted(staff_ids)).select_related("leave", "staff", "duty")
    return [
        LogLine(
            row.leave_id,
            row.staff.code,
            row.staff.name,
            row.leave.kind,
            row.starts_at,
            row.ends_at,
            row.share,
            row.leave.handover,
            row.duty.name if row.duty else "",
        )
        for row in rows.order_by("staff__code", "starts_at")
    ]


def kind_names() -> dict[str, str]:
    """What each kind of leave is called in the reader's language, by code."""
    return {code: str(body.label) for code, body in kinds_of(site_handbook()).items()}
