# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest

from zuoxi.approvals import absence, services
from zuoxi.approvals.models import Delegation, Request
from zuoxi.approvals.tests.conftest import DAY, NOW
from zuoxi.people import services as people

TODAY = DAY + timedelta(days=2)


def let(world, giver, taker, kinds=(), first=TODAY, last=TODAY):
    return services.delegate(giver, taker, from_on=first, until_on=last, by=giver.user, now=NOW, kinds=kinds)


def test_a_leader_of_the_own_team_signs(world):
    assert world.approver(world.ask(world.t1)) == "tsrl"


def test_a_team_without_leader_goes_to_its_supervisor_and_says_so(world):
    request = world.ask(world.t2)
    assert world.approver(request) == "tsrs"
    assert request.signatures.get().how == [{"code": "vacant", "post": "TSRL"}]


def test_a_word_of_several_posts_means_the_one_in_the_own_line(world):
    world.steps = ["MANAGER"]
    assert world.approver(world.ask(world.t1)) == "om"
    assert world.approver(world.ask(world.hire("q1", "QA"))) == "sm"


def test_a_word_of_one_post_means_that_post_wherever_it_stands(world):
    world.steps = ["HR"]
    assert world.approver(world.ask(world.t1)) == "hr"
    world.steps = ["DEPUTY_OPERATIONS_MANAGER"]
    assert world.approver(world.ask(world.hire("tr", "TR"))) == "odm"


def test_the_applicant_never_signs_for_himself_the_next_above_does(world):
    assert world.approver(world.ask(world.tsrl)) == "tsrs"
    world.steps = ["OPERATIONS_MANAGER"]
    assert world.approver(world.ask(world.om)) == "dir"


def test_at_the_top_nobody_can_sign_and_the_remedy_is_said(world):
    world.steps = ["DIRECTOR"]
    with pytest.raises(services.NotDone) as refused:
        world.ask(world.dir)
    assert refused.value.remedy
    assert not Request.objects.exists()


def test_who_is_away_is_passed_over_upwards(world):
    world.away = {"tsrl"}
    assert world.approver(world.ask(world.t1)) == "tsrs"


def test_who_is_stood_in_for_may_still_sign_himself(world):
    world.away = {"tsrl"}
    request = world.ask(world.t1)
    assert world.say(request, "tsrl").outcome == "approved"


def test_the_named_delegate_comes_before_the_next_above(world):
    world.steps = ["OPERATIONS_MANAGER"]
    let(world, world.om, world.tsrs)
    assert world.approver(world.ask(world.t1)) == "tsrs"


def test_a_delegation_of_other_types_does_not_count(world):
    let(world, world.tsrl, world.csrl, kinds=["other"])
    assert world.approver(world.ask(world.t1)) == "tsrl"


def test_a_delegation_ends_with_its_last_day(world):
    let(world, world.tsrl, world.csrl, first=DAY, last=TODAY - timedelta(days=1))
    assert world.approver(world.ask(world.t1)) == "tsrl"


def test_a_delegate_who_is_the_applicant_does_not_sign(world):
    let(world, world.tsrl, world.t1)
    assert world.approver(world.ask(world.t1)) == "tsrs"


def test_a_delegate_who_is_away_hands_nothing_on(world):
    let(world, world.tsrl, world.csrl)
    let(world, world.csrl, world.t2, first=TODAY, last=TODAY)
    world.away = {"csrl"}
    assert world.approver(world.ask(world.t1)) == "tsrs"


def test_the_b_to_the_a_signs_while_the_a_is_away(world):
    world.steps, world.away = ["OPERATIONS_MANAGER"], {"om"}
    request = world.ask(world.t1)
    assert world.approver(request) == "odm"
    assert request.signatures.get().how[0]["code"] == "stand_in"


@pytest.mark.clause("SCH-024")
def test_the_named_b_signs_before_the_posts_that_stand_in(world, monkeypatch):
    world.steps, world.away = ["OPERATIONS_MANAGER"], {"om"}
    named = {world.om.pk: [world.t1, world.tsrs]}
    monkeypatch.setattr(absence, "_stand_ins", [lambda staff, now: named.get(staff.pk, [])])
    request = world.ask(world.t1)
    assert world.approver(request) == "tsrs"
    world.away = {"om", "tsrs"}
    assert world.approver(world.ask(world.t1)) == "odm"


def test_when_everybody_is_away_it_waits_for_the_nearest(world):
    world.away = {"tsrl", "tsrs", "odm", "om", "dir"}
    assert world.approver(world.ask(world.t1)) == "tsrl"


@pytest.mark.clause("ORG-003")
def test_the_duty_supervisor_is_whoever_is_on_duty_now(world):
    world.steps, world.duty = ["DUTY_SUPERVISOR"], ["csrs", "tsrs"]
    request = world.ask(world.t1)
    assert world.approver(request) == "csrs"
    assert world.say(request, "tsrs").outcome == "approved"


@pytest.mark.clause("ORG-003")
def test_with_nobody_on_duty_the_named_stand_in_signs_else_the_operations_manager(world):
    world.steps = ["DUTY_SUPERVISOR"]
    request = world.ask(world.t1)
    assert world.approver(request) == "om"
    assert {"code": "nobody_on_duty"} in request.signatures.get().how
    services.delegate(
        None, world.tsrl, role="DUTY_SUPERVISOR", from_on=TODAY, until_on=TODAY, by=world.om.user, now=NOW
    )
    assert world.approver(world.ask(world.t1)) == "tsrl"


@pytest.mark.clause("ORG-003")
def test_a_duty_that_changed_hands_is_decided_by_who_has_it_now(world):
    world.steps, world.duty = ["DUTY_SUPERVISOR"], ["tsrs"]
    request = world.ask(world.t1)
    world.duty = ["csrs"]
    with pytest.raises(services.NotYours, match="人csrs"):
        world.say(request, "tsrs")
    assert world.approver(request) == "csrs"
    assert world.say(request, "csrs").outcome == "approved"


def test_a_leaver_no_longer_decides_and_the_watch_finds_the_next(world):
    request = world.ask(world.t1)
    people.leave_company(world.tsrl, TODAY, today=TODAY)
    assert services.watch_steps(NOW + timedelta(minutes=1))["moved"] == 1
    assert world.approver(request) == "tsrs"


def test_two_who_stand_in_for_each_other_are_a_circle(world):
    let(world, world.tsrl, world.csrl)
    with pytest.raises(services.NotDone) as refused:
        let(world, world.csrl, world.tsrl)
    assert refused.value.remedy
    assert Delegation.objects.count() == 1


def test_a_circle_of_three_is_one_too(world):
    let(world, world.tsrl, world.csrl)
    let(world, world.csrl, world.tsrs)
    with pytest.raises(services.NotDone):
        let(world, world.tsrs, world.tsrl)


def test_a_leaver_cannot_stand_in(world):
    people.leave_company(world.csrl, TODAY, today=TODAY)
    world.csrl.refresh_from_db()
    with pytest.raises(services.NotDone):
        let(world, world.tsrl, world.csrl)


def test_a_broken_room_of_types_is_told_each_time_and_fails_the_check(monkeypatch):
    from zuoxi.approvals import kinds

    def broken(name):
        raise ImportError(name)

    monkeypatch.setattr(kinds, "_loaded", [])
    monkeypatch.setattr(kinds, "import_module", broken)
    for _time in range(2):
        with pytest.raises(ImportError):
            kinds.kinds()
    assert [one.id for one in kinds.request_types_load(None)] == ["approvals.E001"]
    monkeypatch.undo()
    assert kinds.request_types_load(None) == []
