# SPDX-License-Identifier: Apache-2.0
"""A caller keeps his place without waiting on the line: one place, in its order, never beyond free agents."""

from datetime import timedelta

import pytest

from zuoxi.outbound import dialler, turn_keeping, turns
from zuoxi.outbound.models import Attempt, Promise, QueueTurn
from zuoxi.outbound.tests.fake_switch import FakeSwitch
from zuoxi.outbound.tests.world import NOW
from zuoxi.telephony.models import QueueVisit
from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def switch():
    made = FakeSwitch(NOW, answer_share=1.0)
    with made.clock():
        yield made


def asked(number, minutes_ago, queue="sales"):
    """Somebody waited, and pressed the key to be called back."""
    began = NOW - timedelta(minutes=minutes_ago)
    return make.call(
        began, caller=number, queue=queue, agent="", outcome="overflow", diverted_to=number,
        ended_at=began + timedelta(minutes=1),
    )  # fmt: skip


def test_a_caller_who_asks_twice_has_one_place_and_it_is_the_first(switch):
    asked("13800000001", 20)
    asked("13800000001", 5)
    turn_keeping.take_requests(NOW)
    turn_keeping.take_requests(NOW)
    turn = QueueTurn.objects.get()
    assert turn.entered_at == NOW - timedelta(minutes=20)


def test_who_joined_first_is_called_first_and_one_call_goes_to_each_free_agent(switch):
    make.person("1001")
    switch.state("1001", "ready", "sales")
    asked("13800000002", 10)
    asked("13800000001", 20)
    assert turns.tend_turns(NOW) == 1
    assert Attempt.objects.get().number == "13800000001"
    assert turns.tend_turns(NOW) == 0


def test_who_waits_on_the_line_and_joined_before_goes_first(switch):
    make.person("1001")
    switch.state("1001", "ready", "sales")
    asked("13800000001", 10)
    waits = QueueVisit.objects.create(
        call_id=77, seq=1, queue="sales", entered_at=NOW - timedelta(minutes=15), outcome="open"
    )
    assert turns.tend_turns(NOW) == 0
    QueueVisit.objects.filter(pk=waits.pk).update(outcome="answered", left_at=NOW)
    assert turns.tend_turns(NOW) == 1


def test_who_was_reached_is_done_and_who_called_again_himself_too(switch):
    make.person("1001")
    switch.state("1001", "ready", "sales")
    asked("13800000001", 10)
    asked("13800000002", 5)
    turns.tend_turns(NOW)
    make.call(NOW, caller="13800000002", queue="sales")
    for _ in range(150):
        switch.pass_time()
        dialler.tick(switch.now)
    turn_keeping.answered_meanwhile(switch.now)
    assert set(QueueTurn.objects.values_list("state", flat=True)) == {"done"}


def test_who_is_not_reached_twice_keeps_no_place_any_more(switch):
    switch.answer_share = 0.0
    make.person("1001")
    switch.state("1001", "ready", "sales")
    asked("13800000001", 1)
    for _ in range(4):
        for _step in range(30):
            switch.pass_time()
            dialler.tick(switch.now)
            turns.tend_turns(switch.now)
        switch.pass_time(600)
    turn = QueueTurn.objects.get()
    assert (turn.state, turn.attempts) == (QueueTurn.State.EXPIRED, 2)


def test_who_called_when_all_was_closed_is_owed_a_callback_that_a_leader_gives_out(switch):
    asked("13800000001", 10, queue="")
    turn_keeping.take_requests(NOW)
    turn_keeping.take_requests(NOW)
    row = Promise.objects.get()
    assert (row.owner, row.source, row.number) == (None, Promise.Source.MISSED, "13800000001")
