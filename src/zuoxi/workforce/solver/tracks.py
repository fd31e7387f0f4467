# SPDX-License-Identifier: Apache-2.0
"""Exact best lines of one person, over the whole horizon or a stretch of it, everything else of the line kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from types import ModuleType
from typing import NamedTuple

import numpy as np

from zuoxi.workforce.solver import paths
from zuoxi.workforce.solver.problem import OFF, SATURDAY, WEEK, Flags, Floats, Ints, Problem

NOTHING = 1e30


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days `first` to `end` of a line, widened over whole runs: what is fixed in them and what is left to spend."""

    first: int
    end: int
    open: Flags
    off_ok: Flags
    begins_off: bool
    least: int
    most: int
    weekends: int
    limits: Ints


class Solved(NamedTuple):
    """The values of a stretch, for walking and listing. `value`: the least price, NOTHING when nothing is lawful."""

    value: float
    left: Floats
    by_class: Floats
    steps: Ints
    at: int
    start: int


class Shape(NamedTuple):
    """The shifts of a person in classes, those in groups; `steps` by the limits they were made for."""

    class_of: Ints
    group: Ints
    length: Ints
    follow: Flags
    steps: dict[tuple[int, ...], Ints]


@dataclass(slots=True)
class Track:
    """A person's rules. `counted`: shifts whose number is watched inside the search, because the last best line had as
    many as it may; all others are looked at afterwards. `loops`: what has `values` and `walk`, compiled or not."""

    problem: Problem
    person: int
    counted: tuple[int, ...] = ()
    loops: ModuleType = paths
    rest: int = field(init=False)
    longest: int = field(init=False)
    shortest: int = field(init=False)
    _shapes: dict[tuple[int, ...], Shape] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        problem, person = self.problem, self.person
        self.rest, self.shortest = int(problem.rest[person]), int(problem.shortest[person])
        self.longest = max(int(problem.longest[person]), 1)

    @property
    def shape(self) -> Shape:
        if self.counted not in self._shapes:
            self._shapes[self.counted] = self._classes()
        return self._shapes[self.counted]

    def _classes(self) -> Shape:
        """Shifts that nothing but their price tells apart are one class."""
        problem, most_of = self.problem, self.problem.most_of[self.person]
        usable = [shift for shift in range(len(problem.shifts)) if most_of[shift] > 0]
        keys: dict[tuple[object, ...], list[int]] = {}
        for shift in usable:
            after = problem.follow[shift, usable].tobytes()
            before = problem.follow[usable, shift].tobytes()
            alone = shift if shift in self.counted else OFF
            keys.setdefault((int(problem.minutes[shift]), after, before, alone), []).append(shift)
        groups = list(keys.values())
        class_of = np.full(len(problem.shifts), OFF, dtype=np.int64)
        for number, group in enumerate(groups):
            class_of[group] = number
        firsts = np.array([group[0] for group in groups], dtype=np.int64)
        alike: dict[tuple[object, object], int] = {}
        group = [alike.setdefault((key[1], key[2]), len(alike)) for key in keys]
        some = np.array([firsts[group.index(number)] for number in range(len(alike))], dtype=np.int64)
        follow = np.ascontiguousarray(problem.follow[np.ix_(some, some)])
        length = problem.minutes[firsts].astype(np.int64)
        return Shape(class_of, np.array(group, dtype=np.int64), length, follow, {})

    def whole(self) -> Stretch:
        problem, person, days = self.problem, self.person, self.problem.days
        off_ok = np.ones(days, dtype=np.bool_)
        least, most = int(problem.least[person]), int(problem.most[person])
        weekends, limits = int(problem.weekends[person]), problem.most_of[person]
        return Stretch(0, days, problem.may(person), off_ok, False, least, most, weekends, limits)

    def within(self, cells: Ints) -> Stretch:
        """From the first open day (below OFF) to the last, widened over whole runs, with what is fixed between them."""
        problem, person, days = self.problem, self.person, self.problem.days
        free = np.flatnonzero(cells < OFF)
        first, last = (int(free[0]), int(free[-1])) if len(free) else (0, days - 1)
        begin, stop = _run_start(cells, first), _run_end(cells, last + 1, days)
        part = cells[begin:stop]
        may = problem.may(person)[begin:stop].copy()
        off_ok = np.ones(stop - begin, dtype=np.bool_)
        fixed, works = np.flatnonzero(part >= OFF), np.flatnonzero(part > OFF)
        allowed = may[works, part[works]]
        may[fixed] = False
        may[works, part[works]], off_ok[works] = allowed, False
        return self._part(cells, begin, stop, may, off_ok)

    def stretch(self, line: Ints, first: int, end: int) -> Stretch:
        """Days `first` to `end` free, the runs at both sides inside the search but fixed."""
        problem, person, days = self.problem, self.person, self.problem.days
        begin, stop = _run_start(line, first), _run_end(line, end, days)
        may = problem.may(person)[begin:stop].copy()
        off_ok = np.ones(stop - begin, dtype=np.bool_)
        for day in (*range(begin, first), *range(end, stop)):
            may[day - begin] = False
            if line[day] != OFF:
                may[day - begin, line[day]], off_ok[day - begin] = True, False
        return self._part(line, begin, stop, may, off_ok)

    def _part(self, line: Ints, begin: int, stop: int, may: Flags, off_ok: Flags) -> Stretch:
        """What the days outside leave to days `begin` to `stop`."""
        problem, person = self.problem, self.person
        outside = np.concatenate((line[:begin], line[stop:]))
        spent = int(problem.minutes[outside[outside >= 0]].sum())
        counts = np.bincount(outside[outside >= 0], minlength=len(problem.shifts))
        return Stretch(
            first=begin,
            end=stop,
            open=may,
            off_ok=off_ok,
            begins_off=begin > 0 and line[begin] == OFF,
            least=max(int(problem.least[person]) - spent, 0),
            most=int(problem.most[person]) - spent,
            weekends=int(problem.weekends[person]) - (_weekends(line, 0) - _weekends(line[begin:stop], begin)),
            limits=problem.most_of[person] - counts,
        )

    def onward(self, line: Ints, first: int, end: int, room: int) -> Stretch:
        """Days `first` to `end` free after what is set before; of the totals the share of the days until `end`, give or
        take `room` days of work. What follows `end` is not looked at."""
        problem, person, days = self.problem, self.person, self.problem.days
        begin, free = _run_start(line, first), problem.free[person]
        share = float(free[:end].sum() / max(int(free.sum()), 1)) if end < days else 1.0
        may = problem.may(person)[begin:end].copy()
        off_ok = np.ones(end - begin, dtype=np.bool_)
        for day in range(begin, first):
            may[day - begin] = False
            if line[day] != OFF:
                may[day - begin, line[day]], off_ok[day - begin] = True, False
        before = line[:begin]
        spent = int(problem.minutes[before[before >= 0]].sum())
        margin = room * int(problem.minutes.max(initial=1)) if end < days else 0
        least, most = int(problem.least[person]), int(problem.most[person])
        limits = np.minimum(problem.most_of[person], np.ceil(problem.most_of[person] * share) + room).astype(np.int64)
        spare = room // 2 if room > 2 else 0
        weekends = min(int(problem.weekends[person]), int(np.ceil(problem.weekends[person] * share)) + spare)
        return Stretch(
            first=begin,
            end=end,
            open=may,
            off_ok=off_ok,
            begins_off=begin > 0 and line[begin] == OFF,
            least=max(int(least * share) - margin - spent, 0),
            most=min(most, int(most * share) + margin) - spent,
            weekends=weekends - _weekends(before, 0),
            limits=limits - np.bincount(before[before >= 0], minlength=len(problem.shifts)),
        )

    def size(self, stretch: Stretch) -> int:
        """How many values a search over it holds."""
        states = self.rest + len(self.shape.follow) * self.longest
        rows = int(self._stepping(stretch).shape[2])
        return (stretch.end - stretch.first) * states * rows * (stretch.most + 1)

    def solved(self, costs: Floats, stretch: Stretch) -> Solved:
        """`costs`: [day of the stretch, shift]."""
        days, shape = stretch.end - stretch.first, self.shape
        by_class = np.full((days, len(shape.length)), np.inf)
        offered = np.where(stretch.open, costs, np.inf)
        for shift, number in enumerate(shape.class_of):
            if number >= 0:
                np.minimum(by_class[:, number], offered[:, shift], out=by_class[:, number])
        steps = self._stepping(stretch)
        top = min(stretch.most, days * int(shape.length.max(initial=0)))
        at, start = (1, 0) if stretch.begins_off else (0, self.rest - 1)
        if stretch.weekends < 0 or top < stretch.least or (stretch.begins_off and not stretch.off_ok[0]):
            return Solved(NOTHING, np.full((1, 1, 1, 1), np.inf), by_class, steps, at, start)
        left = self.loops.values(
            stretch.first, self.rest, self.longest, self.shortest, shape.follow, shape.group, shape.length,
            steps, by_class, stretch.off_ok, stretch.least, top,
        )  # fmt: skip
        value = float(left[at, start, 0, 0])
        return Solved(value if np.isfinite(value) else NOTHING, left, by_class, steps, at, start)

    def best(self, costs: Floats, stretch: Stretch, seed: int) -> tuple[float, Ints | None]:
        """The least price and a line of it, equal ones drawn by `seed`; None when nothing is lawful."""
        while True:
            solved = self.solved(costs, stretch)
            if solved.value >= NOTHING:
                return NOTHING, None
            line = self.walked(solved, costs, stretch, seed)
            there = np.bincount(line[line >= 0], minlength=len(stretch.limits))
            over = np.flatnonzero(there > stretch.limits)
            if not len(over):
                self.counted = tuple(shift for shift in self.counted if there[shift] >= stretch.limits[shift])
                return solved.value, line
            self.counted = tuple(sorted((*self.counted, int(over[0]))))

    def walked(self, solved: Solved, costs: Floats, stretch: Stretch, seed: int) -> Ints:
        """A best line of what was solved; it may have too many of a shift that is not watched."""
        shape = self.shape
        classes = self.loops.walk(
            solved.left, solved.at, solved.start, stretch.first, self.rest, self.longest, self.shortest,
            shape.follow, shape.group, shape.length, solved.steps, solved.by_class, stretch.off_ok, seed,
        )  # fmt: skip
        days = np.flatnonzero(classes >= 0)
        offered = np.where(stretch.open[days], costs[days], np.inf)
        offered[shape.class_of[None, :] != classes[days, None]] = np.inf
        line = np.full(len(classes), OFF, dtype=np.int64)
        line[days] = offered.argmin(axis=1) if len(days) else OFF
        return line

    def listed(self, solved: Solved, costs: Floats, below: float, limit: int) -> tuple[Ints, bool]:
        """All lines over the whole horizon at `below` or less; False when there are more than `limit`."""
        stretch, shape = self.whole(), self.shape
        offered = np.where(stretch.open, costs, np.inf)
        found, count, complete = paths.listed(
            solved.left, 0, self.rest, self.longest, self.shortest, shape.follow, shape.group, shape.length,
            solved.steps,
            solved.by_class, stretch.off_ok, below, limit, shape.class_of, offered, stretch.limits,
        )  # fmt: skip
        return found[:count].astype(np.int64), bool(complete)

    def _stepping(self, stretch: Stretch) -> Ints:
        """[class, weekend begun, row]: the row after. Rows mix weekends worked and the numbers of watched shifts."""
        shape = self.shape
        ahead = (stretch.end + (WEEK - SATURDAY - 1)) // WEEK - (stretch.first + (WEEK - SATURDAY - 1)) // WEEK + 1
        weekends = min(stretch.weekends, ahead) if stretch.weekends < ahead else 0
        counting = stretch.weekends < ahead
        counts = tuple(max(int(stretch.limits[shift]), 0) for shift in self.counted)
        key = (int(counting), weekends, *counts)
        if (known := shape.steps.get(key)) is not None:
            return known
        sizes = (weekends + 1, *(count + 1 for count in counts))
        rows = {row: number for number, row in enumerate(product(*(range(size) for size in sizes)))}
        steps = np.full((len(shape.length), 2, len(rows)), -1, dtype=np.int64)
        watched = [int(shape.class_of[shift]) for shift in self.counted]
        for number in range(len(shape.length)):
            for begun in (0, 1):
                for row, place in rows.items():
                    after = [row[0] + (begun if counting else 0), *row[1:]]
                    for where, one in enumerate(watched, 1):
                        after[where] += one == number
                    steps[number, begun, place] = rows.get(tuple(after), -1)
        shape.steps[key] = steps
        return steps


def _run_start(line: Ints, first: int) -> int:
    """The first day of the run that ends the day before `first`."""
    if first <= 0:
        return 0
    begin = first - 1
    while begin > 0 and (line[begin - 1] == OFF) == (line[first - 1] == OFF):
        begin -= 1
    return begin


def _run_end(line: Ints, end: int, days: int) -> int:
    """One day beyond the run that stands at `end`, so that what follows it is told apart from it."""
    if end >= days:
        return days
    stop = end
    while stop < days and (line[stop] == OFF) == (line[end] == OFF):
        stop += 1
    return min(stop + 1, days)


def _weekends(line: Ints, first: int) -> int:
    """Weekends worked in a line that begins on day `first`."""
    days = np.flatnonzero(line >= 0) + first
    return len(np.unique(days[days % WEEK >= SATURDAY] // WEEK))
