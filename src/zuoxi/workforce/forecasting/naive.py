# SPDX-License-Identifier: Apache-2.0
"""The peers every forecast has to beat: the same interval a week before, and the mean of the last four of them."""

from __future__ import annotations

import numpy as np

from zuoxi.workforce.forecasting.series import Days, Floats

_BACK = 8


def seasonal_naive(days: Days, horizon: int, weeks: int = 1) -> Floats:
    """Mean of the last `weeks` counts of the same interval and weekday that are known; the mean of the time of day
    where none is, nought where nothing is known at all."""
    counts, many = days.counts, len(days)
    known_at = ~np.isnan(counts)
    sums = np.where(known_at, counts, 0.0).sum(axis=0)
    usual = np.divide(sums, known_at.sum(axis=0), out=np.zeros(days.slots), where=known_at.any(axis=0))
    found = np.zeros((horizon, days.slots))
    for step in range(horizon):
        latest = many + step - 7 * (1 + step // 7)
        rows = [counts[latest - 7 * back] for back in range(_BACK) if latest - 7 * back >= 0]
        if not rows:
            found[step] = usual
            continue
        stack = np.stack(rows)
        known = ~np.isnan(stack)
        use = known & (np.cumsum(known, axis=0) <= weeks)
        top = np.where(use, stack, 0.0).sum(axis=0)
        found[step] = np.divide(top, use.sum(axis=0), out=usual.copy(), where=use.any(axis=0))
        if not known.any() and len(rows) >= 2:
            found[step] = 0.0
    return found
