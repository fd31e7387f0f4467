# SPDX-License-Identifier: Apache-2.0
"""The rest of a day: forecast brought on by what came, and what a change is worth."""

import numpy as np
import pytest

from zuoxi.workforce.intraday.outlook import (
    Change,
    Load,
    brought_on,
    hands_with,
    on_the_day,
    over,
    weigh,
    worth_of_a_hand,
)
from zuoxi.workforce.intraday.pool import Queues

pytestmark = pytest.mark.once
ONE = Queues(np.array([180.0]), np.array([20.0]), np.array([0.8]), 120.0, np.array([[True]]))


def load(calls=60.0, hands=7.0, now=20, present=1.0):
    return Load(np.full((1, 48), calls), np.full((1, 48), hands), ONE, now, present)


def test_what_is_over_is_what_came_and_the_rest_follows_the_day_so_far():
    expected, arrived = np.full((1, 48), 30.0), np.full((1, 48), 45.0)
    found = brought_on(expected, arrived, 20.0)
    assert (found[0, :20] == 45).all()
    assert 43 < found[0, 30] < 45


def test_few_calls_move_the_forecast_little():
    expected, arrived = np.full((1, 48), 1.0), np.full((1, 48), 3.0)
    assert brought_on(expected, arrived, 4.0)[0, 30] < 1.2


def test_before_the_day_begins_the_forecast_stands():
    expected = np.arange(48.0)[None]
    assert brought_on(expected, np.full((1, 48), np.nan), 0.0) == pytest.approx(expected)


def test_the_running_half_hour_is_what_came_and_its_share_still_to_come():
    expected, arrived = np.full((1, 48), 40.0), np.full((1, 48), 40.0)
    arrived[0, 10:] = 0
    arrived[0, 10] = 12.0
    found = brought_on(expected, arrived, 10.3)
    assert found[0, 10] == pytest.approx(12 + 40 * 0.7, rel=0.02)


def test_a_day_that_is_over_has_nothing_left_to_bring_on():
    arrived = np.full((1, 48), 5.0)
    assert brought_on(np.full((1, 48), 9.0), arrived, 48.0) == pytest.approx(arrived)


def test_an_hour_of_a_hand_is_two_half_hours_and_a_break_of_five_minutes_a_sixth_of_one():
    assert hands_with(np.zeros((1, 48)), [Change(0, 120, 132, 1)])[0, 20:22].tolist() == [1, 1]
    assert hands_with(np.ones((1, 48)), [Change(0, 120, 121, -1)])[0, 20] == pytest.approx(5 / 6)


def test_what_lies_beyond_midnight_is_left_out_and_hands_never_fall_below_nobody():
    found = hands_with(np.zeros((1, 48)), [Change(0, 280, 300, 1), Change(0, 0, 6, -1)])
    assert found.sum() == pytest.approx(8 / 6)
    assert found.min() == 0


def test_one_more_brings_calls_into_time_and_costs_its_hours():
    day = load()
    effect = weigh(day, day.reach(), [Change(0, 180, 192, 1)], cost=30, worths=(8, 10))
    assert effect.in_time > 5
    assert effect.kept > 0
    assert effect.after > effect.before
    assert effect.worth == pytest.approx(effect.in_time * 8 + effect.kept * 10 - 30)


def test_a_change_of_what_is_over_brings_nothing():
    day = load(now=40)
    effect = weigh(day, day.reach(), [Change(0, 0, 60, 1)], cost=0, worths=(8, 10))
    assert effect.in_time == 0
    assert effect.lowest is None


def test_a_release_tells_the_lowest_service_of_the_half_hours_it_touches():
    day = load(hands=14.0)
    effect = weigh(day, day.reach(), [Change(0, 240, 252, -1)], cost=-30, worths=(8, 10))
    assert effect.in_time < 0
    assert 0.9 < effect.lowest < 1


def test_a_hand_is_worth_more_where_few_are():
    day = load()
    day.hands[0, 30] = 5
    worth = worth_of_a_hand(day, day.reach())
    assert worth[0, 30] > worth[0, 31] > 0
    assert worth[0, 10] == 0
    assert over(worth, 0, 180, 186) == pytest.approx(worth[0, 30])


def test_somebody_is_at_the_telephone_in_his_spans_but_for_his_breaks():
    found = on_the_day([(480, 990)], [(600, 605), (720, 750)])
    assert found.sum() == 102 - 1 - 6
    assert found[95] == 0
    assert found[96] == 1


def test_people_who_come_late_lower_what_the_same_plan_reaches():
    day = load()
    assert load(present=0.9).reach().day(day.rest) < day.reach().day(day.rest)
