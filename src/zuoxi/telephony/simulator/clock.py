# SPDX-License-Identifier: Apache-2.0
"""Simulated time, which runs with the machine's own or up to a thousand times faster."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from .day import MICRO

FASTEST: Final = 1_000.0


def ticking() -> float:
    """Seconds that also pass while the machine sleeps: after that the centre has lived on, like a real one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Clock:
    """Shows µs since 1970: `start` when it was made, from there on at `speed`."""

    def __init__(self, start: int, speed: float = 1.0, ticks: Callable[[], float] = ticking) -> None:
        if not 0 < speed <= FASTEST:
            raise ValueError(f"speed {speed} is not within 0 and {FASTEST:.0f}")
        self.speed = speed
        self._ticks = ticks
        self._start = start
        self._since = ticks()

    def now(self) -> int:
        return self._start + int((self._ticks() - self._since) * self.speed * MICRO)

    def seconds_until(self, moment: int) -> float:
        """Real seconds until the clock shows `moment`; never negative."""
        return max(0.0, (moment - self.now()) / MICRO / self.speed)
