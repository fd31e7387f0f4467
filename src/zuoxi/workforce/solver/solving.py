# SPDX-License-Identifier: Apache-2.0
"""Rosters for published instances: the best found in a given time, with a bound that no roster can be below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np

from zuoxi.workforce.solver.instances import Instance
from zuoxi.workforce.solver.problem import problem_of
from zuoxi.workforce.solver.ruin import first_lines, ruin
from zuoxi.workforce.solver.state import State
from zuoxi.workforce.solver.tracks import Track


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work is: seconds since its begin, the best objective, the bound (None while there is none)."""

    stage: str
    seconds: float
    objective: float
    bound: float | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """`began`: monotonic seconds from which `seconds` count; `steps` ends each search after so many steps, for repeats
    that have to be equal; `stop` says that enough is found."""

    seconds: float
    seed: int = 1
    workers: int = 1
    began: float | None = None
    steps: int | None = None
    stop: Callable[[], bool] = lambda: False
    told: Callable[[Progress], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Answer:
    roster: dict[str, list[str]]
    objective: int
    bound: int | None
    seconds: float

    @property
    def proved(self) -> bool:
        return self.bound is not None and self.bound >= self.objective


class NoAnswer(Exception):
    """The time ended before any lawful roster was found."""


def solve(instance: Instance, wanted: Wanted) -> Answer:
    """Raises Unreadable when somebody's limits leave no lawful line, NoAnswer when the time is too short."""
    began = monotonic() if wanted.began is None else wanted.began
    problem = problem_of(instance)
    tracks = [Track(problem, person) for person in range(problem.people)]
    rng = np.random.default_rng(wanted.seed)

    def going() -> bool:
        return monotonic() - began < wanted.seconds and not wanted.stop()

    lines = first_lines(problem, tracks, rng)
    if lines is None:
        raise NoAnswer
    state = State(problem, tracks, lines)
    objective, lines = ruin(state, rng, _counted(going, wanted.steps), 50, 0.9995)
    return Answer(problem.named(lines), round(objective), None, monotonic() - began)


def _counted(going: Callable[[], bool], steps: int | None) -> Callable[[], bool]:
    left = steps

    def more() -> bool:
        nonlocal left
        if left is None:
            return going()
        left -= 1
        return left >= 0 and going()

    return more
