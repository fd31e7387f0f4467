# SPDX-License-Identifier: Apache-2.0
"""Writes the recordings of the simulated switch, beside the play and within a budget of disk."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

from .audio import write_recording
from .day import MICRO
from .happenings import Listener
from .model import Call, Leg

BACKLOG: Final = 200
"""Recordings that may wait for the writer; what comes on top is not written, and counted in `skipped`."""
SHORT_SHARE: Final = 0.4


class Recorder(Listener):
    """Hears the ends of recordings and writes the files; some are missing or short, as the day's plan has it.

    When more than `budget` bytes lie there, the oldest written by this process go. `muted`: hears nothing.
    """

    def __init__(self, root: Path, budget: int = 2 * 1024**3) -> None:
        self.root = root
        self.muted = False
        self.skipped = 0
        self.written = 0
        self._budget = budget
        self._kept: deque[tuple[Path, int]] = deque()
        self._size = 0
        self._started: dict[str, int] = {}
        self._deadline = float("inf")
        self._jobs: queue.Queue[tuple[Path, str, float] | None] = queue.Queue(BACKLOG)
        self._writer = threading.Thread(target=self._write_all, name="recordings", daemon=True)
        self._writer.start()

    def recording(self, t: int, call: Call, leg: Leg, state: str) -> None:
        if state == "started":
            self._started[leg.recording] = t
            return
        started = self._started.pop(leg.recording, None)
        spoilt = call.plan.spoilt if call.plan is not None else ""
        if self.muted or started is None or spoilt == "missing":
            return
        seconds = max(0, t - started) / MICRO
        job = (self.root / leg.recording, leg.recording, seconds * SHORT_SHARE if spoilt == "short" else seconds)
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            self.skipped += 1

    def _write_all(self) -> None:
        while (job := self._jobs.get()) is not None:
            if time.monotonic() > self._deadline:
                self.skipped += 1
                continue
            path, call, seconds = job
            self._kept.append((path, write_recording(path, call, seconds)))
            self._size += self._kept[-1][1]
            self.written += 1
            while self._size > self._budget and len(self._kept) > 1:
                oldest, size = self._kept.popleft()
                oldest.unlink(missing_ok=True)
                self._size -= size

    def close(self, within: float = float("inf")) -> None:
        """Write what waits, as far as `within` seconds allow, and stop."""
        self._deadline = time.monotonic() + within
        self._jobs.put(None)
        self._writer.join()
