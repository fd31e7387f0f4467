# SPDX-License-Identifier: Apache-2.0
"""A mean of independent replications and how sure it is (Student's t)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

_T_95: Final = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
)  # fmt: skip
_Z_95: Final = 1.959963985


def t_95(freedom: int) -> float:
    """The two-sided 95 % quantile of Student's t; beyond the table by its expansion about the normal one."""
    if freedom <= len(_T_95):
        return _T_95[freedom - 1]
    z, n = _Z_95, float(freedom)
    first = (z**3 + z) / (4 * n)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n * n)
    return z + first + second


@dataclass(frozen=True, slots=True)
class Band:
    """`low` and `high` hold the true mean in 95 of 100 studies; `day_low` and `day_high` hold 95 of 100 single days.

    All but the mean are None with fewer than two replications that tell.
    """

    mean: float | None
    low: float | None = None
    high: float | None = None
    error: float | None = None
    day_low: float | None = None
    day_high: float | None = None

    def as_json(self) -> dict[str, Any]:
        ci = None if self.low is None else [self.low, self.high]
        days = None if self.day_low is None else [self.day_low, self.day_high]
        return {"mean": self.mean, "ci95": ci, "standard_error": self.error, "days95": days}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Band:
        (low, high), (day_low, day_high) = data["ci95"] or (None, None), data["days95"] or (None, None)
        return cls(data["mean"], low, high, data["standard_error"], day_low, day_high)


def band(values: Iterable[float], *, least: float = -math.inf, most: float = math.inf) -> Band:
    """Of one value a replication; nan: the replication tells nothing. The band stays within `least` and `most`."""
    told = np.asarray([one for one in values if math.isfinite(one)])
    if not told.size:
        return Band(None)
    mean = float(told.mean())
    if told.size < 2:
        return Band(mean)
    error = float(told.std(ddof=1) / math.sqrt(told.size))
    half = t_95(told.size - 1) * error
    days = np.quantile(told, [0.025, 0.975])
    return Band(mean, max(mean - half, least), min(mean + half, most), error, float(days[0]), float(days[1]))
