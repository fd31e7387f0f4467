# SPDX-License-Identifier: Apache-2.0
"""Every line that could be part of a better roster, and the best roster of them: a better one, or the proof of none."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread

import numpy as np
from ortools.sat.python import cp_model

from zuoxi.workforce.solver.diving import Clock
from zuoxi.workforce.solver.master import TINY, Column, Root, column_of
from zuoxi.workforce.solver.problem import Ints
from zuoxi.workforce.solver.state import State

MANY = 6000
"""Lines from which on the choice among them is no longer tried."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`lines`: a better roster, if one was found; `bound`: what none can be below, None when nothing was learnt."""

    lines: Ints | None
    bound: float | None


def prove(state: State, root: Root, seed: int, workers: int, clock: Clock) -> Proof:
    price = state.price()
    columns = _in_question(state, root, price - 1 - root.bound, clock)
    return Proof(None, None) if columns is None else _choose(state, columns, price, clock, seed=seed, workers=workers)


def _in_question(state: State, root: Root, slack: float, clock: Clock) -> list[Column] | None:
    """Lines within `slack` of their person's best at the root's prices: no roster a unit cheaper has any other."""
    columns: list[Column] = []
    for person, track in enumerate(state.tracks):
        if not clock.going():
            return None
        costs = state.problem.cost[person] - root.cover
        solved = track.solved(costs, track.whole())
        lines, complete = track.listed(solved, costs, solved.value + slack + TINY, MANY - len(columns))
        if not complete:
            return None
        columns += [column_of(state.problem, person, line) for line in lines]
    return columns


def _choose(state: State, columns: list[Column], price: float, clock: Clock, *, seed: int, workers: int) -> Proof:
    problem, model = state.problem, cp_model.CpModel()
    goal: list[tuple[cp_model.IntVar, int]] = []
    by_person: list[list[cp_model.IntVar]] = [[] for _ in range(problem.people)]
    by_spot: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    chosen = []
    for column in columns:
        one = model.new_bool_var("")
        chosen.append(one)
        by_person[column.person].append(one)
        goal.append((one, round(column.price)))
        days = np.flatnonzero(column.line >= 0)
        for day, shift in zip(days.tolist(), column.line[days].tolist(), strict=True):
            by_spot.setdefault((day, shift), []).append(one)
    for ones in by_person:
        model.add_exactly_one(ones)
    for day, shift in zip(*np.nonzero((problem.under > 0) | (problem.over > 0)), strict=True):
        wanted, there = int(problem.wanted[day, shift]), by_spot.get((int(day), int(shift)), [])
        short, extra = model.new_int_var(0, wanted, ""), model.new_int_var(0, len(there), "")
        model.add(cp_model.LinearExpr.sum(there) + short - extra == wanted)
        goal += [(short, round(problem.under[day, shift])), (extra, round(problem.over[day, shift]))]
    total = cp_model.LinearExpr.weighted_sum([one for one, _ in goal], [weight for _, weight in goal])
    model.add(total <= round(price - problem.constant) - 1)
    model.minimize(total)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(clock.left(), 0.01)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    solver.parameters.catch_sigint_signal = False
    status = _chosen(solver, model, clock)
    if status == cp_model.INFEASIBLE:
        return Proof(None, price)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Proof(None, None)
    lines = state.lines.copy()
    for one, column in zip(chosen, columns, strict=True):
        if solver.boolean_value(one):
            lines[column.person] = column.line
    bound = solver.best_objective_bound + problem.constant
    return Proof(lines, min(bound, price))


def _chosen(solver: cp_model.CpSolver, model: cp_model.CpModel, clock: Clock) -> object:
    """The choice goes on beside, so that the clock is looked at meanwhile."""
    found: list[object] = []
    beside = Thread(target=lambda: found.append(solver.solve(model)), daemon=True)
    beside.start()
    while beside.is_alive():
        beside.join(0.2)
        if not clock.going():
            solver.stop_search()
    return found[0] if found else cp_model.UNKNOWN
