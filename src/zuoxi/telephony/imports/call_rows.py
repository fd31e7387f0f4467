# SPDX-License-Identifier: Apache-2.0
"""One row of a call list → one fact. The key is made of the row itself, so importing twice stores nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _

from zuoxi.telephony.facts import SwitchFact
from zuoxi.telephony.imports import cells
from zuoxi.telephony.imports.cells import BadCell
from zuoxi.telephony.imports.mapping import ColumnMap

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one list. `now` is what the future begins at."""

    switch: str
    columns: ColumnMap
    zone: tzinfo
    now: datetime

    def fact(self, row: Sequence[str]) -> SwitchFact:
        """The row's call; BadCell says why there is none."""
        data, start = self._data(row)
        key = self._key(row, start, data)
        subject = f"{self.switch[:20]}-import/{key.hex()}"
        return SwitchFact("call.imported", start, subject, data["agent"], data, "import", key)

    def _key(self, row: Sequence[str], start: datetime, data: dict[str, Any]) -> bytes:
        """The list's own id with the call's beginning, else everything that the row says."""
        own = self.columns.text(row, "id")
        told = (own, start.isoformat()) if own else tuple(f"{name}={data[name]}" for name in sorted(data))
        return blake2b("\x1f".join((self.switch, *told)).encode(), digest_size=16).digest()

    def _data(self, row: Sequence[str]) -> tuple[dict[str, Any], datetime]:
        text = self.columns.text
        start = self._start(row)
        answered_at, ended_at = (cells.moment(text(row, name), self.zone) for name in ("answered_at", "ended_at"))
        wait, talk, hold = (cells.seconds(text(row, name)) for name in ("wait", "talk", "hold"))
        direction = self._word(row, "direction") or "inbound"
        outcome = self._word(row, "outcome") or _likely(direction, answered_at, talk)
        if outcome != "answered":
            answered_at = talk = hold = None
        else:
            if outcome == "answered" and direction == "inbound" and wait is None and answered_at is not None:
                wait = _seconds(start, answered_at)
            answered_at = answered_at or (start + timedelta(seconds=wait) if wait is not None else None)
            talk = talk if talk is not None else _seconds(answered_at, ended_at)
            if ended_at is None and answered_at is not None and talk is not None:
                ended_at = answered_at + timedelta(seconds=talk)
        if wait is None and outcome in ("abandoned", "overflow"):
            wait = _seconds(start, ended_at)
        _check_order(start, answered_at, ended_at)
        data = {
            "direction": direction,
            "caller": cells.number(text(row, "caller")),
            "called": cells.number(text(row, "called")),
            "queue": cells.code(text(row, "queue")),
            "agent": cells.code(text(row, "agent")),
            "offered_at": start.isoformat(),
            "answered_at": answered_at.isoformat() if answered_at else None,
            "ended_at": ended_at.isoformat() if ended_at else None,
            "outcome": outcome,
            "wait": wait,
            "talk": talk,
            "hold": hold,
        }
        return data, start

    def _start(self, row: Sequence[str]) -> datetime:
        text = self.columns.text
        written = text(row, "start") or f"{text(row, 'date')} {text(row, 'time')}".strip()
        start = cells.moment(written, self.zone)
        if start is None:
            raise BadCell(_("no beginning"))
        if start < EARLIEST or start > self.now + timedelta(days=1):
            raise BadCell(_("%(time)s cannot be when a call began") % {"time": written[:40]})
        return start

    def _word(self, row: Sequence[str], name: str) -> str:
        word = self.columns.word(row, name)
        if word is None:
            raise BadCell(
                _("%(column)s: nobody knows what %(word)s means")
                % {"column": name, "word": self.columns.text(row, name)[:40]}
            )
        return word


def _likely(direction: str, answered_at: datetime | None, talk: int | None) -> str:
    if answered_at is not None or talk:
        return "answered"
    return "failed" if direction == "outbound" else "abandoned"


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None:
        return None
    return int((end - start).total_seconds())


def _check_order(start: datetime, answered_at: datetime | None, ended_at: datetime | None) -> None:
    if answered_at is not None and answered_at < start:
        raise BadCell(_("answered before it began"))
    if ended_at is not None and ended_at < (answered_at or start):
        raise BadCell(_("ended before it began"))
    if ended_at is not None and ended_at - start > timedelta(days=1):
        raise BadCell(_("longer than a day"))
