# SPDX-License-Identifier: Apache-2.0
"""The linear programme over whole lines: a line for everybody, cover short or over at its price. Grown line by line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from zuoxi.workforce.solver.problem import Floats, Ints, Problem
from zuoxi.workforce.solver.tracks import Track

TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Column:
    person: int
    line: Ints
    price: float


def column_of(problem: Problem, person: int, line: Ints) -> Column:
    days = np.flatnonzero(line >= 0)
    return Column(person, line, float(problem.cost[person, days, line[days]].sum()))


class Master:
    """`people` get new lines, the cover of everybody else is `there`. Cover prices are between -over and under."""

    def __init__(self, problem: Problem, people: Sequence[int], there: Ints) -> None:
        self.problem, self.people = problem, people
        self.columns: list[Column] = []
        self._known: set[tuple[int, bytes]] = set()
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        # Where nothing is simplified before, a solution goes on from the last one.
        self.solver.SetSolverSpecificParametersAsString("use_preprocessing:false")
        self.variables: list[pywraplp.Variable] = []
        endless = self.solver.infinity()
        goal = self.solver.Objective()
        self._persons = {person: self.solver.Constraint(1.0, 1.0) for person in people}
        self._cover: dict[tuple[int, int], pywraplp.Constraint] = {}
        self.slacks: dict[tuple[int, int], tuple[pywraplp.Variable, pywraplp.Variable]] = {}
        for day, shift in zip(*np.nonzero((problem.under > 0) | (problem.over > 0)), strict=True):
            wanted = float(problem.wanted[day, shift] - there[day, shift])
            row = self.solver.Constraint(wanted, wanted)
            short, extra = (self.solver.NumVar(0.0, endless, "") for _ in range(2))
            for slack, sign, price in ((short, 1.0, problem.under), (extra, -1.0, problem.over)):
                row.SetCoefficient(slack, sign)
                goal.SetCoefficient(slack, float(price[day, shift]))
            self._cover[int(day), int(shift)] = row
            self.slacks[int(day), int(shift)] = short, extra
        goal.SetMinimization()

    def add(self, column: Column) -> bool:
        """False: it is there already."""
        key = column.person, column.line.tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        variable = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.solver.Objective().SetCoefficient(variable, column.price)
        self._persons[column.person].SetCoefficient(variable, 1.0)
        days = np.flatnonzero(column.line >= 0)
        for day, shift in zip(days.tolist(), column.line[days].tolist(), strict=True):
            if (row := self._cover.get((day, shift))) is not None:
                row.SetCoefficient(variable, 1.0)
        self.columns.append(column)
        self.variables.append(variable)
        return True

    def solve(self, seconds: float) -> bool:
        self.solver.SetTimeLimit(max(int(seconds * 1000), 1))
        return bool(self.solver.Solve() == pywraplp.Solver.OPTIMAL)

    def value(self) -> float:
        """Of the wishes of these people and of all cover, without the constant."""
        return float(self.solver.Objective().Value())

    def shares(self) -> Floats:
        return np.array([variable.solution_value() for variable in self.variables])

    def prices(self) -> tuple[Floats, dict[int, float]]:
        """What one more [day, shift] is worth, and what each person's line has to beat."""
        cover = np.zeros((self.problem.days, len(self.problem.shifts)))
        for spot, row in self._cover.items():
            cover[spot] = row.dual_value()
        return cover, {person: row.dual_value() for person, row in self._persons.items()}

    def spare(self, price: float) -> None:
        """Somebody or something out of nothing for every row at this price, so that no row is ever out of reach."""
        for row in (*self._persons.values(), *self._cover.values()):
            spare = self.solver.NumVar(0.0, self.solver.infinity(), "")
            row.SetCoefficient(spare, 1.0)
            self.solver.Objective().SetCoefficient(spare, price)

    def admit(self, places: Iterable[int]) -> None:
        for place in places:
            self.variables[place].SetUb(self.solver.infinity())

    def bar(self, places: Iterable[int]) -> None:
        for place in places:
            self.variables[place].SetUb(0.0)


@dataclass(slots=True)
class Priced:
    """A round of pricing: the bound of these prices (when it was for everybody), how many lines were new."""

    bound: float
    new: int


def price_round(
    master: Master,
    tracks: list[Track],
    cover: Floats,
    people: Collection[int],
    *,
    seed: int,
    beat: dict[int, float] | None = None,
    going: Callable[[], bool] = lambda: True,
) -> Priced:
    """The best line of each of `people` at these prices goes into the master, if it is below `beat`.

    No bound when the time ends before."""
    problem, total, new = master.problem, 0.0, 0
    for person in people:
        if not going():
            return Priced(-np.inf, new)
        track = tracks[person]
        value, line = track.best(problem.cost[person] - cover, track.whole(), seed + person)
        total += value
        if line is not None and (beat is None or value < beat[person] - TINY):
            new += master.add(column_of(problem, person, line))
    return Priced(problem.constant + float((cover * problem.wanted).sum()) + total, new)


@dataclass(slots=True)
class Root:
    """`cover`: the prices of the best bound; `bound`: what no roster can be below, before rounding up."""

    cover: Floats
    bound: float
    value: float
    done: bool


def root(
    master: Master,
    tracks: list[Track],
    going: Callable[[], bool],
    left: Callable[[], float],
    told: Callable[[float], None],
    *,
    smooth: float = 0.6,
) -> Root:
    """Columns for everybody until the bound meets the programme's value, prices smoothed towards the best bound's."""
    problem = master.problem
    people = range(problem.people)
    low, high = -problem.over, problem.under
    best = Root(np.clip(np.zeros_like(problem.under), low, high), -np.inf, np.inf, False)
    held: Floats | None = None
    turn = 0
    while going():
        if not master.solve(left()):
            break
        value = master.value() + problem.constant
        best.value = value
        if value - best.bound < 1e-3 or np.ceil(best.bound - TINY) >= value - TINY:
            best.done = True
            break
        cover, _ = master.prices()
        cover = np.clip(cover, low, high)
        share = smooth if held is not None else 0.0
        asked = share * held + (1 - share) * cover if held is not None else cover
        found = price_round(master, tracks, asked, people, seed=turn, going=going)
        if found.bound > best.bound:
            best.bound, best.cover, held = found.bound, asked, asked
            told(best.bound)
        elif held is not None:
            exact = price_round(master, tracks, cover, people, seed=turn, going=going)
            if exact.bound > best.bound:
                best.bound, best.cover, held = exact.bound, cover, cover
                told(best.bound)
            if not exact.new and not found.new:
                best.done = True
                break
        turn += 1
    return best
