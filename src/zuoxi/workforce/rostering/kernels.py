# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: PLR0917 - compiled loops take arrays, and calls cost
"""The inner loops over people and half hours, compiled at first use. Import inside the function that needs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

from zuoxi.workforce.rostering.layout import Array, Tables

_F = TypeVar("_F", bound=Callable[..., Any])
DAY, SLOTS = 1440, 48
HOURS, ROW, NIGHT, WEEKEND = 0, 1, 2, 3
LEAST, MOST, WEEK, REST, ROW_MOST, ROW_LEAST, NIGHTS, WEEKENDS = range(8)
UNLAWFUL = 1e18


def compiled(function: _F) -> _F:
    made: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return made  # type: ignore[no-any-return]


@compiled
def judge(t: Tables, i: int, row: Array) -> float:
    """What the person's row costs him in wishes, hours and fairness; UNLAWFUL where a hard limit is broken."""
    k = t.kind[i]
    lim = t.limits[i]
    cost, total, nights, weekends, off_days = 0.0, 0, 0, 0, 0
    run, last, in_week = t.before[i, 0], t.before[i, 1], t.before[i, 2]
    week, weekend = 0, -1
    for d in range(row.shape[0]):
        if t.week[d] != week:
            week, in_week = t.week[d], 0
        o = row[d]
        cost += t.wish[i, d, o]
        if o == 0:
            if 0 < run < lim[ROW_LEAST]:
                cost += t.soft[ROW]
            run = 0
            continue
        p = t.o_pattern[k, o]
        if d * DAY + t.p_start[p] - last < lim[REST]:
            return UNLAWFUL
        last = d * DAY + t.p_end[p]
        run += 1
        total += t.p_worked[p]
        in_week += t.p_worked[p]
        nights += t.p_night[p]
        if t.weekend[d] >= 0:
            off_days += 1
            if t.weekend[d] != weekend:
                weekend = t.weekend[d]
                weekends += 1
        if run > lim[ROW_MOST] or in_week > lim[WEEK] or total > lim[MOST]:
            return UNLAWFUL
    if nights > lim[NIGHTS] or weekends > lim[WEEKENDS]:
        return UNLAWFUL
    if total < lim[LEAST]:
        cost += t.soft[HOURS] * (lim[LEAST] - total) / 30
    cost += t.soft[NIGHT] * max(0.0, nights - t.share[i, 0])
    cost += t.soft[WEEKEND] * max(0.0, off_days - t.share[i, 1])
    return float(cost)


@compiled
def slot_cost(t: Tables, line: int, slot: int, have: int) -> float:
    short = t.need[line, slot] - have
    if short > 0:
        return float(
            t.price[line, 0] * short + (t.price[line, 1] - t.price[line, 0]) * max(0.0, short - t.slack[line, slot])
        )
    return float(
        -t.price[line, 2] * short + (t.price[line, 3] - t.price[line, 2]) * max(0.0, -short - t.slack[line, slot])
    )


@compiled
def put(t: Tables, cover: Array, k: int, o: int, d: int, sign: int) -> float:
    """Add or take one person on an option; the change of what the cover costs."""
    if o == 0:
        return 0.0
    p = t.o_pattern[k, o]
    base, delta, end = d * SLOTS, 0.0, t.need.shape[1]
    for place in range(2):
        line = t.o_lines[k, o, place]
        if line < 0:
            break
        for q in range(t.p_count[p]):
            slot = base + t.p_slots[p, q]
            if slot < end:
                have = cover[line, slot]
                delta += slot_cost(t, line, slot, have + sign) - slot_cost(t, line, slot, have)
                cover[line, slot] = have + sign
    return delta


@compiled
def count(t: Tables, roster: Array, cover: Array) -> float:
    """Fill the cover of a roster; what it costs."""
    cover[:] = 0
    for i in range(roster.shape[0]):
        for d in range(roster.shape[1]):
            put(t, cover, t.kind[i], roster[i, d], d, 1)
    cost = 0.0
    for line in range(t.need.shape[0]):
        for slot in range(t.need.shape[1]):
            cost += slot_cost(t, line, slot, cover[line, slot])
    return cost


@compiled
def place(t: Tables, roster: Array, counts: Array, seed: int) -> None:
    """Give every class's counts [k, o, d] to people whom the limits allow, those furthest behind their hours first."""
    np.random.seed(seed)
    people, days = roster.shape
    done = np.zeros(people)
    ahead = np.zeros(people)
    for d in range(days):
        for i in range(people):
            ahead[i] = done[i] / max(t.limits[i, MOST], 1) + 0.01 * np.random.random()
            if d > 0 and roster[i, d - 1] > 0:
                ahead[i] -= 0.1
        order = np.argsort(ahead)
        for i in order:
            if roster[i, d] > 0:
                o = roster[i, d]
                counts[t.kind[i], o, d] -= 1
                done[i] += t.p_worked[t.o_pattern[t.kind[i], o]]
        for i in order:
            if not t.free[i, d] or roster[i, d] > 0:
                continue
            k = t.kind[i]
            best, price = 0, 1e6
            for o in range(1, t.o_count[k]):
                if counts[k, o, d] > 0:
                    roster[i, d] = o
                    cost = judge(t, i, roster[i]) - 0.001 * counts[k, o, d]
                    if cost < price:
                        best, price = o, cost
            roster[i, d] = best
            if best > 0:
                counts[k, best, d] -= 1
                done[i] += t.p_worked[t.o_pattern[k, best]]


@compiled
def reckon(t: Tables, cover: Array, sums: Array, d: int) -> None:
    """Running sums of what one more (0) and one fewer (1) cost in the two days from a day on: [2, line, day, 97]."""
    end = t.need.shape[1]
    for line in range(t.need.shape[0]):
        more, fewer = 0.0, 0.0
        for q in range(2 * SLOTS):
            slot = d * SLOTS + q
            if slot < end:
                have = cover[line, slot]
                now = slot_cost(t, line, slot, have)
                more += slot_cost(t, line, slot, have + 1) - now
                fewer += slot_cost(t, line, slot, have - 1) - now
            sums[0, line, d, q + 1] = more
            sums[1, line, d, q + 1] = fewer


@compiled
def exchange(t: Tables, sums: Array, k: int, d: int, was: int, o: int) -> float:
    """What the cover would cost more were one person's option on a day another one."""
    delta = 0.0
    for place in range(2):
        old = t.o_lines[k, was, place] if was > 0 else -1
        new = t.o_lines[k, o, place] if o > 0 else -1
        if old >= 0:
            p = t.o_pattern[k, was]
            for a in range(t.p_spans.shape[1]):
                delta += sums[1, old, d, t.p_spans[p, a, 1]] - sums[1, old, d, t.p_spans[p, a, 0]]
        if new >= 0:
            p = t.o_pattern[k, o]
            for a in range(t.p_spans.shape[1]):
                delta += sums[0, new, d, t.p_spans[p, a, 1]] - sums[0, new, d, t.p_spans[p, a, 0]]
        if old >= 0 and old == new:
            p, q = t.o_pattern[k, was], t.o_pattern[k, o]
            for a in range(t.p_spans.shape[1]):
                for b in range(t.p_spans.shape[1]):
                    low = max(t.p_spans[p, a, 0], t.p_spans[q, b, 0])
                    high = min(t.p_spans[p, a, 1], t.p_spans[q, b, 1])
                    if low < high:
                        for sign in range(2):
                            delta -= sums[sign, old, d, high] - sums[sign, old, d, low]
    return delta


@compiled
def best_change(
    t: Tables, roster: Array, cover: Array, own: Array, ready: Array, days: Array
) -> tuple[int, int, int, float]:
    """Who could be changed on which of the days to what, to save most: person, day, option, saving; -1 for nobody.

    Whoever is unlawful as he stands is judged by whether he becomes so: his row is left alone.
    """
    sums = np.zeros((2, t.need.shape[0], t.week.shape[0], 2 * SLOTS + 1))
    for d in days:
        reckon(t, cover, sums, d)
    best, who, when, what = 0.0, -1, -1, -1
    for i in range(roster.shape[0]):
        if not ready[i] or own[i] >= UNLAWFUL:
            continue
        k = t.kind[i]
        for d in days:
            if not t.free[i, d]:
                continue
            was = roster[i, d]
            for o in range(1, t.o_count[k]):
                if o == was:
                    continue
                saved = -exchange(t, sums, k, d, was, o)
                if saved <= best:
                    continue
                roster[i, d] = o
                mine = judge(t, i, roster[i])
                roster[i, d] = was
                if mine < UNLAWFUL and saved - (mine - own[i]) > best:
                    best, who, when, what = saved - (mine - own[i]), i, d, o
    return who, when, what, best


@compiled
def best_exchange(
    t: Tables, roster: Array, cover: Array, own: Array, ready: Array, days: Array
) -> tuple[int, int, int, int, float]:
    """Who could come on which of the days and rest on a later one instead, to save most: person, day, option, the day
    of rest, saving; -1 for nobody."""
    sums = np.zeros((2, t.need.shape[0], t.week.shape[0], 2 * SLOTS + 1))
    for d in range(t.week.shape[0]):
        reckon(t, cover, sums, d)
    best, who, when, what, rest = 0.0, -1, -1, -1, -1
    last = days.max()
    for i in range(roster.shape[0]):
        if not ready[i] or own[i] >= UNLAWFUL:
            continue
        k = t.kind[i]
        for d in days:
            if not t.free[i, d] or roster[i, d] > 0:
                continue
            for e in range(last + 1, roster.shape[1]):
                was = roster[i, e]
                if was == 0 or not t.free[i, e]:
                    continue
                gone = exchange(t, sums, k, e, was, 0)
                roster[i, e] = 0
                for o in range(1, t.o_count[k]):
                    saved = -exchange(t, sums, k, d, 0, o) - gone
                    if saved <= best:
                        continue
                    roster[i, d] = o
                    mine = judge(t, i, roster[i])
                    if mine < UNLAWFUL and saved - (mine - own[i]) > best:
                        best, who, when, what, rest = saved - (mine - own[i]), i, d, o, e
                roster[i, d], roster[i, e] = 0, was
    return who, when, what, rest, best
