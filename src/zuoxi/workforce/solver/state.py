# SPDX-License-Identifier: Apache-2.0
"""A roster being worked on: lines put in and taken out, its cover and price kept up to date."""

from __future__ import annotations

import numpy as np

from zuoxi.workforce.solver.problem import (
    OFF,
    Floats,
    Ints,
    Problem,
    cover_of,
    cover_price,
    marginal,
)
from zuoxi.workforce.solver.tracks import Track


class State:
    """`lines[person, day]`; a person who is taken out has a line of days off until one is put back."""

    def __init__(self, problem: Problem, tracks: list[Track], lines: Ints) -> None:
        self.problem, self.tracks = problem, tracks
        self.lines = lines.copy()
        self.there = cover_of(problem, lines)

    def price(self) -> float:
        people, days = np.nonzero(self.lines >= 0)
        wishes = float(self.problem.cost[people, days, self.lines[people, days]].sum())
        return self.problem.constant + wishes + cover_price(self.problem, self.there)

    def take(self, person: int, first: int, end: int) -> None:
        days = np.flatnonzero(self.lines[person, first:end] >= 0) + first
        self.there[days, self.lines[person, days]] -= 1
        self.lines[person, first:end] = OFF

    def put(self, person: int, first: int, line: Ints) -> None:
        days = np.flatnonzero(line >= 0)
        self.there[days + first, line[days]] += 1
        self.lines[person, first : first + len(line)] = line

    def costs(self, person: int, first: int, end: int) -> Floats:
        """[day, shift]: what the person there would add, with everybody else as he is."""
        return self.problem.cost[person, first:end] + marginal(self.problem, self.there)[first:end]

    def set_to(self, lines: Ints) -> None:
        self.lines = lines.copy()
        self.there = cover_of(self.problem, lines)
