# SPDX-License-Identifier: Apache-2.0
"""A level for each day times the shape of its kind of day.

The logarithm of a day's calls is the usual one of its kind (a weighted median, so that a day of an outage does not pull
it), plus what the calendar explains (the month's course, holidays, events: ridge regression), plus what lasts from the
days before: running means over half a day up to two months, weighed by ridge regression anew for every distance ahead,
which is an autoregressive level that dies out by itself. The shape is each interval's share, recent days first, with
the shapes of like days mixed in and, where few calls came, its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from zuoxi.workforce.forecasting.calendars import Calendar
from zuoxi.workforce.forecasting.daily import KINDS, MAKE_UP, Columns, columns_of
from zuoxi.workforce.forecasting.series import Bools, Days, Floats, Ints

_SPANS: Final = (0.5, 1.0, 3.0, 7.0, 20.0, 60.0)
_BUCKETS: Final = (0, 1, 2, 3, 4, 5, 6, 13, 27, 55)
_CLOSED_AFTER: Final = 14
_SCATTER: Final = 1.5  # how much more than plain counts the calls of one interval scatter
_LEAST_DAYS: Final = 24


@dataclass(frozen=True, slots=True)
class Settings:
    """Half-lives in days of a day's weight for the usual level and for the shape; `hold` of the running means; `pool`
    of like days' shapes; `cap` in robust standard deviations."""

    level: float = 120.0
    shape: float = 40.0
    hold: float = 1.0
    pool: float = 0.5
    cap: float = 2.5
    prior: float = 0.3


@dataclass(frozen=True, slots=True)
class _Levels:
    """By day: the logarithm of its calls, how much of it was seen (0 to 1), and the weight of its age."""

    log: Floats
    seen: Floats
    weight: Floats


def weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    sums = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(sums, sums[-1] / 2)])


def _rough_shares(counts: Floats, kinds: Ints) -> Floats:
    """Kinds × intervals: the mean count where one was seen; the mean of all kinds where this one never was."""
    overall = _mean(counts)
    shares = np.tile(overall, (KINDS, 1))
    for kind in range(KINDS):
        rows = counts[kinds == kind]
        if len(rows):
            mean = _mean(rows)
            shares[kind] = np.where(np.isnan(mean), overall, mean)
    return np.asarray(np.nan_to_num(shares))


def _mean(rows: Floats) -> Floats:
    known = ~np.isnan(rows)
    many = known.sum(axis=0)
    sums = np.where(known, rows, 0.0).sum(axis=0)
    return np.asarray(np.divide(sums, many, out=np.full(rows.shape[1], np.nan), where=many > 0))


def _levels(counts: Floats, kinds: Ints, half_life: float) -> _Levels:
    """A day seen in part counts as the whole day would have, by the shape of its kind, with less weight."""
    shares = _rough_shares(counts, kinds)[kinds]
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    known = ~np.isnan(counts)
    seen = (shares * known).sum(axis=1)
    seen = np.where(seen > 0.05, np.minimum(seen, 1.0), 0.0)
    total = np.divide(np.nansum(counts, axis=1), seen, out=np.zeros(len(counts)), where=seen > 0)
    age = len(counts) - 1 - np.arange(len(counts))
    return _Levels(np.log(total + 0.5), seen, 0.5 ** (age / half_life))


def _usual(log: Floats, kinds: Ints, seen: Floats, weight: Floats) -> Floats:
    """By kind of day; drawn to all days while a kind was seen seldom; -inf where the centre is closed."""
    whole = seen > 0.2
    working = weighted_median(log[whole], (weight * seen)[whole])
    found = np.full(KINDS, working)
    for kind in range(KINDS):
        here = whole & (kinds == kind)
        if here.any():
            own = weighted_median(log[here], (weight * seen)[here])
            spread = here.sum() / (here.sum() + 0.15)
            found[kind] = spread * own + (1 - spread) * working
        elif kind == MAKE_UP:
            found[kind] = np.nan
        elif len(log) >= _CLOSED_AFTER:
            found[kind] = -np.inf
    if np.isnan(found[MAKE_UP]):
        plain = found[:5][np.isfinite(found[:5])]
        found[MAKE_UP] = plain.mean() if len(plain) else working
    return found


def _backlog(columns: Columns, levels: _Levels) -> Floats:
    """What waits for the first day after one that is closed out of turn: as much as waits for a Monday after a closed
    weekend. Nought for a centre that is open every day (there a day without calls is a gap of the record)."""
    days = len(levels.log)
    kinds, found = columns.kinds, np.zeros(len(columns.kinds))
    usual = _usual(levels.log, kinds[:days], levels.seen, levels.weight)
    plain = usual[1:5][np.isfinite(usual[1:5])]
    if np.isfinite(usual[6]) or not np.isfinite(usual[0]) or not len(plain):
        return found
    more = max(0.8 * float(usual[0] - plain.mean()), 0.0)
    shut = np.concatenate([levels.seen < 0.05, np.zeros(len(kinds) - days, dtype=bool)])
    weekdays_here = (columns.ordinals + 6) % 7
    shut = np.asarray(shut | ~np.isfinite(usual[kinds]))
    out_of_turn = shut & (weekdays_here < 5)
    opens = np.asarray(~shut & np.roll(out_of_turn, 1) & (weekdays_here != 0))
    opens[0] = False
    found[opens] = more
    return found


def _running(rest: Floats, seen: Floats, prior: float) -> Floats:
    """Days + 1 × spans: running means of `rest` before each day, drawn to nought while little was seen."""
    days = len(rest)
    found = np.zeros((days + 1, len(_SPANS)))
    keep = np.array([0.5 ** (1 / span) for span in _SPANS])
    top, bottom = np.zeros(len(_SPANS)), np.zeros(len(_SPANS))
    for day in range(days):
        top = top * keep + (1 - keep) * rest[day] * seen[day]
        bottom = bottom * keep + (1 - keep) * seen[day]
        found[day + 1] = top / (bottom + prior)
    return found


def _carried(rest: Floats, levels: _Levels, horizon: int, cap: float, settings: Settings) -> Floats:
    """What lasts of the days before, for each day ahead."""
    days = len(rest)
    running = _running(rest, levels.seen, settings.prior)
    found = np.zeros(horizon)
    for place, bucket in enumerate(_BUCKETS):
        last = _BUCKETS[place + 1] if place + 1 < len(_BUCKETS) else horizon
        aimed = np.arange(bucket + _CLOSED_AFTER, days)
        aimed = aimed[levels.seen[aimed] > 0.5]
        if bucket >= horizon or len(aimed) < 10:
            break
        past = running[aimed - bucket]
        weight = (levels.weight * levels.seen)[aimed]
        grams = past.T @ (weight[:, None] * past) + settings.hold * cap**2 * np.eye(len(_SPANS))
        factors = np.linalg.solve(grams, past.T @ (weight * rest[aimed]))
        found[bucket : max(last, bucket + 1)] = running[days] @ factors
    return found


def _explained(rest: Floats, levels: _Levels, columns: Columns, cap: float) -> Floats:
    """What the calendar explains, for the days of the history and those to come."""
    days = len(rest)
    causes = columns.values[:days]
    weight = levels.weight * levels.seen * np.minimum(1.0, cap / np.maximum(np.abs(rest), 1e-9))
    # What a named day does may be large; only what nobody named is capped.
    named = np.abs(causes[:, 6:]).sum(axis=1) > 0
    aim = np.where(named, rest, np.clip(rest, -cap, cap))
    weight = np.where(named, levels.weight * levels.seen, weight)
    grams = causes.T @ (weight[:, None] * causes) + np.diag(columns.hold)
    return np.asarray(columns.values @ np.linalg.solve(grams, causes.T @ (weight * aim)))


def _spread_of(rest: Floats, whole: Bools) -> float:
    return float(1.4826 * np.median(np.abs(rest[whole]))) + 0.01 if whole.any() else 0.1


def _shapes(counts: Floats, columns: Columns, levels: _Levels, odd: Bools, settings: Settings) -> Floats:
    """Kinds × intervals, each summing to one (or to nought where nobody ever calls)."""
    days = len(counts)
    kinds = columns.kinds[:days]
    age = days - 1 - np.arange(days)
    weight = 0.5 ** (age / settings.shape) * (levels.seen > 0.2) * np.where(odd, 0.2, 1.0)
    known = ~np.isnan(counts)
    size = np.exp(levels.log)[:, None] * known * weight[:, None]
    came = np.where(known, counts, 0.0) * weight[:, None]
    top, bottom = np.zeros((KINDS, counts.shape[1])), np.zeros((KINDS, counts.shape[1]))
    for kind in range(KINDS):
        top[kind], bottom[kind] = came[kinds == kind].sum(axis=0), size[kinds == kind].sum(axis=0)
    own = np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
    ever: Bools = np.asarray((bottom > 0).any(axis=1))
    mixed_top, mixed_bottom = top.copy(), bottom.copy()
    for kind in range(KINDS):
        for other in range(KINDS):
            if other == kind or not ever[other]:
                continue
            far = np.abs(own[kind] - own[other]).sum() if ever[kind] else 0.0
            like = settings.pool * np.exp(-((far / 0.15) ** 2)) if kind != MAKE_UP or other < 5 else 0.0
            mixed_top[kind] += like * top[other]
            mixed_bottom[kind] += like * bottom[other]
    # An interval that this kind of day never had (a closed afternoon) stays closed.
    open_here = (bottom > 0) | ~ever[:, None] | (days < _CLOSED_AFTER)
    shares = np.divide(mixed_top, mixed_bottom, out=np.zeros_like(top), where=(mixed_bottom > 0) & open_here)
    shares = _smoothed(shares, mixed_top, mixed_bottom)
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))


def _smoothed(shares: Floats, came: Floats, size: Floats) -> Floats:
    """Each interval leans on its neighbours as far as few calls came in it and the two differ by no more than chance
    would have them: the edge of a broadcast stays an edge. Nobody leans on a closed interval."""
    if shares.shape[1] < 8:
        return shares
    doubt = np.divide(came, size**2, out=np.zeros_like(came), where=size > 0)
    lean = 0.5 / (1 + came / 200) * (shares > 0)
    top, bottom = shares.copy(), np.ones_like(shares)
    for step in (1, -1):
        other = np.roll(shares, step, axis=1)
        far = (shares - other) ** 2 / np.maximum(_SCATTER * (doubt + np.roll(doubt, step, axis=1)), 1e-15)
        weight = lean * (other > 0) * np.exp(-far / 2)
        top, bottom = top + weight * other, bottom + weight
    return np.asarray(top / bottom)


def profile(days: Days, horizon: int, calendar: Calendar, settings: Settings = Settings()) -> Floats:
    """Calls of the `horizon` days after the history (the last day of it too where it is not over), by interval.

    Days the history leaves open in part are weighed by what was seen of them.
    """
    counts = days.counts
    columns = columns_of(days.ordinals(horizon), len(days), calendar)
    kinds = columns.kinds[: len(days)]
    levels = _levels(counts, kinds, settings.level)
    if not (levels.seen > 0.2).any():
        return np.zeros((horizon, days.slots))
    whole = levels.seen > 0.2
    entered = columns.entered + _backlog(columns, levels)
    log = levels.log - entered[: len(days)]
    explained = np.zeros(len(days) + horizon)
    usual = np.zeros(KINDS)
    cap, rest = 1.0, np.zeros(len(days))
    for _turn in range(2):
        usual = _usual(log - explained[: len(days)], kinds, levels.seen, levels.weight)
        base = usual[kinds]
        rest = np.where(whole & np.isfinite(base), log - np.where(np.isfinite(base), base, 0.0), 0.0)
        cap = settings.cap * _spread_of(rest - explained[: len(days)], whole)
        explained = _explained(rest, levels, columns, cap)
    left = rest - explained[: len(days)]
    carried = _carried(np.clip(left, -cap, cap), levels, horizon, cap, settings)
    if len(days) < _LEAST_DAYS:
        carried = np.zeros(horizon)
    ahead = slice(len(days), None)
    level = np.exp(usual[columns.kinds[ahead]] + explained[ahead] + carried + entered[ahead])
    shapes = _shapes(counts, columns, levels, np.abs(left) > cap, settings)
    return np.asarray(np.maximum(level - 0.5, 0.0)[:, None] * shapes[columns.kinds[ahead]])
