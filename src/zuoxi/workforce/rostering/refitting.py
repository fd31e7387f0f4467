# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: PLR0912, PLR0915, PLR0917 - compiled loops take arrays, and calls cost
"""The best patterns for one person at a time. Import inside the function that needs it."""

from __future__ import annotations

import numpy as np

from zuoxi.workforce.rostering.kernels import (
    DAY,
    HOURS,
    LEAST,
    MOST,
    REST,
    SLOTS,
    UNLAWFUL,
    compiled,
    judge,
    put,
    slot_cost,
)
from zuoxi.workforce.rostering.layout import Array, Tables


@compiled
def _price_of(t: Tables, cover: Array, k: int, o: int, d: int) -> float:
    """What the cover would cost more with one more on the option."""
    p = t.o_pattern[k, o]
    delta, end = 0.0, t.need.shape[1]
    for place in range(2):
        line = t.o_lines[k, o, place]
        if line < 0:
            break
        for q in range(t.p_count[p]):
            slot = d * SLOTS + t.p_slots[p, q]
            if slot < end:
                have = cover[line, slot]
                delta += slot_cost(t, line, slot, have + 1) - slot_cost(t, line, slot, have)
    return delta


@compiled
def refit(t: Tables, roster: Array, cover: Array, own: Array, i: int, unit: int) -> float:
    """The best patterns for the days on which a person works, with his hours in all kept exactly; the change of cost.

    Dynamic programming over days, last pattern and minutes in steps of `unit`; a result that a limit of weeks, nights
    or weekends forbids is given up.
    """
    k, lim, before = t.kind[i], t.limits[i], roster[i].copy()
    days: Array = np.flatnonzero(before > 0)
    options = t.o_count[k] - 1
    if days.size == 0 or options < 2:
        return 0.0
    patterns = t.o_pattern[k, 1 : options + 1]
    worked = t.p_worked[patterns] // unit
    least_worked, most_worked = worked.min(), worked.max()
    base = 0
    for d in days:
        base += least_worked if t.free[i, d] else t.p_worked[t.o_pattern[k, before[d]]] // unit
    width = min(lim[MOST] // unit - base, days.size * (most_worked - least_worked)) + 1
    if width < 1:
        return 0.0
    cost = own[i]
    for d in days:
        cost -= put(t, cover, k, before[d], d, -1)
    # `cost` is now what the person's shifts are worth as they stand: own cost less what their taking away saved.
    by_end = np.argsort(t.p_end[patterns])
    ends = t.p_end[patterns][by_end]
    n = days.size
    value = np.full((options, width), 1e15)
    parent = np.full((n, options, width), -1, np.int16)
    lowest = np.empty((options, width))
    whose = np.empty((options, width), np.int16)
    for at in range(n):
        d = days[at]
        fresh = np.full((options, width), 1e15)
        if at > 0:
            for m in range(width):
                low, who = 1e15, -1
                for e in range(options):
                    if value[by_end[e], m] < low:
                        low, who = value[by_end[e], m], by_end[e]
                    lowest[e, m], whose[e, m] = low, who
        for o in range(options):
            fixed = not t.free[i, d]
            if fixed and o + 1 != before[d]:
                continue
            more = 0 if fixed else worked[o] - least_worked
            price = _price_of(t, cover, k, o + 1, d) + t.wish[i, d, o + 1]
            start = d * DAY + t.p_start[patterns[o]]
            if at == 0:
                if start - t.before[i, 1] >= lim[REST] and more < width:
                    fresh[o, more] = price
                continue
            upto = np.searchsorted(ends, start - lim[REST] - days[at - 1] * DAY, side="right") - 1
            if upto < 0:
                continue
            for m in range(width - more):
                if lowest[upto, m] < 1e14:
                    fresh[o, m + more] = lowest[upto, m] + price
                    parent[at, o, m + more] = whose[upto, m]
        value = fresh
    best, best_o, best_m = 1e15, -1, -1
    for o in range(options):
        for m in range(width):
            short = max(0, lim[LEAST] - (base + m) * unit)
            price = value[o, m] + t.soft[HOURS] * short / 30
            if price < best:
                best, best_o, best_m = price, o, m
    if best_o >= 0:
        o, m = best_o, best_m
        for back in range(n):
            at = n - 1 - back
            d = days[at]
            roster[i, d] = o + 1
            last = parent[at, o, m]
            m -= worked[o] - least_worked if t.free[i, d] else 0
            o = last
    mine = judge(t, i, roster[i]) if best_o >= 0 else UNLAWFUL
    now = mine
    if mine < UNLAWFUL:
        for d in days:
            now += put(t, cover, k, roster[i, d], d, 1)
    if now < cost - 1e-9:
        own[i] = mine
        return float(now - cost)
    if mine < UNLAWFUL:
        for d in days:
            put(t, cover, k, roster[i, d], d, -1)
    roster[i] = before
    for d in days:
        put(t, cover, k, before[d], d, 1)
    return 0.0


@compiled
def refit_all(t: Tables, roster: Array, cover: Array, own: Array, unit: int, seed: int) -> float:
    np.random.seed(seed)
    total = 0.0
    for i in np.random.permutation(roster.shape[0]):
        total += refit(t, roster, cover, own, i, unit)
    return total
