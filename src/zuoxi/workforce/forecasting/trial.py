# SPDX-License-Identifier: Apache-2.0
"""Ways of forecasting, tried on the last days of a history: each day from what was known the evening before, and four
weeks from each week's end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from zuoxi.workforce.forecasting import bands
from zuoxi.workforce.forecasting.calendars import Calendar
from zuoxi.workforce.forecasting.naive import seasonal_naive
from zuoxi.workforce.forecasting.profile import Settings, profile
from zuoxi.workforce.forecasting.series import Days, Floats

_Way = Callable[[Days, int, Calendar], Floats]

TESTED_DAYS: Final = 84
LEAST_BEFORE: Final = 21
_LEAST_COUNTS: Final = 48
_FAR: Final = 28
_MARGIN: Final = 0.98  # a rival of the preferred way has to be so much better before it is taken
BLEND: Final = "profile_blend"
NAIVE: Final = "seasonal_naive"


def _slow(days: Days, horizon: int, calendar: Calendar) -> Floats:
    return profile(days, horizon, calendar, Settings(level=120, shape=25, hold=1, cap=2))


def _quick(days: Days, horizon: int, calendar: Calendar) -> Floats:
    return profile(days, horizon, calendar, Settings(level=40, shape=20, hold=3))


def _naive(days: Days, horizon: int, _calendar: Calendar) -> Floats:
    return seasonal_naive(days, horizon)


def _four_weeks(days: Days, horizon: int, _calendar: Calendar) -> Floats:
    return seasonal_naive(days, horizon, 4)


WAYS: Final[Mapping[str, _Way]] = {
    "profile_slow": _slow,
    "profile_quick": _quick,
    "mean_of_four_weeks": _four_weeks,
    NAIVE: _naive,
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What each way said of the tested days: `near` a day ahead (days × intervals), `far` (origin × days × intervals)
    from each week's end; `came` and `far_came` what then came."""

    near: Mapping[str, Floats]
    came: Floats
    raw: Floats
    far: Mapping[str, Floats]
    far_came: Floats


def _with_blend(said: dict[str, Floats]) -> dict[str, Floats]:
    return {BLEND: (said["profile_slow"] + said["profile_quick"]) / 2, **said}


def tried(days: Days, raw: Days, calendar: Calendar, tested: int) -> Trial:
    """Ways on the last `tested` whole days of a cleaned history; `raw` is what really came."""
    whole = len(days) - (1 if days.ahead else 0)
    first = max(LEAST_BEFORE, whole - tested)
    near: dict[str, list[Floats]] = {name: [] for name in WAYS}
    far: dict[str, list[Floats]] = {name: [] for name in WAYS}
    far_came = []
    for origin in range(first, whole):
        past = Days(days.first, days.minutes, days.counts[:origin])
        long = (whole - origin) % 7 == 0 and whole - origin >= _FAR
        for name, way in WAYS.items():
            said = way(past, _FAR if long else 1, calendar)
            near[name].append(said[0])
            if long:
                far[name].append(said)
        if long:
            far_came.append(days.counts[origin : origin + _FAR])
    many = len(far_came)
    return Trial(
        _with_blend({name: np.array(rows).reshape(-1, days.slots) for name, rows in near.items()}),
        days.counts[first:whole],
        raw.counts[first:whole],
        _with_blend({name: np.array(rows).reshape(many, _FAR, days.slots) for name, rows in far.items()}),
        np.array(far_came).reshape(many, _FAR, days.slots),
    )


def wape(mean: Floats, came: Floats) -> float | None:
    """Sum of the misses over the sum of the calls, where both are known; None without a call."""
    known = ~np.isnan(came) & ~np.isnan(mean)
    calls = float(came[known].sum())
    return float(np.abs(mean[known] - came[known]).sum()) / calls if calls > 0 else None


def best(said: Mapping[str, Floats], came: Floats) -> tuple[str, dict[str, float]]:
    scores = {name: one for name, rows in said.items() if (one := wape(rows, came)) is not None}
    if not scores:
        return BLEND, {}
    name = min(scores, key=lambda one: scores[one])
    return (name if scores[name] < scores[BLEND] * _MARGIN else BLEND), scores


def wider(trial: Trial, near: str, far: str) -> Floats:
    """By days ahead: how much further off the forecast is than one of the next day, never less than as much."""
    day_ahead = wape(trial.near[near], trial.came)
    if not day_ahead or not len(trial.far_came):
        return np.ones(_FAR)
    middles, factors = [0.0], [1.0]
    for week in range(4):
        part = slice(week * 7, week * 7 + 7)
        off = wape(trial.far[near if week == 0 else far][:, part], trial.far_came[:, part])
        middles.append(week * 7 + 3.0)
        factors.append(max(off / day_ahead if off else 1.0, factors[-1]))
    return np.minimum(np.interp(np.arange(_FAR), middles, factors), 2.0)


def coverage(mean: Floats, came: Floats) -> float | None:
    """Of the tested days' counts, how many lay in bands learnt from the days before only: from three weeks, or from one
    where fewer than four were tested. None for fewer counts than a day has half hours."""
    inside, many = 0, 0
    for day in range(21 if len(mean) >= 28 else 7, len(mean), 7):
        scatter = bands.learnt(mean[:day], came[:day])
        said, seen = mean[day : day + 7], came[day : day + 7]
        low, high = scatter.quantile(said, 0.1), scatter.quantile(said, 0.9)
        known = ~np.isnan(seen) & (said > 0)
        inside += int(((seen >= low) & (seen <= high) & known).sum())
        many += int(known.sum())
    return inside / many if many >= _LEAST_COUNTS else None


def said(near: str, far: str, days: Days, horizon: int, calendar: Calendar) -> Floats:
    """The chosen way, with another beyond the first week where that one did better from week to week."""

    def one(name: str) -> Floats:
        if name == BLEND:
            return np.asarray((_slow(days, horizon, calendar) + _quick(days, horizon, calendar)) / 2)
        return WAYS[name](days, horizon, calendar)

    if horizon <= 0 or not len(days):
        return np.zeros((max(horizon, 0), days.slots))
    found = one(near)
    if far != near and horizon > 7:
        found = np.vstack([found[:7], one(far)[7:]])
    return found
