# SPDX-License-Identifier: Apache-2.0
"""`zuoxi ledger verify`: rebuild the folds from nothing and compare; check the audit chain."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

import orjson
from django.core.management.base import BaseCommand

from zuoxi.telephony.verify import verify
from zuoxi.vault import services as vault


class Command(BaseCommand):
    help = "Check that everything shown follows from the ledger, and that the audit chain is whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
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
