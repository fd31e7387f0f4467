# SPDX-License-Identifier: Apache-2.0
"""`zuoxi town`: callers and desk phones for the lab's switch, played by sipp until told to stop."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from numpy.typing import NDArray

from zuoxi.telephony.asterisk.lab import reach
from zuoxi.telephony.asterisk.lab.town import Town
from zuoxi.telephony.simulator.audio import conversation

SECONDS = 60


def as_ulaw(samples: NDArray[np.int16]) -> bytes:
    """16-bit sound as the telephone's eight bits (ITU-T G.711, µ-law)."""
    wide = samples.astype(np.int32)
    sign = np.where(wide < 0, 0x80, 0)
    size = np.minimum(np.abs(wide), 32635) + 132
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    coded = ~(sign | exponent << 4 | mantissa) & 0xFF
    return bytes(coded.astype(np.uint8))


class Command(BaseCommand):
    help = "Play the callers and the desk phones of the lab."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=0, help="end after so long; 0: never")

    def handle(self, *args: Any, seconds: float, **options: Any) -> None:
        lab = reach()
        if lab is None:
            raise CommandError("no lab runs here; start one with ./dev asterisk up", returncode=2)
        stopping: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda sign, _frame: stopping.append(sign))
        folder = Path(settings.HOME) / "town"
        folder.mkdir(parents=True, exist_ok=True)
        sound = folder / "caller.ul"
        sound.write_bytes(as_ulaw(conversation("town", SECONDS)[:, 0]))
        town = Town(lab["namespace"], folder, sound)
        deadline = time.monotonic() + (seconds or float("inf"))
        try:
            while not stopping and time.monotonic() < deadline:
                town.tend()
                time.sleep(1)
        finally:
            town.close()
