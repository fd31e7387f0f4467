# SPDX-License-Identifier: Apache-2.0
"""How long a call will take, by interval of each day of the week: recent calls first, drawn to the mean of all."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from zuoxi.workforce.forecasting.series import Days, Floats, weekdays

_HALF_LIFE: Final = 30.0
_OWN: Final = 40.0  # calls of an interval that weigh as much as what is known of the time of day


def handling(seconds: Days, answered: Days, first: date, horizon: int) -> Floats | None:
    """Days from `first` on × intervals of a day, in seconds a call; None where nobody was ever answered.

    `seconds` and `answered` are sums over the same days; unknown ones are left out.
    """
    known = ~np.isnan(seconds.counts) & ~np.isnan(answered.counts)
    age = len(seconds) - 1 - np.arange(len(seconds))
    weight = (0.5 ** (age / _HALF_LIFE))[:, None] * known
    time, calls = weight * np.nan_to_num(seconds.counts), weight * np.nan_to_num(answered.counts)
    if calls.sum() <= 0:
        return None
    overall = time.sum() / calls.sum()
    by_slot = (time.sum(axis=0) + _OWN * overall) / (calls.sum(axis=0) + _OWN)
    kinds = weekdays(seconds.ordinals())
    by_day = np.tile(by_slot, (7, 1))
    for kind in range(7):
        here = kinds == kind
        by_day[kind] = (time[here].sum(axis=0) + _OWN * by_slot) / (calls[here].sum(axis=0) + _OWN)
    ahead = np.arange(horizon) + first.toordinal()
    return np.asarray(by_day[weekdays(ahead)])
