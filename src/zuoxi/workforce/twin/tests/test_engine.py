# SPDX-License-Identifier: Apache-2.0
"""The event loop against exact formulas, against the same rules in plain Python, and against itself."""

import numpy as np
import pytest

from zuoxi.workforce import erlang
from zuoxi.workforce.twin.bands import band, t_95
from zuoxi.workforce.twin.engine import play_once, simulate
from zuoxi.workforce.twin.scenario import Group, Queue, Scenario
from zuoxi.workforce.twin.tests.plain import played

pytestmark = pytest.mark.once


def _one(calls, agents, *, aht=180.0, patience=None, days=5, **more):
    return Scenario(
        (Queue("a", (calls,), aht_seconds=(aht,), patience_seconds=patience, **more),),
        (Group("g", (), (agents,)),),
        86400.0 * days,
        7200.0,
    )


def _within(found, exact, errors=3.0):
    assert abs(found.mean - exact) <= errors * found.error, f"{found.mean} ± {found.error} against {exact}"


@pytest.mark.parametrize(
    ("calls", "agents", "patience"), [(100, 9, 120), (100, 11, 120), (100, 14, 60), (400, 40, 300), (60, 4, 90)]
)
@pytest.mark.clause("CALL-023")
def test_callers_who_give_up_fare_as_erlang_a_says(calls, agents, patience):
    exact = erlang.steady_a(calls / 1800, 180, patience, agents, 20)
    found = simulate(_one(calls, agents, patience=patience), 40, seed=11).all
    _within(found.abandonment, float(exact.abandonment))
    _within(found.asa_seconds, float(exact.asa_seconds))
    _within(found.service_level, float(exact.service_level))
    _within(found.occupancy, float(exact.occupancy))


@pytest.mark.parametrize(("calls", "agents"), [(100, 12), (100, 15), (20, 3)])
def test_callers_who_wait_for_ever_fare_as_erlang_c_says(calls, agents):
    exact = erlang.steady_c(calls / 1800, 180, agents, 20)
    found = simulate(_one(calls, agents), 40, seed=5).all
    assert found.abandoned == 0
    _within(found.asa_seconds, float(exact.asa_seconds))
    _within(found.service_level, float(exact.service_level))
    _within(found.occupancy, float(exact.occupancy))


def test_constant_handling_times_halve_the_wait_of_a_single_agent():
    """Pollaczek and Khinchine: the mean wait of one agent is (1 + cv²)/2 of the exponential one."""
    exact = float(erlang.steady_c(6 / 1800, 180, 1, 20).asa_seconds)
    for cv in (0.0, 0.5, 1.5):
        found = simulate(_one(6, 1, days=60, aht_cv=cv), 40, seed=3).all
        _within(found.asa_seconds, exact * (1 + cv * cv) / 2)


def _busy_house(**more):
    return Scenario(
        (
            Queue("sales", (60, 90, 40, 0, 70), 600.0, (120.0, 150.0), 1.0, 60.0, priority=1, skills=("s",), **more),
            Queue("care", (50, 30, 80, 20), 600.0, (200.0,), 0.6, 90.0, 0.5, priority=2, skills=("c",)),
            Queue("vip", (10,), 600.0, (90.0,), 0.0, None, priority=1, skills=("v", "s")),
        ),
        (
            Group("s", ("s",), (10, 12, 4, 2, 9), 600.0),
            Group("c", ("c",), (12, 6, 15), 600.0, pace=1.25),
            Group("all", ("s", "c", "v"), (3, 9, 1), 600.0),
        ),
        3600.0,
    )


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"retry_share": 0.6, "retry_after_seconds": 120.0},
        {"callback_share": 0.5, "callback_after_seconds": 20.0},
        {"transfer_share": 0.3, "transfer_to": "care", "ring_seconds": 4.0},
        {"retry_share": 0.4, "ring_seconds": 12.0, "callback_share": 0.3, "callback_after_seconds": 15.0},
        {"retry_share": 0.5, "callback_share": 0.3, "callback_after_seconds": 10.0, "transfer_share": 0.2,
         "transfer_to": "vip"},
    ],
    ids=["plain", "again", "callback", "transfer", "ring", "all"],
)  # fmt: skip
@pytest.mark.parametrize("seed", [1, 2, 2**62])
def test_every_call_fares_as_in_plain_python(more, seed):
    house = _busy_house(**more)
    slow = np.array(played(house, seed))
    trace = play_once(house, seed, trace=100_000).trace
    fast = trace[np.lexsort((trace[:, 3], trace[:, 2], trace[:, 1], trace[:, 0]))]
    assert len(slow) > 200
    assert fast.shape == slow.shape
    np.testing.assert_allclose(fast, slow, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("seed", [1, 2**62])
def test_calls_known_to_the_second_fare_as_in_plain_python(seed):
    """Out of order, at one moment with others, before the begin and after the end, with and without what they took."""
    whole = _busy_house(
        listed_at=(700.0, 5.0, 5.0, -3.0, 3599.0, 3600.0, *range(100, 400, 2)),
        listed_aht_seconds=(90.0, None, 30.0, 1.0, 10.0, 10.0, *([150.0, None] * 75)),
        listed_patience=(None, None, 20.0, 1.0, 10.0, 10.0, *([25.0, None, -30.0] * 50)),
    )
    slow = np.array(played(whole, seed))
    trace = play_once(whole, seed, trace=100_000).trace
    fast = trace[np.lexsort((trace[:, 3], trace[:, 2], trace[:, 1], trace[:, 0]))]
    assert fast.shape == slow.shape
    np.testing.assert_allclose(fast, slow, rtol=1e-9, atol=1e-6)
    assert len(slow) == len(played(_busy_house(), seed)) + 154


def test_a_past_day_is_played_with_its_own_callers_in_every_replication():
    house = Scenario(
        (Queue("a", (0.0,), aht_seconds=(60.0,), listed_at=tuple(range(0, 3600, 12)), patience_seconds=60.0),),
        (Group("g", (), (6,)),), 3600.0,
    )  # fmt: skip
    found = simulate(house, 8)
    assert found.all.offered == 300
    assert 0 < found.all.abandonment.mean < 0.2
    assert len(set(found.samples["asa_seconds"])) == 8  # handling times were drawn


def test_rooms_that_are_too_small_are_made_larger_and_nothing_changes():
    """Many thousand callers come again and again to a centre that is shut."""
    queue = Queue("a", (4000.0,), 600.0, (10.0,), 1.0, 500.0, retry_share=0.9, retry_after_seconds=300.0)
    house = Scenario((queue,), (Group("g", (), (0, 30), 1800.0),), 3600.0)
    one, two = play_once(house, 5), play_once(house, 5)
    assert one.calls == two.calls > 24_000
    np.testing.assert_array_equal(one.tally, two.tally)


def test_nobody_is_lost_between_offered_answered_and_abandoned():
    found = simulate(_busy_house(retry_share=0.5), 10, seed=4)
    for one in [*found.queues.values(), found.all]:
        assert one.offered == pytest.approx(one.answered + one.abandoned + one.left)
    assert found.all.offered == pytest.approx(sum(one.offered for one in found.queues.values()))


def test_the_same_seed_gives_the_same_however_many_threads_play():
    house = _busy_house(retry_share=0.5)
    one, two = simulate(house, 6, 9, workers=1), simulate(house, 6, 9, workers=2)
    assert one.all == two.all and one.queues == two.queues and one.groups == two.groups
    assert simulate(house, 6, 10).all != one.all


def test_two_scenarios_meet_the_same_callers():
    """One agent more changes who waits, and nothing about who calls when and for how long."""
    few, more = _one(100, 10, patience=60), _one(100, 11, patience=60)
    assert simulate(few, 5).all.offered == simulate(more, 5).all.offered
    assert simulate(few, 5).all.service_level.mean < simulate(more, 5).all.service_level.mean


def test_an_agent_whose_shift_ends_finishes_the_call_and_takes_no_further_one():
    house = Scenario(
        (Queue("a", (6.0, 6.0), 600.0, (500.0,), 0.0, 30.0, 0.0),), (Group("g", (), (1, 0), 600.0),), 1200.0
    )
    trace = play_once(house, 1, trace=100).trace
    answered = trace[trace[:, 3] >= 0]
    assert (answered[:, 0] + answered[:, 1]).max() < 600
    found = simulate(house, 20)
    assert found.groups["g"].over.mean > 0
    assert found.groups["g"].planned.mean == pytest.approx(600 / 3600)


def test_the_urgent_queue_waits_less_and_the_other_pays_for_it():
    def house(first, second):
        queues = (
            Queue("a", (50.0,), priority=first, skills=("x",)),
            Queue("b", (50.0,), priority=second, skills=("x",)),
        )
        return Scenario(queues, (Group("g", ("x",), (11,)),), 86400.0)

    even, uneven = simulate(house(1, 1), 10), simulate(house(1, 2), 10)
    assert uneven.queues["a"].asa_seconds.mean < even.queues["a"].asa_seconds.mean / 2
    assert uneven.queues["b"].asa_seconds.mean > even.queues["b"].asa_seconds.mean
    assert uneven.all.asa_seconds.mean == pytest.approx(even.all.asa_seconds.mean, rel=0.1)


def test_absence_breaks_and_slow_newcomers_cost_service():
    def level(**more):
        queue = Queue("a", (100.0,), patience_seconds=120.0)
        return simulate(Scenario((queue,), (Group("g", (), (12,), **more),), 86400.0), 20).all.service_level.mean

    whole = level()
    for more in ({"absence": 0.1}, {"adherence": 0.9}, {"break_share": 5 / 60}, {"pace": 1.3}):
        assert level(**more) < whole - 0.03
    assert level(pace=1.3) < level(pace=1.3, learning_days=0.2) < whole


def test_calls_of_the_warm_up_do_not_count():
    house = _one(60, 8, patience=60)
    found = simulate(house, 10).all
    assert found.offered == pytest.approx(60 / 1800 * (5 * 86400 - 7200), rel=0.02)


def test_who_waits_when_nobody_is_left_to_answer_is_told():
    house = Scenario((Queue("a", (30.0,)),), (Group("g", (), (1, 0), 1800.0),), 3600.0)
    found = simulate(house, 5).all
    assert found.left > 0
    assert found.offered == pytest.approx(found.answered + found.left)


def test_a_quiet_queue_has_no_service_level_instead_of_a_bad_one():
    found = simulate(Scenario((Queue("a", (0.0,)),), (Group("g", (), (2,)),), 3600.0), 3)
    assert found.all.offered == 0
    assert found.all.service_level.mean is None
    assert found.all.occupancy.mean == 0


def test_a_queue_longer_than_any_ring_keeps_everybody_in_order():
    """5,000 callers before the first agent comes."""
    house = Scenario((Queue("a", (5000.0, 0.0), 600.0, (1.0,), 0.0),), (Group("g", (), (0, 1), 600.0),), 7200.0)
    trace = play_once(house, 3, trace=10_000).trace
    assert len(trace) > 4800
    assert (np.diff(trace[:, 0]) > 0).all()


def test_days_that_differ_widen_the_band():
    steady = simulate(_one(100, 12, patience=60, days=1), 20).all
    uneven = simulate(_one(100, 12, patience=60, days=1, volume_cv=0.2), 20).all
    assert uneven.service_level.error > 2 * steady.service_level.error


def test_progress_is_told_and_can_stop_the_play():
    class Stop(Exception):
        pass

    told = []

    def progress(done, whole):
        told.append((done, whole))
        if done == 2:
            raise Stop

    with pytest.raises(Stop):
        simulate(_one(10, 2, patience=60, days=1), 5, progress=progress)
    assert told == [(1, 5), (2, 5)]


def test_students_t_has_its_known_quantiles():
    for freedom, known in (
        (1, 12.706),
        (5, 2.571),
        (20, 2.086),
        (21, 2.0796),
        (30, 2.0423),
        (60, 2.0003),
        (999, 1.9623),
    ):
        assert t_95(freedom) == pytest.approx(known, abs=6e-4)


def test_a_band_needs_two_replications_and_leaves_out_what_says_nothing():
    assert band([0.5]).low is None
    assert band([]).mean is None
    found = band([0.4, 0.6, float("nan")], most=1.0)
    assert found.mean == pytest.approx(0.5)
    assert found.high == 1.0
