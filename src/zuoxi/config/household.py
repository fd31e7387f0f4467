# SPDX-License-Identifier: Apache-2.0
"""Keeping a household of processes alive: start, restart with patience, stop by pid and in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
GRACE = 10.0
PATIENCE = 10.0


@dataclass(slots=True)
class Member:
    """One process of the household: a `zuoxi` command, started again whenever it ends."""

    name: str
    words: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    next_start: float = 0.0
    restarts: int = -1

    def start(self, now: float) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own commands
            [sys.executable, "-m", "zuoxi.config.cli", *self.words],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "ZUOXI_PARENT": str(os.getpid())},
        )
        self.started_at = now
        self.restarts += 1

    def tend(self, now: float) -> None:
        """Start it when it is due; wait longer after each quick end."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            steady = now - self.started_at > STEADY_AFTER
            self.pause = FIRST_PAUSE if steady else min(LONGEST_PAUSE, self.pause * 2)
            self.next_start = now + self.pause
            self.process = None
            log.warning("process ended", name=self.name, code=code, again_in=self.pause)
        if now >= self.next_start:
            self.start(now)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(slots=True)
class Household:
    """Runs its members until it is told to stop (SIGTERM, SIGINT).

    With `first_ready` the first member begins alone, and the others once it answers, or after `PATIENCE` seconds.
    """

    members: list[Member] = field(default_factory=list)
    stopping: bool = False
    first_ready: Callable[[], bool] | None = None

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        try:
            until = time.monotonic() + PATIENCE
            while not self.stopping:
                now = time.monotonic()
                if self.first_ready is not None and (now > until or self.first_ready()):
                    self.first_ready = None
                for member in self.members if self.first_ready is None else self.members[:1]:
                    member.tend(now)
                time.sleep(0.2)
        finally:
            for member in reversed(self.members):
                member.stop()

    def _told_to_stop(self, number: int, frame: object) -> None:
        self.stopping = True
