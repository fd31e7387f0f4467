# SPDX-License-Identifier: Apache-2.0
from itertools import product

import numpy as np
import pytest

from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.fixing import FREE
from zuoxi.workforce.solver.problem import OFF, problem_of
from zuoxi.workforce.solver.tests.samples import instance
from zuoxi.workforce.solver.tracks import NOTHING, Track

pytestmark = pytest.mark.once


def _lawful(made, problem):
    """Every lawful line of the one person, by the independent checker."""
    name = problem.names[0]
    for line in product((OFF, *range(len(problem.shifts))), repeat=problem.days):
        roster = {name: [problem.shifts[shift] if shift >= 0 else "" for shift in line]}
        if not check(made, roster).breaches:
            yield np.array(line)


def _price(costs, line):
    days = np.flatnonzero(line >= 0)
    return float(costs[days, line[days]].sum())


@pytest.mark.parametrize("seed", range(12))
def test_the_best_line_is_the_best_of_all_lawful_ones(seed):
    made = instance(seed, people=1, days=8, tight=seed % 2 == 0)
    problem = problem_of(made)
    costs = np.random.default_rng(seed).normal(0, 10, (problem.days, len(problem.shifts)))
    track = Track(problem, 0)
    value, line = track.best(costs, track.whole(), seed)
    prices = sorted(_price(costs, one) for one in _lawful(made, problem))
    if not prices:
        assert line is None and value == NOTHING
        return
    assert value == pytest.approx(prices[0])
    assert not check(made, problem.named(line[None, :])).breaches
    below = prices[len(prices) // 3] + 1e-7
    solved = track.solved(costs, track.whole())
    found, complete = track.listed(solved, costs, below, 100_000)
    assert complete
    assert sorted(_price(costs, one) for one in found) == pytest.approx([one for one in prices if one <= below])


@pytest.mark.parametrize("seed", range(6))
def test_a_stretch_is_the_best_of_all_lawful_lines_that_keep_the_rest(seed):
    made = instance(seed + 100, people=1, days=9, tight=False)
    problem = problem_of(made)
    rng = np.random.default_rng(seed)
    costs = rng.normal(0, 10, (problem.days, len(problem.shifts)))
    lines = list(_lawful(made, problem))
    for line in [lines[int(rng.integers(len(lines)))] for _ in range(20)]:
        first = int(rng.integers(0, 7))
        end = int(rng.integers(first + 1, 10))
        track = Track(problem, 0)
        part = track.stretch(line, first, end)
        value, inside = track.best(costs[part.first : part.end], part, 1)
        whole = np.concatenate((line[: part.first], inside, line[part.end :]))
        keeps = [one for one in lines if all(one[day] == line[day] for day in (*range(first), *range(end, 9)))]
        assert _price(costs, whole) == pytest.approx(min(_price(costs, one) for one in keeps))
        assert not check(made, problem.named(whole[None, :])).breaches
        assert value == pytest.approx(_price(costs[part.first : part.end], inside))


@pytest.mark.parametrize("seed", range(6))
def test_days_left_open_among_fixed_ones_are_the_best_of_all_lines_that_keep_the_fixed(seed):
    made = instance(seed + 200, people=1, days=9, tight=False)
    problem = problem_of(made)
    rng = np.random.default_rng(seed)
    costs = rng.normal(0, 10, (problem.days, len(problem.shifts)))
    lines = list(_lawful(made, problem))
    for line in [lines[int(rng.integers(len(lines)))] for _ in range(20)]:
        cells = line.copy()
        cells[rng.choice(9, int(rng.integers(1, 7)), replace=False)] = FREE
        track = Track(problem, 0)
        part = track.within(cells)
        _, inside = track.best(costs[part.first : part.end], part, 1)
        whole = cells.copy()
        whole[part.first : part.end] = inside
        fixed = np.flatnonzero(cells != FREE)
        keeps = [one for one in lines if (one[fixed] == cells[fixed]).all()]
        assert (whole[fixed] == cells[fixed]).all()
        assert _price(costs, whole) == pytest.approx(min(_price(costs, one) for one in keeps))
        assert not check(made, problem.named(whole[None, :])).breaches


def test_a_person_whose_limits_leave_no_line_has_none():
    made = instance(3, people=1, days=8)
    name = next(iter(made.people))
    made.days_off[name] = frozenset(range(8))
    track = Track(problem_of(made), 0)
    assert track.best(np.zeros((8, 2)), track.whole(), 1) == (NOTHING, None)
