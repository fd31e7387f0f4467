# SPDX-License-Identifier: Apache-2.0
"""Leave as people live it, through the pages: short leave, three and a half days, the twelfth away, a sick call."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.approvals import services as approvals
from zuoxi.approvals.models import Paper, Request
from zuoxi.leave import selectors
from zuoxi.leave.models import Leave
from zuoxi.leave.tests.making import MONDAY, at, granted, house, person

DAY = timedelta(days=1)
FRIDAY = at(MONDAY - 3 * DAY, 10)


@pytest.fixture
def centre(db):
    with time_machine.travel(FRIDAY, tick=False) as clock:
        made = house()
        made.clock = clock
        yield made


def as_(staff):
    client = Client()
    client.force_login(staff.user, "django.contrib.auth.backends.ModelBackend")
    return client


def asks(staff, first=MONDAY, last=None, by=None, **more):
    said = {"kind": "official_trip", "first_on": first, "last_on": last or first, "reason": "外出培训"} | more
    answer = as_(by or staff).post(reverse("leave:new"), said)
    assert answer.status_code == 302, answer.content.decode()
    return Request.objects.latest("pk")


def decides(staff, request, verdict="approve"):
    step = request.signatures.get(state="open")
    said = {"verdict": verdict, "step": step.pk, "note": ""}
    answer = as_(staff).post(reverse("approvals:decide", args=[request.number]), said)
    assert answer.status_code == 302, answer.content.decode()
    request.refresh_from_db()
    return request


@pytest.mark.clause("ATT-006")
def test_a_short_leave_is_granted_by_the_leader_and_the_person_reads_why(centre):
    request = asks(centre.agent)
    assert request.number in as_(centre.leader).get(reverse("approvals:inbox")).content.decode()
    decides(centre.leader, request)
    leave = Leave.objects.get(staff=centre.agent)
    page = as_(centre.agent).get(reverse("leave:leave", args=[leave.pk])).content.decode()
    assert "ATT-006" in page and "班长" in page
    assert selectors.is_on_leave(centre.agent.pk, at(MONDAY, 12))
    assert "培训" in as_(centre.leader).get(reverse("leave:leave", args=[leave.pk])).content.decode()


@pytest.mark.clause("ATT-014")
def test_three_and_a_half_days_of_personal_leave_go_to_the_manager_and_the_director(centre):
    request = asks(centre.agent, last=MONDAY + 3 * DAY, last_part="first_half", kind="personal", reason="搬家")
    assert request.data["days"] == "3.5"
    decides(centre.manager, request)
    assert request.state == "open" and not Leave.objects.exists()
    decides(centre.director, request)
    assert request.state == "approved" and str(Leave.objects.get().days) == "3.50"


@pytest.mark.clause("ATT-020")
def test_with_twelve_away_the_managers_place_is_the_directors(centre):
    request = asks(centre.agent, kind="personal", last=MONDAY + DAY, reason="私事")
    assert request.signatures.get(state="open").approver == centre.manager
    for number in range(12):
        granted(person(f"4{number:03}"), MONDAY, 3, counts=False)
    decides(centre.manager, request)
    assert request.state == "open" and request.signatures.get(state="open").approver == centre.director
    decides(centre.director, request)
    assert request.state == "approved"


@pytest.mark.clause("ATT-013", "ATT-015")
def test_a_sick_call_is_written_down_and_its_papers_come_late(centre):
    centre.clock.move_to(at(MONDAY, 7, 30))
    call = {"for": centre.agent.code, "kind": "sick", "channel": "phone", "emergency": "on", "handover": "交给1002"}
    refused = as_(centre.leader).post(
        reverse("leave:new"), call | {"channel": "sms", "first_on": MONDAY, "last_on": MONDAY, "reason": "发烧"}
    )
    assert refused.status_code == 409 and not Request.objects.exists()
    request = asks(centre.agent, by=centre.leader, reason="发烧", **call)
    decides(centre.leader, request)
    assert Paper.objects.filter(request=request, state="owed").count() == 4
    assert request.number in as_(centre.leader).get(reverse("leave:papers")).content.decode()
    due = Paper.objects.filter(request=request).first().due_at
    approvals.lapse_papers(due)
    leave = Leave.objects.get()
    assert leave.state == "lapsed" and not selectors.is_on_leave(centre.agent.pk, at(MONDAY, 12))
    assert [one.cause for one in selectors.proposed_absences(MONDAY, MONDAY)] == ["lapsed"]
    assert "按旷工计" in as_(centre.agent).get(reverse("leave:leave", args=[leave.pk])).content.decode()
