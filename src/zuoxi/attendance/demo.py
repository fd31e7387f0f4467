# SPDX-License-Identifier: Apache-2.0
"""The demo's attendance: clock records of last month and this one, a few late, absent, excused and corrected people,
last month's sheet signed up to the last signature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from zuoxi.attendance import clocking, services, sheets
from zuoxi.attendance.computing import month_before, month_end, month_of
from zuoxi.attendance.excusing import Cause
from zuoxi.attendance.models import DayRecord, Direction, Punch, Sheet, Signature, Source, Status
from zuoxi.attendance.recomputing import recompute
from zuoxi.leave.selectors import leave_days_between
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import LEADERS, Role
from zuoxi.workforce.facts import RosteredShift
from zuoxi.workforce.selectors import shifts_between

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_TERMINAL = "前台考勤机"
_NEAR = timedelta(hours=3)


def furnish(today: date) -> None:
    """Last month and this one; does nothing when a sheet is there."""
    if Sheet.objects.exists():
        return
    now = timezone.now()
    last = month_before(month_of(today))
    shifts = shifts_between(last, today)
    if not shifts:
        return
    with transaction.atomic():
        services.take_days(last, today, site_handbook(), now)
        clocking.add(_at_the_terminal(shifts, last, today, now))
        recompute(last, now)
        recompute(month_of(today), now)
        _exceptions(last, now)
        _sign(last, now)


def _at_the_terminal(shifts: Iterable[RosteredShift], first: date, last: date, now: datetime) -> Iterator[Punch]:
    """Whoever the phones do not know of clocked at the reception; most in time."""
    chance = Random(11)  # noqa: S311 - a demo's play
    away = {(one.staff_id, one.day) for one in leave_days_between(first, last) if one.share >= 1}
    seen: dict[int, list[datetime]] = {}
    for staff_id, at in Punch.objects.order_by("at").values_list("staff_id", "at"):
        seen.setdefault(staff_id, []).append(at)
    for shift in shifts:
        near = (shift.starts_at - _NEAR, shift.ends_at + _NEAR)
        known = any(near[0] <= at <= near[1] for at in seen.get(shift.staff_id, ()))
        luck = chance.random()
        if known or shift.kind == "flex" or (shift.staff_id, shift.day) in away or luck < 0.004:
            continue
        late, early = 0.004 < luck < 0.02, luck > 0.988
        before = -chance.randint(1, 12) if late else chance.randint(31, 48)
        came = shift.starts_at - before * _MINUTE - timedelta(seconds=chance.randint(0, 59))
        went = shift.ends_at + (-chance.randint(6, 12) if early else chance.randint(1, 14)) * _MINUTE
        for direction, at in ((Direction.IN, came), (Direction.OUT, went)):
            if at <= now:
                yield Punch(
                    staff_id=shift.staff_id,
                    at=at,
                    direction=direction,
                    source=Source.TERMINAL,
                    device=_TERMINAL,
                    key=clocking.key_of(Source.TERMINAL, shift.staff_code, direction, at, _TERMINAL),
                    recorded_at=now,
                )


def _exceptions(month: date, now: datetime) -> None:
    """A snow morning for all, a late shuttle for one, a forgotten card vouched for, and a record put right."""
    leader, supervisor = _first(Role.TSRL, month), _first(Role.TSRS, month)
    days = DayRecord.objects.filter(day__range=(month, month_end(month))).select_related("staff")
    late = list(days.filter(status=Status.LATE, due_start__isnull=False).order_by("day", "staff__code")[:4])
    if not (leader and supervisor and late):
        return

    def accept(cause: Cause) -> None:
        services.accept_excuse(cause, proposed_by=leader.code, decided_by=supervisor.code, now=now)

    snow = late[0]
    if snow.due_start is not None:
        start = snow.due_start - timedelta(hours=2)
        reason = "大雪封路，班车与公交均停运"
        accept(Cause("weather", start, start + timedelta(hours=4), reason, "气象局红色预警截图", start))
    if len(late) > 1 and late[1].due_start is not None:
        due = late[1].due_start
        proof = f"到达记录 {timezone.localtime(due + 9 * _MINUTE):%H:%M}"
        cause = Cause("shuttle", due - 30 * _MINUTE, due + 20 * _MINUTE, "二号线班车抛锚", proof, due - 5 * _MINUTE)
        accept(_for(cause, late[1].staff))
    absent = days.filter(status=Status.ABSENT, first_in__isnull=True, due_start__isnull=False).order_by("day").first()
    if absent is not None and absent.due_start is not None and absent.due_end is not None:
        cause = Cause("forgotten", absent.due_start, absent.due_end, "当天忘带工牌", "班长证明在岗", None)
        accept(_for(cause, absent.staff))
    if len(late) > 2 and late[2].due_start is not None:
        services.correct(
            late[2].staff,
            late[2].day,
            at=late[2].due_start - 4 * _MINUTE,
            direction=Direction.IN,
            reason="话机注册延迟，现场监控显示已入席",
            evidence="监控截图",
            by="6003",
            now=now,
        )


def _for(cause: Cause, staff: Staff) -> Cause:
    return Cause(cause.cause, cause.starts_at, cause.ends_at, cause.reason, cause.proof, cause.told_at, staff=staff)


def _first(post: Role, on: date) -> Staff | None:
    return next(iter(holders_of(post, on)), None)


def _sign(month: date, now: datetime) -> None:
    """Every leader, the reception, the analyst and the deputy have signed; the manager has not."""
    sheet = Sheet.objects.get(month=month)
    leaders = {
        code: staff
        for post in LEADERS
        for staff in holders_of(post, month)
        for code in staff.assignments.filter(position__code=post).values_list("team__code", flat=True)
    }
    for team in sheets.teams_missing(sheet, []):
        leader = leaders.get(team.code) or _first(Role.TSRS, month)
        if leader is not None:
            sheets.sign(sheet, Signature.Step.LEADER, leader, now, team=team)
    steps = ((Role.FD, Signature.Step.RECEPTION), (Role.DA, Signature.Step.ANALYST), (Role.ODM, Signature.Step.DEPUTY))
    for post, step in steps:
        signer = _first(post, month)
        if signer is None:
            return
        sheets.sign(sheet, step, signer, now)
