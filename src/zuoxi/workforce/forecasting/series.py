# SPDX-License-Identifier: Apache-2.0
"""Counts in regular intervals, and the same folded into days. Unknown is nan, never nought.

Days are days of the wall clock: the hour that a clock change repeats is averaged, the one it leaves out is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MINUTES_A_DAY: Final = 1440


@dataclass(frozen=True, slots=True)
class History:
    """`counts[i]` came in the `minutes` from `start` + i · `minutes`, on the clock that hangs in the centre."""

    start: datetime
    minutes: int
    counts: Floats

    def __post_init__(self) -> None:
        if self.minutes < 1 or MINUTES_A_DAY % self.minutes:
            raise ValueError("an interval is a whole part of a day")
        if (self.start.hour * 60 + self.start.minute) % self.minutes or self.start.second or self.start.microsecond:
            raise ValueError("a history starts where an interval starts")

    @property
    def end(self) -> datetime:
        """The first moment after the history."""
        return self.start + timedelta(minutes=self.minutes) * len(self.counts)


@dataclass(frozen=True, slots=True)
class Days:
    """A history folded: `counts` is days × intervals of a day; before its start and after its end stands nan.

    `ahead`: how many intervals of the last day lie after the history's end; they are not gaps.
    """

    first: date
    minutes: int
    counts: Floats
    ahead: int = 0

    @property
    def slots(self) -> int:
        return int(self.counts.shape[1])

    def __len__(self) -> int:
        return int(self.counts.shape[0])

    def ordinals(self, beyond: int = 0) -> Ints:
        """Numbers of the days as `date.toordinal` counts them, and of so many more."""
        return np.arange(len(self) + beyond, dtype=np.int64) + self.first.toordinal()


def folded(history: History) -> Days:
    """The history by day. An end within a day leaves the rest of that day open (`ahead`)."""
    slots = MINUTES_A_DAY // history.minutes
    before = (history.start.hour * 60 + history.start.minute) // history.minutes
    ahead = -(before + len(history.counts)) % slots
    whole = np.concatenate([np.full(before, np.nan), history.counts, np.full(ahead, np.nan)])
    return Days(history.start.date(), history.minutes, whole.reshape(-1, slots), ahead)


def weekdays(ordinals: Ints) -> Ints:
    """0 Monday … 6 Sunday."""
    return (ordinals + 6) % 7
