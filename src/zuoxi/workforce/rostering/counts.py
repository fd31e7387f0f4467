# SPDX-License-Identifier: Apache-2.0
"""Counts before people: how many of each class work which pattern on which day, as a linear program.

Whatever lawful roster there is, its counts obey these rows; so the optimum is a bound below every roster's price.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zuoxi.workforce.rostering.layout import RESERVE, Array, Kind, Layout, least_of, most_of
from zuoxi.workforce.rostering.problem import DAY, SLOTS


@dataclass(frozen=True, slots=True)
class Counts:
    """`bound` below every roster; `counts` [class, option, day]; `binding`: rule → share of the price it explains."""

    bound: float
    counts: Array
    binding: dict[str, float] = field(default_factory=dict)


class _Program:
    """Rows by the rule they stand for."""

    def __init__(self, layout: Layout) -> None:
        from ortools.linear_solver import pywraplp

        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.layout = layout
        self.rows: list[tuple[str, Any, float]] = []
        self.price = self.solver.Objective()

    def variable(self, price: float = 0.0, most: float | None = None) -> Any:
        made = self.solver.NumVar(0, self.solver.infinity() if most is None else most, "")
        if price:
            self.price.SetCoefficient(made, price)
        return made

    def at_most(self, rule: str, limit: float) -> Any:
        row = self.solver.Constraint(-self.solver.infinity(), float(limit))
        self.rows.append((rule, row, float(limit)))
        return row


def relax(layout: Layout, seconds: float = 120) -> Counts:
    """Solve the program of the counts. Raises ArithmeticError where the time ends first."""
    program = _Program(layout)
    shape = (len(layout.kinds), int(layout.tables.o_count.max(initial=1)), layout.problem.days)
    cover = _cover_rows(program)
    held: list[list[list[Any]]] = []
    for k, kind in enumerate(layout.kinds):
        mine = [
            [program.variable(most=_most(layout, kind, o, day)) for day in range(layout.problem.days)]
            for o in range(1, len(kind.options) + 1)
        ]
        held.append(mine)
        _serve(program, cover, k, mine)
        _class_rows(program, kind, mine)
        _wishes(program, kind, mine)
    program.solver.SetTimeLimit(int(seconds * 1000))
    if program.solver.Solve() != 0:
        raise ArithmeticError("the counts were not solved within the time")
    counts = np.zeros(shape)
    for k, mine in enumerate(held):
        for o, days in enumerate(mine, start=1):
            counts[k, o] = [one.solution_value() for one in days]
    prices: dict[str, float] = {}
    for rule, row, limit in program.rows:
        prices[rule] = prices.get(rule, 0.0) + abs(row.dual_value() * limit)
    whole = sum(prices.values()) or 1.0
    binding = {rule: price / whole for rule, price in sorted(prices.items(), key=lambda one: -one[1]) if price > 1e-6}
    return Counts(max(program.solver.Objective().Value(), 0.0), counts, binding)


def _most(layout: Layout, kind: Kind, option: int, day: int) -> float | None:
    """A pattern that is not given on a day is had by those alone for whom it is fixed."""
    if day not in layout.problem.patterns[kind.options[option - 1][0]].not_on:
        return None
    return float((layout.start[list(kind.members), day] == option).sum())


def _cover_rows(program: _Program) -> list[list[Any]]:
    """For each line a row by half hour, of the difference to the half hour before: short rows make a fast program."""
    tables, made = program.layout.tables, []
    for line, name in enumerate(program.layout.lines):
        rows, before = [], None
        for slot in range(tables.need.shape[1]):
            single = name == RESERVE
            need = int(tables.need[line, slot])
            step = need if single or not slot else need - int(tables.need[line, slot - 1])
            row = program.solver.Constraint(step, step)
            now = [(one, sign) for one, sign in _deviations(program, line, slot)]
            for one, sign in now:
                row.SetCoefficient(one, sign)
            for one, sign in () if single else before or ():
                row.SetCoefficient(one, -sign)
            before = now
            rows.append(row)
        made.append(rows)
    return made


def _deviations(program: _Program, line: int, slot: int) -> Iterator[tuple[Any, int]]:
    """Near and far below the need, near and far above it."""
    tables = program.layout.tables
    under, under_far, over, over_far = (float(one) for one in tables.price[line])
    slack, need = float(tables.slack[line, slot]), float(tables.need[line, slot])
    if need:
        yield program.variable(under, slack if under_far > under else need), 1
        if under_far > under:
            yield program.variable(under_far), 1
    yield program.variable(over, slack if over_far > over else None), -1
    if over_far > over:
        yield program.variable(over_far), -1


def _serve(program: _Program, cover: list[list[Any]], k: int, mine: list[list[Any]]) -> None:
    tables, lines = program.layout.tables, program.layout.lines
    for o, days in enumerate(mine, start=1):
        pattern = int(tables.o_pattern[k, o])
        slots = {int(one) for one in tables.p_slots[pattern, : tables.p_count[pattern]]}
        for line in (int(one) for one in tables.o_lines[k, o] if one >= 0):
            ends = set() if lines[line] == RESERVE else {slot + 1 for slot in slots} - slots
            steps = [(slot, 1) for slot in slots if lines[line] == RESERVE or slot - 1 not in slots]
            steps += [(slot, -1) for slot in ends]
            for day, variable in enumerate(days):
                for slot, sign in steps:
                    at = day * SLOTS + slot
                    if at < tables.need.shape[1]:
                        cover[line][at].SetCoefficient(variable, sign)


def _class_rows(program: _Program, kind: Kind, mine: list[list[Any]]) -> None:  # noqa: PLR0912
    """What the limits of one person say of all people of a class together."""
    layout, contract, heads = program.layout, kind.contract, len(kind.members)
    problem = layout.problem
    people = [problem.people[one] for one in kind.members]
    patterns = [problem.patterns[place] for place, _skill in kind.options]
    free = layout.tables.free[list(kind.members)]
    fixed = layout.start[list(kind.members)]
    heads_on = [int(((free[:, day] > 0) | (fixed[:, day] > 0)).sum()) for day in range(problem.days)]
    days = range(problem.days)

    def row(rule: str, limit: float, size: Any, over: Any) -> None:
        made = program.at_most(rule, limit)
        for day in over:
            for pattern, variables in zip(patterns, mine, strict=True):
                if value := float(size(pattern, day)):
                    made.SetCoefficient(variables[day], value)

    for day in days:
        row("heads", heads_on[day], lambda _pattern, _day: 1, [day])
    row("minutes_most", sum(most_of(problem, one) for one in people), lambda pattern, _day: pattern.worked, days)
    for week in sorted({problem.week(day) for day in days}):
        already = sum(one.before.week_minutes for one in people) if week == 0 else 0
        here = [day for day in days if problem.week(day) == week]
        row("week_most", heads * contract.week_most - already, lambda pattern, _day: pattern.worked, here)
    for day in range(problem.days - contract.row_most):
        row("row_most", heads * contract.row_most, lambda _pattern, _day: 1, range(day, day + contract.row_most + 1))
    if contract.nights_most < problem.days:
        row("nights_most", heads * contract.nights_most, lambda pattern, _day: pattern.night, days)
    for weekday in (5, 6):
        here = [day for day in days if problem.day(day).weekday() == weekday]
        if contract.weekends_most < len(here):
            row("weekends_most", heads * contract.weekends_most, lambda _pattern, _day: 1, here)
    for since in sorted(
        {one.end for one in patterns if any(_near(one.end, other, contract.rest_least) for other in patterns)}
    ):
        for day in days[:-1]:
            made = program.at_most("rest_least", heads)
            for pattern, variables in zip(patterns, mine, strict=True):
                if pattern.end >= since:
                    made.SetCoefficient(variables[day], 1.0)
                if pattern.start + DAY - since < contract.rest_least:
                    made.SetCoefficient(variables[day + 1], 1.0)
    least = sum(least_of(problem, one) for one in people)
    if least:
        made = program.at_most("minutes_least", -least)
        made.SetCoefficient(program.variable(problem.weights.hours / 30), -1.0)
        for pattern, variables in zip(patterns, mine, strict=True):
            for variable in variables:
                made.SetCoefficient(variable, -float(pattern.worked))


def _near(end: int, other: Any, rest: int) -> bool:
    return bool(other.start + DAY - end < rest)


def _wishes(program: _Program, kind: Kind, mine: list[list[Any]]) -> None:
    """Whoever wishes to be off loses it where more are needed than the others; each at least at the lowest price."""
    layout = program.layout
    wishes: dict[int, list[float]] = {}
    for i in kind.members:
        off = {one.day: one for one in layout.problem.people[i].wishes if one.want == "off"}
        for one in off.values():
            if layout.tables.free[i, one.day]:
                wishes.setdefault(one.day, []).append(one.weight * layout.problem.weights.wish)
    for day, prices in wishes.items():
        free = layout.tables.free[list(kind.members), day] > 0
        fixed = layout.start[list(kind.members), day] > 0
        made = program.at_most("wishes", float((free | fixed).sum() - len(prices)))
        made.SetCoefficient(program.variable(min(prices)), -1.0)
        for variables in mine:
            made.SetCoefficient(variables[day], 1.0)


def whole_counts(counts: Array) -> Array:
    """Counts as whole numbers, day after day, so that what is rounded off one day is made good on the next."""
    made = np.zeros(counts.shape, np.int64)
    owed = np.zeros(counts.shape[:2])
    for day in range(counts.shape[2]):
        owed += counts[:, :, day]
        made[:, :, day] = np.maximum(np.floor(owed + 0.5), 0)
        owed -= made[:, :, day]
    return made
