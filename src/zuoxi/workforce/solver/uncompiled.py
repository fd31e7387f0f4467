# SPDX-License-Identifier: Apache-2.0
"""The loops of `paths` for as long as they are not compiled: the same values, told for all rows and times at once."""

from __future__ import annotations

import numpy as np

from zuoxi.workforce.solver import paths
from zuoxi.workforce.solver.problem import WEEK, Flags, Floats, Ints

# ruff: noqa: PLR0917 - what `paths` takes


def values(
    first: int, rest: int, longest: int, shortest: int, follow: Flags, group: Ints, length: Ints, step: Ints,
    cost: Floats, off_ok: Flags, least: int, most: int,
) -> Floats:  # fmt: skip
    """As `paths.values`."""
    days = len(cost)
    left = np.full((days + 1, rest + len(follow) * longest, step.shape[2], most + 1), np.inf)
    left[days, :, :, max(least, 0) :] = 0.0
    high = int(length.max(initial=0))
    for i in range(days - 1, -1, -1):
        low, top = max(0, least - (days - i) * high), min(most, i * high)
        if low > top:
            continue
        if off_ok[i]:
            for state in range(left.shape[1]):
                run = 0 if state < rest else (state - rest) % longest + 1
                if run <= i and (not run or run >= shortest or (first == 0 and run == i)):
                    after = 0 if run else min(state + 1, rest - 1)
                    left[i, state, :, low : top + 1] = left[i + 1, after, :, low : top + 1]
        week_day = (first + i) % WEEK
        for run in range(min(longest, i + 1)):
            begun = int(week_day == 5 or (week_day == 6 and run == 0))
            worked = [rest + g * longest + run for g in range(len(follow))]
            best = _best(left[i + 1, worked], low, top, group, length, step[:, begun], cost[i])
            for before in range(len(follow) if run else 1):
                state = rest + before * longest + run - 1 if run else rest - 1
                here = left[i, state, :, low : top + 1]
                for g in range(len(follow)):
                    if not run or follow[before, g]:
                        np.minimum(here, best[g], out=here)
    return left


def _best(then: Floats, low: int, top: int, group: Ints, length: Ints, step: Ints, cost: Floats) -> Floats:
    """[group, row, time from `low` to `top`]: the least that a shift of the group costs with what follows it."""
    best = np.full((*then.shape[:2], top - low + 1), np.inf)
    for c in np.flatnonzero(cost < np.inf):
        took, rows = int(length[c]), np.flatnonzero(step[c] >= 0)
        end = min(top, then.shape[2] - 1 - took) + 1
        if low < end:
            came = cost[c] + then[group[c]][step[c, rows], low + took : end + took]
            held = best[group[c], rows, : end - low]
            best[group[c], rows, : end - low] = np.minimum(held, came)
    return best


walk = paths.walk.py_func
