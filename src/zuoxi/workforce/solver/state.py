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
        return self.problem.constant + self.price_of(0, self.problem.days)

    def price_of(self, first: int, end: int) -> float:
        """Of these days, without the constant."""
        problem, part = self.problem, self.lines[:, first:end]
        people, days = np.nonzero(part >= 0)
        wishes = float(problem.cost[people, days + first, part[people, days]].sum())
        short = np.maximum(problem.wanted[first:end] - self.there[first:end], 0)
        extra = np.maximum(self.there[first:end] - problem.wanted[first:end], 0)
        return wishes + float((short * problem.under[first:end]).sum() + (extra * problem.over[first:end]).sum())

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
        return self.problem.cost[person, first:end] + marginal(self.problem, self.there, first, end)

    def set_to(self, lines: Ints) -> None:
        self.lines = lines.copy()
        self.there = cover_of(self.problem, lines)
