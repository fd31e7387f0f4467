# SPDX-License-Identifier: Apache-2.0
"""The rest of a day from what has arrived so far.

How far the rest goes along with the beginning is learnt from the past days: the logarithm of what came over what was
forecast, of the whole day so far and of its last two hours, weighed by ridge regression.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from zuoxi.workforce.forecasting.series import Floats

_LEAST: Final = 14
_HOLD: Final = 0.02
_SMALL: Final = 4.0  # calls added above and below, so that two calls instead of one are no doubling
_MOST: Final = 1.5


def _signs(mean: Floats, came: Floats, now: int, recent: int) -> Floats:
    known = ~np.isnan(came)
    forecast, seen = np.where(known, mean, 0.0), np.where(known, came, 0.0)

    def ratio(first: int) -> Floats:
        top, bottom = seen[..., first:now].sum(axis=-1), forecast[..., first:now].sum(axis=-1)
        return np.asarray(np.log((top + _SMALL) / (bottom + _SMALL)))

    return np.stack([ratio(0), ratio(max(now - recent, 0))], axis=-1)


def updated(mean: Floats, came: Floats, now: int, past_means: Floats, past_counts: Floats) -> Floats:
    """The day's forecast (`mean`, by interval) with the intervals from `now` on brought up to what `came` before.

    `past_means` and `past_counts`: days × intervals forecast a day ahead and what came, oldest first.
    """
    if now <= 0 or now >= len(mean) or np.isnan(came[:now]).all():
        return mean
    recent = max(round(len(mean) / 12), 1)
    found = mean.copy()
    sign = _signs(mean, came, now, recent)
    factors = _factors(now, recent, past_means, past_counts)
    found[now:] *= np.exp(np.clip(sign @ factors, -_MOST, _MOST))
    return found


def _factors(now: int, recent: int, means: Floats, counts: Floats) -> Floats:
    whole = (~np.isnan(counts[:, :now])).any(axis=1) & (~np.isnan(counts[:, now:])).any(axis=1)
    known = ~np.isnan(counts[:, now:])
    later = np.where(known, means[:, now:], 0.0).sum(axis=1)
    whole &= later > 0
    if whole.sum() < _LEAST:
        return np.array([0.5, 0.0])
    signs = _signs(means[whole], counts[whole], now, recent)
    rest = np.log((np.nansum(counts[whole][:, now:], axis=1) + _SMALL) / (later[whole] + _SMALL))
    age = whole.sum() - 1 - np.arange(whole.sum())
    weight = later[whole] / later[whole].mean() * 0.5 ** (age / 60)
    cap = 3 * 1.4826 * np.median(np.abs(rest)) + 1e-9
    weight *= np.minimum(1.0, cap / np.maximum(np.abs(rest), 1e-9))
    grams = signs.T @ (weight[:, None] * signs) + _HOLD * np.eye(2)
    return np.asarray(np.linalg.solve(grams, signs.T @ (weight * rest)))
