# SPDX-License-Identifier: Apache-2.0
"""`zuoxi import calls`: a call list as CSV, in batches, from where an interrupted import stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.telephony.facts import SwitchFact
from zuoxi.telephony.imports.call_rows import RowReader
from zuoxi.telephony.imports.cells import BadCell
from zuoxi.telephony.imports.mapping import BadMapping, mapping_for, read_file
from zuoxi.telephony.imports.reading import Row, Table
from zuoxi.telephony.imports.storing import BATCH, Progress, Rejects, Tally, store
from zuoxi.telephony.ingest import Ingest

Watch = Callable[[int, int], None]


def _refuse_workbook(file: Path) -> None:
    with file.open("rb") as opened:
        start = opened.read(4)
    if start in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise BadMapping(_("%(file)s is a workbook; save it as CSV and import that") % {"file": file})
    if start.startswith(b"\x1f\x8b"):
        raise BadMapping(_("%(file)s is compressed; unpack it first") % {"file": file})


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else timezone.get_default_timezone()
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a region alone ("Asia") is a folder
        raise BadMapping(_("%(zone)s is no time zone") % {"zone": name}) from error


class CallImport:
    """One run over one file. `watch` is told bytes read and bytes in all after each batch."""

    def __init__(
        self, file: Path, *, mapping: Path | None, switch: str, dry_run: bool, now: datetime, watch: Watch | None = None
    ) -> None:
        told = read_file(mapping)
        _refuse_workbook(file)
        self.table = Table(file, str(told.get("encoding") or ""), str(told.get("delimiter") or ""))
        try:
            columns = mapping_for(self.table.header, told)
            zone = _zone(columns.zone)
        except BadMapping:
            self.table.close()
            raise
        self.reader = RowReader(switch, columns, zone, now)
        self.ingest = None if dry_run else Ingest(switch)
        self.progress = Progress.of(file, "calls")
        if dry_run:
            self.progress.tally = Tally()
        self.tally = self.progress.tally
        place = Path(settings.HOME) / "imports" / f"{file.stem}-{self.progress.path.stem[-16:]}.rejects.csv"
        self.rejects = Rejects(place, self.table.header, self.tally)
        self.watch = watch

    def run(self) -> Tally:
        """Read to the end; an exception leaves what was committed, and the next run goes on from there."""
        try:
            self._run()
        finally:
            self.table.close()
        self.progress.finish()
        return self.tally

    def _run(self) -> None:
        skip = self.tally.read
        facts: list[SwitchFact] = []
        taken = 0
        for count, row in enumerate(self.table.rows(), 1):
            if count <= skip:
                continue
            taken += 1
            if (fact := self._fact(row)) is not None:
                facts.append(fact)
            if taken == BATCH:
                self._commit(facts, taken)
                facts, taken = [], 0
        self._commit(facts, taken)

    def _fact(self, row: Row) -> SwitchFact | None:
        try:
            if row.fault:
                raise BadCell(row.fault)
            return self.reader.fact(row.cells)
        except BadCell as fault:
            self.rejects.add(row.line, row.cells, str(fault))
            return None

    def _commit(self, facts: list[SwitchFact], taken: int) -> None:
        store(self.ingest, facts, self.tally)
        self.rejects.flush()
        self.tally.read += taken
        if self.ingest:
            self.progress.save()
        if self.watch:
            self.watch(self.table.position(), self.table.size)
