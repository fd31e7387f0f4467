# SPDX-License-Identifier: Apache-2.0
"""Agents of overlapping groups, found by playing the day."""

import numpy as np
import pytest

from zuoxi.workforce import erlang
from zuoxi.workforce.twin.engine import simulate
from zuoxi.workforce.twin.scenario import Group, Queue, Scenario
from zuoxi.workforce.twin.skilled import required

pytestmark = pytest.mark.once
CALLS = (30.0, 80.0, 120.0, 60.0, 20.0)


def _queue(name, share=1.0, **more):
    return Queue(name, tuple(one * share for one in CALLS), patience_seconds=120.0, skills=(name,), **more)


def _day(queues, groups):
    return Scenario(queues, groups, 1800.0 * len(CALLS))


@pytest.mark.clause("CALL-023")
def test_one_queue_needs_about_what_the_formula_says():
    """A half hour that begins quiet, or after a rush, needs one more or less than it would in the long run."""
    found = required(_day((_queue("a"),), (Group("a", ("a",), (0,)),)), {"a": 0.8}, replications=300)
    exact = erlang.fewest(np.array(CALLS) / 1800, 180, 20, 0.8, patience=120).agents
    assert np.abs(found.agents[0] - exact).max() <= 1
    assert found.met == 1.0


def test_people_who_can_do_both_are_fewer_than_two_crews_and_callers_never_met_before_are_served():
    queues = (_queue("a"), _queue("b", 0.3))
    house = _day(queues, (Group("a", ("a",), (0,)), Group("b", ("b",), (0,)), Group("ab", ("a", "b"), (0,))))
    found = required(house, {"a": 0.8, "b": 0.8}, replications=300, seed=3)
    alone = sum(
        int(erlang.fewest(np.array(one.arrivals_per_interval) / 1800, 180, 20, 0.8, patience=120).agents.sum())
        for one in queues
    )
    assert found.agents.sum() < alone
    assert found.met >= 0.9
    fresh = simulate(found.scenario(house, 1800.0), 300, seed=99)
    assert fresh.queues["a"].service_level.mean > 0.79 and fresh.queues["b"].service_level.mean > 0.79


def test_calls_known_to_the_second_are_staffed_for_too():
    queue = Queue("a", (0.0,), aht_seconds=(100.0,), listed_at=tuple(range(0, 1800, 20)), patience_seconds=60.0)
    found = required(Scenario((queue,), (Group("g", (), (0,)),), 3600.0), {"a": 0.8}, replications=50)
    assert found.agents[0, 0] >= 5 and found.agents[0, 1] <= 1


def test_a_queue_that_nobody_serves_is_refused():
    with pytest.raises(ValueError, match="nobody serves"):
        required(_day((_queue("a"),), (Group("b", ("b",), (0,)),)), {"a": 0.8}, replications=5)


def test_progress_is_told_and_can_end_the_search():
    class Stop(Exception):
        pass

    def stop(done, whole):
        assert 0 < done <= whole
        raise Stop

    with pytest.raises(Stop):
        required(_day((_queue("a"),), (Group("a", ("a",), (0,)),)), {"a": 0.8}, replications=5, progress=stop)


def test_calls_that_hold_throughout_are_staffed_in_every_slot():
    queue = Queue("a", (100.0,), patience_seconds=120.0)
    found = required(Scenario((queue,), (Group("g", (), (0,)),), 5400.0), {"a": 0.8}, replications=100)
    assert found.agents.shape == (1, 3) and found.agents.min() >= 10 and found.agents.max() <= 13


def test_an_urgent_queue_of_few_is_not_paid_for_by_too_many_everywhere():
    """The formula does not know that the urgent go first; by it too few can do all, and the others were to wait for
    nobody. Nobody is left standing: no queue lies far above its target where people could be spared."""
    queues = (_queue("a", priority=2), _queue("b", 0.6, priority=2), _queue("u", 0.12, priority=1))
    house = _day(
        queues,
        (
            Group("a", ("a",), (0,), hour_cost=30.0),
            Group("b", ("b",), (0,), hour_cost=30.0),
            Group("all", ("a", "b", "u"), (0,), hour_cost=34.0),
        ),
    )
    found = required(house, {"a": 0.8, "b": 0.8, "u": 0.85}, replications=200, rounds=60)
    apart = sum(
        float(erlang.fewest(np.array(one.arrivals_per_interval) / 1800, 180, 20, target, patience=120).agents.sum())
        * wage
        for one, target, wage in zip(queues, (0.8, 0.8, 0.85), (30.0, 30.0, 34.0), strict=True)
    )
    assert found.met >= 0.9
    assert float((found.agents * np.array([30.0, 30.0, 34.0])[:, None]).sum()) < apart
