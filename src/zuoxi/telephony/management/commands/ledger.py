# SPDX-License-Identifier: Apache-2.0
"""`zuoxi ledger verify`: fold from nothing and compare; check the audit chain. `rebuild`: make the tables anew."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

import orjson
from django.core.management.base import BaseCommand

from zuoxi.telephony.rebuild import rebuild
from zuoxi.telephony.verify import verify
from zuoxi.vault import services as vault


class Command(BaseCommand):
    help = "verify: does everything shown follow from the ledger? rebuild: fold it all again (after an upgrade)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify", "rebuild"])
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, what: str, json: bool, **options: Any) -> None:
        if what == "rebuild":
            total = rebuild(self._progress)
            self.stdout.write(orjson.dumps({"events": total}).decode() if json else f"folded {total} events anew")
        else:
            self._verify(json)

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} events", ending="" if done < total else "\n")

    def _verify(self, json: bool) -> None:
        verdict = verify()
        chain = vault.verify()
        result = {
            "sound": verdict.sound and chain.whole,
            "events": verdict.events,
            "calls": verdict.calls,
            "agents": verdict.agents,
            "differences": verdict.differences,
            "samples": verdict.samples,
            "audit": {"rows": chain.rows, "sound": chain.whole, "broken_at": chain.broken_at},
        }
        if json:
            self.stdout.write(orjson.dumps(result).decode())
        else:
            for name, value in result.items():
                self.stdout.write(f"{name}: {value}")
        if not result["sound"]:
            sys.exit(1)
