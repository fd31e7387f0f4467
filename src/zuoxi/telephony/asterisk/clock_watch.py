# SPDX-License-Identifier: Apache-2.0
"""Noticing that the switch's clock was set, from the moments of its frames and the moments in which we read them.

A reader that was held up reads frames late, but their own moments still go forward; with a clock set back they go back.
A clock set forward shows as frames that come before their time. A simulated switch may run faster than the day; then
nothing is said, because its clock gains all the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

JUMP: Final = 60.0
"""Seconds that a clock must be set by to count; time services move it by less."""

_UNEVEN: Final = 0.1  # of the time that went by; so much more or less is another pace than ours
_SLACK: Final = 1.0  # seconds by which the first frames may be read late without being another pace
_OBSERVED: Final = 2.0  # seconds of ours before the pace is known


@dataclass(slots=True)
class ClockWatch:
    """Feed it every frame in the order in which they were read. A `steady` switch is a real one: its clock goes as ours
    does, so that a leap forward is one from the first frame on."""

    steady: bool = False
    _first: tuple[float, float] | None = None
    _last: tuple[float, float] = (0.0, 0.0)
    _highest: float = 0.0

    def jumped(self, at: datetime, read: float) -> int:
        """Whole seconds by which the clock was set since the last frame; 0 when it was not.

        `at` is the frame's own moment, `read` when we read it (POSIX seconds).
        """
        told = at.timestamp()
        if self._first is None:
            self._begin(told, read)
            return 0
        before, ahead = self._last, told - read
        self._last = (told, read)
        jump = 0.0
        if told < before[0] - JUMP:
            jump = told - before[0] - max(read - before[1], 0.0)
        elif ahead > self._highest + JUMP and self._runs_evenly(before):
            jump = ahead - self._highest
        if jump:
            self._begin(told, read)
        else:
            self._highest = max(self._highest, ahead)
        return round(jump)

    def _begin(self, told: float, read: float) -> None:
        self._first = self._last = (told, read)
        self._highest = told - read

    def _runs_evenly(self, until: tuple[float, float]) -> bool:
        """Whether the switch's clock has so far gone as ours does; unknown is no."""
        if self.steady or self._first is None:
            return self.steady
        ours = until[1] - self._first[1]
        off = abs(until[0] - self._first[0] - ours)
        return ours >= _OBSERVED and off <= max(_UNEVEN * ours, _SLACK)
