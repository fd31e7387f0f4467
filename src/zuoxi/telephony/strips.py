# SPDX-License-Identifier: Apache-2.0
"""Time drawn as strips: plain values that the template puts into SVG, places in per cent of the strip's width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Final

_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600, 43200, 86400)
_LEAST_WIDTH = 0.15


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch: `kind` names its colour class, `title` what is read out, `x` and `width` are like "12.50%"."""

    x: str
    width: str
    kind: str
    title: str
    text: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment."""

    x: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One row of the picture. `thin` rows stand close below the row they explain."""

    label: str
    bars: Sequence[Bar] = ()
    marks: Sequence[Mark] = ()
    note: str = ""
    href: str = ""
    thin: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows over one time axis."""

    strips: Sequence[Strip]
    ticks: Sequence[Tick] = ()
    now: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A time axis; `until` is after `since`. Whatever reaches beyond an end is cut off there."""

    since: datetime
    until: datetime
    zone: tzinfo | None = field(default=None)

    def _share(self, moment: datetime) -> float:
        share = (moment - self.since) / (self.until - self.since) * 100
        return min(max(share, 0.0), 100.0)

    def at(self, moment: datetime) -> str:
        return f"{self._share(moment):.2f}%"

    def covers(self, start: datetime, end: datetime | None) -> bool:
        return start < self.until and (end is None or end > self.since)

    def bar(
        self, start: datetime, end: datetime | None, kind: str, title: str, *, text: str = "", href: str = ""
    ) -> Bar:
        """A stretch of no length still shows as a hair; `end` None reaches to the end of the axis."""
        left = self._share(start)
        width = max(self._share(end or self.until) - left, _LEAST_WIDTH)
        wide_enough = text if width > len(text) * 0.9 + 1 else ""
        return Bar(f"{left:.2f}%", f"{width:.2f}%", kind, title, wide_enough, href)

    def ticks(self, most: int = 9) -> list[Tick]:
        """Round moments of the local clock, at most `most` of them."""
        span = (self.until - self.since).total_seconds()
        step = next((one for one in _STEPS if span / one <= most), _STEPS[-1])
        local = self.since.astimezone(self.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        passed = (local - midnight).total_seconds()
        moment = midnight + timedelta(seconds=-(-passed // step) * step)
        shape = "%H:%M:%S" if step < 60 else "%H:%M"
        found = []
        while moment <= self.until:
            found.append(Tick(self.at(moment), moment.strftime(shape)))
            moment += timedelta(seconds=step)
        return found
