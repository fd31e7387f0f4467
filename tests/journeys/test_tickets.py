# SPDX-License-Identifier: Apache-2.0
"""A fault call to 95598 until its answer, and an application at a government window while its clerk is on leave."""

from datetime import timedelta
from unittest import mock

import pytest

from zuoxi.approvals.models import Notice
from zuoxi.tickets import covering, services, watching
from zuoxi.tickets.models import State
from zuoxi.tickets.tests.conftest import Desk


@pytest.fixture
def desk(db):
    return Desk()


@pytest.mark.clause("CUS-010", "CUS-011", "CUS-012", "VAR-005")
def test_a_fault_call_to_95598_is_dispatched_urged_passed_up_done_answered_and_closed(desk, settings):
    settings.PACK = "power_95598"
    crew = desk.crew("EMERGENCY")
    answers = {
        "matter": "整栋楼突然停电", "address": {"district": "示例区", "community": "示例小区"}, "extent": "building",
        "phone": "13800000001",
    }  # fmt: skip
    fault = desk.open("fault", answers, topic="fault", read_back=("matter", "address"))
    assert (fault.department, fault.owner, fault.first_handler) == (crew, desk.worker, desk.agent)

    services.reclassify(
        fault, kind="fault", topic="standard", roles=frozenset({"CSRL"}), by=desk.leader, now=desk.later(minutes=2)
    )
    services.assign(fault, department=crew, staff=desk.head, by=desk.leader, now=desk.later(minutes=1))
    services.urge(fault, words="用户再次来电", by=desk.agent, now=desk.later(minutes=20), by_customer=True)
    assert Notice.objects.filter(staff=desk.head).exists()

    assert watching.watch(desk.later(minutes=10))["breached"] == 1, "nobody called back within half an hour"
    assert Notice.objects.filter(staff=desk.leader, text_zh__contains=fault.number).exists()

    services.accept(fault, by=desk.head, now=desk.later(minutes=1))
    services.contact(fault, by=desk.head, now=desk.later(minutes=1))
    services.finish(fault, result="更换跌落保险，已恢复供电", by=desk.head, now=desk.later(hours=1))
    with pytest.raises(services.Refused):
        services.close(fault, by=desk.agent, now=desk.now)
    services.check(fault, passed=True, note="", by=desk.leader, now=desk.later(minutes=5))
    with pytest.raises(services.Refused):
        services.close(fault, by=desk.agent, now=desk.now)
    services.answer_customer(fault, how="phone", text="已恢复供电", by=desk.agent, now=desk.later(minutes=5))
    closed = services.close(fault, by=desk.agent, now=desk.later(minutes=1))

    assert (closed.state, closed.urged, closed.breached, closed.first_handler) == (State.CLOSED, 1, True, desk.agent)
    assert closed.clocks.get(code="done").breached is False
    verbs = [one.verb for one in closed.events.all()]
    assert verbs[-5:] == ["contact", "finish", "check", "answer", "close"]


@pytest.mark.clause("CUS-004", "CUS-006", "CUS-008", "CUS-009", "VAR-006")
def test_at_the_window_papers_are_told_once_a_day_is_promised_and_b_does_the_work_of_a(desk, settings):
    settings.PACK = "gov_window"
    a_post, b_post = desk.agent, desk.other
    answers = {
        "matter": "食品经营许可",
        "name": "王女士",
        "phone": "13800000001",
        "settled": "promised",
        "reason": "需现场核查",
    }
    matter = desk.open("acceptance", answers, source="walk_in")
    first = services.notify_papers(
        matter, papers=["营业执照复印件", "授权委托书"], law_changed="", by=a_post, now=desk.later(minutes=5)
    )
    assert first.breach is False
    services.promise(matter, promised_at=desk.now + timedelta(days=1), by=a_post, now=desk.later(minutes=1))
    services.assign(matter, staff=a_post, by=desk.leader, now=desk.now)

    services.name_cover(a_post, b_post, rank=1, starts_at=desk.now, ends_at=None, reason="A 岗年休", by=desk.leader)
    with mock.patch.object(covering, "is_on_leave", lambda staff_id, _now: staff_id == a_post.pk):
        assert covering.look_at_all(desk.later(hours=1)) == 1
    matter.refresh_from_db()
    assert (matter.covered_by, matter.first_handler, matter.owner) == (b_post, a_post, a_post)
    assert Notice.objects.filter(staff=b_post, text_zh__contains=matter.number).exists()

    services.accept(matter, by=b_post, now=desk.later(minutes=5))
    services.finish(matter, result="核查通过，准予许可", by=b_post, now=desk.later(hours=3))
    services.check(matter, passed=True, note="", by=desk.leader, now=desk.later(minutes=10))
    services.answer_customer(
        matter, how="in_person", text="请凭身份证领取许可证", by=b_post, now=desk.later(minutes=10)
    )
    closed = services.close(matter, by=b_post, now=desk.later(minutes=1))
    assert (closed.state, closed.first_handler, closed.breached) == (State.CLOSED, a_post, False)

    later = services.reopen(closed, reason="许可证信息有误", by=a_post, now=desk.later(days=1))
    second = services.notify_papers(later, papers=["更正申请"], law_changed="", by=a_post, now=desk.later(minutes=1))
    assert second.breach is True
