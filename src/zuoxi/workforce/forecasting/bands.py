# SPDX-License-Identifier: Apache-2.0
"""How far calls lie from what was forecast: counts scatter (Poisson) and days differ (a share of the level), both
learnt from the test against the past, as is the shape of the scatter; so a band of eighty in a hundred holds eighty."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from zuoxi.workforce.forecasting.series import Floats

_LEAST: Final = 100
_PLAIN_SHARE: Final = 0.25
_LEAST_SINGLE: Final = 0.7
_LEAST_SHARE: Final = 0.01
_STEPS: Final = np.linspace(0.005, 0.995, 199)


@dataclass(frozen=True, slots=True)
class Scatter:
    """Variance = `single` · mean + (`share` · mean)²; `shapes`: by step of mean (`edges`, logarithms), the quantiles of
    the standardised distances at _STEPS; `wider`: factor of the distance by days ahead."""

    single: float
    share: float
    edges: Floats
    shapes: Floats
    wider: Floats

    def quantile(self, mean: Floats, level: float) -> Floats:
        """`mean` is days ahead × intervals; never below nought, nought where nobody is expected at all."""
        spread = np.sqrt(self.single * mean + (self.share * mean) ** 2)
        by_step = np.array([np.interp(level, _STEPS, shape) for shape in self.shapes])
        far = np.interp(np.log(np.maximum(mean, 1e-6)), self.edges, by_step)
        wider = self.wider[np.minimum(np.arange(len(mean)), len(self.wider) - 1)]
        return np.asarray(np.where(mean > 0, np.maximum(mean + far * spread * wider[:, None], 0.0), 0.0))


def plain(share: float = _PLAIN_SHARE) -> Scatter:
    """Where there is no past to learn from: bell-shaped, a quarter of the level."""
    normal = np.array([[NormalDist().inv_cdf(float(step)) for step in _STEPS]])
    return Scatter(1.0, share, np.zeros(1), normal, np.asarray(1 + 0.02 * np.arange(28), np.float64))


def learnt(mean: Floats, came: Floats, wider: Floats | None = None) -> Scatter:
    """From the means forecast and the counts that came (any shape; unknown counts are left out)."""
    known = ~np.isnan(came) & (mean > 0.02)
    expected, seen = mean[known], came[known]
    if len(expected) < _LEAST:
        return plain()
    ahead = wider if wider is not None else np.ones(1)
    squares = (seen - expected) ** 2
    # Robust: the largest squares (outages, holidays) say little of an ordinary day.
    causes = np.stack([expected, expected**2], axis=1)
    weight = 1 / (expected + 0.05 * expected**2) ** 2
    keep = squares <= np.quantile(squares / (expected + 0.05 * expected**2), 0.98) * (expected + 0.05 * expected**2)
    single, share = _parts(causes[keep] * weight[keep][:, None] ** 0.5, squares[keep] * weight[keep] ** 0.5)
    far = (seen - expected) / np.sqrt(single * expected + (share * expected) ** 2)
    order = np.argsort(expected)
    groups = np.array_split(order, int(np.clip(len(expected) // 300, 1, 6)))
    edges = np.array([float(np.median(np.log(expected[group]))) for group in groups])
    shapes = np.array([np.quantile(far[group], _STEPS) for group in groups])
    return Scatter(single, share, edges, shapes, ahead)


def _parts(causes: Floats, squares: Floats) -> tuple[float, float]:
    """`single` and `share` by least squares, neither below what it can be."""
    (single, square), *_ = np.linalg.lstsq(causes, squares, rcond=None)
    if single < _LEAST_SINGLE:
        single = _LEAST_SINGLE
        square = causes[:, 1] @ (squares - single * causes[:, 0]) / (causes[:, 1] @ causes[:, 1])
    elif square < _LEAST_SHARE**2:
        single = causes[:, 0] @ squares / (causes[:, 0] @ causes[:, 0])
    return max(float(single), _LEAST_SINGLE), float(np.sqrt(max(square, _LEAST_SHARE**2)))
