# SPDX-License-Identifier: Apache-2.0
from itertools import islice

import numpy as np
import pytest

from zuoxi.workforce.solver.branching import Branching
from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.diving import Clock
from zuoxi.workforce.solver.instances import Unreadable
from zuoxi.workforce.solver.master import column_of
from zuoxi.workforce.solver.problem import price_of, problem_of
from zuoxi.workforce.solver.ruin import first_lines
from zuoxi.workforce.solver.solving import Wanted, solve
from zuoxi.workforce.solver.tests.samples import instance
from zuoxi.workforce.solver.tracks import Track

pytestmark = pytest.mark.once


class Keeper:
    def __init__(self, price, lines):
        self.price, self.lines, self.bounds = price, lines, []

    def offer(self, price, lines):
        if price < self.price:
            self.price, self.lines = price, lines

    def raise_bound(self, bound):
        self.bounds.append(bound)


def _begun(made):
    problem = problem_of(made)
    tracks = [Track(problem, person) for person in range(problem.people)]
    lines = first_lines(problem, tracks, np.random.default_rng(1), lambda: True)
    columns = [column_of(problem, person, line) for person, line in enumerate(lines)]
    return problem, tracks, lines, columns


def _samples():
    for seed in range(40):
        made = instance(seed, people=4, days=10, shifts=2)
        try:
            yield made, *_begun(made)
        except Unreadable:
            continue


def test_cases_end_at_a_lawful_roster_that_costs_what_the_whole_solver_proves():
    for made, problem, tracks, lines, columns in islice(_samples(), 4):
        keeper = Keeper(price_of(problem, lines), lines)
        cases = Branching(problem, tracks, [], Clock(lambda: True, lambda: 60.0), keeper)
        cases.start(columns, -1e9)
        cases.run()
        proved = solve(made, Wanted(30))
        assert proved.proved
        assert keeper.price == proved.objective
        assert keeper.bounds[-1] == proved.objective
        assert keeper.bounds == sorted(keeper.bounds)
        assert not check(made, problem.named(keeper.lines)).breaches


def test_cases_that_are_stopped_go_on_where_they_were():
    _, problem, tracks, lines, columns = next(_samples())
    ended = []
    for looks in (3, 10**6):
        keeper = Keeper(price_of(problem, lines), lines)
        left = iter(range(looks))
        cases = Branching(
            problem, tracks, [], Clock(lambda left=left: next(left, None) is not None, lambda: 60.0), keeper
        )
        cases.start(columns, -1e9)
        cases.run()
        cases.clock = Clock(lambda: True, lambda: 60.0)
        cases.run()
        ended.append(keeper.bounds[-1])
    assert ended[0] == ended[1]


def test_dear_columns_go_without_a_loss_of_the_bound(monkeypatch):
    monkeypatch.setattr("zuoxi.workforce.solver.branching.KEPT", 30)
    made, problem, tracks, lines, columns = next(_samples())
    keeper = Keeper(price_of(problem, lines), lines)
    cases = Branching(problem, tracks, [], Clock(lambda: True, lambda: 60.0), keeper)
    cases.start(columns, -1e9)
    cases.run()
    assert keeper.bounds[-1] == keeper.price == solve(made, Wanted(30)).objective


def test_two_processes_keep_the_best_of_both():
    made = next(_samples())[0]
    answer = solve(made, Wanted(20, workers=2))
    assert answer.proved
    assert not check(made, answer.roster).breaches
    assert answer.objective == solve(made, Wanted(20)).objective
