# SPDX-License-Identifier: Apache-2.0
"""What a day needs with its queues taken together, asked on the staffing page and worked out in the background."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from zuoxi.jobs.models import Job
from zuoxi.jobs.running import run_all
from zuoxi.telephony.models import Queue, Switch
from zuoxi.workforce.tests.test_requirements import traffic  # noqa: F401
from zuoxi.workforce.today import skilled

pytestmark = [pytest.mark.django_db, pytest.mark.clause("SCH-001")]


@pytest.fixture
def two(traffic):  # noqa: F811
    Queue.objects.create(
        switch=Switch.objects.get(), code="care", name_zh="售后", name_en="Care", project=traffic.project
    )
    return traffic


def found(day, *, progress, **_more):
    progress(1, 2)
    return skilled.SkilledNeed(
        day, ((("care", "sales"), 3),), ((2,) * 48,), {"sales": (0.9,) * 48}, {"sales": (1.0,) * 48}, 1.0, (3,) * 48, ()
    )


def test_a_planner_asks_what_the_queues_need_together(two, browse, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(skilled, "skilled_need", found)
    client, address, today = browse("8002"), reverse("workforce:staffing"), timezone.localdate()
    assert client.get(address).context["joint"]["found"] == {}
    asked = {"day": today.isoformat()}
    assert client.post(reverse("workforce:staffing_together"), asked).status_code == 302
    client.post(reverse("workforce:staffing_together"), asked)
    assert Job.objects.count() == 1
    assert client.get(address).context["joint"]["mine"]
    assert not browse("8001").get(address).context["joint"]["mine"]
    run_all()
    client = browse("8002")
    with django_assert_max_num_queries(12):
        joint = client.get(address).context["joint"]
    assert (joint["hours"], joint["apart_hours"]) == (48, 72)
    (crew,) = joint["groups"]
    assert (crew["people"], crew["most"], crew["hours"], crew["few"]) == (3, 2, 48, False)
    assert len(crew["names"]) == 2 and joint["unserved"] == []


def test_where_nobody_serves_the_queues_the_page_says_so(two, browse):
    client, today = browse("8002"), timezone.localdate()
    client.post(reverse("workforce:staffing_together"), {"day": today.isoformat()})
    run_all()
    failed = client.get(reverse("workforce:staffing")).context["joint"]["failed"]
    assert Job.objects.get().state == "failed"
    assert failed


def test_one_queue_alone_has_nothing_to_be_taken_together(traffic, browse):  # noqa: F811
    assert "joint" not in browse("8002").get(reverse("workforce:staffing")).context
