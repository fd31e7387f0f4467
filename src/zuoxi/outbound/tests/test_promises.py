# SPDX-License-Identifier: Apache-2.0
"""Callbacks: nobody forgets to call back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from zuoxi.approvals.models import Notice
from zuoxi.outbound import promising
from zuoxi.outbound.models import Promise
from zuoxi.outbound.services import Refused, drop_promise, hand_over, keep_promise, move_promise, promise_callback
from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def promised(agent=None, at=None, **more):
    values = {"reason": "查清尺码后回电", "by": agent, "now": NOW} | more
    return promise_callback("13800000001", at=at, agent=agent, **values)


@pytest.mark.clause("CUS-014")
def test_without_an_agreed_time_half_an_hour_is_given():
    assert promised(make.person()).due_at == NOW + timedelta(minutes=30)


@pytest.mark.parametrize("more", [{"reason": " "}, {"at": NOW - timedelta(hours=1)}])
def test_a_callback_needs_a_reason_and_a_time_to_come(more):
    with pytest.raises(Refused):
        promised(make.person(), **more)


def test_a_number_that_is_none_is_refused():
    with pytest.raises(Refused):
        promise_callback("匿名", at=None, agent=None, reason="回电", by=None, now=NOW)


def test_the_same_matter_moves_its_callback_and_makes_no_second():
    agent = make.person()
    first = promised(agent, ref="ticket:T1")
    again = promised(agent, ref="ticket:T1", at=NOW + timedelta(hours=2))
    assert (again.pk, again.due_at) == (first.pk, NOW + timedelta(hours=2))
    keep_promise(first.pk, "已回电", agent, NOW)
    assert promised(agent, ref="ticket:T1").pk != first.pk


@pytest.mark.clause("CUS-014")
def test_the_second_who_settles_a_callback_is_told_who_was_first():
    agent = make.person(name="李一")
    row = promised(agent)
    keep_promise(row.pk, "已回电", agent, NOW)
    with pytest.raises(Refused, match="李一"):
        drop_promise(row.pk, "重复", agent, NOW)


@pytest.mark.clause("CALL-021", "CUS-014")
def test_who_has_a_callback_is_reminded_and_then_his_leader_hears_of_it():
    team = make.team()
    agent, leader = make.person("1001", "TSR", team), make.person("2001", "TSRL", team)
    row = promised(agent)
    assert promising.tend_callbacks(NOW)["reminded"] == 0
    assert promising.tend_callbacks(row.due_at - timedelta(minutes=5))["reminded"] == 1
    assert promising.tend_callbacks(row.due_at - timedelta(minutes=4))["reminded"] == 0
    late = row.due_at + timedelta(minutes=15)
    assert promising.tend_callbacks(late - timedelta(seconds=1))["escalated"] == 0
    assert promising.tend_callbacks(late)["escalated"] == 1
    assert promising.tend_callbacks(late)["escalated"] == 0
    assert Notice.objects.filter(staff=agent).count() == 1
    assert Notice.objects.filter(staff=leader).count() == 1


def test_what_was_told_of_long_ago_does_not_keep_the_others_from_being_told(monkeypatch):
    monkeypatch.setattr(promising, "ONE_LOOK", 1)
    agent = make.person("1001", "TSR", make.team())
    first, second = promised(agent, ref="a"), promised(agent, ref="b")
    late = first.due_at + timedelta(hours=3)
    for _round in range(2):
        promising.tend_callbacks(late)
    second.refresh_from_db()
    assert second.escalated_at == late


def test_what_somebody_owed_who_left_goes_to_his_leader():
    team = make.team()
    agent, leader = make.person("1001", "TSR", team), make.person("2001", "TSRL", team)
    row = promised(agent)
    agent.left_on = NOW.date()
    agent.save()
    assert promising.tend_callbacks(row.due_at)["moved"] == 1
    row.refresh_from_db()
    assert (row.owner, row.previous) == (leader, agent)


def test_a_whole_calendar_is_handed_over_and_what_is_settled_stays():
    agent, other = make.person("1001"), make.person("1002")
    kept, owed = promised(agent, ref="a"), promised(agent, ref="b")
    keep_promise(kept.pk, "已回电", agent, NOW)
    assert hand_over(agent, other, other, NOW) == 1
    assert set(Promise.objects.filter(owner=other)) == {owed}
    with pytest.raises(Refused):
        move_promise(kept.pk, at=None, to=other, by=other, now=NOW)
