# SPDX-License-Identifier: Apache-2.0
"""A forecast with its bands and its test against the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zuoxi.workforce.forecasting.series import Floats


@dataclass(frozen=True, slots=True)
class Backtest:
    """How the same way of forecasting would have done in the last days of the history, a day ahead, each day from what
    was known the evening before. Shares of one; None where the history is too short to say."""

    days: int = 0
    wape: float | None = None
    wape_seasonal_naive: float | None = None
    bias: float | None = None
    coverage_80: float | None = None
    by_model: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`mean[i]` and each of `quantiles` are calls of the interval from `start` + i · `minutes`."""

    start: datetime
    minutes: int
    mean: Floats
    quantiles: Mapping[float, Floats]
    model: str
    backtest: Backtest
    notes: tuple[str, ...] = ()
