# SPDX-License-Identifier: Apache-2.0
"""What happens in the demo's rosters around today: breaks, swaps asked, an overtime list, posts with A and B."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from zuoxi.people.models import Staff
from zuoxi.people.selectors import projects_and_teams, staff_by_codes
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import demo_today, services
from zuoxi.workforce.clock import clock_from
from zuoxi.workforce.models import ShiftAssignment
from zuoxi.workforce.staffing_plan import NoTraffic

_DAY = timedelta(days=1)
_PEOPLE = ("1001", "1002", "1003", "1009", "1017", "1025", "2001", "3001", "6002", "6003", "8001", "4001", "4002")


def live_through(today: date) -> None:
    """Everything by the services that people use, so that notices and requests arise as they would."""
    people = staff_by_codes(_PEOPLE)
    if len(people) < len(_PEOPLE):
        return
    now = timezone.now()
    for step in range(-2, 2):
        services.plan_day(today + _DAY * step)
    _need(today, now)
    _overtime(people, today, now)
    _swaps(people, today, now)
    since = today - 40 * _DAY
    services.keep_pair(
        duty="话务平台值守", a=people["6002"], b=people["6003"], authority="重启坐席终端、报修", from_on=since,
        by="8002", now=now,
    )  # fmt: skip
    services.keep_pair(
        duty="质检抽样", a=people["4001"], b=people["4002"], authority="按计划抽样与评分", from_on=since,
        by="8002", now=now,
    )  # fmt: skip
    note = {
        "tickets": "两件工单待回复，客户已约今晚",
        "callbacks": "18:30 回电一位",
        "escalations": "无",
        "items": "",
    }
    services.hand_over(
        giver=people["1009"], taker=people["1001"], occasion="shift", day=today, said=note, now=now - timedelta(hours=3)
    )
    start = datetime.combine(today, time(19), site_handbook().zone)
    services.dispatch(
        kind="lent", by=people["3001"], staff=people["1002"], team=projects_and_teams()[0][1][0], starts_at=start,
        ends_at=start + timedelta(hours=2), reason="晚间话务高峰支援", now=now,
    )  # fmt: skip
    demo_today.furnish(today, now, supervisor=people["3001"], planner=people["8001"])


def _need(today: date, now: datetime) -> None:
    month = today.replace(day=1)
    following = (month + 32 * _DAY).replace(day=1)
    for project, _teams in projects_and_teams():
        with suppress(NoTraffic):
            services.make_plan(month, project.pk, factor=Decimal(1), by=None, now=now)
            services.make_plan(following, project.pk, factor=Decimal("1.1"), by=None, now=now)


def _overtime(people: dict[str, Staff], today: date, now: datetime) -> None:
    called = [people[code] for code in ("1001", "1009", "1017", "1025")]
    with suppress(services.OvertimeRefused):
        made = services.make_list(
            by=people["3001"], day=today + 2 * _DAY, clock=clock_from("05:00-07:00"), reason="清晨来电高峰",
            people=called, mark="assigned", now=now,
        )  # fmt: skip
        services.agree_to(made, by=people["8001"], roles={"OM"}, now=now)
        services.announce(made, by=people["3001"], now=now)
        for call in made.calls.filter(staff__code__in=["1009", "1017"]):
            with suppress(services.OvertimeRefused):
                services.answer_overtime(call, confirm=True, voluntary=False, now=now)


def _swaps(people: dict[str, Staff], today: date, now: datetime) -> None:
    """One that waits for a colleague's word and one that waits for the supervisor, on the first days that fit."""
    me, mate = people["1001"], people["1009"]
    for step in range(3, 9):
        day = today + _DAY * step
        wish = services.Wish("peer", mate, me, day, day, "接孩子放学", "一件投诉单已转主管，其余无")
        with suppress(services.NotPossible, services.NotDone):
            services.ask_swap(wish, by=mate.user, now=now)  # type: ignore[arg-type]
            break
    other = people["1017"]
    rests = ShiftAssignment.objects.filter(staff=other, day__gt=today, kind="rest").values_list("day", flat=True)[:4]
    for rest in rests:
        worked = ShiftAssignment.objects.filter(staff=other, day__gt=today, kind="work").values_list("day", flat=True)[
            :6
        ]
        for day in worked:
            wish = services.Wish("self", other, None, day, rest, "家中有事", "")
            with suppress(services.NotPossible, services.NotDone):
                services.ask_swap(wish, by=other.user, now=now)  # type: ignore[arg-type]
                return
