# SPDX-License-Identifier: Apache-2.0
"""What a roster costs by constraint; the even shares of nights and weekends; which options the counts have."""

from __future__ import annotations

import numpy as np

from zuoxi.workforce.rostering.counts import Counts
from zuoxi.workforce.rostering.layout import LEADER, RESERVE, Array, Layout, Tables


def likely_options(layout: Layout, counts: Counts | None) -> Array:
    """For each class and day how many options some class of the same lines works in the counts, and which."""
    kinds, options, days = len(layout.kinds), int(layout.tables.o_count.max(initial=1)), layout.problem.days
    found = np.zeros((kinds, days, options), np.int64)
    if counts is None:
        return found
    used: dict[tuple[int, str], Array] = {}
    for k, kind in enumerate(layout.kinds):
        for o, option in enumerate(kind.options, start=1):
            used[option] = used.get(option, 0) + counts.counts[k, o]
    for k, kind in enumerate(layout.kinds):
        for day in range(days):
            held = [o for o, option in enumerate(kind.options, start=1) if used[option][day] > 0.5]
            found[k, day, 0] = len(held)
            found[k, day, 1 : 1 + len(held)] = held
    return found


def shares_of_counts(layout: Layout, counts: Counts | None) -> Array:
    """The even share of nights and weekend days of everybody, by contract, as the counts have them."""
    share = np.full((len(layout.problem.people), 2), 10.0**6)
    if counts is None:
        return share
    sums: dict[str, list[float]] = {}
    for k, kind in enumerate(layout.kinds):
        held = sums.setdefault(kind.contract.id, [0.0, 0.0, 0.0])
        held[2] += len(kind.members)
        for o, (place, _skill) in enumerate(kind.options, start=1):
            held[0] += layout.problem.patterns[place].night * counts.counts[k, o].sum()
            held[1] += counts.counts[k, o, layout.tables.weekend >= 0].sum()
    for kind in layout.kinds:
        nights, weekends, heads = sums[kind.contract.id]
        share[list(kind.members)] = np.ceil(nights / heads + 0.05), np.ceil(weekends / heads + 0.05)
    return share


def even_shares(layout: Layout, tables: Tables, roster: Array) -> None:
    """Write the even shares of nights and weekend days as a roster has them, by contract."""
    working = roster > 0
    patterns = tables.o_pattern[tables.kind[:, None], roster]
    nights = np.where(working, tables.p_night[patterns], 0).sum(axis=1)
    weekends = (working & (tables.weekend >= 0)[None, :]).sum(axis=1)
    names = np.array([one.contract for one in layout.problem.people])
    for name in set(names.tolist()):
        mine = names == name
        for place, counted in enumerate((nights, weekends)):
            tables.share[mine, place] = -(-int(counted[mine].sum()) // int(mine.sum()))


def priced(layout: Layout, roster: Array, cover: Array) -> dict[str, float]:
    """What a roster costs by constraint, with the even shares as they come out of the roster itself."""
    problem, tables = layout.problem, layout.tables
    made: dict[str, float] = {}
    for line, name in enumerate(layout.lines):
        short = tables.need[line] - cover[line]
        under, over = np.maximum(short, 0), np.maximum(-short, 0)
        price, slack = tables.price[line], tables.slack[line]
        down = price[0] * under.sum() + (price[1] - price[0]) * np.maximum(under - slack, 0).sum()
        up = price[2] * over.sum() + (price[3] - price[2]) * np.maximum(over - slack, 0).sum()
        key = name if name in (LEADER, RESERVE) and line >= len(problem.demand) else "under"
        made[key] = made.get(key, 0.0) + float(down)
        made["over"] = made.get("over", 0.0) + float(up)
    made |= dict.fromkeys(("wishes", "hours", "rows", "nights", "weekends"), 0.0)
    persons, days = roster.shape
    made["wishes"] = float(tables.wish[np.arange(persons)[:, None], np.arange(days)[None, :], roster].sum())
    patterns = tables.o_pattern[tables.kind[:, None], roster]
    working = roster > 0
    worked = np.where(working, tables.p_worked[patterns], 0).sum(axis=1) if persons else np.zeros(0)
    made["hours"] = float(problem.weights.hours * np.maximum(tables.limits[:, 0] - worked, 0).sum() / 30)
    made["rows"] = problem.weights.row * sum(_short_rows(tables, i, working[i]) for i in range(persons))
    nights = np.where(working, tables.p_night[patterns], 0).sum(axis=1)
    weekends = (working & (tables.weekend >= 0)[None, :]).sum(axis=1)
    contracts = np.array([one.contract for one in problem.people])
    for name in set(contracts):
        mine = contracts == name
        for key, counted, price in (
            ("nights", nights, problem.weights.night),
            ("weekends", weekends, problem.weights.weekend),
        ):
            even = -(-int(counted[mine].sum()) // int(mine.sum()))
            made[key] += float(price * np.maximum(counted[mine] - even, 0).sum())
    return {key: round(value, 6) for key, value in made.items()}


def _short_rows(tables: Tables, i: int, working: Array) -> int:
    least, run, found = int(tables.limits[i, 5]), int(tables.before[i, 0]), 0
    for here in working:
        if not here and 0 < run < least:
            found += 1
        run = run + 1 if here else 0
    return found
