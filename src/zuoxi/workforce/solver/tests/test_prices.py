# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from zuoxi.workforce.solver.diving import Clock
from zuoxi.workforce.solver.instances import Unreadable
from zuoxi.workforce.solver.prices import Prices, Pricing, bound_by_prices
from zuoxi.workforce.solver.problem import problem_of
from zuoxi.workforce.solver.solving import Wanted, solve
from zuoxi.workforce.solver.tests.samples import instance
from zuoxi.workforce.solver.tracks import Track

pytestmark = pytest.mark.once


def _proved(many):
    found = []
    for seed in range(60):
        made = instance(seed, people=4, days=14, shifts=2)
        try:
            answer = solve(made, Wanted(60))
        except Unreadable:
            continue
        if answer.proved:
            found.append((made, answer.objective))
        if len(found) == many:
            return found
    raise AssertionError("too few")


def _pricing(made):
    problem = problem_of(made)
    return problem, [Track(problem, person) for person in range(problem.people)]


def test_no_prices_at_all_promise_more_than_the_cheapest_roster_costs():
    rng = np.random.default_rng(1)
    for made, cheapest in _proved(3):
        problem, tracks = _pricing(made)
        pricing = Pricing(problem, tracks)
        for _ in range(40):
            flat = rng.normal(0, 60, pricing.flat(pricing.first()).size)
            bound, _ = pricing.asked(pricing.lawful(flat))
            assert bound <= cheapest + 1e-6


def test_prices_that_were_moved_come_near_the_cheapest_roster():
    for made, cheapest in _proved(2):
        problem, tracks = _pricing(made)
        told = []
        bound, _ = bound_by_prices(problem, tracks, Clock(lambda: True, lambda: 1e9), told.append, rounds=600)
        assert cheapest * 0.9 <= bound <= cheapest + 1e-6
        assert told == sorted(told)
        assert told[-1] == bound


def test_whoever_can_have_no_shift_at_all_has_a_line_of_rest():
    made = instance(1, people=2, days=14, tight=False)
    made.people["P1"] = type(made.people["P1"])("P1", {"E": 0, "D": 0}, 9000, 0, 5, 1, 1, 2)
    problem, tracks = _pricing(made)
    _, held = Pricing(problem, tracks).asked(
        Prices(problem.under.copy(), np.zeros(2), np.zeros(2), np.zeros((2, len(problem.shifts))))
    )
    assert held.hours[1] == 0
