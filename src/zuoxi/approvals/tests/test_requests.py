# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from zuoxi.approvals import selectors, services, stepping
from zuoxi.approvals.kinds import Route, Step
from zuoxi.approvals.models import Notice, Request
from zuoxi.approvals.tests.conftest import NOW, finding
from zuoxi.policy.dated import Change
from zuoxi.policy.selectors import site_handbook

PDF = b"%PDF-1.7 paper"


def pdf(name="证明.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def verbs(request):
    return list(request.trail.values_list("verb", flat=True))


def test_a_chain_goes_from_signature_to_signature_and_then_takes_effect_once(world):
    world.steps = ["TEAM_LEADER", "SUPERVISOR"]
    request = world.ask(world.t1)
    assert world.say(request, "tsrl").outcome == "next"
    assert world.log == []
    assert world.say(request, "tsrs").outcome == "approved"
    assert world.log == [("approved", request.number)]
    assert verbs(request) == ["submitted", "opened", "approved", "opened", "approved", "granted"]


def test_the_reason_of_the_route_is_kept(world):
    request = world.ask(world.t1)
    assert request.why.clauses == ("ATT-006",)


def test_without_steps_it_is_granted_as_it_is_handed_in(world):
    world.steps = []
    assert world.ask(world.t1).state == Request.State.APPROVED


def test_a_refusing_rule_stops_the_request_with_its_reason(world):
    world.refused = True
    with pytest.raises(services.Refused) as refused:
        world.ask(world.t1)
    assert refused.value.finding.why.en == "not allowed"
    assert not Request.objects.exists()


def test_a_bad_form_is_refused_field_by_field(world):
    with pytest.raises(ValidationError) as wrong:
        world.ask(world.t1, days=0)
    assert list(wrong.value.error_dict) == ["days"]


def test_numbers_count_up_within_the_day(world):
    assert [world.ask(world.t1).number for _ in range(2)] == ["20260304-001", "20260304-002"]


@pytest.mark.parametrize("verdict", ["refuse", "return"])
def test_a_no_needs_its_reason(world, verdict):
    request = world.ask(world.t1)
    with pytest.raises(ValidationError):
        world.say(request, "tsrl", verdict, note="  ")
    world.say(request, "tsrl", verdict, note="人手不够")
    request.refresh_from_db()
    assert world.log == [("closed", request.state)]


def test_what_was_sent_back_is_handed_in_again_under_its_number_with_its_history(world):
    request = world.ask(world.t1)
    world.say(request, "tsrl", "return", note="写清事由")
    again = services.resubmit(request, {"reason": "看牙", "days": 1}, by=world.t1.user, now=NOW + timedelta(hours=1))
    assert (again.number, again.round, again.state) == (request.number, 2, "open")
    assert again.signatures.filter(round=1, state="returned").count() == 1
    assert again.trail.get(verb="resubmitted").words["before"]["reason"] == "有事"
    assert world.say(again, "tsrl", now=NOW + timedelta(hours=2)).outcome == "approved"


def test_a_withdrawn_request_waits_for_nobody(world):
    request = world.ask(world.t1)
    services.withdraw(request, by=world.t1.user, now=NOW)
    with pytest.raises(services.Overtaken):
        world.say(request, "tsrl")
    assert not selectors.waiting_for(world.tsrl.user, NOW).exists()


def test_what_is_decided_cannot_be_withdrawn(world):
    request = world.ask(world.t1)
    world.say(request, "tsrl")
    with pytest.raises(services.Overtaken):
        services.withdraw(request, by=world.t1.user, now=NOW)


def test_another_cannot_withdraw_it(world):
    request = world.ask(world.t1)
    with pytest.raises(services.NotYours):
        services.withdraw(request, by=world.t2.user, now=NOW)


def test_the_second_to_click_hears_who_was_quicker(world):
    world.steps, world.duty = ["DUTY_SUPERVISOR"], ["tsrs", "csrs"]
    request = world.ask(world.t1)
    step = selectors.open_step(request).pk
    world.say(request, "tsrs", step=step)
    with pytest.raises(services.Overtaken, match="人tsrs"):
        world.say(request, "csrs", "refuse", "不行", step=step)
    request.refresh_from_db()
    assert request.state == Request.State.APPROVED


def test_a_click_meant_for_an_earlier_step_does_not_decide_the_next(world):
    world.steps = ["TEAM_LEADER", "SUPERVISOR"]
    request = world.ask(world.t2)  # without leader: the supervisor signs both
    step = selectors.open_step(request).pk
    world.say(request, "tsrs", step=step)
    with pytest.raises(services.Overtaken):
        world.say(request, "tsrs", step=step)


def test_who_agreed_in_an_earlier_step_is_not_asked_again(world):
    world.steps = ["TEAM_LEADER", "SUPERVISOR", "OPERATIONS_MANAGER"]
    request = world.ask(world.t2)
    assert world.say(request, "tsrs").next_approver == world.om
    assert list(request.signatures.values_list("state", flat=True)) == ["approved", "covered", "open"]


def test_a_stranger_to_the_request_cannot_decide(world):
    request = world.ask(world.t1)
    with pytest.raises(services.NotYours, match="人tsrl"):
        world.say(request, "csrl")


def test_the_applicant_cannot_decide(world):
    request = world.ask(world.tsrl)
    with pytest.raises(services.NotYours):
        world.say(request, "tsrl")


@pytest.mark.clause("ATT-019")
def test_a_quota_used_up_meanwhile_sends_the_request_another_way_and_everybody_is_told(world):
    request = world.ask(world.t1)
    world.recheck = lambda request, now: Route(
        finding("over_quota", "名额已满", "quota used"), (Step("OPERATIONS_MANAGER"),)
    )
    decided = world.say(request, "tsrl")
    assert (decided.outcome, decided.next_approver) == ("rerouted", world.om)
    assert world.approver(request) == "om"
    assert Notice.objects.filter(staff=world.t1, text_zh__contains="名额已满").exists()
    assert world.say(request, "om").outcome == "approved"


def test_a_longer_way_keeps_the_signature_that_is_being_given(world):
    request = world.ask(world.t1)
    world.recheck = lambda request, now: Route(finding("more"), (Step("TEAM_LEADER"), Step("OPERATIONS_MANAGER")))
    assert world.say(request, "tsrl").next_approver == world.om
    assert world.say(request, "om").outcome == "approved"


def test_a_rule_that_forbids_meanwhile_leaves_the_request_open(world):
    request = world.ask(world.t1)
    world.recheck = lambda request, now: Route(finding("refused"))
    with pytest.raises(services.Refused):
        world.say(request, "tsrl")
    request.refresh_from_db()
    assert request.open


def test_an_effect_that_fails_takes_the_decision_back(world):
    request = world.ask(world.t1)

    class Boom(Exception):
        pass

    def boom(_item):
        raise Boom

    world.log = type("L", (), {"append": staticmethod(boom)})()
    with pytest.raises(Boom):
        world.say(request, "tsrl")
    request.refresh_from_db()
    assert request.open
    assert world.approver(request) == "tsrl"


def test_copies_go_to_the_files_and_are_acknowledged(world):
    world.filed = ["HR"]
    request = world.ask(world.t1)
    world.say(request, "tsrl")
    copy = request.filings.get()
    assert not services.read_copy(copy, by=world.t1.user, now=NOW)
    assert services.read_copy(copy, by=world.hr.user, now=NOW)
    assert not services.read_copy(copy, by=world.hr.user, now=NOW)


def test_silence_reminds_at_half_time_and_goes_up_at_its_end(world):
    request = world.ask(world.t1)
    assert services.watch_steps(NOW + timedelta(hours=4.5, seconds=-1))["reminded"] == 0
    assert services.watch_steps(NOW + timedelta(hours=4.5))["reminded"] == 1
    assert services.watch_steps(NOW + timedelta(hours=5))["reminded"] == 0
    assert services.watch_steps(NOW + timedelta(hours=24, seconds=-1))["escalated"] == 0
    assert services.watch_steps(NOW + timedelta(hours=24))["escalated"] == 1
    assert world.approver(request) == "tsrs"
    assert "escalated" in verbs(request)
    assert world.say(request, "tsrs", now=NOW + timedelta(hours=25)).outcome == "approved"


def test_an_approvers_time_stands_still_over_the_weekend(world):
    friday = NOW + timedelta(days=2)
    request = world.ask(world.t1, now=friday)
    assert services.watch_steps(friday + timedelta(days=3, seconds=-1))["escalated"] == 0
    assert services.watch_steps(friday + timedelta(days=3))["escalated"] == 1
    assert world.approver(request) == "tsrs"


def test_an_approvers_time_runs_on_a_saturday_that_is_worked(world):
    saturday = datetime(2026, 5, 9, 2, 0, tzinfo=UTC)  # worked in exchange for a free day of May
    world.ask(world.t1, now=saturday - timedelta(days=1))
    assert services.watch_steps(saturday - timedelta(seconds=1))["escalated"] == 0
    assert services.watch_steps(saturday)["escalated"] == 1


def test_the_silent_one_may_still_decide(world):
    request = world.ask(world.t1)
    services.watch_steps(NOW + timedelta(hours=24))
    assert world.say(request, "tsrl", now=NOW + timedelta(hours=25)).outcome == "approved"


def test_papers_that_come_in_time_close_their_debt(world):
    world.owed = [("certificate", "医院证明", NOW + timedelta(days=3))]
    request = world.ask(world.t1)
    world.say(request, "tsrl")
    services.add_document(request, pdf(), by=world.t1.user, now=NOW + timedelta(days=2), paper="certificate")
    assert services.lapse_papers(NOW + timedelta(days=4))["lapsed"] == 0
    assert request.papers.get().state == "given"


@pytest.mark.clause("ATT-013", "ATT-015")
def test_papers_that_do_not_come_let_the_request_lapse_at_their_very_moment(world):
    world.owed = [("certificate", "医院证明", NOW + timedelta(days=3))]
    request = world.ask(world.t1)
    world.say(request, "tsrl")
    assert services.lapse_papers(NOW + timedelta(days=2, hours=1))["reminded"] == 1
    assert services.lapse_papers(NOW + timedelta(days=3, seconds=-1))["lapsed"] == 0
    assert services.lapse_papers(NOW + timedelta(days=3))["lapsed"] == 1
    request.refresh_from_db()
    assert request.state == Request.State.LAPSED
    assert world.log[-1] == ("closed", "lapsed")


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.exe", b"MZ\x90"), ("empty.pdf", b""), ("big.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024)), ("x.pdf", b"<html>")],
)
def test_files_that_are_not_taken(world, name, content):
    request = world.ask(world.t1)
    with pytest.raises(ValidationError):
        services.add_document(request, pdf(name, content), by=world.t1.user, now=NOW)
    assert not request.documents.exists()


def test_many_are_decided_each_for_itself(world):
    mine, other = world.ask(world.t1), world.ask(world.c1)
    results = services.decide_many([mine, other], by=world.tsrl.user, verdict="approve", note="", now=NOW)
    assert [(one.number, bool(why)) for one, why in results] == [(mine.number, False), (other.number, True)]


def test_a_notice_is_told_once_in_both_languages(world):
    assert services.notify(world.t1, "你好", "/x/", "once")
    assert services.notify(world.t1, "你好", "/x/", "once") is None
    request = world.ask(world.t1)
    notice = Notice.objects.get(staff=world.tsrl)
    assert notice.url == selectors.url_of(request)
    assert selectors.unread_count(world.tsrl.user) == 1
    assert services.mark_read(world.tsrl.user) == 1


@pytest.mark.clause("ORG-012")
def test_who_has_not_acknowledged_an_announcement_does_not_count_as_told(world):
    data = {"title": "话术更新", "reason": "周一起用新开场白"}
    request = services.submit("announcement", world.tsrs, data, by=world.tsrs.user, now=NOW)
    assert request.state == Request.State.APPROVED
    assert {one.holder.code for one in request.filings.all()} == {"tsrl", "t1", "t2"}
    assert services.read_copy(request.filings.get(holder=world.t1), by=world.t1.user, now=NOW)
    left = request.filings.filter(read_at__isnull=True)
    assert {one.holder.code for one in left} == {"tsrl", "t2"}
    one_team = services.submit("announcement", world.tsrs, data | {"team": "a2"}, by=world.tsrs.user, now=NOW)
    assert {one.holder.code for one in one_team.filings.all()} == {"t2"}


@pytest.mark.clause("ORG-007", "ORG-010", "ORG-018")
@pytest.mark.parametrize(
    ("kind", "more", "signs"),
    [
        ("improvement", {"problem": "掉线", "owner": "t2", "until": "2026-04-01"}, "odm"),
        ("hard_question", {"question": "如何解释积分"}, "sm"),
        ("suggestion", {}, "tsrs"),
    ],
)
def test_ideas_and_problems_reach_who_collects_them(world, kind, more, signs):
    request = services.submit(kind, world.t1, {"reason": "说明"} | more, by=world.t1.user, now=NOW)
    assert world.approver(request) == signs


def test_a_time_limit_of_nought_is_used_up_and_stops_no_other_request(world, monkeypatch):
    world.ask(world.t1)
    none_left = site_handbook().changed(Change("approvals.step.due_hours", NOW.date(), 0))
    monkeypatch.setattr(stepping, "site_handbook", lambda: none_left)
    assert services.watch_steps(NOW + timedelta(minutes=1))["reminded"] == 1
