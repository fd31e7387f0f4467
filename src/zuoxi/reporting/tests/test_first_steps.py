# SPDX-License-Identifier: Apache-2.0
"""What somebody sees of a centre that has just begun."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from zuoxi.people import services
from zuoxi.people.models import Position, Staff
from zuoxi.reporting.first_steps import first_steps
from zuoxi.telephony.models import Queue, Switch
from zuoxi.workforce.models import Roster

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture
def director(client):
    services.load_positions()
    made = services.hire("9001", "王明", [services.Placement(Position.objects.get(code="DIR"))], TODAY)
    services.create_user_for(made, must_change=False)
    client.force_login(Staff.objects.select_related("user").get(pk=made.pk).user)
    return client


def done(today=TODAY):
    return [place for place, one in enumerate(first_steps(today, ()), start=1) if one.done]


def test_in_an_empty_centre_nothing_is_done_and_the_overview_leads_to_the_steps(director):
    assert done() == []
    page = director.get(reverse("reporting:overview")).content.decode()
    assert reverse("reporting:first_steps") in page
    assert "昨日没有数据" in page
    assert "全部达标" not in page


def test_each_step_has_its_door_for_who_may_open_it_and_its_post_for_others(director, django_assert_max_num_queries):
    director.get(reverse("reporting:first_steps"))
    with django_assert_max_num_queries(16):
        page = director.get(reverse("reporting:first_steps")).content.decode()
    for address in (reverse("people:import"), reverse("telephony:setting_list", args=["queue"])):
        assert address in page
    assert page.count("btn-primary") == 1
    assert all(not one.url for one in first_steps(TODAY, ()))


def test_what_is_entered_is_ticked(director):
    project = services.ensure_project("p", "项目", "Project")
    team = services.ensure_team("t1", "一组", "Team 1", project)
    assert done() == [1, 3]
    services.hire("1001", "兰甲子", [services.Placement(Position.objects.get(code="TSR"), team, None)], TODAY)
    Queue.objects.create(switch=Switch.objects.create(name="main"), code="sales", name_zh="订购", name_en="Orders")
    assert done() == [1, 2, 3, 4, 5]


def test_a_roster_of_the_coming_month_is_the_first_roster_as_well(director):
    project = services.ensure_project("p", "项目", "Project")
    team = services.ensure_team("t1", "一组", "Team 1", project)
    coming = Roster.objects.create(month=date(2026, 12, 1), project=project, team=team)
    assert 9 not in done()
    Roster.objects.filter(pk=coming.pk).update(first_published_at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert 9 in done()
