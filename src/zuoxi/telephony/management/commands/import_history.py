# SPDX-License-Identifier: Apache-2.0
"""`zuoxi import calls FILE` and `zuoxi import queue-log FILE`: history from elsewhere into the ledger."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from zuoxi.events.services import ScribeFailed
from zuoxi.telephony.imports.calls import CallImport
from zuoxi.telephony.imports.mapping import BadMapping
from zuoxi.telephony.imports.queue_log_file import NoQueueLog, QueueLogImport
from zuoxi.telephony.imports.storing import Tally, printable
from zuoxi.telephony.ingest import Disbelieved, collecting_rarely

_SWITCH: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")


class Command(BaseCommand):
    help = "Import calls (CSV) or a switch's queue log; importing twice stores nothing new"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "zuoxi import"  # as it is typed
        kinds = parser.add_subparsers(dest="what", required=True)
        calls = kinds.add_parser("calls", help="a call list as CSV")
        calls.add_argument("--mapping", type=Path, help="YAML: columns, values, zone, encoding, delimiter")
        log = kinds.add_parser("queue-log", help="an Asterisk queue_log")
        for kind, switch in ((calls, "import"), (log, "lab")):
            kind.add_argument("file", type=Path)
            kind.add_argument("--switch", default=switch, help="the switch's name with us")
            kind.add_argument("--dry-run", action="store_true", help="read and count, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"{options['file']} is no file")
        if not _SWITCH.fullmatch(options["switch"]):
            raise CommandError(f"--switch {options['switch'][:40]!r}: a name has at most 32 letters, digits, - and _")
        try:
            with collecting_rarely():
                tally = self._calls(options) if options["what"] == "calls" else self._queue_log(options)
        except (BadMapping, NoQueueLog, LookupError, Disbelieved) as error:
            raise CommandError(str(error)) from error
        except ScribeFailed as fault:
            again = "what was stored stays; mend the cause and import the same file again"
            raise CommandError(f"the database could not be written ({fault}); {again}") from fault
        if self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(json.dumps(printable(tally), ensure_ascii=False))

    def _calls(self, options: dict[str, Any]) -> Tally:
        return CallImport(
            options["file"],
            mapping=options["mapping"],
            switch=options["switch"],
            dry_run=options["dry_run"],
            now=datetime.now(UTC),
            watch=self._watch,
        ).run()

    def _queue_log(self, options: dict[str, Any]) -> Tally:
        log = QueueLogImport(options["file"], switch=options["switch"], dry_run=options["dry_run"], watch=self._watch)
        return log.run()

    def _watch(self, done: int, of: int) -> None:
        if self.stderr.isatty():
            share = min(done / of, 1) if of else 1
            self.stderr.write(f"\r[{'█' * int(share * 30):30}] {share:4.0%}", ending="")
