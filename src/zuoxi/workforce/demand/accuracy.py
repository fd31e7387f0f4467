# SPDX-License-Identifier: Apache-2.0
"""How good the forecasts were: each queue's test against the past, and the days that have come since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import arrivals_between
from zuoxi.workforce.demand.slots import HALVES
from zuoxi.workforce.demand_models import ForecastDay, ForecastRun

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Measured:
    """Misses over calls, of the forecast and of the week before; bias and coverage as shares. `days` compared."""

    days: int
    calls: int
    wape: float | None
    naive: float | None
    bias: float | None
    coverage: float | None

    @property
    def ratio(self) -> float | None:
        """How much of the week before's misses is left; None where one of the two is not known."""
        return self.wape / self.naive if self.wape is not None and self.naive else None


@dataclass(frozen=True, slots=True)
class DayMeasured:
    """One day: calls expected the last time before it began, calls that came, misses by half hour over calls."""

    day: date
    expected: float
    came: int
    wape: float | None


def latest_runs(queues: Collection[str]) -> dict[str, ForecastRun]:
    """Queue → its newest reckoning. One query."""
    rows = ForecastRun.objects.filter(queue__in=list(queues)).select_related("made_by").order_by("made_at", "pk")
    return {one.queue: one for one in rows}


def came_between(first: date, last: date, now: datetime) -> dict[str, dict[date, np.ndarray[Any, Any]]]:
    """Queue → day → calls by half hour, of whole days that are over. One query."""
    zone = site_handbook().zone
    today = now.astimezone(zone).date()
    last = min(last, today - _DAY)
    found: dict[str, dict[date, np.ndarray[Any, Any]]] = defaultdict(lambda: defaultdict(lambda: np.zeros(HALVES)))
    if last < first:
        return found
    since, until = datetime.combine(first, time(), zone), datetime.combine(last + _DAY, time(), zone)
    for one in arrivals_between(since, until):
        at = one.at.astimezone(zone)
        found[one.queue][at.date()][at.hour * 2 + at.minute // 30] += one.calls
    return found


@enforces("SCH-001")
def measured(
    queues: Collection[str], first: date, last: date, now: datetime
) -> dict[str, tuple[Measured, list[DayMeasured]]]:
    """Queue → what its forecasts were worth on the days that are over, each day by the last reckoning from before it
    (a reckoning of the same day knows the evening before and no more). Two queries."""
    came = came_between(first - 7 * _DAY, last, now)
    rows = ForecastDay.objects.filter(day__range=(first, last), run__queue__in=list(queues)).select_related("run")
    held: dict[str, dict[date, ForecastDay]] = defaultdict(dict)
    for row in rows.order_by("run__made_at", "run_id"):
        if row.day >= row.run.first:
            held[row.run.queue][row.day] = row
    return {queue: _measured(held[queue], came[queue]) for queue in queues}


def _measured(
    held: dict[date, ForecastDay], came: dict[date, np.ndarray[Any, Any]]
) -> tuple[Measured, list[DayMeasured]]:
    days, off, naive_off, naive_calls, calls, bias, inside, many = [], 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0
    known = set(came)
    for day in sorted(set(held) & known):
        row, counts = held[day], came[day]
        mean, low, high = (np.array(one) for one in (row.mean, row.low, row.high))
        misses, sum_of = float(np.abs(mean - counts).sum()), float(counts.sum())
        off, calls, bias = off + misses, calls + sum_of, bias + float((mean - counts).sum())
        awake = mean > 0.5
        inside += int(((counts >= low) & (counts <= high) & awake).sum())
        many += int(awake.sum())
        if day - 7 * _DAY in known:
            naive_off += float(np.abs(came[day - 7 * _DAY] - counts).sum())
            naive_calls += sum_of
        days.append(DayMeasured(day, float(mean.sum()), int(sum_of), misses / sum_of if sum_of else None))
    whole = Measured(
        len(days),
        int(calls),
        off / calls if calls else None,
        naive_off / naive_calls if naive_calls else None,
        bias / calls if calls else None,
        inside / many if many else None,
    )
    return whole, days
