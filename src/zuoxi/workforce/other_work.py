# SPDX-License-Identifier: Apache-2.0
"""Work that the same people do beside the calls: the staffing of a day puts what falls due into the time that calls
leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.workforce.falling_due import Due
from zuoxi.workforce.intraday.requirement import Work, blended, positions
from zuoxi.workforce.today.lines import NeedLine
from zuoxi.workforce.today.terms import Terms

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Piece:
    """A kind of work of the day with the time it takes and when it can be done."""

    due: Due
    minutes: float
    first: datetime
    until: datetime

    @property
    def hours(self) -> float:
        return self.due.count * self.minutes / 60


@dataclass(frozen=True, slots=True)
class Beside:
    """`extra` people by half hour for what calls leave no time for; `within` hours of it are done between calls."""

    pieces: tuple[Piece, ...]
    extra: tuple[int, ...]
    within: float

    @property
    def hours(self) -> float:
        return sum(one.hours for one in self.pieces)

    @property
    def beyond(self) -> float:
        return max(self.hours - self.within, 0.0)


@enforces("CALL-023")
def beside(lines: list[NeedLine], dues: Iterable[Due], terms: Terms, reading: Reading) -> Beside:
    """Each kind goes into the half hours between the handbook's times (of those that lie before it is due), first into
    the time that the day's calls leave to the agents they need."""
    midnight = lines[0].at
    usual = [reading.time(f"staffing.other.{edge}") for edge in ("from", "until")]
    opens, closes = ((one.hour * 60 + one.minute) // 30 for one in usual)
    pieces, works = [], []
    for due in dues:
        low = max(_half(due.since, midnight), 0)
        high = min(max(_half(due.by - timedelta(microseconds=1), midnight) + 1, low + 1), len(lines))
        inside = max(low, opens), min(high, closes)
        low, high = inside if inside[0] < inside[1] else (min(low, len(lines) - 1), high)
        minutes = float(reading.number(due.figure))
        pieces.append(Piece(due, minutes, midnight + HALF_HOUR * low, midnight + HALF_HOUR * high))
        works.append(Work(pieces[-1].hours, low, high))
    agents = np.array([one.agents for one in lines], np.int64)
    load = np.array([one.calls * (one.aht_seconds or 0.0) / HALF_HOUR.total_seconds() for one in lines])
    found = blended(agents, load, 0.5, works, terms.occupancy)
    extra = positions(found.extra, terms.lost)
    return Beside(tuple(pieces), tuple(int(one) for one in extra), float(found.within.sum()))


def _half(moment: datetime, midnight: datetime) -> int:
    return int((moment - midnight) // HALF_HOUR)
