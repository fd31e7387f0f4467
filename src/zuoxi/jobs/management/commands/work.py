# SPDX-License-Identifier: Apache-2.0
"""`zuoxi work`: does background work until it is told to stop."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zuoxi.jobs import services
from zuoxi.jobs.running import Worker, run_all


class Command(BaseCommand):
    help = "Do background work; SIGTERM stops cleanly, the job in hand goes back or is finished"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            services.watch_schedules()
            self.stdout.write(str(run_all()))
            return
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.run_forever()
