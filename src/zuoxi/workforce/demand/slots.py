# SPDX-License-Identifier: Apache-2.0
"""What is expected of each half hour: the latest reckoning with the edits over it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.demand_models import ForecastDay, ForecastEdit

HALVES = 48
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """Calls expected of a queue in the half hour from `start`, with the band of eighty in a hundred. `made` is what was
    reckoned; `edited`: somebody put something else. `aht_seconds` None: nobody was ever answered there."""

    queue: str
    start: datetime
    calls: float
    low: float
    high: float
    aht_seconds: float | None
    edited: bool
    made: float


def starts_of(day: date, zone: ZoneInfo) -> list[datetime]:
    """The 48 half hours of the wall clock on a day."""
    return [datetime.combine(day, time(half // 2, half % 2 * 30), zone) for half in range(HALVES)]


@enforces("SCH-001")
def with_edits(calls: float, low: float, high: float, edits: Iterable[tuple[str, float]]) -> tuple[float, float, float]:
    """A half hour's figures after the edits on it, oldest first: a factor moves the band too, calls that somebody put
    have a band as wide in proportion as before."""
    for kind, value in edits:
        factor = value if kind == ForecastEdit.Kind.FACTOR else (value / calls if calls > 0 else 0.0)
        if kind == ForecastEdit.Kind.CALLS and calls <= 0:
            calls, low, high = value, value, value
        else:
            calls, low, high = calls * factor, low * factor, high * factor
    return calls, low, high


def latest_days(queues: Collection[str] | None, first: date, last: date) -> dict[tuple[str, date], ForecastDay]:
    """(queue, day) → the day of the latest reckoning that has it. One query."""
    rows = ForecastDay.objects.filter(day__range=(first, last)).select_related("run").order_by("run__made_at", "run_id")
    if queues is not None:
        rows = rows.filter(run__queue__in=list(queues))
    return {(one.run.queue, one.day): one for one in rows}


def edits_between(queues: Collection[str] | None, since: datetime, until: datetime) -> list[ForecastEdit]:
    """Edits in force that touch the stretch, oldest first. One query."""
    rows = ForecastEdit.objects.filter(withdrawn_at__isnull=True, starts_at__lt=until, ends_at__gt=since)
    if queues is not None:
        rows = rows.filter(queue__in=list(queues))
    return list(rows.select_related("by").order_by("pk"))


def demand_of(
    queue: str | None, first: date, last: date, held: Mapping[tuple[str, date], ForecastDay] | None = None
) -> list[Slot]:
    """Every half hour of the days that a reckoning covers, of one queue or of all, by queue and time. Two queries, one
    where the days are `held` already."""
    zone = site_handbook().zone
    queues = None if queue is None else [queue]
    days = latest_days(queues, first, last) if held is None else held
    since, until = datetime.combine(first, time(), zone), datetime.combine(last + _DAY, time(), zone)
    edits: dict[str, list[ForecastEdit]] = defaultdict(list)
    for one in edits_between(queues, since, until):
        edits[one.queue].append(one)
    return [slot for key in sorted(days) for slot in slots_of(days[key], edits[key[0]], zone)]


def slots_of(row: ForecastDay, edits: Iterable[ForecastEdit], zone: ZoneInfo) -> list[Slot]:
    """The half hours of a day with the edits over them."""
    here, found = list(edits), []
    for half, start in enumerate(starts_of(row.day, zone)):
        on = [(one.kind, one.value) for one in here if one.starts_at <= start < one.ends_at]
        made = row.mean[half]
        calls, low, high = with_edits(made, row.low[half], row.high[half], on)
        handling = row.handling[half] if row.handling else None
        found.append(Slot(row.run.queue, start, calls, low, high, handling, bool(on), made))
    return found
