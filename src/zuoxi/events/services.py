# SPDX-License-Identifier: Apache-2.0
"""Appending to the ledger."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from orjson import dumps

from zuoxi.events import scribe, sql
from zuoxi.events.facts import Record, Stored
from zuoxi.events.wake import CHANNEL

_COLUMNS = ("id", "stream", "key", "kind", "at", "source", "subject", "party", "data")
ScribeFailed = scribe.ScribeFailed
_AT_ONCE = 2000
"""Rows that a scribe is given at a time: it inserts the first ones while the others are still being spelled."""
_LEDGER_LOCK = 0x5A554F58
_stored = partial(tuple.__new__, Stored)  # the quick way to make very many


def _same(moment: datetime) -> datetime:
    return moment


def append(records: Sequence[Record]) -> list[Stored]:
    """Store what is new and return it with its ids, in the order given; what is known already is passed over.

    Must run inside a transaction that has begun with the write lock (SQLite's IMMEDIATE; here on PostgreSQL an
    advisory lock), so that ids are given in the order of commits. With a scribe present that is the scribe's.
    """
    if not records:
        return []
    known, last = _begun([record.key for record in records])
    handed_over = _AT_ONCE if scribe.present() else 0
    stored: list[Stored] = []
    rows = []
    told_at: Callable[[datetime], object] = sql.as_text if connection.vendor == "sqlite" else _same
    for record in records:
        stream, key, kind, at, source, subject, party, data = record
        if key in known:
            continue
        known.add(key)
        last += 1
        stored.append(_stored((last, stream, kind, at, source, subject, party, data)))
        rows.append((last, stream, key, kind, told_at(at), source, subject, party, dumps(data).decode()))
        if len(rows) == handed_over:
            sql.write("events_event", _COLUMNS, rows, ready=True)
            rows = []
    sql.write("events_event", _COLUMNS, rows, ready=True)
    if rows and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")  # heard at commit by whoever tails the ledger
    return stored


def _begun(keys: Sequence[bytes]) -> tuple[set[bytes], int]:
    """Those of the keys that are known, and perhaps others, and the last id, with the write lock held."""
    if (second := scribe.present()) is not None:
        return second.begin(keys)
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("append() belongs inside transaction.atomic()")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LEDGER_LOCK])

        def ask(text: str, values: Sequence[Any]) -> list[Any]:
            cursor.execute(text, values)
            return list(cursor.fetchall())

        known = scribe.known_keys(ask, keys, "%s")
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM events_event")
        return known, cursor.fetchone()[0]


def _processors() -> int:
    """Those that this process may run on; only Linux tells that, elsewhere it is all that there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@contextmanager
def at_two_hands() -> Iterator[None]:
    """While it lasts, what is stored is written by a second process while this one folds: for long imports.

    `store` then returns before its batch is committed, and a fault of writing is raised by the next one or at the end;
    so only for what can be told again from its beginning. Where a second process gains nothing (PostgreSQL writes in
    processes of its own) or can see nothing (a database in memory, a transaction that is open), all is as without.
    """
    name = str(connection.settings_dict["NAME"])
    alone = (
        connection.vendor != "sqlite"
        or "memory:" in name
        or "mode=memory" in name
        or connection.in_atomic_block
        or scribe.present()
    )
    if alone or _processors() < 2:
        yield
        return
    second = scribe.Scribe(name, str(connection.settings_dict["OPTIONS"].get("init_command", "")))
    try:
        with scribe.writing_through(second):
            yield
        second.settle()
    finally:
        second.close()


@contextmanager
def one_hand() -> Iterator[None]:
    """While it lasts, this process writes by itself, also amid `at_two_hands`."""
    with scribe.writing_through(None):
        yield


@contextmanager
def one_transaction() -> Iterator[None]:
    """Ours, or the scribe's, which is begun when the ledger is asked what it knows."""
    second = scribe.present()
    if second is None:
        with transaction.atomic():
            yield
        return
    try:
        yield
    except BaseException:
        second.give_up()
        raise
    second.commit()
