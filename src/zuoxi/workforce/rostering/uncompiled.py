# SPDX-License-Identifier: Apache-2.0
"""People placed without compiled loops, for as long as they are not compiled. Import inside the function that needs
it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zuoxi.workforce.rostering import kernels
from zuoxi.workforce.rostering.layout import Array, Layout
from zuoxi.workforce.rostering.problem import SLOTS

_judge: Any = kernels.judge
judge: Callable[..., float] = getattr(_judge, "py_func", _judge)
GIVEN = 1e6
"""Below the price of a pattern that is not given on the day."""


def place(layout: Layout, counts: Array, over: Callable[[], bool]) -> Array:
    """A lawful roster of the counts [k, o, d], day by day, those furthest behind their hours first; whoever had no turn
    until it is `over` rests."""
    tables, roster, left = layout.tables, layout.start.copy(), counts.copy()
    people, days = np.nonzero(roster)
    np.subtract.at(left, (tables.kind[people], roster[people, days], days), 1)
    worked = tables.p_worked[tables.o_pattern]
    done = np.zeros(len(roster))
    np.add.at(done, people, worked[tables.kind[people], roster[people, days]])
    most = np.maximum(tables.limits[:, kernels.MOST], 1)
    for d in range(roster.shape[1]):
        goes_on = roster[:, d - 1] > 0 if d else np.zeros(len(roster), np.bool_)
        for i in np.argsort(done / most - 0.1 * goes_on, kind="stable"):
            if over():
                return roster
            if not tables.free[i, d] or roster[i, d]:
                continue
            k = tables.kind[i]
            wanted = np.flatnonzero(left[k, 1:, d] > 0) + 1
            for o in wanted[np.argsort(-left[k, wanted, d], kind="stable")]:
                if done[i] + worked[k, o] > most[i]:
                    continue
                roster[i, d] = o
                if judge(tables, i, roster[i]) < GIVEN:
                    left[k, o, d] -= 1
                    done[i] += worked[k, o]
                    break
                roster[i, d] = 0
    return roster


def cover_of(layout: Layout, roster: Array) -> Array:
    """[line, half hour]: how many are there."""
    tables = layout.tables
    cover = np.zeros((len(layout.lines), layout.slots), np.int64)
    people, days = np.nonzero(roster)
    for i, d in zip(people.tolist(), days.tolist(), strict=True):
        k, o = tables.kind[i], roster[i, d]
        p = tables.o_pattern[k, o]
        slots = d * SLOTS + tables.p_slots[p, : tables.p_count[p]]
        for line in tables.o_lines[k, o]:
            if line >= 0:
                cover[line, slots[slots < layout.slots]] += 1
    return cover
