# SPDX-License-Identifier: Apache-2.0
"""The demo's wishes: of the month published, answered; of the month to come, weighed when its last team's half month
is worked out by the worker."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from zuoxi.people.selectors import staff_by_code
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import AGENTS
from zuoxi.workforce.models import ShiftAssignment
from zuoxi.workforce.planning import solving
from zuoxi.workforce.units import Book, month_end, next_month
from zuoxi.workforce.wish_models import RosterWish

_DAY = timedelta(days=1)
_SECONDS = 20.0
_REASONS = ("孩子家长会", "体检", "老家有事", "", "考驾照", "朋友婚礼", "", "夜校上课")


def wish_for(today: date, planner: str) -> None:
    """Does nothing when there are wishes already."""
    if RosterWish.objects.exists():
        return
    month = today.replace(day=1)
    rows = [*_answered(month), *_waiting(next_month(month), today)]
    RosterWish.objects.bulk_create(rows, ignore_conflicts=True)
    _work_out(next_month(month), planner, today)


def _agents(month: date) -> list[tuple[int, str]]:
    book = Book(month, month_end(month))
    held = [(one.staff_id, one.code) for one in book.members.values() if one.position in AGENTS]
    return sorted(held, key=lambda one: one[1])


def _asked(month: date, number: int, today: date) -> datetime:
    day = min((month - _DAY).replace(day=8 + number % 11), today - _DAY)
    return datetime.combine(day, time(12, number % 60), site_handbook().zone)


def _answered(month: date) -> list[RosterWish]:
    """Every fifth agent wished a rest and a shift of this month; what the roster says otherwise lost to the need."""
    found = []
    agents = dict(_agents(month)[::5])
    rows = ShiftAssignment.objects.filter(staff__in=agents, day__range=(month, month_end(month)), place=0)
    cells = {(staff, day): template for staff, day, template in rows.values_list("staff_id", "day", "template")}
    at = datetime.combine((month - _DAY).replace(day=22), time(17), site_handbook().zone)
    for number, staff in enumerate(agents):
        for step, want in ((3 + number % 20, RosterWish.OFF), (24 + number % 4, "E")):
            day = month + _DAY * step
            stands = cells.get((staff, day))
            if stands is None:
                continue
            granted = stands == ("R" if want == RosterWish.OFF else want)
            found.append(
                RosterWish(
                    staff_id=staff, day=day, want=want, strong=number % 4 == 0, reason=_REASONS[number % 8],
                    asked_at=_asked(month, number, month), weighed_at=at, lost_to="" if granted else "cover",
                )
            )  # fmt: skip
    return found


def _waiting(month: date, today: date) -> list[RosterWish]:
    found = []
    for number, (staff, _code) in enumerate(_agents(month)[::3]):
        asked = _asked(month, number, today)
        for step in (number * 7 % 25, 4 + number * 11 % 23)[: 1 + number % 2]:
            want = RosterWish.OFF if number % 3 else ("E", "M", "L")[number % 9 // 3]
            found.append(
                RosterWish(
                    staff_id=staff, day=month + _DAY * step, want=want, strong=number % 5 == 0,
                    reason=_REASONS[number % 8], asked_at=asked,
                )
            )  # fmt: skip
    return found


def _work_out(month: date, planner: str, today: date) -> None:
    """Ask for the month of the last team, whose second half nobody has written."""
    units = [unit for unit in Book(month, month_end(month)).units() if unit[1] is not None]
    by = staff_by_code(planner)
    if units and by is not None:
        solving.ask(
            month, units[-1:], keep=False, by=by.code, user_id=by.user_id, today=today, seconds=_SECONDS
        )  # fmt: skip
