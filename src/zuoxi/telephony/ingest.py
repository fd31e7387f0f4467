# SPDX-License-Identifier: Apache-2.0
"""The one way into the ledger for what switches say: append, fold, position — in one transaction."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from zuoxi.events import services as ledger
from zuoxi.events import sql
from zuoxi.events.facts import Record, Stored
from zuoxi.telephony.facts import DATA_KEYS, SwitchFact
from zuoxi.telephony.projections import CallProjection, StateProjection

CONTROL = dict.fromkeys((*range(32), 127))
_record = partial(tuple.__new__, Record)  # the quick way to make very many
SOURCES = frozenset({"ami", "queue_log", "cel", "sim", "desk", "import"})


def collect_rarely() -> None:
    """For processes that do nothing but ingest: look for cyclic garbage less often.

    The calls in hand are some hundred thousand small objects that live long; walking them at the default thresholds
    takes a quarter of the time. The folds make no cycles.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """The same while an import runs, in a process that goes on afterwards."""
    thresholds = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


class Disbelieved(ValueError):
    """A fact outside the vocabulary; `reason` says which part."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def examine(fact: SwitchFact) -> None:
    """Raise Disbelieved unless the fact is one that the folds know."""
    kind, at, subject, party, data, source, key = fact
    allowed = DATA_KEYS.get(kind)
    if allowed is None:
        raise Disbelieved(f"unknown kind {kind!r}")
    if not allowed.issuperset(data):
        raise Disbelieved(f"{kind}: unknown keys {sorted(data.keys() - allowed)}")
    if at.tzinfo is None:
        raise Disbelieved(f"{kind}: time without zone")
    if len(key) != 16:
        raise Disbelieved(f"{kind}: key of {len(key)} bytes")
    if source not in SOURCES:
        raise Disbelieved(f"unknown source {source!r}")
    if len(subject) > 64 or len(party) > 32:
        raise Disbelieved(f"{kind}: identity too long")


@dataclass(slots=True)
class Ingest:
    """Stores facts of one switch; keep one instance for as long as the process lives, it remembers open calls.

    After any exception from `store` nothing was stored and the memory is dropped; calling again is safe.
    """

    switch: str
    calls: CallProjection = field(default_factory=CallProjection)
    states: StateProjection = field(default_factory=StateProjection)

    @property
    def stream(self) -> str:
        return f"switch:{self.switch}"

    def store(self, facts: Sequence[SwitchFact]) -> list[Stored]:
        """Append what is new and fold it; facts outside the vocabulary raise Disbelieved before anything is stored."""
        stream, records = self.stream, []
        for fact in facts:
            examine(fact)
            kind, at, subject, party, data, source, key = fact
            records.append(_record((stream, key, kind, at, source, subject, party, data)))
        if not records:
            return []
        try:
            with ledger.one_transaction():
                stored = ledger.append(records)
                if stored:
                    self.calls.apply(stored)
                    self.states.apply(stored)
                    self._note_switch(stored)
                    self._note_position(stored[-1].id)
        except BaseException:
            self.calls, self.states = CallProjection(), StateProjection()
            raise
        return stored

    def quarantine(self, raw: bytes, reason: str, key: bytes, at: datetime | None = None, source: str = "ami") -> None:
        """Keep something that was not believed, whole (at most 64 KiB), for people to look at."""
        with ledger.one_hand(), transaction.atomic():
            sql.write(
                "events_quarantine",
                ["stream", "key", "at", "source", "subject", "reason", "raw"],
                [(self.stream, key, at or timezone.now(), source, "", reason[:200], raw[:65536])],
                key=["key"],
                kept=["stream", "at", "source", "subject", "reason", "raw"],
            )

    def _note_switch(self, stored: Sequence[Stored]) -> None:
        for event in stored:
            if event.kind == "window.unknown":
                to = event.data.get("to")
                sql.write(
                    "telephony_unknownwindow",
                    ["switch", "from_at", "to_at", "why"],
                    [
                        (
                            self.switch,
                            datetime.fromisoformat(event.data["from"]),
                            datetime.fromisoformat(to) if to else None,
                            str(event.data.get("why", ""))[:120],
                        )
                    ],
                    key=["switch", "from_at"],
                )
            elif event.kind == "switch.connected":
                sql.run(
                    "UPDATE telephony_switch SET instance = %s, connected_at = %s WHERE name = %s",
                    [str(event.data.get("instance", "")), event.at, self.switch],
                )

    def _note_position(self, last: int) -> None:
        sql.write(
            "events_foldposition",
            ["name", "applied_through", "updated_at"],
            [(f"telephony:{self.switch}", last, timezone.now())],
            key=["name"],
        )
