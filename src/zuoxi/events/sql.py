# SPDX-License-Identifier: Apache-2.0
"""Batched writes in plain SQL for the two databases, where the ORM's cost per row would set the ledger's speed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

SQLITE_VARIABLES = 900


def adapt(value: Any) -> Any:
    """A Python value as the driver of this database wants it (SQLite keeps times as UTC text, like Django does)."""
    if isinstance(value, datetime) and connection.vendor == "sqlite":
        return value.replace(tzinfo=None).isoformat(" ")
    return value


def _adapted(rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    if connection.vendor != "sqlite":
        return [tuple(row) for row in rows]
    return [tuple(v.replace(tzinfo=None).isoformat(" ") if type(v) is datetime else v for v in row) for row in rows]


@cache
def _insert_text(vendor: str, table: str, columns: tuple[str, ...], key: tuple[str, ...], kept: tuple[str, ...]) -> str:
    mark = "?" if vendor == "sqlite" else "%s"
    names = ", ".join(f'"{name}"' for name in columns)
    text = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join([mark] * len(columns))})'  # noqa: S608
    if not key:
        return text
    target = ", ".join(f'"{name}"' for name in key)
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in (*key, *kept))
    return f"{text} ON CONFLICT ({target}) DO {'UPDATE SET ' + updates if updates else 'NOTHING'}"


def write(
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    key: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> None:
    """Insert rows; a row with the same `key` is replaced, but for the `kept` columns, which only a new row sets.

    Table and column names are ours, never a user's.
    """
    if not rows:
        return
    text = _insert_text(connection.vendor, table, tuple(columns), tuple(key), tuple(kept))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.executemany(text, _adapted(rows))
        else:
            cursor.cursor.executemany(text, _adapted(rows))


def in_batches(values: Sequence[Any], size: int = SQLITE_VARIABLES) -> Iterable[Sequence[Any]]:
    """Slices short enough for one `IN (…)` list."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def placeholders(count: int) -> str:
    """`%s, %s, …` for Django's cursor on either database."""
    return ", ".join(["%s"] * count)
