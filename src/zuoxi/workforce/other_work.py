# SPDX-License-Identifier: Apache-2.0
"""Work that the same people do beside the calls: packages above say what falls due, the staffing of a day puts it into
the time that calls leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.utils.functional import Promise

from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.workforce.intraday.requirement import Work, blended, positions
from zuoxi.workforce.today.lines import NeedLine
from zuoxi.workforce.today.terms import Terms

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Due:
    """`count` pieces of a kind that fall due on a day, the last of them at `by`, none to be begun before `since`;
    `late` of them were due before. `figure` names the minutes that one takes, `url` where they stand, which only who
    has the `right` may open."""

    label: str | Promise
    count: int
    late: int
    since: datetime
    by: datetime
    figure: str
    url: str = ""
    right: str = ""


DueOn = Callable[[datetime, datetime, datetime], Iterable[Due]]
_told: list[DueOn] = []


def provide_other_work(due_on: DueOn) -> None:
    """Packages above tell here what falls due from one moment to before another, as it stands at a third; what is late
    by the first of them belongs to the stretch that holds the third."""
    if due_on not in _told:
        _told.append(due_on)


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


def due_between(first: datetime, last: datetime, now: datetime) -> list[Due]:
    """Everything that falls due in the stretch, the earliest first."""
    held = [one for told in _told for one in told(first, last, now) if one.count]
    return sorted(held, key=lambda one: (one.by, str(one.label)))


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
