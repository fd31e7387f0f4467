# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from zuoxi.people import services
from zuoxi.people.models import Assignment, Staff
from zuoxi.people.selectors import Matter, Reach, scope_of
from zuoxi.people.tests.conftest import DAY


@pytest.fixture
def people(house):
    house.hire("dir", "DIR")
    house.hire("om", "OM", project="A")
    house.hire("odm", "ODM", project="A")
    house.hire("sm", "SM")
    house.hire("da", "DA")
    house.hire("tsrs", "TSRS", ["a1", "a2"])
    house.hire("tsrl", "TSRL", "a1")
    house.hire("t1", "TSR", "a1")
    house.hire("t2", "TSR", "a2")
    house.hire("b1", "CSR", "b1")
    house.hire("qa", "QA")
    house.hire("tr", "TR")
    house.hire("hr", "HR")
    return house


def seen(people, code, matter=Matter.OPERATIONS, on=DAY):
    return scope_of(people.user(code), on, matter).agent_codes()


@pytest.mark.clause("SEC-013")
def test_an_agent_sees_himself_only(people):
    assert seen(people, "t1") == {"t1"}
    assert scope_of(people.user("t1"), DAY).kind is Reach.OWN


def test_a_team_leader_sees_his_team_and_not_the_supervisor_listed_with_it(people):
    assert seen(people, "tsrl") == {"tsrl", "t1"}


def test_a_supervisor_sees_the_teams_that_he_holds(people):
    assert seen(people, "tsrs") == {"tsrs", "tsrl", "t1", "t2"}


@pytest.mark.clause("SEC-008")
@pytest.mark.parametrize("code", ["om", "odm"])
def test_an_operations_manager_sees_his_project_and_not_the_other(people, code):
    found = seen(people, code)
    assert {"t1", "t2", "tsrl", "tsrs"} <= found
    assert "b1" not in found
    assert "dir" not in found


def test_the_deputy_does_not_see_the_manager_above_him(people):
    assert "om" not in seen(people, "odm")


@pytest.mark.parametrize("code", ["dir", "sm", "da"])
def test_director_support_manager_and_analyst_see_everybody(people, code):
    assert scope_of(people.user(code), DAY).everything
    assert seen(people, code) == set(Staff.objects.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("code", "matter", "everything"),
    [
        ("qa", Matter.RECORDINGS, True),
        ("qa", Matter.OPERATIONS, False),
        ("tr", Matter.SCORES, True),
        ("tr", Matter.OPERATIONS, False),
        ("hr", Matter.STAFF, True),
        ("hr", Matter.RECORDINGS, False),
        ("tsrl", Matter.RECORDINGS, False),
    ],
)
def test_some_posts_reach_further_in_one_matter_only(people, code, matter, everything):
    assert scope_of(people.user(code), DAY, matter).everything is everything


def test_a_stranger_and_a_user_without_staff_record_see_nobody(people):
    assert scope_of(AnonymousUser(), DAY).agent_codes() == frozenset()
    Staff.objects.filter(code="t1").update(user=None)
    assert seen(people, "t1") == frozenset()


def test_from_the_day_of_leaving_on_nothing_is_seen(people):
    leaving = DAY + timedelta(days=3)
    services.leave_company(Staff.objects.get(code="tsrl"), leaving, today=DAY)
    assert seen(people, "tsrl", on=leaving - timedelta(days=1)) == {"tsrl", "t1"}
    assert seen(people, "tsrl", on=leaving) == frozenset()


def test_without_a_post_in_force_nothing_is_seen_not_even_oneself(people):
    Assignment.objects.filter(staff__code="t1").update(until_on=DAY + timedelta(days=1))
    assert seen(people, "t1", on=DAY + timedelta(days=1)) == frozenset()


def test_a_leader_still_reaches_last_weeks_member_for_last_weeks_rows(people):
    moved = DAY + timedelta(days=7)
    services.transfer(Staff.objects.get(code="t1"), [people.placement("TSR", "a2")], moved, signed_on=moved, by="dir")
    scope = scope_of(people.user("tsrl"), moved)
    assert scope.agent_codes() == {"tsrl"}
    assert scope.agent_codes(on=DAY) == {"tsrl", "t1"}


def test_a_supervisor_without_a_team_sees_himself_only(people):
    people.hire("csrs", "CSRS", project="A")
    assert seen(people, "csrs") == {"csrs"}


def test_the_scope_is_one_subquery_and_not_a_list(people, django_assert_num_queries):
    user = people.user("tsrs")
    with time_machine.travel(date.fromisoformat("2026-03-02"), tick=False), django_assert_num_queries(2):
        scope = scope_of(user, DAY)
        rows = scope.narrow(Staff.objects.all(), "code")
        assert {row.code for row in rows} == {"tsrs", "tsrl", "t1", "t2"}


def test_rights_and_scope_cost_one_query_a_request(people, django_assert_num_queries):
    user = people.user("om")
    with time_machine.travel(date.fromisoformat("2026-03-02"), tick=False), django_assert_num_queries(1):
        user.may("anything.at_all")
        user.may("another")
        scope_of(user, DAY)
        scope_of(user, DAY, Matter.STAFF)
