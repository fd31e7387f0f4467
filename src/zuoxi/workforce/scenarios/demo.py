# SPDX-License-Identifier: Apache-2.0
"""The demo's what-ifs: a day that was, and one to come with a broadcast more; the worker plays them."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

from django.utils import timezone

from zuoxi.people.selectors import staff_by_codes
from zuoxi.workforce.scenario_models import WhatIf
from zuoxi.workforce.scenarios.changing import CAMPAIGN, PEOPLE, Change
from zuoxi.workforce.scenarios.keeping import add_course, ask_to_play, begin


def lay_out(today: date, planner: str) -> None:
    """Does nothing when there are what-ifs already."""
    if WhatIf.objects.exists():
        return
    by, now = staff_by_codes([planner]).get(planner), timezone.now()
    past = begin("前天重演", today - timedelta(days=2), 1, base="当天实际", by=by, now=now)
    add_course(past, "晚间加三人", "was", [Change(PEOPLE, Decimal(3), first=time(19), last=time(22))])
    broadcast = Change(CAMPAIGN, Decimal(300), first=time(20), last=time(22))
    coming = begin("加一场晚间直播", today + timedelta(days=3), 1, base="按原计划", by=by, now=now)
    add_course(coming, "加直播", "published", [broadcast])
    more = Change(PEOPLE, Decimal(10), first=time(19, 30), last=time(22, 30))
    add_course(coming, "加直播、加十人", "published", [broadcast, more])
    user = by.user_id if by else None
    for one in (past, coming):
        ask_to_play(one, user)
