# SPDX-License-Identifier: Apache-2.0
"""`zuoxi watch`: look around the floor every few seconds until told to stop."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils import timezone

from zuoxi.floor.watch_keeping import watch

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Watch the floor by the handbook: what is against a rule is written down and told"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=5.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="look once and say what was seen")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        if once:
            for one in watch(timezone.now()):
                self.stdout.write(f"{one.kind} {one.code or '—'} {one.finding.why}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.wait(every):
            try:
                watch(timezone.now())
            except Exception as trouble:  # a database that restarts, a handbook that is being written: look again
                log.warning("watch: looking again", trouble=repr(trouble))
                connections.close_all()
