# SPDX-License-Identifier: Apache-2.0
"""`zuoxi respell`: puts the full text anew where an upgrade changed how texts become words."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zuoxi.search.respelling import respell


class Command(BaseCommand):
    help = "Put the full text anew where an upgrade changed its words; Ctrl-C stops, the next run goes on there"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="look through everything, though it was done")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = respell(self._progress, again=options["again"])
        except KeyboardInterrupt:
            self.stderr.write("stopped; what is done stays, run it again for the rest")
            raise SystemExit(130) from None
        self.stdout.write(f"put anew: {changed}")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,}/{total:,}", ending="")
