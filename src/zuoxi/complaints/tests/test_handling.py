# SPDX-License-Identifier: Apache-2.0
"""What is done with a complaint, step by step, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from zuoxi.approvals.models import Notice
from zuoxi.complaints import services
from zuoxi.complaints.models import Complaint, PersonFinding, TrainingNeed
from zuoxi.complaints.tests.making import DAY, at, complaint, house

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def centre():
    return house()


def answered(centre, one, now, **more):
    said = {"text": "已致歉并补发商品", "way": "phone", "content": "satisfied", "by": centre.supervisor} | more
    return services.answer(one.pk, now=now, **said)


def verified(centre, one, now, result="justified", **more):
    check = one.verifications.get(verified_at__isnull=True)
    said = {"result": result, "evidence": "recording", "text": "录音 1 分 20 秒处挂断"} | more
    return services.verify_complaint(check.pk, by=centre.trainer, now=now, **said)


@pytest.mark.clause("CMP-007")
def test_a_complaint_without_an_answer_to_the_customer_cannot_be_closed(centre):
    one = complaint(centre, kind="goods", about_staff=None)
    with pytest.raises(services.Refused, match="尚未答复客户"):
        services.close(one.pk, by=centre.supervisor, now=at(11))
    answered(centre, one, at(12))
    done = services.close(one.pk, by=centre.supervisor, now=at(13))
    assert done.state == "closed" and done.answered_at == at(12)


@pytest.mark.clause("CMP-004")
def test_about_a_person_it_is_closed_only_after_a_trainer_has_verified_it(centre):
    one = complaint(centre)
    answered(centre, one, at(12))
    with pytest.raises(services.Refused, match="核实"):
        services.close(one.pk, by=centre.supervisor, now=at(13))
    verified(centre, one, at(14))
    assert services.close(one.pk, by=centre.supervisor, now=at(15)).state == "closed"


@pytest.mark.clause("CMP-006")
def test_a_grave_one_is_closed_only_with_a_plan_that_somebody_else_agreed_to(centre):
    one = complaint(centre, source="media", kind="goods", about_staff=None)
    answered(centre, one, at(12))
    with pytest.raises(services.Refused, match="方案"):
        services.close(one.pk, by=centre.supervisor, now=at(13))
    with pytest.raises(services.Refused):
        services.agree(one.pk, by=centre.manager, now=at(13))
    plan = {"solution": "全额退款并致歉", "sanction": "扣当月质量分", "prevention": "发货前加一道复核"}
    services.write_plan(one.pk, **plan, by=centre.manager, now=at(14))
    with pytest.raises(services.Refused):
        services.agree(one.pk, by=centre.manager, now=at(14))
    services.agree(one.pk, by=centre.director, now=at(15))
    assert services.close(one.pk, by=centre.supervisor, now=at(16)).state == "closed"


@pytest.mark.clause("CMP-006")
def test_a_changed_plan_needs_the_agreement_anew(centre):
    one = complaint(centre, source="media", kind="goods", about_staff=None)
    plan = {"solution": "全额退款并致歉", "sanction": "扣当月质量分", "prevention": "发货前加一道复核"}
    services.write_plan(one.pk, **plan, by=centre.manager, now=at(14))
    services.agree(one.pk, by=centre.director, now=at(15))
    assert services.write_plan(one.pk, **plan, by=centre.quality, now=at(16)).agreed_at is None


@pytest.mark.clause("CMP-003", "CMP-006", "ORG-019")
def test_it_goes_up_the_chain_with_the_time_at_each_step_and_the_second_time_makes_it_grave(centre):
    one = complaint(centre, kind="slow", about_staff=None)
    services.escalate(one.pk, reason="权限不足", by=centre.agent, now=at(11))
    one.refresh_from_db()
    assert (one.level, one.handler, one.severity) == ("TEAM_LEADER", centre.leader, "ordinary")
    services.escalate(one.pk, reason="客户不接受", by=centre.leader, now=at(12, 30))
    one.refresh_from_db()
    assert (one.level, one.handler, one.severity) == ("SUPERVISOR", centre.supervisor, "grave")
    stays = [(stay.level, stay.from_at, stay.until_at) for stay in one.stays.all()]
    assert stays == [
        ("AGENT", at(10), at(11)),
        ("TEAM_LEADER", at(11), at(12, 30)),
        ("SUPERVISOR", at(12, 30), None),
    ]
    assert one.plan.reported_to == ["1400", "1600"]
    assert Notice.objects.filter(staff=centre.supervisor, dedupe__contains="up2").exists()


def test_of_two_who_escalate_at_once_the_second_is_told(centre):
    one = complaint(centre, kind="slow", about_staff=None)
    services.escalate(one.pk, reason="权限不足", by=centre.agent, now=at(11), seen="AGENT")
    with pytest.raises(services.Overtaken):
        services.escalate(one.pk, reason="权限不足", by=centre.other, now=at(11), seen="AGENT")
    assert Complaint.objects.get(pk=one.pk).level == "TEAM_LEADER"


@pytest.mark.clause("CMP-003")
def test_at_the_top_there_is_nothing_above(centre):
    one = complaint(centre, kind="slow", about_staff=None)
    for _step in range(4):
        services.escalate(one.pk, reason="权限不足", by=centre.agent, now=at(11))
    with pytest.raises(services.Refused):
        services.escalate(one.pk, reason="权限不足", by=centre.agent, now=at(11))


@pytest.mark.clause("CMP-002")
def test_a_pause_moves_what_is_still_due_and_the_third_is_refused_with_its_ground(centre):
    one = complaint(centre, kind="goods", about_staff=None)
    services.respond(one.pk, text="已告知客户受理", by=centre.supervisor, now=at(11))
    services.pause(one.pk, reason="等客户寄回照片", by=centre.supervisor, now=at(12))
    with pytest.raises(services.Overtaken):
        services.pause(one.pk, reason="等客户寄回照片", by=centre.leader, now=at(12))
    services.resume(one.pk, by=centre.supervisor, now=at(15))
    one.refresh_from_db()
    assert one.response_due_at == at(12), "a clock that has ended is not moved"
    assert one.answer_due_at == at(10) + 27 * HOUR and one.paused_seconds == 3 * 3600
    services.pause(one.pk, reason="等客户确认地址", by=centre.supervisor, now=at(16))
    services.resume(one.pk, by=centre.supervisor, now=at(17))
    with pytest.raises(services.Refused) as refused:
        services.pause(one.pk, reason="再等一等客户", by=centre.supervisor, now=at(18))
    assert refused.value.finding.figures["complaint.pauses.most"] == "2"
    with pytest.raises(services.Refused):
        services.pause(one.pk, reason="等内部排期", by=centre.supervisor, now=at(18), for_customer=False)


@pytest.mark.clause("CMP-007")
def test_the_answer_carries_its_moment_and_one_before_the_complaint_or_to_come_is_refused(centre):
    one = complaint(centre, kind="goods", about_staff=None)
    for wrong in (at(9), at(13)):
        with pytest.raises(services.Refused):
            answered(centre, one, at(12), told_at=wrong)
    assert answered(centre, one, at(12), told_at=at(11, 30)).answered_at == at(11, 30)
    with pytest.raises(services.Overtaken):
        answered(centre, one, at(12, 1))


def test_opened_again_it_has_its_hours_anew_and_everything_stays_in_the_trail(centre):
    one = complaint(centre, kind="goods", about_staff=None)
    answered(centre, one, at(12))
    services.close(one.pk, by=centre.supervisor, now=at(13))
    again = services.reopen(one.pk, reason="补发仍破损", by=centre.supervisor, now=at(14))
    assert again.state == "handling" and again.answered_at is None and again.reopened == 1
    assert again.answer_due_at == at(14) + 24 * HOUR
    assert [step.kind for step in again.steps.all()] == ["received", "answered", "closed", "reopened"]


@pytest.mark.clause("CMP-004")
def test_the_finding_about_the_agent_stands_in_his_file_apart_from_the_answer(centre):
    one = verified(centre, complaint(centre), at(14))
    found = PersonFinding.objects.get()
    assert (found.staff, found.result, found.points) == (centre.agent, "justified", Decimal(2))
    assert one.answer == "" and one.state == "handling"
    assert all(step.about_person for step in one.steps.filter(kind="verified"))


def test_what_was_not_so_takes_no_points_and_a_grave_one_proposes_more(centre):
    verified(centre, complaint(centre), at(14), result="unjustified")
    assert PersonFinding.objects.get().points is None
    verified(centre, complaint(centre, source="regulator"), at(14))
    assert PersonFinding.objects.latest("pk").points == Decimal(5)


def test_it_is_verified_once_and_by_nobody_who_is_meant(centre):
    one = complaint(centre, about_staff=centre.trainer)
    check = one.verifications.get()
    said = {"result": "unjustified", "evidence": "recording", "text": "用语规范"}
    with pytest.raises(services.Refused):
        services.verify_complaint(check.pk, **said, by=centre.trainer, now=at(14))
    services.verify_complaint(check.pk, **said, by=centre.support, now=at(14))
    with pytest.raises(services.Overtaken):
        services.verify_complaint(check.pk, **said, by=centre.support, now=at(15))


@pytest.mark.clause("CMP-012", "CMP-004")
def test_a_praise_counts_after_it_was_confirmed(centre):
    made = services.open_praise(
        source="call", customer=None, words="耐心细致", by=centre.other, now=at(), kind="manner", staff=centre.agent
    )
    check = made.verifications.get()
    said = {"result": "justified", "evidence": "recording", "text": "确有其事"}
    assert services.verify_praise(check.pk, **said, by=centre.trainer, now=at(12)).points == Decimal(1)
    with pytest.raises(services.Overtaken):
        services.verify_praise(check.pk, **said, by=centre.trainer, now=at(12))


@pytest.mark.clause("CMP-005")
def test_a_need_is_followed_until_it_was_tested_again_and_one_not_passed_begins_anew(centre):
    one = verified(centre, complaint(centre), at(14))
    assert services.collect([one.findings.get().pk], by=centre.support, now=at(15)) == 1
    assert services.collect([one.findings.get().pk], by=centre.support, now=at(15)) == 0
    said = {"complaint": one, "staff": centre.agent, "topic": "manner", "text": "结束语与情绪管理"}
    need = services.open_need(**said, by=centre.support, now=at(15))
    assert need.due_on == DAY + timedelta(days=14)
    with pytest.raises(services.Overtaken):
        services.open_need(**said, by=centre.support, now=at(15))

    def follow(to, score=None):
        return services.follow_need(need.pk, to=to, by=centre.trainer, now=at(16), score=score).state

    with pytest.raises(services.Overtaken):
        follow("tested", Decimal(90))
    assert [follow("planned"), follow("trained")] == ["planned", "trained"]
    with pytest.raises(services.Refused):
        follow("tested")
    assert follow("tested", Decimal("79.9")) == "failed"
    assert [follow("planned"), follow("trained"), follow("tested", Decimal(80))] == ["planned", "trained", "passed"]
    assert TrainingNeed.objects.get().rounds == 2


@pytest.mark.clause("CMP-007")
def test_whoever_is_located_later_is_verified_and_nobody_can_be_located_without_a_name(centre):
    one = complaint(centre, kind="slow", about_staff=None)
    with pytest.raises(services.Refused):
        services.locate(one.pk, staff=None, about="person", by=centre.leader, now=at(11))
    services.locate(one.pk, staff=centre.agent, about="person", by=centre.leader, now=at(11))
    one.refresh_from_db()
    assert one.about_staff == centre.agent and one.about_team.code == "a-1" and one.verifications.count() == 1


@pytest.mark.clause("CMP-010")
def test_a_suggestion_has_its_first_receiver_and_goes_to_the_office_once(centre):
    made = services.suggest(words="增加轮椅借用点", customer=None, by=centre.agent, now=at())
    sent = services.forward(made.pk, by=centre.leader, now=at(11))
    assert made.first_receiver == centre.agent and sent.forwarded_to == "运营管理部"
    with pytest.raises(services.Overtaken):
        services.forward(made.pk, by=centre.leader, now=at(12))
    assert services.reply(made.pk, text="已增设", adopted=True, by=centre.leader, now=at(13)).adopted


@pytest.mark.clause("CMP-011")
def test_points_of_an_inspection_are_struck_and_never_deleted(centre):
    said = {"unit": "保洁", "item": "楼道有烟头", "note": "", "by": centre.supervisor, "now": at()}
    for wrong in ({"points": Decimal(0)}, {"day": DAY + timedelta(days=1)}):
        with pytest.raises(services.Refused):
            services.take_points(**(said | {"day": DAY, "points": Decimal(1)} | wrong))
    made = services.take_points(day=DAY, points=Decimal("0.5"), **said)
    assert services.strike(made.pk, why="登记重复", by=centre.manager, now=at(11)).struck_at == at(11)


@pytest.mark.clause("CMP-002", "CMP-003")
def test_time_warns_whoever_has_it_and_moves_it_up_and_a_second_round_changes_nothing(centre):
    one = complaint(centre, kind="slow", about_staff=None)
    assert services.tick(at(10, 30)) == {"resumed": 0, "warned": 0, "escalated": 0}
    assert services.tick(at(11)) == {"resumed": 0, "warned": 1, "escalated": 0}
    assert services.tick(at(14)) == {"resumed": 0, "warned": 0, "escalated": 0}
    assert services.tick(at(14, 1))["escalated"] == 1
    assert services.tick(at(14, 1))["escalated"] == 0
    one.refresh_from_db()
    assert one.level == "TEAM_LEADER" and one.stays.last().why["rule"] == "complaint.escalation"


@pytest.mark.clause("CMP-002")
def test_a_pause_that_has_lasted_long_enough_ends_by_itself(centre):
    one = complaint(centre, kind="slow", about_staff=None)
    services.pause(one.pk, reason="等客户寄回照片", by=centre.supervisor, now=at(11))
    assert services.tick(at(11) + 24 * HOUR)["resumed"] == 1
    one.refresh_from_db()
    assert one.paused_since is None and one.paused_seconds == 24 * 3600


@pytest.mark.clause("CMP-009")
def test_it_is_given_to_a_department_that_has_to_say_something(centre):
    one = complaint(centre, kind="delivery", about_staff=None)
    with pytest.raises(services.Refused):
        services.assign(one.pk, to=None, department=" ", note="", by=centre.leader, now=at(11))
    services.assign(one.pk, to=None, department="物流部", note="核对签收", by=centre.leader, now=at(11))
    one.refresh_from_db()
    assert one.department == "物流部"


@pytest.mark.clause("CMP-004", "CMP-007")
def test_when_it_was_somebody_else_he_is_verified_anew_and_the_first_ones_finding_does_not_stand(centre):
    one = complaint(centre)
    verified(centre, one, at(11))
    assert PersonFinding.objects.get(staff=centre.agent).points is not None
    services.locate(one.pk, staff=centre.other, about="person", by=centre.leader, now=at(12))
    first = PersonFinding.objects.get(staff=centre.agent)
    assert (first.result, first.fault, first.points) == ("unjustified", "", None)
    answered(centre, one, at(13))
    with pytest.raises(services.Refused, match="核实"):
        services.close(one.pk, by=centre.supervisor, now=at(14))
    verified(centre, one, at(15))
    assert PersonFinding.objects.get(staff=centre.other).points is not None
    assert services.close(one.pk, by=centre.supervisor, now=at(16)).state == "closed"


def test_naming_the_same_person_again_asks_for_no_second_verification(centre):
    one = complaint(centre)
    verified(centre, one, at(11))
    services.locate(one.pk, staff=centre.agent, about="person", by=centre.leader, now=at(12))
    assert one.verifications.count() == 1 and PersonFinding.objects.get().points is not None


@pytest.mark.clause("CMP-002")
def test_a_complaint_whose_clocks_stand_is_late_only_if_it_was_before(centre):
    from zuoxi.complaints.lists import ran_out

    one = complaint(centre)
    Complaint.objects.filter(pk=one.pk).update(answer_due_at=at(12), paused_since=at(11))
    assert not Complaint.objects.filter(ran_out("answer_due_at", at(14))).exists()
    Complaint.objects.filter(pk=one.pk).update(paused_since=at(13))
    assert Complaint.objects.filter(ran_out("answer_due_at", at(14))).exists()
    Complaint.objects.filter(pk=one.pk).update(paused_since=None, answer_due_at=at(14))
    assert not Complaint.objects.filter(ran_out("answer_due_at", at(14))).exists()
