# SPDX-License-Identifier: Apache-2.0
"""One person's line over a stretch of days as a shortest path: exact, by dynamic programming, compiled.

A state is what a day leaves behind: rest of r days (0 .. rest-1, the last: rested), or k days of work of which the last
was of a group. Beside it stand the `row` (weekends worked and counted shifts, mixed) and the units of time worked.
Values are told from the back, `left[i, state, row, time]`: the least that days i.. can still cost, inf when nothing
lawful follows. So a line is a walk forward, and every line below a price can be listed.
"""

from __future__ import annotations

# ruff: noqa: PLR0912, PLR0915, PLR0917
# Compiled loops: what they take has no names inside, and a call from loop to loop would be a copy of its arrays.
import numpy as np
from numba import njit

OFF = -1


@njit(cache=True, nogil=True)
def values(  # type: ignore[no-untyped-def]
    first, rest, longest, shortest, follow, group, length, step, cost, off_ok, least, most
):
    """`cost[i, class]` (inf: not allowed); `group[class]`: classes that follow and are followed alike, by `follow`;
    `step[class, weekend begun 0/1, row]`: the row after, or -1."""
    days, classes = cost.shape
    rows, groups = step.shape[2], follow.shape[0]
    left = np.full((days + 1, rest + groups * longest, rows, most + 1), np.inf)
    chosen = np.empty((groups, rows, most + 1))
    high = 0
    for c in range(classes):
        high = max(high, length[c])
    left[days, :, :, max(least, 0) :] = 0.0
    for i in range(days - 1, -1, -1):
        low_time = max(0, least - (days - i) * high)
        top_time = min(most, i * high)
        week_day = (first + i) % 7
        if off_ok[i]:
            for state in range(rest + groups * longest):
                after = min(state + 1, rest - 1)
                if state >= rest:
                    run = (state - rest) % longest + 1
                    if run > i or (run < shortest and not (first == 0 and run == i)):
                        continue
                    after = 0
                for row in range(rows):
                    for time in range(low_time, top_time + 1):
                        left[i, state, row, time] = left[i + 1, after, row, time]
        for run in range(min(longest, i + 1)):
            begun = 1 if week_day == 5 or (week_day == 6 and run == 0) else 0
            chosen[:, :, low_time : top_time + 1] = np.inf
            for c in range(classes):
                price, took, g = cost[i, c], length[c], group[c]
                if price == np.inf:
                    continue
                after = rest + g * longest + run
                for row in range(rows):
                    other = step[c, begun, row]
                    if other < 0:
                        continue
                    for time in range(low_time, min(top_time, most - took) + 1):
                        value = price + left[i + 1, after, other, time + took]
                        chosen[g, row, time] = min(chosen[g, row, time], value)
            for before in range(groups if run else 1):
                state = rest + before * longest + run - 1 if run else rest - 1
                for g in range(groups):
                    if run and not follow[before, g]:
                        continue
                    for row in range(rows):
                        for time in range(low_time, top_time + 1):
                            left[i, state, row, time] = min(left[i, state, row, time], chosen[g, row, time])
    return left


@njit(cache=True, nogil=True)
def walk(  # type: ignore[no-untyped-def]
    left, at, start, first, rest, longest, shortest, follow, group, length, step, cost, off_ok, seed
):
    """Classes of one best line from day `at` and state `start`; equal choices are drawn by `seed`."""
    np.random.seed(seed)
    days, classes = cost.shape
    line = np.full(days, OFF, dtype=np.int64)
    state, row, time = start, 0, 0
    most = left.shape[3] - 1
    for i in range(at, days):
        resting = state < rest
        before, run = 0, 0
        if not resting:
            before, run = (state - rest) // longest, (state - rest) % longest + 1
        week_day = (first + i) % 7
        begun = 1 if week_day == 5 or (week_day == 6 and resting) else 0
        wanted = left[i, state, row, time] + 1e-9
        found, chosen, next_state, next_row, next_time = 0, OFF, 0, row, time
        if off_ok[i]:
            after = -1
            if resting:
                after = min(state + 1, rest - 1)
            elif run >= shortest or (first == 0 and run == i):
                after = 0
            if after >= 0 and left[i + 1, after, row, time] <= wanted:
                found, next_state = 1, after
        if (resting and state == rest - 1) or (not resting and run < longest):
            for c in range(classes):
                if cost[i, c] == np.inf or not (resting or follow[before, group[c]]) or time + length[c] > most:
                    continue
                other = step[c, begun, row]
                if other < 0:
                    continue
                after = rest + group[c] * longest + run
                if cost[i, c] + left[i + 1, after, other, time + length[c]] <= wanted:
                    found += 1
                    if np.random.random() * found < 1.0:
                        chosen, next_state, next_row, next_time = c, after, other, time + length[c]
        line[i] = chosen
        state, row, time = next_state, next_row, next_time
    return line


@njit(cache=True, nogil=True)
def listed(  # type: ignore[no-untyped-def]
    left,
    first,
    rest,
    longest,
    shortest,
    follow,
    group,
    length,
    step,
    cost,
    off_ok,
    below,
    limit,
    class_of,
    shift_cost,
    limits,
):
    """Every line of shifts from the first day at `below` or less: (lines, how many, whether all of them fitted in)."""
    days = cost.shape[0]
    shifts = class_of.shape[0]
    most = left.shape[3] - 1
    found = np.full((limit, days), OFF, dtype=np.int16)
    count = 0
    state = np.zeros(days + 1, dtype=np.int64)
    row = np.zeros(days + 1, dtype=np.int64)
    time = np.zeros(days + 1, dtype=np.int64)
    paid = np.zeros(days + 1)
    tried = np.full(days + 1, OFF - 1, dtype=np.int64)
    used = np.zeros(shifts, dtype=np.int64)
    line = np.full(days, OFF, dtype=np.int64)
    state[0] = rest - 1
    i = 0
    while i >= 0:
        if i == days:
            if count == limit:
                return found, count, False
            for d in range(days):
                found[count, d] = line[d]
            count += 1
            i -= 1
            continue
        if tried[i] >= 0:
            used[tried[i]] -= 1
        resting = state[i] < rest
        before, run = 0, 0
        if not resting:
            before, run = (state[i] - rest) // longest, (state[i] - rest) % longest + 1
        week_day = (first + i) % 7
        begun = 1 if week_day == 5 or (week_day == 6 and resting) else 0
        deeper = False
        while tried[i] < shifts - 1:
            tried[i] += 1
            s = tried[i]
            after, other, then, price = -1, row[i], time[i], paid[i]
            if s < 0:
                if off_ok[i]:
                    if resting:
                        after = min(state[i] + 1, rest - 1)
                    elif run >= shortest or (first == 0 and run == i):
                        after = 0
            elif used[s] < limits[s] and shift_cost[i, s] < np.inf:
                c = class_of[s]
                allowed = state[i] == rest - 1 if resting else (run < longest and follow[before, group[c]])
                if allowed and time[i] + length[c] <= most:
                    other = step[c, begun, row[i]]
                    if other >= 0:
                        after = rest + group[c] * longest + run
                        then = time[i] + length[c]
                        price += shift_cost[i, s]
            if after >= 0 and price + left[i + 1, after, other, then] <= below:
                line[i] = s
                if s >= 0:
                    used[s] += 1
                state[i + 1], row[i + 1], time[i + 1], paid[i + 1] = after, other, then, price
                i += 1
                if i < days:
                    tried[i] = OFF - 1
                deeper = True
                break
        if not deeper:
            i -= 1
    return found, count, True
