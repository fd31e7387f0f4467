# SPDX-License-Identifier: Apache-2.0
"""How many calls were taken, for packages that set their own numbers against them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from zuoxi.people.models import Assignment
from zuoxi.telephony.selectors import calls_taken
from zuoxi.telephony.tests import factories as make
from zuoxi.web.figures import PERSON, TEAM, Ask

SITE = ZoneInfo("Asia/Shanghai")


@pytest.mark.django_db
def test_calls_of_a_month_belong_to_the_team_of_its_last_day():
    """Who moves on the first of the next month leaves his calls where he took them."""
    here, there = make.team("t1"), make.team("t2")
    staff = make.person("1001", of=here)
    Assignment.objects.filter(staff=staff).update(until_on=date(2026, 12, 1))
    make.person("1001", of=there, since=date(2026, 12, 1))
    make.call(datetime(2026, 11, 30, 23, 0, tzinfo=SITE))
    month = (datetime(2026, 11, 1, tzinfo=SITE), datetime(2026, 12, 1, tzinfo=SITE))
    assert calls_taken(Ask(None, *month, TEAM)) == {"t1": {"calls": 1}}
    assert calls_taken(Ask(None, *month, PERSON)) == {"1001": {"calls": 1}}
