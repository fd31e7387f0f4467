# SPDX-License-Identifier: Apache-2.0
"""What a difference does to a scenario."""

from datetime import time
from decimal import Decimal

import pytest

from zuoxi.workforce.scenarios.changing import Change, Learning, applied
from zuoxi.workforce.scenarios.drawing import _whole
from zuoxi.workforce.twin.scenario import Group, Queue, Scenario

pytestmark = pytest.mark.once


def _day(days=1):
    calls = (10.0,) * (48 * days)
    return Scenario(
        (Queue("a", calls, skills=("a",)), Queue("b", calls, skills=("b",))),
        (Group("1", ("a",), (4,) * (144 * days), 600.0), Group("2", ("a", "b"), (9,) * (144 * days), 600.0)),
        86400.0 * days,
    )


def _change(kind, amount, **more):
    return Change(kind, Decimal(amount), **more)


def test_calls_rise_between_the_hours_named_and_nowhere_else():
    found = applied(_day(), [_change("calls", 50, queue="a", first=time(10), last=time(12, 15))])
    calls = found.queues[0].arrivals_per_interval
    assert calls[19] == 10
    assert calls[20:24] == (15.0,) * 4
    assert calls[24] == pytest.approx(12.5)
    assert calls[25] == 10
    assert found.queues[1] == _day().queues[1]


def test_hours_over_midnight_reach_into_the_next_day():
    found = applied(_day(2), [_change("calls", 100, first=time(23), last=time(1))])
    calls = found.queues[0].arrivals_per_interval
    assert [place for place, one in enumerate(calls) if one == 20] == [0, 1, 46, 47, 48, 49, 94, 95]


def test_a_campaign_brings_exactly_its_calls_a_day():
    found = applied(_day(2), [_change("campaign", 600, queue="b", first=time(14), last=time(17))])
    assert sum(found.queues[1].arrivals_per_interval) == pytest.approx(2 * (480 + 600))
    whole = applied(_day(), [_change("campaign", 600)])
    assert sum(sum(one.arrivals_per_interval) for one in whole.queues) == pytest.approx(960 + 600)


def test_people_come_to_and_go_from_the_largest_group_that_takes_the_calls():
    found = applied(_day(), [_change("people", -3, queue="a", first=time(8), last=time(9))])
    assert found.groups[0] == _day().groups[0]
    assert set(found.groups[1].agents_per_interval[48:54]) == {6}
    assert found.groups[1].agents_per_interval[54] == 9
    assert min(applied(_day(), [_change("people", -30)]).groups[1].agents_per_interval) == 0


def test_a_moved_shift_keeps_its_hours():
    found = applied(_day(), [_change("move", 2, queue="b", first=time(8), last=time(16), minutes=120)])
    agents = found.groups[1].agents_per_interval
    assert (agents[48], agents[59], agents[60], agents[96], agents[107], agents[108]) == (7, 7, 9, 11, 11, 9)
    assert sum(agents) == 9 * 144


def test_handling_grows_by_percent():
    assert applied(_day(), [_change("handling", -10, queue="a")]).queues[0].aht_seconds == (pytest.approx(162.0),)


def test_a_change_is_kept_and_read_again_as_it_was():
    one = _change("move", "2.5", queue="a", first=time(8), last=time(16, 30), minutes=-30)
    assert Change.from_json(one.as_json()) == one


def test_parts_of_people_become_whole_ones_and_the_hours_stay():
    import numpy as np

    assert sum(_whole(np.full(6, 2.5))) == 15
    assert _whole(np.array([0.2, 0.2, 0.2, 0.2])) == (0, 0, 1, 0)


def test_callers_known_to_the_second_stay_away_are_joined_by_others_or_take_longer():
    queue = Queue(
        "a", (0.0,) * 48, aht_seconds=(100.0,), listed_at=tuple(range(0, 86400, 60)),
        listed_aht_seconds=(90.0, None) * 720,
    )  # fmt: skip
    house = Scenario((queue,), (Group("g", (), (1,)),), 86400.0)
    [fewer] = applied(house, [Change("calls", Decimal(-25), first=time(12))]).queues
    assert len(fewer.listed_at) == len(fewer.listed_aht_seconds) == pytest.approx(1440 - 180, abs=2)
    assert sum(at < 43200 for at in fewer.listed_at) == 720
    [more] = applied(house, [Change("calls", Decimal(10), first=time(12))]).queues
    assert more.listed_at == queue.listed_at
    assert sum(more.arrivals_per_interval) == pytest.approx(72)
    assert sum(more.arrivals_per_interval[:24]) == 0
    [longer] = applied(house, [Change("handling", Decimal(50))]).queues
    assert longer.listed_aht_seconds[:2] == (135.0, None)


def test_new_people_come_beside_the_others_and_are_slower_at_first():
    found = applied(_day(), [_change("newcomers", 5, queue="a", first=time(8), last=time(9))], Learning(1.3, 30.0))
    assert [one.id for one in found.groups] == ["1", "2", "2 +2"]
    new = found.groups[2]
    assert (new.skills, new.pace, new.learning_days) == (("a", "b"), 1.3, 30.0)
    assert sum(new.agents_per_interval) == 30 and set(new.agents_per_interval[48:54]) == {5}
    assert found.groups[:2] == _day().groups
    assert applied(_day(), [_change("newcomers", 5)]).groups[2].pace == 1


def test_those_who_give_up_call_again_or_are_called_back_in_the_queue_that_is_meant():
    found = applied(_day(), [_change("retry", 40, queue="a"), _change("callback", 25)])
    assert [(one.retry_share, one.callback_share) for one in found.queues] == [(0.4, 0.25), (0.0, 0.25)]
