# SPDX-License-Identifier: Apache-2.0
"""`zuoxi warehouse refresh|rebuild|status`: the closed days in columns."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from zuoxi.reporting import loading
from zuoxi.reporting.shelves import Shelves


class Command(BaseCommand):
    help = "Load the closed days that are missing or stale, load all anew, or say what is there"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["refresh", "rebuild", "status"])

    def handle(self, *args: Any, **options: Any) -> None:
        now = datetime.now(UTC)
        loaded = None
        if options["act"] != "status":
            loaded = (loading.rebuild if options["act"] == "rebuild" else loading.refresh)(now, progress=self._progress)
        held = Shelves.open()
        days = sorted(held.folders)
        found = {
            "days": len(days),
            "first": days[0].isoformat() if days else None,
            "last": days[-1].isoformat() if days else None,
            "loaded": None if loaded is None else len(loaded),
        }
        self.stdout.write(json.dumps(found))

    def _progress(self, done: int, of: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done + 1}/{of}", ending="")
