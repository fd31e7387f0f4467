# SPDX-License-Identifier: Apache-2.0
"""`zuoxi import queue-log`: a switch's queue log, rotated ones too, line by line into the ledger."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import orjson
from django.conf import settings
from django.db import connection

from zuoxi.events.services import at_two_hands
from zuoxi.telephony.asterisk import queue_log
from zuoxi.telephony.facts import SwitchFact
from zuoxi.telephony.imports.storing import BATCH, Progress, Rejects, Tally, store
from zuoxi.telephony.ingest import Ingest

_PREFIXED = re.compile(rb"^\d{9,11}\|([A-Za-z0-9_.-]{1,24})-\d{9,11}\.\d+\|")
_SECOND = re.compile(rb"^(\d{9,11})\|")
Watch = Callable[[int, int], None]


class NoQueueLog(ValueError):
    """The file does not begin like a queue log."""


def known_starts(switch: str) -> list[int]:
    """Seconds in which the switch said that it had started, from the ledger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data FROM events_event WHERE stream = %s AND kind = 'switch.connected'", [f"switch:{switch}"]
        )
        instances = [str(orjson.loads(data).get("instance", "")) for (data,) in cursor.fetchall()]
    return sorted({int(tail) for one in instances if (tail := one.rpartition("-")[2]).isdecimal()})


class QueueLogImport:
    """One run over one file. Always from its beginning: what is known already is passed over by its key."""

    def __init__(self, file: Path, *, switch: str, dry_run: bool, watch: Watch | None = None) -> None:
        self.file, self.switch, self.watch = file, switch, watch
        self.ingest = None if dry_run else Ingest(switch)
        self.tally = Tally()
        stem = Progress.of(file, "queue-log").path.stem[-16:]
        place = Path(settings.HOME) / "imports" / f"{file.name}-{stem}.rejects.csv"
        self.rejects = Rejects(place, ["text"], self.tally)

        self._waiting: deque[tuple[int, bytes]] = deque()  # lines whose outcome is not certain yet

    def run(self) -> Tally:
        with at_two_hands():
            return self._run()

    def _run(self) -> Tally:
        reader = self._reader()
        facts: list[SwitchFact] = []
        batch, position = 0, 0
        for number, line in enumerate(self._lines(), 1):
            position += len(line) + 1
            batch += 1
            self._waiting.append((number, line))
            facts.extend(self._facts(reader.read(line)))
            if batch >= BATCH:
                self._commit(facts, batch, position)
                facts, batch = [], 0
        facts.extend(self._facts(reader.settle()))
        self._commit(facts, batch, position)
        return self.tally

    def _lines(self) -> Iterator[bytes]:
        with self.file.open("rb") as file:
            while line := file.readline(1 << 20):
                if line.strip():
                    yield line.rstrip(b"\r\n")

    def _reader(self) -> queue_log.Reader:
        second, system_name = None, ""
        for number, line in enumerate(self._lines()):
            if second is None and (found := _SECOND.match(line)):
                second = int(found[1])
            if prefixed := _PREFIXED.match(line):
                system_name = prefixed[1].decode()
                break
            if number > 20_000:
                break
        if second is None:
            raise NoQueueLog(f"{self.file} holds no line of a queue log")
        starts = dict.fromkeys(known_starts(self.switch), system_name)
        return queue_log.Reader(queue_log.boot_at(self.switch, second, starts, system_name), starts)

    def _facts(self, outcomes: list[queue_log.Outcome]) -> list[SwitchFact]:
        """The facts of lines in their order; those that are not believed go to the rejects."""
        facts: list[SwitchFact] = []
        for outcome in outcomes:
            number, line = self._waiting.popleft()
            if isinstance(outcome, queue_log.Disbelieved):
                self._reject(number, line, outcome.reason)
            else:
                facts += outcome
        return facts

    def _reject(self, number: int, line: bytes, reason: str) -> None:
        self.rejects.add(number, [line.decode("utf-8", "backslashreplace")], reason)
        if self.ingest:
            key = blake2b(line + b"#%d" % number, digest_size=16, key=self.switch.encode()[:64]).digest()
            self.ingest.quarantine(line, reason, key, _moment(line), "queue_log")

    def _commit(self, facts: list[SwitchFact], lines: int, position: int) -> None:
        store(self.ingest, facts, self.tally)
        self.rejects.flush()
        self.tally.read += lines
        if self.watch:
            self.watch(position, self.file.stat().st_size)


def _moment(line: bytes) -> datetime | None:
    found = _SECOND.match(line)
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None
