# SPDX-License-Identifier: Apache-2.0
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from ortools.sat.python import cp_model

from zuoxi.workforce.solver.checking import check
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


def _cheapest(made):
    """Of all rosters, by listing every line that the independent checker finds lawful; None where somebody has none."""
    model, cost, there = cp_model.CpModel(), [], {}
    for person in made.people.values():
        alone = replace(made, people={person.name: person}, wanted=[], unwanted=[], cover=[])
        lines = [
            line
            for line in product(("", *made.shifts), repeat=made.days)
            if not check(alone, {person.name: line}).breaches
        ]
        if not lines:
            return None
        taken = [model.new_bool_var("") for _ in lines]
        model.add_exactly_one(taken)
        for one, line in zip(taken, lines, strict=True):
            missed = sum(
                wish.weight for wish in made.wanted if wish.person == person.name and line[wish.day] != wish.shift
            )
            had = sum(
                wish.weight for wish in made.unwanted if wish.person == person.name and line[wish.day] == wish.shift
            )
            cost.append((missed + had) * one)
            for spot in enumerate(line):
                there.setdefault(spot, []).append(one)
    for one in made.cover:
        short, extra = model.new_int_var(0, 9, ""), model.new_int_var(0, 9, "")
        model.add(sum(there.get((one.day, one.shift), [])) + short - extra == one.wanted)
        cost.append(one.under * short + one.over * extra)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


def _drawn(seed):
    """Nights and weekends that bind or not, covers that cost nothing, days without any."""
    rng = np.random.default_rng(seed)
    days, shifts = [(13, 1), (8, 2), (12, 1), (9, 2)][seed % 4]
    made = instance(seed + 1000, people=2, days=days, shifts=shifts, tight=seed % 3 == 0)
    under, over = (0, 1, 30, 100), (0, 1, 5, 100)
    made.cover[:] = [replace(one, under=int(rng.choice(under)), over=int(rng.choice(over))) for one in made.cover]
    if seed % 5 == 0:
        made.cover[:] = made.cover[::2]
    for name, one in made.people.items():
        least, weekends = 400 * int(rng.integers(5)), int(rng.integers(3))
        made.people[name] = replace(one, least_minutes=max(least, one.least_minutes), most_weekends=weekends)
    return made, rng


def test_whatever_the_prices_no_roster_of_all_is_below_the_bound():
    seen, tight = Counter(), 0
    for seed in range(28):
        made, rng = _drawn(seed)
        if (cheapest := _cheapest(made)) is None:
            continue
        problem, tracks = _pricing(made)
        pricing = Pricing(problem, tracks)
        size, limited = pricing.flat(pricing.first()).size, np.isfinite(pricing._limited)
        for _ in range(20):
            prices = pricing.lawful(rng.normal(0, rng.choice([1, 10, 60]), size))
            prices = prices._replace(shifts=np.where(limited, prices.shifts, 0.0))
            bound, held = pricing.asked(prices)
            assert np.isfinite(bound) and bound <= cheapest + 1e-6, seed
            seen.update(days=float(held.there.sum()) > 0, weekends=float((prices.weekends * held.weekends).sum()) > 0)
        bound, _ = bound_by_prices(problem, tracks, Clock(lambda: True, lambda: 1e9), lambda _: None, rounds=150)
        assert bound <= cheapest + 1e-6, seed
        tight += bound > 0.95 * cheapest
    assert tight >= 8 and min(seen.values()) >= 50


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
