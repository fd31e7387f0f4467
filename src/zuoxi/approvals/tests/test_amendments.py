# SPDX-License-Identifier: Apache-2.0
"""A change of the handbook goes from its proposer over the operations manager to the director."""

from datetime import date

import pytest

from zuoxi.approvals import amendments, selectors, services
from zuoxi.policy import services as policy
from zuoxi.policy.dated import Change
from zuoxi.policy.selectors import amendment_line, site_handbook

FIGURE = "attendance.late.half_day_absence_after_minutes"
APRIL = date(2026, 4, 1)


@pytest.fixture
def propose(world):
    def make(code="tsrs", value="20"):
        staff = getattr(world, code)
        proposal = policy.Proposal(FIGURE, value, APRIL, "雪季路滑")
        made = policy.propose(proposal, policy.Person(staff.code, staff.name), world.now, user=staff.user.pk)
        return made, selectors.request(made.request)

    return make


def state_of(amendment):
    return amendment_line(amendment.pk).amendment.state


@pytest.mark.clause("ORG-005")
def test_a_supervisors_proposal_is_signed_by_the_operations_manager_and_then_the_director(world, propose):
    amendment, request = propose()
    assert world.approver(request) == "om"
    world.say(request, "om")
    assert state_of(amendment) == "proposed"
    assert world.approver(request) == "dir"
    world.say(request, "dir")
    assert state_of(amendment) == "approved"
    assert site_handbook().on(APRIL).number(FIGURE) == 20
    assert amendment_line(amendment.pk).amendment.decided_name == world.dir.name


def test_an_operations_managers_own_proposal_goes_to_the_director_alone(world, propose):
    _amendment, request = propose("om")
    assert world.approver(request) == "dir"


def test_a_directors_own_proposal_is_signed_by_the_operations_manager(world, propose):
    amendment, request = propose("dir")
    assert (state_of(amendment), world.approver(request)) == ("proposed", "om")
    world.say(request, "om")
    assert state_of(amendment) == "approved"
    assert amendment_line(amendment.pk).amendment.decided_name == world.om.name


def vacate(world, code):
    """Nobody holds the person's post any more."""
    getattr(world, code).assignments.all().delete()


@pytest.mark.clause("ORG-005")
@pytest.mark.parametrize(("vacant", "signs"), [(("om",), "sm"), (("om", "sm"), "odm")])
def test_with_the_managers_post_vacant_a_directors_proposal_is_signed_by_the_next_of_the_second_signers(
    world, propose, vacant, signs
):
    for code in vacant:
        vacate(world, code)
    amendment, request = propose("dir")
    assert (state_of(amendment), world.approver(request)) == ("proposed", signs)
    world.say(request, signs)
    line = amendment_line(amendment.pk)
    assert (line.amendment.state, line.alone) == ("approved", False)


@pytest.mark.clause("ORG-005")
def test_with_nobody_left_to_sign_one_signature_stands_alone_and_says_so(world, propose):
    for code in ("om", "sm", "odm"):
        vacate(world, code)
    amendment, request = propose("dir")
    line = amendment_line(amendment.pk)
    assert (line.amendment.state, line.alone, request.finding["outcome"]) == ("approved", True, "alone")
    assert "一人签字" in request.finding["why"]["zh"]
    assert len(list(amendments.lines(request))) == 6


def test_the_reason_of_the_way_is_told_in_each_languages_own_words(world, propose):
    _amendment, request = propose()
    why = request.finding["why"]
    assert "运营经理 → 总监" in why["zh"]
    assert "Operations manager → Director" in why["en"]
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in why["en"])


def test_a_site_may_let_its_directors_proposals_hold_at_once(world, propose, monkeypatch):
    eyes = Change("amendment.second_pair_of_eyes", date(2020, 1, 1), False)
    monkeypatch.setattr(amendments, "site_handbook", lambda: site_handbook().changed(eyes))
    amendment, _request = propose("dir")
    assert state_of(amendment) == "approved"


def test_one_that_is_turned_down_is_closed_and_changes_nothing(world, propose):
    amendment, request = propose()
    world.say(request, "om", "refuse", "不需要")
    assert state_of(amendment) == "refused"
    assert site_handbook().on(APRIL).number(FIGURE) == 15


def test_one_that_is_withdrawn_is_closed(world, propose):
    amendment, request = propose()
    services.withdraw(request, by=world.tsrs.user, now=world.now)
    assert state_of(amendment) == "withdrawn"


def test_the_request_says_what_changes(world, propose):
    _amendment, request = propose()
    words = [str(value) for _name, value in amendments.lines(request)]
    assert words[1:3] == ["15", "20"]
    assert "20" in request.finding["why"]["zh"]


def test_a_second_value_for_the_same_day_is_told_to_whoever_signs_last(world, propose):
    _first, one = propose()
    _second, two = propose(value="25")
    for code in ("om", "dir"):
        world.say(one, code)
    world.say(two, "om")
    with pytest.raises(services.NotDone):
        world.say(two, "dir")
