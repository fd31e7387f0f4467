# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: PLR0912, PLR0915, PLR0917 - compiled loops take arrays, and calls cost
"""Moves at random while it cools. Import inside the function that needs it."""

from __future__ import annotations

import numpy as np

from zuoxi.workforce.rostering.kernels import SLOTS, UNLAWFUL, compiled, exchange, judge, put, reckon
from zuoxi.workforce.rostering.layout import Array, Tables


@compiled
def _pick(t: Tables, likely: Array, k: int, d: int) -> int:
    """An option to work on, mostly one that the counts have."""
    if likely[k, d, 0] > 0 and np.random.random() < 0.85:
        return int(likely[k, d, 1 + np.random.randint(likely[k, d, 0])])
    return int(1 + np.random.randint(t.o_count[k] - 1))


@compiled
def _write(t: Tables, cover: Array, sums: Array, k: int, d: int, was: int, o: int) -> float:
    """Put the one for the other, and reckon the days anew that it touches."""
    delta = put(t, cover, k, was, d, -1) + put(t, cover, k, o, d, 1)
    for near in range(max(d - 1, 0), min(d + 2, t.week.shape[0])):
        reckon(t, cover, sums, near)
    return delta


@compiled
def anneal(
    t: Tables,
    roster: Array,
    cover: Array,
    own: Array,
    people: Array,
    within: Array,
    likely: Array,
    moves: int,
    hot: float,
    cold: float,
    seed: int,
) -> float:
    """Change, move and exchange shifts at random, from temperature `hot` to `cold`; returns the change of the cost.

    Nobody but `people` (sorted by class) is moved, and no day but `within`: what else there is may be worked on at the
    same time. `own` is what each person's row costs him; `likely` [k, d, 0] how many options the counts have on a day,
    and which; they are tried most. Every state on the way is lawful.
    """
    np.random.seed(seed)
    many, days = people.shape[0], within.shape[0]
    sums = np.zeros((2, t.need.shape[0], roster.shape[1], 2 * SLOTS + 1))
    for d in within:
        reckon(t, cover, sums, d)
    first = np.zeros(t.o_pattern.shape[0] + 1, np.int64)
    for i in people:
        first[t.kind[i] + 1] += 1
    first = np.cumsum(first)
    total = 0.0
    step = (cold / hot) ** (1.0 / max(moves, 1))
    heat = hot
    for _ in range(moves):
        heat *= step
        i = people[np.random.randint(many)]
        d = within[np.random.randint(days)]
        k = t.kind[i]
        if not t.free[i, d] or t.o_count[k] < 2:
            continue
        limit = -heat * np.log(1.0 - np.random.random())
        dice = np.random.random()
        was = roster[i, d]
        if dice < 0.40:
            o = _pick(t, likely, k, d)
            if dice < 0.06:
                o = 0
            if o == was:
                continue
            delta = exchange(t, sums, k, d, was, o)
            if delta > limit + own[i]:  # his row costs nought at least
                continue
            roster[i, d] = o
            mine = judge(t, i, roster[i])
            if mine - own[i] + delta <= limit:
                total += mine - own[i] + _write(t, cover, sums, k, d, was, o)
                own[i] = mine
            else:
                roster[i, d] = was
        elif dice < 0.80:
            # A shift of the person goes to another of his days, or two of his shifts become others.
            e = within[np.random.randint(days)]
            other = roster[i, e]
            if e == d or not t.free[i, e] or (was == 0 and other == 0):
                continue
            o, x = other, was
            if was > 0 and other > 0:
                o, x = _pick(t, likely, k, d), _pick(t, likely, k, e)
            elif dice < 0.65:
                if was > 0:
                    x = _pick(t, likely, k, e)
                else:
                    o = _pick(t, likely, k, d)
            delta = exchange(t, sums, k, d, was, o) + exchange(t, sums, k, e, other, x)
            if delta > limit + own[i]:  # his row costs nought at least
                continue
            roster[i, d], roster[i, e] = o, x
            mine = judge(t, i, roster[i])
            if mine - own[i] + delta <= limit:
                total += mine - own[i]
                total += _write(t, cover, sums, k, d, was, o) + _write(t, cover, sums, k, e, other, x)
                own[i] = mine
            else:
                roster[i, d], roster[i, e] = was, other
        else:
            # Two people of a class exchange the day: the cover stays as it is.
            j = people[first[k] + np.random.randint(first[k + 1] - first[k])]
            other = roster[j, d]
            if j == i or not t.free[j, d] or other == was:
                continue
            roster[i, d], roster[j, d] = other, was
            mine = judge(t, i, roster[i])
            his = judge(t, j, roster[j]) if mine < UNLAWFUL else mine
            delta = mine + his - own[i] - own[j]
            if delta <= limit:
                own[i], own[j] = mine, his
                total += delta
            else:
                roster[i, d], roster[j, d] = was, other
    return total
