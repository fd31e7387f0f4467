# SPDX-License-Identifier: Apache-2.0
"""The running day's calls: what was forecast, brought up to date by what has come so far. Cheap enough for every five
minutes: how the rest of a day goes along with its beginning was learnt when the forecast was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import arrivals_between, unheard_between
from zuoxi.workforce.demand.slots import HALVES, demand_of, latest_days
from zuoxi.workforce.forecasting.intraday import Course, brought_up
from zuoxi.workforce.forecasting.series import Bools, Floats

_DAY = timedelta(days=1)
_HALF = 1800.0


@dataclass(frozen=True, slots=True)
class RunningDay:
    """A queue's day by half hour. `forecast`: as it was expected, edits included; `came` so far; `mean`, `low` and
    `high` of the whole half hour as it looks now (what came, where it is over), with the band of eighty in a hundred.
    `ratio`: calls of the rest of the day against what was forecast of it; None where nothing was."""

    queue: str
    passed: int
    forecast: Floats
    came: Floats
    mean: Floats
    low: Floats
    high: Floats
    ratio: float | None


@enforces("SCH-001")
def running_days(day: date, now: datetime, queues: Collection[str] | None = None) -> dict[str, RunningDay]:
    """Queue → its day as it looks at `now`, for the queues that have a forecast of it. Six queries.

    Before the day begins nothing has come, and the forecast stands; once it is over, what came.
    """
    zone = site_handbook().zone
    begins = datetime.combine(day, time(), zone)
    wanted = None if queues is None else list(queues)
    courses = {
        queue: Course.from_json(row.run.said.get("course", {}))
        for (queue, _day), row in latest_days(wanted, day, day).items()
    }
    slots: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for one in demand_of(None, day, day):
        if one.queue in courses:
            slots[one.queue].append((one.calls, one.low, one.high))
    counts = {queue: np.zeros(HALVES) for queue in courses}
    if now > begins:
        for seen in arrivals_between(begins, min(now, begins + _DAY)):
            if seen.queue in counts:
                at = seen.at.astimezone(zone)
                counts[seen.queue][at.hour * 2 + at.minute // 30] += seen.calls
    passed = min(max((now - begins).total_seconds() / _HALF, 0.0), float(HALVES))
    deaf = unheard_halves(begins, now)
    return {
        queue: running(queue, np.array(rows).T, counts[queue], passed, courses[queue], unheard=deaf)
        for queue, rows in slots.items()
    }


def unheard_halves(begins: datetime, now: datetime) -> Bools:
    """The day's half hours up to `now` of which something was not heard: how many called then is not known."""
    found = np.zeros(HALVES, np.bool_)
    if now > begins:
        for first, last in unheard_between(begins, min(now, begins + _DAY)):
            until = int(np.ceil((last - begins).total_seconds() / _HALF))
            found[int((first - begins).total_seconds() // _HALF) : max(until, 1)] = True
    return found


def running(
    queue: str, expected: Floats, came: Floats, passed: float, course: Course, *, unheard: Bools | None = None
) -> RunningDay:
    """`expected`: mean, low and high by half hour; `passed`: half hours that are over, with the part of the one at
    hand; `unheard`: those of which something was not heard. They tell nothing of the rest, and what was forecast of
    them stands where less than that is known to have come."""
    mean, low, high = expected
    done, part = int(passed), passed - int(passed)
    deaf = np.zeros(HALVES, np.bool_) if unheard is None else unheard
    seen = np.where((np.arange(HALVES) < done + (part > 0)) & ~deaf, came, np.nan)
    found = brought_up(mean, seen, done, course, part)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.where(mean > 0, found.mean / np.where(mean > 0, mean, 1.0), 1.0)
    below, above = (mean - low) * level * found.width, (high - mean) * level * found.width
    lows, highs = np.maximum(found.mean - below, 0.0), found.mean + above
    over = np.arange(HALVES) < done
    lines = [
        np.where(over & ~deaf, came, np.where(over, np.maximum(came, one), one)) for one in (found.mean, lows, highs)
    ]
    if done < HALVES and part > 0:
        left = 1 - part
        for line, spread in zip(lines, (0.0, -below[done], above[done]), strict=True):
            line[done] = max(came[done] + found.mean[done] * left + spread * left**0.5, came[done])
    to_come = float(mean[done:].sum())
    ratio = float(found.mean[done:].sum()) / to_come if to_come > 0 else None
    return RunningDay(queue, done, mean, came, lines[0], lines[1], lines[2], ratio)
