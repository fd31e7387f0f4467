# SPDX-License-Identifier: Apache-2.0
"""Batched writes in plain SQL for the two databases, where the ORM's cost per row would set the ledger's speed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection

from zuoxi.events import scribe

SQLITE_VARIABLES = 900


_SECONDS_KEPT = 50_000
_seconds: dict[int, str] = {}


def as_text(moment: datetime) -> str:
    """A moment (aware, UTC) as SQLite keeps it. Seconds that were written lately are not spelled anew."""
    second = moment.toordinal() * 86_400 + moment.hour * 3600 + moment.minute * 60 + moment.second
    text = _seconds.get(second)
    if text is None:
        if len(_seconds) >= _SECONDS_KEPT:
            _seconds.clear()
        text = _seconds[second] = moment.isoformat(" ", "seconds")[:19]
    fraction = moment.microsecond
    return f"{text}.{fraction:06d}" if fraction else text


def adapt(value: Any) -> Any:
    """A Python value as the driver of this database wants it (SQLite keeps times as UTC text, like Django does)."""
    if isinstance(value, datetime) and connection.vendor == "sqlite":
        return value.replace(tzinfo=None).isoformat(" ")
    return value


@cache
def _moments(columns: tuple[str, ...]) -> tuple[int, ...]:
    """The places of the columns that hold times: by our naming, `at` and whatever ends in `_at`."""
    return tuple(place for place, name in enumerate(columns) if name == "at" or name.endswith("_at"))


def _adapted(columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    if connection.vendor != "sqlite":
        return rows
    turned: list[Sequence[Any]] = list(zip(*rows, strict=True))
    kept = _spelled.get
    for place in _moments(columns):
        turned[place] = [
            one if one is None or one.__class__ is str else kept(one) or _spell(one) for one in turned[place]
        ]
    return list(zip(*turned, strict=True))


_spelled: dict[datetime, str] = {}


def _spell(moment: datetime) -> str:
    """The same; whole seconds, of which one object mostly stands for all that happened in it, are kept by it."""
    text = as_text(moment)
    if not moment.microsecond and moment.tzinfo is UTC:
        if len(_spelled) >= _SECONDS_KEPT:
            _spelled.clear()
        _spelled[moment] = text
    return text


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
    *,
    ready: bool = False,
) -> None:
    """Insert rows; a row with the same `key` is replaced, but for the `kept` columns, which only a new row sets.

    Table and column names are ours, never a user's. `ready`: times are as the driver wants them already.
    """
    if not rows:
        return
    text = _insert_text(connection.vendor, table, tuple(columns), tuple(key), tuple(kept))
    if (second := scribe.present()) is not None:
        second.many(text, rows if ready else _adapted(tuple(columns), rows))
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.executemany(text, rows if ready else _adapted(tuple(columns), rows))
        else:
            cursor.cursor.executemany(text, rows)


def run(text: str, values: Sequence[Any]) -> None:
    """Execute a statement without an answer; `%s` are the marks."""
    if (second := scribe.present()) is not None:
        second.run(text.replace("%s", "?"), [adapt(value) for value in values])
        return
    with connection.cursor() as cursor:
        cursor.execute(text, [adapt(value) for value in values])


def in_batches(values: Sequence[Any], size: int = SQLITE_VARIABLES) -> Iterable[Sequence[Any]]:
    """Slices short enough for one `IN (…)` list."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def placeholders(count: int) -> str:
    """`%s, %s, …` for Django's cursor on either database."""
    return ", ".join(["%s"] * count)
