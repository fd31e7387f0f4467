# SPDX-License-Identifier: Apache-2.0
"""The roster shared out so that two can work on it at once: different people on different days, with no half hour in
common. Each round another division; who works when does not change what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from zuoxi.workforce.rostering.layout import Array, Layout
from zuoxi.workforce.rostering.problem import DAY

PEOPLE, DAYS = 40, 10
"""Fewer of either are not shared out."""


class Shares:
    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout = layout
        self.people, self.days = layout.start.shape
        self.rng = np.random.default_rng(seed)
        self.late = any(one.end > DAY and not one.reserve for one in layout.problem.patterns)
        self.shared = self.people >= PEOPLE and self.days >= DAYS
        self.everybody = self._sorted(np.arange(self.people))

    def deal(self) -> list[tuple[Array, Array]]:
        """People, by class, and days for each of those who work at once."""
        if not self.shared:
            return [(self.everybody, np.arange(self.days))]
        one, other = self.halves()
        whose = np.zeros(self.days, np.int64)
        for since in self._cuts():
            whose[since:] = 1 - whose[since]
        if self.rng.random() < 0.5:
            whose = 1 - whose
        if self.late:  # a shift of the last day would reach into the first of the other's
            whose[:-1][whose[:-1] != whose[1:]] = 2
        return [(one, np.flatnonzero(whose == 0)), (other, np.flatnonzero(whose == 1))]

    def halves(self) -> list[Array]:
        """The people in two parts, or in one where they are few."""
        if not self.shared:
            return [self.everybody]
        order = self.rng.permutation(self.people)
        return [self._sorted(order[: self.people // 2]), self._sorted(order[self.people // 2 :])]

    def _cuts(self) -> Iterator[int]:
        """Where the days change hands: once about the middle, or also around a stretch in it."""
        quarter = self.days // 4
        if self.rng.random() < 0.5:
            yield int(self.rng.integers(quarter + 1, self.days - quarter))
        else:
            first = int(self.rng.integers(1, 2 * quarter))
            yield first
            yield first + 2 * quarter

    def _sorted(self, people: Array) -> Array:
        return people[np.argsort(self.layout.tables.kind[people], kind="stable")]


def at_once(one: Callable[[int], float], many: int) -> float:
    """The sum of what each of those who work at once makes better or worse."""
    with ThreadPoolExecutor(many) as pool:
        return sum(pool.map(one, range(many)))
