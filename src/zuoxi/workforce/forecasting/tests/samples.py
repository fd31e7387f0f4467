# SPDX-License-Identifier: Apache-2.0
"""Made histories: a centre with a week, a day, a level that wanders, and counts that scatter as calls do."""

from datetime import datetime, timedelta

import numpy as np

from zuoxi.workforce.forecasting.series import History

START = datetime.fromisoformat("2026-01-05")  # a Monday, by the clock on the wall
_WEEK = np.array([1.2, 1.05, 1.0, 0.97, 1.0, 0.5, 0.4])


def shape(slots=48):
    place = np.arange(slots) / slots * 24
    return np.exp(-(((place - 10.5) / 2.2) ** 2)) + 0.8 * np.exp(-(((place - 15.5) / 2.8) ** 2))


def rates(days, *, mean=2000.0, seed=3, wander=0.06, slots=48):
    """Days × intervals: what is expected to come."""
    rng = np.random.default_rng(seed)
    level, rows = 0.0, []
    part = shape(slots) / shape(slots).sum()
    for day in range(days):
        level = 0.75 * level + wander * rng.standard_normal()
        rows.append(mean * _WEEK[day % 7] * np.exp(level) * part)
    return np.array(rows)


def history(days=84, *, start=START, **words):
    rng = np.random.default_rng(words.get("seed", 3) + 100)
    counts = rng.poisson(rates(days, **words)).astype(float)
    return History(start, 1440 // counts.shape[1], counts.reshape(-1))


def cut(whole, days, slots=0):
    """The history as it stood after so many days and intervals."""
    a_day = 1440 // whole.minutes
    return History(whole.start, whole.minutes, whole.counts[: days * a_day + slots])


def with_counts(whole, change):
    counts = whole.counts.reshape(-1, 1440 // whole.minutes).copy()
    change(counts)
    return History(whole.start, whole.minutes, counts.reshape(-1))


def day_of(number):
    return (START + timedelta(days=number)).date()
