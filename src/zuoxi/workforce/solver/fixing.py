# SPDX-License-Identifier: Apache-2.0
"""Days of people fixed one after another between two rounds of pricing, until the programme has a line for everybody.

To fix a day says much less than to fix a line: the lines of the next round still go where the others leave room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from zuoxi.workforce.solver.master import TINY, Column, Master, column_of
from zuoxi.workforce.solver.problem import OFF, Floats, Ints
from zuoxi.workforce.solver.tracks import Stretch, Track

FREE = OFF - 1
"""A day of a person on which nothing is fixed."""
WHOLE = 1 - 1e-6


@dataclass(slots=True)
class Fixings:
    """`cells[person][day]`: FREE, OFF or the shift. Columns of the master against them are barred."""

    master: Master
    tracks: list[Track]
    cells: dict[int, Ints]
    _alive: dict[int, list[int]] = field(init=False)
    _seen: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._alive = {person: [] for person in self.cells}

    def open_people(self) -> list[int]:
        return [person for person, cells in self.cells.items() if (cells == FREE).any()]

    def stretch(self, person: int) -> Stretch:
        return self.tracks[person].within(self.cells[person])

    def fits(self, column: Column) -> bool:
        cells = self.cells[column.person]
        return bool(((cells == FREE) | (cells == column.line)).all())

    def price(self, cover: Floats, beat: Mapping[int, float], seed: int, going: Callable[[], bool]) -> int:
        """The best line of everybody who is not fixed, where it beats what he has; how many were new."""
        new, problem = 0, self.master.problem
        for person in self.open_people():
            if not going():
                break
            costs, one, cells = problem.cost[person] - cover, self.stretch(person), self.cells[person]
            _, part = self.tracks[person].best(costs[one.first : one.end], one, seed + person)
            if part is None:
                continue
            line = cells.copy()
            line[one.first : one.end] = part
            works = np.flatnonzero(line >= 0)
            if float(costs[works, line[works]].sum()) < beat[person] - TINY:
                new += self.master.add(column_of(problem, person, line))
        return new

    def fix(self, shares: Floats, *, sure: float, haste: float, rng: np.random.Generator) -> None:
        """Cells of a share of `sure` and more, and of the others the surest, at least one."""
        self._take_in()
        doubtful: list[tuple[float, int, int, int]] = []
        for person, places in self._positive(shares).items():
            if len(places) == 1 and shares[places[0]] > WHOLE:
                continue
            lines = np.array([self.master.columns[place].line for place in places])
            same = lines[:, None, :] == lines[None, :, :]
            held = (same * shares[places][None, :, None]).sum(axis=1)
            best = held.argmax(axis=0)
            days = np.flatnonzero(self.cells[person] == FREE)
            tops = held[best[days], days]
            for place in np.argsort(-tops, kind="stable"):
                day, top = int(days[place]), float(tops[place])
                value = int(lines[best[day], day])
                if top < sure:
                    doubtful.append((top * (1 + 0.1 * rng.random()), person, day, value))
                else:
                    self._set(person, day, value)
        doubtful.sort(reverse=True)
        many = max(1, round(haste * len(doubtful)))
        for _, person, day, value in doubtful:
            many -= self._set(person, day, value)
            if many <= 0:
                break

    def _take_in(self) -> None:
        for place in range(self._seen, len(self.master.columns)):
            self._alive[self.master.columns[place].person].append(place)
        self._seen = len(self.master.columns)

    def _positive(self, shares: Floats) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for place in np.flatnonzero(shares > 1e-6):
            found.setdefault(self.master.columns[place].person, []).append(int(place))
        return found

    def _set(self, person: int, day: int, value: int) -> bool:
        """False: no line of the master would be left to the person."""
        columns = self.master.columns
        kept = [place for place in self._alive[person] if columns[place].line[day] == value]
        if not kept:
            return False
        self.master.bar(place for place in self._alive[person] if columns[place].line[day] != value)
        self._alive[person] = kept
        self.cells[person][day] = value
        return True
