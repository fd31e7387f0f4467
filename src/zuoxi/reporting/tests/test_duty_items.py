# SPDX-License-Identifier: Apache-2.0
"""To-dos: made once, handed in with proof, late by the second, passed on when overdue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zuoxi.approvals.models import Notice
from zuoxi.jobs.running import run_all
from zuoxi.messaging.models import Message
from zuoxi.people.models import Assignment
from zuoxi.reporting.duties import delivering, following, judging, making, prefill, safety, tasks_set
from zuoxi.reporting.duties.delivering import NotNow
from zuoxi.reporting.duties.judging import Standing
from zuoxi.reporting.models import DailyReport, DutyItem, DutyReceipt, HomeSafe
from zuoxi.reporting.tests.duty_world import DAY, carriers, local, roster, settle, usual

pytestmark = pytest.mark.django_db
State = DutyItem.State
EVENING = local("2026-11-18 20:00")


@pytest.mark.once
@pytest.mark.clause("RPT-001", "RPT-033")
@pytest.mark.parametrize(
    ("at", "inclusive", "wanted"),
    [
        ("09:59:59", False, Standing.IN_TIME),
        ("10:00:00", False, Standing.LATE),
        ("10:00:00", True, Standing.IN_TIME),
        ("10:00:01", True, Standing.LATE),
    ],
)
def test_ten_sharp_is_late_where_the_rule_says_before(at, inclusive, wanted):
    assert judging.stands(local(f"2026-11-18 {at}"), local("2026-11-18 10:00"), inclusive) is wanted


@pytest.mark.once
@pytest.mark.clause("RPT-002")
@pytest.mark.parametrize(
    ("minutes", "wanted"),
    [
        (89 + 59 / 60, Standing.EARLY),
        (90, Standing.IN_TIME),
        (120, Standing.IN_TIME),
        (120 + 1 / 60, Standing.LATE),
    ],
)
def test_a_safe_return_is_told_from_ninety_to_a_hundred_and_twenty_minutes_after(minutes, wanted):
    ended = local("2026-11-18 18:00")
    at = ended + timedelta(seconds=round(minutes * 60))
    earliest, due = ended + timedelta(minutes=90), ended + timedelta(minutes=120)
    assert judging.stands(at, due, True, earliest) is wanted


def _one(duty, **fields):
    return DutyItem.objects.get(duty=duty, **fields)


@pytest.fixture
def world():
    staff = usual()
    carriers()
    for code in ("1001", "1002", "2001"):
        roster(staff[code])
    return staff


def test_running_it_again_makes_nothing_twice(world):
    first = making.make_items(EVENING)
    assert first.made == DutyItem.objects.count() > 0
    assert making.make_items(EVENING) == making.Made(0, 0, 0)
    later = making.make_items(EVENING + timedelta(days=1))
    keys = list(DutyItem.objects.values_list("duty", "occasion", "slot"))
    assert len(set(keys)) == len(keys) == first.made + later.made


def test_a_week_without_a_worker_is_made_up_for(world):
    making.make_items(EVENING)
    making.make_items(EVENING + timedelta(days=9))
    days = DutyItem.objects.filter(duty="daily_figures").values_list("day", flat=True)
    assert sorted(days) == [DAY + timedelta(days=n) for n in range(-1, 9)]


def test_the_safe_return_of_a_shift_cannot_go_early_and_goes_to_the_supervisor_with_proof(world):
    making.make_items(EVENING)
    item = _one("safe_return_tsrl")
    leader = world["2001"]
    assert set(item.people) == {world["1001"].pk, world["1002"].pk}
    with pytest.raises(NotNow):
        delivering.hand_in(item, leader, "都到家了", {}, local("2026-11-18 19:29:59"))
    delivering.hand_in(item, leader, "都到家了", {}, local("2026-11-18 19:30"))
    item.refresh_from_db()
    assert (item.state, item.done_at) == (State.OPEN, None)
    run_all()
    following.take_proof(EVENING)
    item.refresh_from_db()
    assert Message.objects.get(about=item.about).to == world["3001"].mobile
    assert item.done_at == Message.objects.get(about=item.about).sent_at
    assert DutyReceipt.objects.get(item=item).staff == world["3001"]


@pytest.mark.clause("RPT-001")
def test_the_daily_report_that_left_is_the_duty_done(world):
    making.make_items(local("2026-11-19 00:05"))
    item = _one("daily_figures", day=DAY)
    report = DailyReport.objects.create(
        day=DAY, due_at=item.due_at, composed_at=EVENING, text_zh="11-18运营", text_en="x", asked_at=EVENING
    )
    for at, state in [("09:59:59", State.DONE), ("10:00:00", State.LATE)]:
        Message.objects.filter(about=report.about).delete()
        DutyItem.objects.filter(pk=item.pk).update(state=State.OPEN, handed_at=None, done_at=None)
        Message.objects.create(
            channel="sms", to="1", body="x", about=report.about, created_at=EVENING,
            sent_at=local(f"2026-11-19 {at}"), state="sent",
        )  # fmt: skip
        following.take_daily(local("2026-11-19 10:05"))
        item.refresh_from_db()
        assert item.state == state


def test_a_report_nobody_sent_is_passed_to_the_director_once(world):
    making.make_items(local("2026-11-19 00:05"))
    item = _one("daily_figures", day=DAY)
    following.escalate(item.due_at - timedelta(seconds=1))
    assert not Notice.objects.filter(staff=world["9001"], dedupe=f"{item.about}:escalated").exists()
    for _again in range(2):
        following.escalate(item.due_at)
    assert Notice.objects.filter(staff=world["9001"], dedupe=f"{item.about}:escalated").count() == 1


@pytest.mark.clause("RPT-002", "RPT-011")
def test_whoever_was_not_heard_of_is_named_to_the_next_above(world):
    making.make_items(EVENING)
    safety.say_safe(world["1001"], local("2026-11-18 18:40"), world["1001"])
    item = _one("safe_return_tsrl")
    assert prefill.prefilled(item, world["2001"], EVENING).text == (
        "11-18 18:00下班2人，已报平安1人；尚未联系上1人：员工1002。"
    )
    following.escalate(item.due_at + timedelta(seconds=1))
    notice = Notice.objects.get(staff=world["3001"], dedupe=f"{item.about}:escalated")
    assert "员工1002" in notice.text_zh
    assert "员工1001" not in notice.text_zh


@pytest.mark.clause("RPT-011")
def test_saying_that_one_is_home_sends_the_message_that_office_staff_owe(world):
    now = local("2026-11-18 18:45")
    making.make_items(now)
    item = _one("home_safe_da", day=DAY)
    with pytest.raises(NotNow):
        safety.say_safe(world["6001"], local("2026-11-18 17:00"), world["6001"])
    safety.say_safe(world["6001"], now, world["6001"])
    safety.say_safe(world["6001"], now + timedelta(seconds=2), world["6001"])
    item.refresh_from_db()
    assert HomeSafe.objects.count() == 1
    assert item.handed_at == now
    assert (
        Message.objects.get(about=item.about).to == world["8003"].mobile
    )  # the support manager, not the QA supervisor


def test_another_says_it_only_from_above(world):
    now = local("2026-11-18 18:45")
    with pytest.raises(NotNow):
        safety.say_safe(world["1001"], now, world["1002"])
    assert safety.say_safe(world["1001"], now, world["2001"]).said_by == world["2001"]


def test_a_change_of_post_hands_an_open_item_over_and_leaves_what_was_done(world):
    making.make_items(local("2026-11-18 08:00"))
    making.make_items(local("2026-11-19 08:00"))
    item = _one("summary_week_supervisors", slot="TSRS:3001")
    settle(("3009", "TSRS", "t1"))
    Assignment.objects.filter(staff=world["3001"]).update(until_on="2026-11-20")
    making.make_items(local("2026-11-19 09:00"))
    item.refresh_from_db()
    assert item.state == State.HANDED_OVER
    assert _one("summary_week_supervisors", slot="TSRS:3009").state == State.OPEN


def test_an_item_whose_shift_was_taken_off_is_let_off(world):
    making.make_items(local("2026-11-18 08:00"))
    item = _one("pre_shift_meeting")
    assert item.due_at == local("2026-11-18 08:40")
    world["1001"].shifts.all().delete()
    world["1002"].shifts.all().delete()
    world["2001"].shifts.all().delete()
    making.make_items(local("2026-11-18 08:10"))
    item.refresh_from_db()
    assert (item.state, item.reason) == (State.EXCUSED, making.GONE)


def test_only_a_holder_hands_it_in_and_only_once(world):
    making.make_items(EVENING)
    item = _one("team_results_tsrl")
    with pytest.raises(NotNow):
        delivering.hand_in(item, world["1001"], "x", {}, EVENING)
    delivering.hand_in(item, world["2001"], "x", {}, EVENING)
    with pytest.raises(NotNow):
        delivering.hand_in(item, world["2001"], "y", {}, EVENING)
    item.refresh_from_db()
    assert item.text == "x"


def test_what_the_template_asks_for_must_be_there(world):
    making.make_items(EVENING)
    item = _one("leader_report")
    with pytest.raises(NotNow) as refused:
        delivering.hand_in(item, world["2001"], "", {"strength": "到2人"}, EVENING)
    assert "异常" in str(refused.value.wrong)
    full = {"strength": "到2人", "incidents": "无", "corrections": "无"}
    delivering.hand_in(item, world["2001"], "", full, local("2026-11-18 19:00:01"))
    item.refresh_from_db()
    assert (item.state, item.done_at) == (State.LATE, local("2026-11-18 19:00:01"))


@pytest.mark.clause("RPT-023")
def test_a_report_of_data_leaves_only_when_analyst_and_support_manager_signed(world):
    now = local("2026-11-19 09:00")
    making.make_items(now)
    item = _one("business_report", day=DAY)
    analyst = world["6001"]
    with pytest.raises(NotNow):
        delivering.hand_in(item, analyst, "日报", {}, now)
    with pytest.raises(NotNow):
        delivering.sign(item, analyst, "DA", now)
    delivering.keep(item, analyst, "日报", {})
    delivering.sign(item, analyst, "DA", now)
    with pytest.raises(NotNow):
        delivering.sign(item, analyst, "SM", now)
    with pytest.raises(NotNow):
        delivering.sign(item, analyst, "SM", now, waived="急")
    delivering.sign(item, world["8001"], "SM", now, waived="支撑经理在途中")
    with pytest.raises(NotNow):
        delivering.hand_in(item, analyst, "改过的日报", {}, now)
    delivering.hand_in(item, analyst, "日报", {}, now)
    receivers = set(DutyReceipt.objects.filter(item=item).values_list("staff__code", flat=True))
    assert receivers == {"9001", "8001", "8003"}


@pytest.mark.clause("RPT-023")
def test_changing_the_words_takes_the_signatures_back(world):
    now = local("2026-11-19 09:00")
    making.make_items(now)
    item = _one("business_report", day=DAY)
    delivering.keep(item, world["6001"], "日报", {})
    delivering.sign(item, world["6001"], "DA", now)
    delivering.keep(item, world["6001"], "日报", {})
    assert delivering.unsigned(item) == ["SM"]
    delivering.keep(item, world["6001"], "别的", {})
    assert delivering.unsigned(item) == ["DA", "SM"]


def test_a_superior_excuses_with_a_reason_and_nobody_excuses_himself(world):
    making.make_items(EVENING)
    item = _one("team_results_tsrl")
    for code in ("2001", "1001", "6001"):
        with pytest.raises(NotNow):
            delivering.excuse(item, world[code], "x", EVENING)
    delivering.excuse(item, world["3001"], "停电", EVENING)
    item.refresh_from_db()
    assert (item.state, item.excused_by, item.reason) == (State.EXCUSED, world["3001"], "停电")


@pytest.mark.clause("ORG-022")
def test_work_is_set_from_above_and_a_passed_over_superior_gets_a_copy(world):
    due = EVENING + timedelta(days=1)
    with pytest.raises(NotNow):
        tasks_set.set_task(world["2001"], world["3001"], "整理", due_at=due, now=EVENING)
    with pytest.raises(NotNow):
        tasks_set.set_task(world["3001"], world["2001"], "整理", due_at=EVENING, now=EVENING)
    item = tasks_set.set_task(world["3001"], world["1001"], "整理通话记录", due_at=due, now=EVENING)
    assert Notice.objects.filter(staff=world["2001"], dedupe=f"{item.about}:copy").exists()
    delivering.hand_in(item, world["1001"], "已整理", {}, due)
    item.refresh_from_db()
    assert item.state == State.DONE
    assert DutyReceipt.objects.get(item=item).staff == world["3001"]


@pytest.mark.clause("TRN-003")
def test_an_event_that_is_recorded_begins_what_it_owes():
    staff = settle(("3004", "TRS"), ("5001", "TR"), ("5002", "TR"), ("8003", "SM"), ("6001", "DA"))
    friday = local("2026-11-20 18:00")
    with pytest.raises(NotNow):
        tasks_set.record_event("onboarding_ended", friday.date(), "第3期", staff["6001"], friday)
    with pytest.raises(NotNow):
        tasks_set.record_event("onboarding_ended", friday.date() + timedelta(days=1), "第3期", staff["5001"], friday)
    tasks_set.record_event("onboarding_ended", friday.date(), "第3期", staff["5001"], friday)
    with pytest.raises(NotNow):
        tasks_set.record_event("onboarding_ended", friday.date(), "第3期", staff["5001"], friday)
    making.make_items(friday)
    item = _one("onboarding_summary")
    assert item.due_at == local("2026-11-24 18:00")
    assert set(item.holders.values_list("staff__code", flat=True)) == {"5001", "5002"}


def test_a_vacant_post_says_so_on_the_row_of_whoever_does_it_instead(world):
    Assignment.objects.filter(staff=world["8001"]).update(until_on=DAY)
    making.make_items(local("2026-11-19 00:05"))
    item = _one("daily_figures", day=DAY)
    assert item.vacant
    assert list(item.holders.values_list("staff__code", flat=True)) == ["9001"]


def test_what_never_came_is_missed_and_may_still_come_late(world):
    making.make_items(EVENING)
    item = _one("team_results_tsrl")
    following.close(item.closes_at)
    item.refresh_from_db()
    assert item.state == State.MISSED
    delivering.hand_in(item, world["2001"], "补", {}, item.closes_at + timedelta(hours=1))
    run_all()
    following.take_proof(item.closes_at + timedelta(hours=2))
    item.refresh_from_db()
    assert item.state == State.LATE


def test_reminders_go_out_once_each_and_not_before_it_can_be_done(world):
    making.make_items(EVENING)
    item = _one("safe_return_tsrl")
    following.remind(local("2026-11-18 19:29"))
    assert item.reminders == 0
    for _again in range(3):
        following.remind(local("2026-11-18 19:45"))
    assert Notice.objects.filter(dedupe__startswith=f"{item.about}:remind").count() == 1
