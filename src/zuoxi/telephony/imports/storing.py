# SPDX-License-Identifier: Apache-2.0
"""Batches into the ledger, with rejected rows in a file of their own and a note of how far an import has come."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from zuoxi.events.sql import in_batches, placeholders
from zuoxi.telephony.facts import SwitchFact
from zuoxi.telephony.ingest import Ingest

BATCH: Final = 40_000  # a call is folded anew by every batch that touches it, so few and large ones


@dataclass(slots=True)
class Tally:
    """What an import has done; as the command prints it."""

    read: int = 0
    stored: int = 0
    known: int = 0
    rejected: int = 0
    rejects_file: str | None = None


def fingerprint(path: Path) -> str:
    """The same for the same file: its name, size, time and first megabyte."""
    stat = path.stat()
    with path.open("rb") as file:
        start = file.read(1 << 20)
    return blake2b(f"{path.name}|{stat.st_size}|{stat.st_mtime_ns}|".encode() + start, digest_size=8).hexdigest()


@dataclass(slots=True)
class Progress:
    """How far the import of a file has come, kept until it is through: an interrupted one goes on from there."""

    path: Path
    tally: Tally = field(default_factory=Tally)

    @classmethod
    def of(cls, file: Path, what: str) -> Progress:
        place = Path(settings.HOME) / "imports" / f"{what}-{fingerprint(file)}.json"
        try:
            held = json.loads(place.read_text(encoding="utf-8"))
            return cls(place, Tally(**held))
        except (FileNotFoundError, json.JSONDecodeError, TypeError):
            return cls(place)

    def save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self.tally)), encoding="utf-8")
        new.replace(self.path)

    def finish(self) -> None:
        self.path.unlink(missing_ok=True)


class Rejects:
    """Rejected rows with line and reason, in a CSV that can be mended and imported again; made with the first one."""

    def __init__(self, path: Path, header: Sequence[str], tally: Tally) -> None:
        self._path, self._header, self._tally = path, header, tally
        self._held: list[list[str]] = []

    def add(self, line: int, cells: Sequence[str], reason: str) -> None:
        self._held.append([*cells, str(line), reason])

    def flush(self) -> None:
        """Write what is held; counts it too, so that rows and count go together."""
        if not self._held:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._tally.rejected == 0
        with self._path.open("w" if fresh else "a", encoding="utf-8-sig" if fresh else "utf-8", newline="") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow([*self._header, "line", "reason"])
            writer.writerows(self._held)
        self._tally.rejected += len(self._held)
        self._tally.rejects_file = str(self._path)
        self._held.clear()


def store(ingest: Ingest | None, facts: Sequence[SwitchFact], tally: Tally) -> None:
    """Store the facts, or without an ingest (a dry run) count those that would be."""
    if not facts:
        return
    stored = len(ingest.store(facts)) if ingest else len({fact.key for fact in facts} - known(facts))
    tally.stored += stored
    tally.known += len(facts) - stored


def known(facts: Iterable[SwitchFact]) -> set[bytes]:
    """Keys of those that the ledger has."""
    found: set[bytes] = set()
    with connection.cursor() as cursor:
        for batch in in_batches([fact.key for fact in facts]):
            marks = placeholders(len(batch))
            cursor.execute(f"SELECT key FROM events_event WHERE key IN ({marks})", batch)  # noqa: S608 - marks only
            found.update(bytes(key) for (key,) in cursor.fetchall())
    return found


def printable(tally: Tally) -> dict[str, Any]:
    return asdict(tally)
