# SPDX-License-Identifier: Apache-2.0
"""The day goes on with somebody missing: few people touched, the rest of the roster left as it is.

Candidates are those who could lawfully stand in or shift their hours on the day; one step is taken after another, each
the one that saves most, until nothing pays or the allowed number is touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from zuoxi.workforce.rostering.layout import Array, Layout, Tables, lay_out, option_of
from zuoxi.workforce.rostering.problem import Problem

TOUCH = 3
"""People touched for one absence at most, the one who is missing not counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """A cell as it was and will be ("" is a rest), and what it saves of the price. `rest`: a later day on which the
    person rests instead, and the pattern that stood there; None when the other days stay."""

    person: str
    day: int
    before: str
    after: str
    skill: str
    saves: float
    rest: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Replanned:
    """`price` of the day's cover with everybody there, with the absent gone, and after the changes."""

    changes: list[Change]
    before: float
    without: float
    after: float
    roster: Array = field(repr=False)


def options_of(layout: Layout, present: dict[str, tuple[str, ...]], skills: dict[str, tuple[str, ...]]) -> Array:
    """The roster in force as options; whoever stands in no row rests. `skills` as served, "" for the first."""
    problem = layout.problem
    roster = layout.start.copy()
    kind_of = layout.tables.kind
    index = [
        {(problem.patterns[p].id, skill): o for o, (p, skill) in enumerate(kind.options, start=1)}
        for kind in layout.kinds
    ]
    known = [{pattern for pattern, _skill in one} for one in index]
    for i, person in enumerate(problem.people):
        k = int(kind_of[i])
        served = skills.get(person.id, ())
        for day, pattern in enumerate(present.get(person.id, ())):
            if pattern in known[k]:
                roster[i, day] = option_of(index[k], pattern, served[day] if served else "")
    return roster


def replan(
    problem: Problem,
    present: dict[str, tuple[str, ...]],
    absent: Iterable[tuple[str, int]],
    *,
    skills: dict[str, tuple[str, ...]] | None = None,
    touch: int = TOUCH,
    change: float = 40.0,
    fixed: frozenset[str] = frozenset(),
    days_off: bool = False,
) -> Replanned:
    """Change few cells on the days of the absences. `change`: what one touched person has to save at least; `fixed`:
    people who are not to be asked (they have begun, or said no). `days_off`: somebody whose hours are full may come on
    his day off and rest on a later day instead."""
    from zuoxi.workforce.rostering import kernels

    layout = lay_out(problem)
    tables = layout.tables
    roster = options_of(layout, present, skills or {})
    place = {one.id: i for i, one in enumerate(problem.people)}
    gone = [(place[person], day) for person, day in absent]
    cover = np.zeros((len(layout.lines), layout.slots), np.int64)
    before = float(kernels.count(tables, roster, cover))
    lost: set[tuple[int, int]] = set()
    for i, day in gone:
        kernels.put(tables, cover, int(tables.kind[i]), int(roster[i, day]), day, -1)
        roster[i, day] = 0
        lost.add((i, day))
    without = price = float(kernels.count(tables, roster, cover))
    ready = np.array([one.id not in fixed for one in problem.people], np.int8)
    for i, _day in gone:
        ready[i] = 0
    changes: list[Change] = []
    own = np.array([kernels.judge(tables, i, roster[i]) for i in range(len(problem.people))])
    most = touch * max(len({i for i, _day in gone}), 1)
    days = np.array(sorted({day for _i, day in gone}), np.int64)
    while len(changes) < most and days.size:
        step = _step(tables, roster, cover, own, ready, days, days_off=days_off)
        if step.person < 0 or step.saved < change:
            break
        i, kind = step.person, layout.kinds[int(tables.kind[step.person])]
        cells = [(step.day, step.option)] + ([(step.rest, 0)] if step.rest >= 0 else [])
        was = [int(roster[i, day]) for day, _option in cells]
        for (day, option), old in zip(cells, was, strict=True):
            price += float(kernels.put(tables, cover, int(tables.kind[i]), old, day, -1))
            price += float(kernels.put(tables, cover, int(tables.kind[i]), option, day, 1))
            roster[i, day] = option
        own[i] = kernels.judge(tables, i, roster[i])
        ready[i] = 0
        names = ["", *(problem.patterns[pattern].id for pattern, _skill in kind.options)]
        changes.append(
            Change(
                problem.people[i].id,
                step.day,
                names[was[0]],
                names[step.option],
                kind.options[step.option - 1][1],
                round(step.saved, 3),
                (step.rest, names[was[1]]) if step.rest >= 0 else None,
            )
        )
    return Replanned(changes, before, without, price, roster)


class _Step(NamedTuple):
    """The option that a person has on a day, and the day on which he rests instead (-1: none); person -1: no step."""

    person: int
    day: int
    option: int
    rest: int
    saved: float


def _step(  # noqa: PLR0917
    tables: Tables, roster: Array, cover: Array, own: Array, ready: Array, days: Array, *, days_off: bool
) -> _Step:
    """The one that saves most; of two as good the one that leaves the other days as they are."""
    from zuoxi.workforce.rostering import kernels

    person, day, option, saved = kernels.best_change(tables, roster, cover, own, ready, days)
    plain = _Step(int(person), int(day), int(option), -1, float(saved))
    if not days_off:
        return plain
    person, day, option, rest, saved = kernels.best_exchange(tables, roster, cover, own, ready, days)
    moved = _Step(int(person), int(day), int(option), int(rest), float(saved))
    return moved if moved.person >= 0 and moved.saved > plain.saved + 1e-9 else plain
