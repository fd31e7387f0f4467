# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: PLR0912, PLR0915, PLR0917 - compiled loops take arrays, and calls cost
"""The counts given to people: everything is placed first, lawful or not, then exchanged between people until it is.

Exchanges leave the cover as the counts have it, so that nothing of their price is lost on the way. Import inside the
function that needs it.
"""

from __future__ import annotations

import numpy as np

from zuoxi.workforce.rostering.kernels import (
    DAY,
    HOURS,
    LEAST,
    MOST,
    NIGHT,
    NIGHTS,
    REST,
    ROW,
    ROW_LEAST,
    ROW_MOST,
    UNLAWFUL,
    WEEK,
    WEEKEND,
    WEEKENDS,
    compiled,
    judge,
)
from zuoxi.workforce.rostering.layout import Array, Tables

BREACH = 40.0
"""Price of a broken limit on the way, and of each further half hour or day beyond it a quarter."""
TRIED = 40
"""People looked at for each shift that is left."""
ONE, TWO = 0.35, 0.70
"""Shares of the exchanges that are of one day, and of one or of two; the others are of stretches."""


@compiled
def strain(t: Tables, i: int, row: Array) -> float:
    """What a row costs the person when broken limits have a price too."""
    k = t.kind[i]
    lim = t.limits[i]
    cost, total, nights, weekends, off_days = 0.0, 0, 0, 0, 0
    run, last, in_week = t.before[i, 0], t.before[i, 1], t.before[i, 2]
    week, weekend = 0, -1
    breach = 0.0
    for d in range(row.shape[0]):
        if t.week[d] != week:
            if in_week > lim[WEEK]:
                breach += 1 + (in_week - lim[WEEK]) / 120
            week, in_week = t.week[d], 0
        o = row[d]
        cost += t.wish[i, d, o]
        if o == 0:
            if 0 < run < lim[ROW_LEAST]:
                cost += t.soft[ROW]
            run = 0
            continue
        p = t.o_pattern[k, o]
        short = lim[REST] - (d * DAY + t.p_start[p] - last)
        if short > 0:
            breach += 1 + short / 480
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
        if run > lim[ROW_MOST]:
            breach += 1
    if in_week > lim[WEEK]:
        breach += 1 + (in_week - lim[WEEK]) / 120
    if total > lim[MOST]:
        breach += 0.5 + (total - lim[MOST]) / 120
    breach += max(0, nights - lim[NIGHTS]) + max(0, weekends - lim[WEEKENDS])
    if total < lim[LEAST]:
        cost += t.soft[HOURS] * (lim[LEAST] - total) / 30
    cost += t.soft[NIGHT] * max(0.0, nights - t.share[i, 0])
    cost += t.soft[WEEKEND] * max(0.0, off_days - t.share[i, 1])
    return float(cost + BREACH * breach)


@compiled
def press(t: Tables, roster: Array, counts: Array, seed: int) -> int:
    """Give what is left of the counts [k, o, d] to people of the class who rest, where it strains least; how many."""
    np.random.seed(seed)
    days, done = roster.shape[1], 0
    for k in range(counts.shape[0]):
        members = np.flatnonzero(t.kind == k)
        for o in range(1, t.o_count[k]):
            for d in range(days):
                for _ in range(counts[k, o, d]):
                    best, price = -1, 1e6  # below the price of a pattern that is not given on the day
                    for _try in range(TRIED):
                        i = members[np.random.randint(members.shape[0])]
                        if not t.free[i, d] or roster[i, d] > 0:
                            continue
                        now = strain(t, i, roster[i])
                        roster[i, d] = o
                        more = strain(t, i, roster[i]) - now
                        roster[i, d] = 0
                        if more < price:
                            best, price = i, more
                    if best >= 0:
                        roster[best, d] = o
                        done += 1
    return done


@compiled
def _swap(t: Tables, roster: Array, duty: Array, back: Array, i: int, j: int, d: int) -> bool:
    """Exchange the day of two people; False where it cannot be, and nothing is changed."""
    if not t.free[i, d] or not t.free[j, d]:
        return False
    a, b = roster[i, d], roster[j, d]
    x = back[t.kind[i], duty[t.kind[j], b]]
    y = back[t.kind[j], duty[t.kind[i], a]]
    if x < 0 or y < 0:
        return False
    roster[i, d], roster[j, d] = x, y
    return True


@compiled
def settle(
    t: Tables,
    roster: Array,
    own: Array,
    people: Array,
    duty: Array,
    back: Array,
    moves: int,
    hot: float,
    cold: float,
    seed: int,
) -> float:
    """Exchange days and stretches of days between people; the change of the strain. `own`: everybody's strain."""
    np.random.seed(seed)
    many, days = people.shape[0], roster.shape[1]
    step = (cold / hot) ** (1.0 / max(moves, 1))
    heat = hot
    total = 0.0
    for _ in range(moves):
        heat *= step
        i = people[np.random.randint(many)]
        j = people[np.random.randint(many)]
        if i == j or (own[i] == 0 and own[j] == 0):
            continue
        d = np.random.randint(days)
        dice = np.random.random()
        length, other = 1, -1
        if dice < ONE:
            if roster[i, d] == 0 and roster[j, d] == 0:
                continue
        elif dice < TWO:  # a day there for a day back
            if (roster[i, d] == 0) == (roster[j, d] == 0):
                continue
            for _try in range(8):
                e = np.random.randint(days)
                if e != d and (roster[i, e] == 0) == (roster[j, d] == 0) and (roster[j, e] == 0) == (roster[i, d] == 0):
                    other = e
                    break
            if other < 0:
                continue
        else:
            length = min(2 + np.random.randint(6), days - d)
        swapped = 0
        for e in range(d, d + length):
            if not _swap(t, roster, duty, back, i, j, e):
                break
            swapped += 1
        good = swapped == length
        if other >= 0 and not (good and _swap(t, roster, duty, back, i, j, other)):
            good, other = False, -1
        mine, his = 0.0, 0.0
        if good:
            limit = own[i] + own[j] - heat * np.log(1.0 - np.random.random())
            mine = strain(t, i, roster[i])
            if mine <= limit:
                his = strain(t, j, roster[j])
                good = mine + his <= limit
            else:
                good = False
        if good:
            total += mine + his - own[i] - own[j]
            own[i], own[j] = mine, his
        else:
            for e in range(d, d + swapped):
                _swap(t, roster, duty, back, i, j, e)
            if other >= 0:
                _swap(t, roster, duty, back, i, j, other)
    return total


@compiled
def strains(t: Tables, roster: Array, own: Array) -> float:
    for i in range(roster.shape[0]):
        own[i] = strain(t, i, roster[i])
    return float(own.sum())


@compiled
def make_lawful(t: Tables, roster: Array) -> int:
    """Take shifts from whoever breaks a limit, each time the one whose loss relieves him most; how many."""
    taken = 0
    for i in range(roster.shape[0]):
        while judge(t, i, roster[i]) >= UNLAWFUL:
            best, price = -1, 1e17
            for d in range(roster.shape[1]):
                was = roster[i, d]
                if was > 0 and t.free[i, d]:
                    roster[i, d] = 0
                    now = strain(t, i, roster[i])
                    roster[i, d] = was
                    if now < price:
                        best, price = d, now
            if best < 0:
                break
            roster[i, best] = 0
            taken += 1
    return taken
