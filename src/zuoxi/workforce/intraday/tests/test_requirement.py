# SPDX-License-Identifier: Apache-2.0
"""What a load needs: by slot, by day, with slower people, with work that waits, and of agents who serve several."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zuoxi.workforce.erlang import Impossible, fewest, steady_a
from zuoxi.workforce.intraday import multiskill, pool
from zuoxi.workforce.intraday.requirement import (
    Terms,
    Work,
    blended,
    by_day,
    by_slot,
    curve,
    positions,
    slowed,
    with_agents,
)

pytestmark = pytest.mark.once
TERMS = Terms(0.8, 20, 120, 0.85)
DAY = np.array([2, 1, 0, 4, 20, 60, 110, 90, 40, 10], float)


@pytest.mark.clause("CALL-023")
def test_ten_at_the_telephone_with_a_quarter_lost_are_fourteen_people():
    assert positions(10, {"break": 0.1, "training": 0.15}) == 14
    assert positions(9, {"break": 0.1}) == 10
    assert positions(0, {"break": 0.5}) == 0


def test_causes_that_leave_nothing_are_refused():
    with pytest.raises(Impossible, match="shrinkage"):
        positions(10, {"break": 0.5, "training": 0.5})
    with pytest.raises(Impossible):
        positions(10, {"break": -0.1})


def test_trainees_slow_the_mean_less_than_their_times_because_they_take_fewer_calls():
    assert slowed(180, 0.0, 1.5) == 180
    assert slowed(180, 1.0, 1.5) == pytest.approx(270)
    assert slowed(180, 0.5, 2.0) == pytest.approx(240)
    with pytest.raises(Impossible):
        slowed(180, 0.2, 0.9)


def test_the_target_over_the_day_needs_no_more_than_the_target_in_every_slot_and_is_met():
    each, whole = by_slot(DAY, 180, 1800, TERMS), by_day(DAY, 180, 1800, TERMS)
    assert whole.agents.sum() < each.agents.sum()
    assert (whole.service_level * DAY).sum() / DAY.sum() >= 0.8
    assert (whole.occupancy <= 0.85 + 1e-9).all()


def test_no_slot_of_a_day_falls_under_the_floor():
    whole = by_day(DAY, 180, 1800, Terms(0.8, 20, 120), floor=0.6)
    assert (whole.service_level >= 0.6).all()


def test_one_agent_fewer_anywhere_misses_the_target_of_the_day_or_the_floor():
    whole = by_day(DAY, 180, 1800, Terms(0.8, 20, 120))
    for slot in np.flatnonzero(whole.agents):
        fewer = whole.agents.copy()
        fewer[slot] -= 1
        level = with_agents(DAY, 180, fewer, 1800, Terms(0.8, 20, 120)).service_level
        assert (level * DAY).sum() / DAY.sum() < 0.8 or level[slot] < 0.5


def test_a_day_without_a_call_needs_nobody():
    assert by_day(np.zeros(5), 180, 1800, TERMS).agents.sum() == 0


def test_work_is_done_between_calls_before_it_asks_for_anybody():
    agents, load = np.array([10, 10]), np.array([6.0, 6.0])
    done = blended(agents, load, 0.5, [Work(1.0, 0, 2)], 0.85)
    assert done.extra.tolist() == [0, 0]
    assert done.within.sum() == pytest.approx(1.0)


def test_work_whose_deadline_is_near_is_done_first_and_the_rest_asks_where_fewest_sit():
    agents, load = np.array([10, 4, 10]), np.array([8.5, 3.4, 8.5])
    done = blended(agents, load, 0.5, [Work(0.4, 0, 3), Work(0.4, 0, 1)], 0.85)
    assert done.extra.tolist() == [1, 1, 0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 20), st.integers(0, 5), st.integers(1, 6)), max_size=6), st.integers(0, 20))
def test_every_hour_of_work_finds_its_place_within_its_slots(jobs, seats):
    agents, load = np.full(12, seats), np.full(12, seats * 0.7)
    work = [Work(hours, first, first + length) for hours, first, length in jobs]
    done = blended(agents, load, 0.5, work, 0.85)
    capacity = done.within.sum() + (done.extra * 0.5 * 0.85).sum()
    assert capacity >= sum(one.hours for one in work) - 1e-6
    outside = np.ones(12, bool)
    for one in work:
        outside[one.first : one.until] = False
    assert not done.extra[outside].any()
    assert not done.within[outside].any()


def test_work_outside_the_day_is_refused():
    with pytest.raises(Impossible):
        blended(np.array([1]), np.array([0.5]), 0.5, [Work(1, 0, 2)], 0.85)


def test_the_curve_rises_in_service_and_cost_with_every_agent():
    found = curve(100, 180, 13, 1800, TERMS, hour_cost=40)
    assert found.agents.tolist() == list(range(9, 20))
    assert (np.diff(found.steady.service_level) > 0).all()
    assert found.cost[0] == pytest.approx(9 * 20)


def test_one_queue_of_a_pool_is_exactly_erlang_a():
    queues = pool.Queues(np.array([180.0]), np.array([20.0]), np.array([0.8]), 120.0, np.array([[True]]))
    found = pool.reached(np.array([[100.0]]), np.array([[13.0]]), queues, 1800)
    exact = steady_a(100 / 1800, 180, 120, 13, 20)
    assert found.service[0, 0] == pytest.approx(float(exact.service_level), abs=1e-9)
    assert found.gone[0, 0] == pytest.approx(float(exact.abandonment), abs=1e-9)


def test_groups_that_serve_the_same_queues_are_one_pool():
    served = np.array([[True, True], [True, True]])
    queues = pool.Queues(np.array([180.0, 180.0]), np.array([20.0, 20.0]), np.array([0.8, 0.8]), 120.0, served)
    found = pool.reached(np.array([[60.0], [40.0]]), np.array([[6.0], [7.0]]), queues, 1800)
    exact = steady_a(100 / 1800, 180, 120, 13, 20)
    assert found.service[:, 0] == pytest.approx([float(exact.service_level)] * 2, abs=1e-6)


def test_a_group_of_two_skills_helps_the_queue_that_is_worse_off():
    served = np.array([[True, False], [False, True], [True, True]])
    part = pool.shares(np.array([[10.0], [2.0]]), np.array([[8.0], [6.0], [4.0]]), served)
    assert part[2, 0, 0] > part[2, 1, 0]
    assert part.sum(axis=0)[:, 0] == pytest.approx([10, 2])
    busy = part.sum(axis=1)[:, 0] / [8, 6, 4]
    assert busy[0] == pytest.approx(busy[2], abs=0.02)


def test_a_queue_that_nobody_serves_now_reaches_nothing_and_one_without_calls_is_unknown():
    queues = pool.Queues(np.array([180.0]), np.array([20.0]), np.array([0.8]), 120.0, np.array([[True]]))
    found = pool.reached(np.array([[10.0, 0.0]]), np.array([[0.0, 3.0]]), queues, 1800)
    assert found.service[0, 0] == 0
    assert np.isnan(found.service[0, 1])
    assert found.day(np.array([[10.0, 0.0]])) == 0


def test_the_search_needs_fewer_than_queues_staffed_each_for_itself_and_meets_the_targets():
    served = np.array([[True, False], [False, True], [True, True]])
    queues = pool.Queues(np.array([180.0, 240.0]), np.array([20.0, 30.0]), np.array([0.8, 0.8]), 120.0, served)
    calls = np.array([[20.0, 60.0, 90.0, 40.0], [10.0, 30.0, 50.0, 20.0]])

    def simulate(agents):
        return pool.reached(calls, agents.astype(float), queues, 1800).service

    found = multiskill.search(calls, queues, simulate, cost=np.array([1.0, 1.0, 1.1]))
    alone = sum(
        fewest(calls[place] / 1800, queues.handle[place], queues.within[place], 0.8, patience=120).agents.sum()
        for place in range(2)
    )
    assert found.met == 1.0
    assert found.agents.sum() < alone


def test_the_search_adds_hands_where_the_simulation_is_worse_than_the_formula():
    queues = pool.Queues(np.array([180.0]), np.array([20.0]), np.array([0.8]), 120.0, np.array([[True]]))
    calls = np.array([[60.0, 60.0]])

    def harsher(agents):
        return pool.reached(calls * 1.3, agents.astype(float), queues, 1800).service

    found = multiskill.search(calls, queues, harsher, cost=np.ones(1))
    assert found.met == 1.0
    assert found.agents.sum() > multiskill.start(calls, queues, np.ones(1), 1800).sum()


def test_a_step_downhill_takes_the_cheapest_hands_that_leave_every_queue_what_it_needs():
    spare, cost = np.array([[0.1], [0.1]]), np.array([30.0, 33.0])
    lost = np.array([[[0.02], [0.0]], [[0.02], [0.02]]])
    most = (np.array([[5], [5]]), np.array([[5], [5]]))
    found = multiskill.stepped(spare, lost, lost, cost, most)
    assert (lost * -found[:, None, :]).sum(axis=0).max() <= 0.1 and (found * cost[:, None]).sum() <= -90


def test_what_is_missing_is_won_first():
    found = multiskill.stepped(
        np.array([[-0.05]]), np.full((1, 1, 1), 0.02), np.full((1, 1, 1), 0.02), np.ones(1),
        (np.array([[4]]), np.array([[4]])),
    )  # fmt: skip
    assert found[0, 0] == 3


def test_two_are_replaced_by_one_who_serves_what_both_serve_where_that_is_cheaper():
    queues = pool.Queues(
        np.full(2, 180.0),
        np.full(2, 20.0),
        np.full(2, 0.8),
        None,
        np.array([[True, False], [False, True], [True, True]]),
    )
    moves = multiskill.moves_of(queues, np.array([30.0, 30.0, 36.0]))
    assert (-1, -1, 1) in moves and (-2, 0, 1) in moves and (1, 0, -2) not in moves
    assert (-1, -1, 1) not in multiskill.moves_of(queues, np.array([10.0, 10.0, 36.0]))
