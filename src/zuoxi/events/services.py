# SPDX-License-Identifier: Apache-2.0
"""Appending to the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import orjson
from django.db import connection, transaction

from zuoxi.events import sql
from zuoxi.events.facts import Record, Stored
from zuoxi.events.wake import CHANNEL

_COLUMNS = ("id", "stream", "key", "kind", "at", "source", "subject", "party", "data")
_LEDGER_LOCK = 0x5A554F58
_stored = partial(tuple.__new__, Stored)  # the quick way to make very many


def _same(moment: datetime) -> datetime:
    return moment


def append(records: Sequence[Record]) -> list[Stored]:
    """Store what is new and return it with its ids, in the order given; what is known already is passed over.

    Must run inside a transaction that has begun with the write lock (SQLite's IMMEDIATE; here on PostgreSQL an
    advisory lock), so that ids are given in the order of commits.
    """
    if not records:
        return []
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("append() belongs inside transaction.atomic()")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LEDGER_LOCK])
        known = _known_keys(cursor, [record.key for record in records])
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM events_event")
        last = cursor.fetchone()[0]
    stored: list[Stored] = []
    rows = []
    told_at: Callable[[datetime], object] = sql.as_text if connection.vendor == "sqlite" else _same
    for record in records:
        if record.key in known:
            continue
        known.add(record.key)
        last += 1
        stream, key, kind, at, source, subject, party, data = record
        stored.append(_stored((last, stream, kind, at, source, subject, party, data)))
        rows.append((last, stream, key, kind, told_at(at), source, subject, party, orjson.dumps(data).decode()))
    sql.write("events_event", _COLUMNS, rows, ready=True)
    if rows and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")  # heard at commit by whoever tails the ledger
    return stored


def _known_keys(cursor: object, keys: Sequence[bytes]) -> set[bytes]:
    """Those of the keys that the ledger has, and perhaps others.

    Keys begin with their second, so a batch of one stretch of time is answered by one look at that stretch; where the
    ledger holds far more there than was asked for, key by key.
    """
    if len(keys) > sql.SQLITE_VARIABLES:
        most = 2 * len(keys)
        cursor.execute(  # type: ignore[attr-defined]
            "SELECT key FROM events_event WHERE key BETWEEN %s AND %s LIMIT %s", [min(keys), max(keys), most]
        )
        around = cursor.fetchall()  # type: ignore[attr-defined]
        if len(around) < most:
            return {bytes(row[0]) for row in around}
    found: set[bytes] = set()
    for batch in sql.in_batches(keys):
        cursor.execute(  # type: ignore[attr-defined]
            f"SELECT key FROM events_event WHERE key IN ({sql.placeholders(len(batch))})",  # noqa: S608
            batch,
        )
        found.update(bytes(row[0]) for row in cursor.fetchall())  # type: ignore[attr-defined]
    return found
