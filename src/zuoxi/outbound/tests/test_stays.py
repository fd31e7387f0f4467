# SPDX-License-Identifier: Apache-2.0
"""The day's target of effective calls: fifty, thirty in the first half month; who is short stays, watched over."""

from datetime import date, timedelta

import pytest

from zuoxi.outbound.models import Attempt
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.stays import begin_stay, days_of_calls, end_stay
from zuoxi.outbound.tests.world import NOW
from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.fixture(autouse=True)
def telesales(settings):
    settings.PACK = "telesales"


def agent(code="1001", joined=date(2020, 1, 6)):
    staff = make.person(code)
    staff.joined_on = joined
    staff.save()
    return staff


def calls(staff, effective, others=0, at=NOW):
    Attempt.objects.bulk_create(
        Attempt(
            staff=staff, number=f"13{staff.pk % 10}{index:08d}", mode="preview", state="answered", day=DAY,
            reserved_at=at, answered_at=at, ended_at=at, written_at=at, effective=index < effective, talk_seconds=31,
        )
        for index in range(effective + others)
    )  # fmt: skip


@pytest.mark.clause("CALL-017", "VAR-002")
def test_fifty_are_asked_and_thirty_of_who_joined_less_than_half_a_month_ago():
    old, fresh, settled = agent(), agent("1002", DAY - timedelta(days=14)), agent("1003", DAY - timedelta(days=15))
    assert [line.target for line in days_of_calls([old, fresh, settled], DAY)] == [50, 30, 50]


@pytest.mark.clause("CALL-017")
def test_only_effective_calls_count():
    staff = agent()
    calls(staff, effective=7, others=20)
    line = days_of_calls([staff], DAY)[0]
    assert (line.dialled, line.effective, line.missing, line.percent) == (27, 7, 43, 14)


@pytest.mark.clause("CALL-018")
def test_who_is_one_short_stays_and_what_he_makes_up_is_written_down():
    staff, leader = agent(), agent("2001")
    calls(staff, effective=49)
    stay = begin_stay(staff, DAY, leader, NOW)
    assert (stay.missing, stay.watched_by) == (1, leader)
    calls(staff, effective=1, at=NOW + timedelta(minutes=5))
    assert end_stay(stay.pk, leader, NOW + timedelta(minutes=6)).made_up == 1
    with pytest.raises(Refused):
        end_stay(stay.pk, leader, NOW)


@pytest.mark.clause("CALL-018")
def test_who_has_made_his_calls_does_not_stay_and_nobody_watches_over_himself():
    staff, leader = agent(), agent("2001")
    with pytest.raises(Refused):
        begin_stay(staff, DAY, staff, NOW)
    calls(staff, effective=50)
    with pytest.raises(Refused):
        begin_stay(staff, DAY, leader, NOW)


def test_a_pack_that_asks_for_nothing_shows_no_target(settings):
    settings.PACK = "tv_shopping"
    assert days_of_calls([agent()], DAY)[0].target is None
