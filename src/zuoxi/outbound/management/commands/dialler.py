# SPDX-License-Identifier: Apache-2.0
"""`zuoxi dialler`: make the calls of progressive campaigns, follow those under way, remind of callbacks."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils import timezone

from zuoxi.outbound.tending import Tending

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Dial for progressive campaigns and follow every outbound call, until told to stop"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=1.0, help="seconds between two rounds")
        parser.add_argument("--once", action="store_true", help="one round, and say what was done")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        tending = Tending()
        if once:
            self.stdout.write(str(tending.round(timezone.now())))
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.wait(every):
            try:
                tending.round(timezone.now())
            except Exception as trouble:  # a database that restarts, a handbook that is being written: try again
                log.warning("dialler: trying again", trouble=repr(trouble))
                connections.close_all()
