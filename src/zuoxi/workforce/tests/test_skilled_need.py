# SPDX-License-Identifier: Apache-2.0
"""What a coming day needs with its queues taken together, from the site's own calls, queues and people."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from zuoxi.telephony.models import Queue, QueueMembership, QueueVisit, Switch
from zuoxi.workforce.tests.test_requirements import traffic  # noqa: F401
from zuoxi.workforce.today.requirements import required_of
from zuoxi.workforce.today.skilled import NothingNeeded, skilled_need

pytestmark = [pytest.mark.django_db, pytest.mark.clause("SCH-001", "CALL-023")]


@pytest.fixture
def two(traffic):  # noqa: F811
    """The queue of `traffic`, and another with as many calls in the same half hour of every day."""
    queue = Queue.objects.create(
        switch=Switch.objects.get(), code="care", name_zh="售后", name_en="Care", project=traffic.project,
        target_seconds=20, target_percent=80, wrap_seconds=20,
    )  # fmt: skip
    visit(traffic, queue.code, hour=10)
    return traffic


def visit(centre, queue, hour):
    first = timezone.make_aware(datetime.combine(timezone.localdate(), time(hour)))
    number = QueueVisit.objects.count()
    QueueVisit.objects.bulk_create(
        QueueVisit(
            call_id=number + back * 30 + minute, seq=0, queue=queue, agent="1001", outcome="answered", wait_seconds=10,
            talk_seconds=160, entered_at=first - timedelta(days=back) + timedelta(minutes=minute),
            left_at=first - timedelta(days=back) + timedelta(minutes=minute, seconds=10),
        )
        for back in range(1, 29)
        for minute in range(30)
    )  # fmt: skip


def serve(centre, **queues):
    """serve(centre, sales=["1001"], care=["1001", "1002"])"""
    for code, people in queues.items():
        queue = Queue.objects.get(code=code)
        QueueMembership.objects.bulk_create([QueueMembership(queue=queue, staff=centre.staff[one]) for one in people])


def test_people_who_serve_both_queues_are_fewer_than_each_queue_for_itself(two, django_assert_max_num_queries):
    serve(two, sales=["1001", "1002"], care=["1001", "1002"])
    told, today = [], timezone.localdate()
    with django_assert_max_num_queries(14):
        found = skilled_need(today, rounds=12, progress=lambda done, rounds: told.append((done, rounds)))
    assert found.groups == ((("care", "sales"), 2),)
    apart = sum(one.agents for one in required_of(today, today))
    assert found.apart[20] == sum(found.apart) == apart
    assert 0 < found.together[20] < found.apart[20]
    assert [half for half, agents in enumerate(found.together) if agents and half not in (20, 21)] == []
    assert found.service["sales"][20] > 0.75
    assert found.service["sales"][3] is None  # nobody calls at night, which is no service of nought
    assert found.calls["care"][20] == 30
    assert told and all(done <= rounds for done, rounds in told)


def test_a_queue_that_nobody_serves_is_named_and_left_out(two):
    serve(two, sales=["1001"])
    found = skilled_need(timezone.localdate(), rounds=4)
    assert found.unserved == ("care",)
    assert set(found.service) == {"sales"}
    assert found.groups == ((("sales",), 1),)


def test_without_people_or_without_calls_it_says_which_is_missing(two):
    with pytest.raises(NothingNeeded, match="people"):
        skilled_need(timezone.localdate())
    QueueVisit.objects.all().delete()
    with pytest.raises(NothingNeeded, match="calls"):
        skilled_need(timezone.localdate())


def test_a_play_that_is_stopped_ends_at_once(two):
    serve(two, sales=["1001"], care=["1002"])

    class Stopped(Exception):
        pass

    def stop(_done, _rounds):
        raise Stopped

    with pytest.raises(Stopped):
        skilled_need(timezone.localdate(), progress=stop)
