# SPDX-License-Identifier: Apache-2.0
"""A forecast with its bands and its test against the past.

Several ways of forecasting are tried on the last days of the history, each day from what was known the evening before,
and weeks from each week's end; the one that did best makes the forecast, and its errors make the bands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np

from zuoxi.workforce.forecasting import bands
from zuoxi.workforce.forecasting.calendars import NO_HOLIDAYS, Calendar
from zuoxi.workforce.forecasting.cleaning import Repair, cleaned, effects_by_hour
from zuoxi.workforce.forecasting.intraday import Brought, Course, brought_up, learnt
from zuoxi.workforce.forecasting.series import Days, Floats, History, folded, weekdays
from zuoxi.workforce.forecasting.trial import (
    BLEND,
    LEAST_BEFORE,
    NAIVE,
    TESTED_DAYS,
    Trial,
    best,
    coverage,
    said,
    tried,
    wape,
    wider,
)

_LONGEST: Final = 1100


@dataclass(frozen=True, slots=True)
class Backtest:
    """How the same way of forecasting would have done in the last days of the history, a day ahead, each day from what
    was known the evening before. Shares of one; None where the history is too short to say. Eight of ten days had
    between `day_low` and `day_high` times the calls forecast of them."""

    days: int = 0
    wape: float | None = None
    wape_seasonal_naive: float | None = None
    bias: float | None = None
    coverage_80: float | None = None
    by_model: Mapping[str, float] = field(default_factory=dict)
    day_low: float | None = None
    day_high: float | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """`mean[i]` and each of `quantiles` are calls of the interval from `start` + i · `minutes`. `far` is the way taken
    beyond the first week, `repairs` what was not counted as demand, `notes` words for whoever reads it."""

    start: datetime
    minutes: int
    mean: Floats
    quantiles: Mapping[float, Floats]
    model: str
    backtest: Backtest
    far: str = ""
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()
    course: Course = field(default_factory=Course)
    """How the rest of a day goes along with its beginning."""


def _latest(history: History) -> History:
    most = _LONGEST * (1440 // history.minutes)
    if len(history.counts) <= most:
        return history
    from datetime import timedelta

    skip = len(history.counts) - most
    return History(history.start + timedelta(minutes=skip * history.minutes), history.minutes, history.counts[skip:])


def forecast(
    history: History,
    horizon: int,
    calendar: Calendar = NO_HOLIDAYS,
    quantiles: Sequence[float] = (0.1, 0.5, 0.9),
    *,
    tested: int = TESTED_DAYS,
    only: str = "",
    kept_course: bool = False,
) -> Forecast:
    """The `horizon` intervals after the history's end. `only`: this way and no other (see WAYS and BLEND).
    `kept_course`: learn for every moment of a day how its rest goes along with its beginning.

    A history that ends within a day has its forecast for the rest of that day brought up to what has come so far.
    Raises ValueError for a history without a known interval, or a horizon below one.
    """
    if horizon < 1:
        raise ValueError("a forecast looks at least one interval ahead")
    raw = folded(_latest(history))
    if np.isnan(raw.counts).all():
        raise ValueError("the history has no known interval")
    clean, repairs = cleaned(raw, calendar)
    ahead_days = -(-(horizon - raw.ahead) // raw.slots) if horizon > raw.ahead else 0
    span = ahead_days + (1 if raw.ahead else 0)
    level, factors = effects_by_hour(clean, calendar, max(ahead_days, 1))
    trial = tried(level, raw, calendar, tested)
    near, scores = best(trial.near, trial.came) if len(trial.came) >= 7 else (BLEND, {})
    far, _far_scores = best(trial.far, trial.far_came) if len(trial.far_came) else (near, {})
    near, far = (only, only) if only else (near, far)
    mean = said(near, far, level, ahead_days, calendar) * factors[:ahead_days]
    if raw.ahead:
        yesterday = Days(level.first, level.minutes, level.counts[:-1])
        today = _rest_of_today(said(near, near, yesterday, 1, calendar)[0], raw, trial, near)
        mean = np.vstack([today.mean[None, :], mean])
    scatter = bands.learnt(trial.near[near], trial.came, wider(trial, near, far)) if len(trial.came) else bands.plain()
    skip = raw.slots - raw.ahead if raw.ahead else 0
    cut = slice(skip, skip + horizon)
    quantile = {level_: scatter.quantile(mean, level_) for level_ in quantiles}
    if raw.ahead:
        for rows in quantile.values():
            rows[0] = np.maximum(mean[0] + (rows[0] - mean[0]) * today.width, 0.0)
    made = {level_: rows.reshape(-1)[cut] for level_, rows in quantile.items()}
    flat = mean[:span].reshape(-1)[cut]
    test = _backtest(trial, near, scores)
    course = learnt(trial.near[near], trial.came) if kept_course else Course()
    return Forecast(history.end, history.minutes, flat, made, near, test, far, repairs, _notes(raw, repairs), course)


def _rest_of_today(today: Floats, raw: Days, trial: Trial, near: str) -> Brought:
    now = raw.slots - raw.ahead
    return brought_up(today, raw.counts[-1], now, learnt(trial.near[near], trial.came, [now]))


def _backtest(trial: Trial, near: str, scores: Mapping[str, float]) -> Backtest:
    if len(trial.came) < 7:
        return Backtest(len(trial.came))
    means, came = trial.near[near], trial.raw
    known = ~np.isnan(came)
    calls = float(came[known].sum())
    return Backtest(
        len(came),
        wape(means, came),
        wape(trial.near[NAIVE], came),
        float((means[known] - came[known]).sum()) / calls if calls > 0 else None,
        coverage(means, came),
        {name: round(score, 5) for name, score in sorted(scores.items(), key=lambda one: one[1])},
        *_day_band(means, trial.came),
    )


def _notes(raw: Days, repairs: Sequence[Repair]) -> tuple[str, ...]:
    found = []
    if len(raw) < LEAST_BEFORE + 7:
        found.append(
            f"the history has {len(raw)} days: too few to test the forecast against the past;"
            " weekdays that were not seen are taken for a mean day, and the bands are a rule of thumb"
        )
    if gaps := _gaps(raw):
        found.append(f"{gaps} intervals are unknown and were left out")
    if repairs:
        found.append(f"{len(repairs)} stretches were not counted as demand, see repairs")
    return tuple(found)


def _gaps(raw: Days) -> int:
    """Unknown intervals at times of the week that are known in other weeks; the others are closing hours."""
    kinds, found = weekdays(raw.ordinals()), 0
    known = ~np.isnan(raw.counts)
    for kind in range(7):
        rows = known[kinds == kind]
        found += int((~rows & rows.any(axis=0)).sum())
    return max(found - raw.ahead, 0)


def _day_band(means: Floats, came: Floats) -> tuple[float | None, float | None]:
    known = ~np.isnan(came)
    said = np.where(known, means, 0.0).sum(axis=1)
    whole = said > 0
    if whole.sum() < 14:
        return None, None
    ratio = np.nansum(came[whole], axis=1) / said[whole]
    return float(np.quantile(ratio, 0.1)), float(np.quantile(ratio, 0.9))
