# SPDX-License-Identifier: Apache-2.0
"""Filling the warehouse: each closed day once, and again when a late fact has changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from django.db import connection
from django.utils import timezone

from zuoxi.events import selectors as ledger
from zuoxi.reporting import dialects, periods
from zuoxi.reporting.compilation import Compiler
from zuoxi.reporting.dialects import COLUMNS, WORDS, DuckDB
from zuoxi.reporting.facts import FigureQuery
from zuoxi.reporting.measures import TABLES
from zuoxi.reporting.shelves import Shelves
from zuoxi.reporting.staleness import moment, stale_days
from zuoxi.reporting.warehouse import CUBES, cube_terms

BATCH = 50_000
MISSING = -(2**62)
"""What stands for "not known" on the way into DuckDB, which reads no masks."""
SETTLING = timedelta(hours=1)
"""How long after midnight a day is taken to be closed; what comes later makes it be loaded again."""
Progress = Callable[[int, int], None]


def refresh(now: datetime, shelves: Shelves | None = None, progress: Progress | None = None) -> list[date]:
    """Load the closed days that are missing or stale; returns them. One process at a time (jobs hold a lock)."""
    held, zone = shelves or Shelves.open(), timezone.get_default_timezone()
    through = ledger.last_id()
    if held.through > through:  # the ledger was begun anew
        held.folders, held.through, held.judged_through = {}, 0, ""
    stale = stale_days(held, zone)
    judged = _newest_judgement()
    wanted = [day for day in closed_days(now, zone) if day not in held.folders or day in stale]
    for done, day in enumerate(wanted):
        if progress:
            progress(done, len(wanted))
        folder = held.new_folder(day)
        load_day(day, folder, zone, now)
        held.put(day, folder)
    held.through, held.judged_through = through, judged
    held.save()
    held.sweep()
    return wanted


def rebuild(now: datetime, progress: Progress | None = None) -> list[date]:
    """Forget what stands and load every closed day."""
    held = Shelves.open()
    held.folders, held.through, held.judged_through = {}, 0, ""
    return refresh(now, held, progress)


def closed_days(now: datetime, zone: tzinfo) -> list[date]:
    """From the first day with facts to the last that is over."""
    first = _first_fact()
    if first is None:
        return []
    return periods.days_within(
        periods.day_start(periods.local_day(first, zone), zone), max(first, now - SETTLING), zone
    )


def _first_fact() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT MIN(offered_at) FROM telephony_call), "
                       "(SELECT MIN(from_at) FROM telephony_stateinterval), "
                       "(SELECT MIN(entered_at) FROM telephony_queuevisit)")  # fmt: skip
        found = [moment(value) for value in cursor.fetchone() if value]
    return min(found) if found else None


def load_day(day: date, folder: Path, zone: tzinfo, now: datetime) -> None:
    """Write a day's facts and cubes to the folder."""
    since = periods.day_start(day, zone)
    until = periods.day_start(day + timedelta(days=1), zone)
    query = FigureQuery(since, until)
    with duckdb.connect(":memory:", config={"threads": 2}) as database:
        for table in TABLES:
            names = COLUMNS[table].split()
            kinds = ", ".join(f"{name} {'VARCHAR' if name in WORDS else 'BIGINT'}" for name in names)
            database.execute(f"CREATE TABLE {table} ({kinds})")
            values = ", ".join(
                f"CAST(${name} AS VARCHAR[])[{name}]" if name in WORDS else f"NULLIF({name}, {MISSING})"
                for name in names
            )
            for numbers, words in _batches(table, query, now):
                database.register("batch", numbers)
                database.execute(f"INSERT INTO {table} SELECT {values} FROM batch", words)  # noqa: S608 - own names
                database.unregister("batch")
        write_day(database, folder, query, zone, now)


def write_day(database: Any, folder: Path, query: FigureQuery, zone: tzinfo, now: datetime) -> None:
    """From a day's fact tables in DuckDB to its Parquet files; the cubes come from the one definition."""
    for table in TABLES:
        database.execute(f"COPY (SELECT * FROM {table} ORDER BY second) TO '{folder}/{table}.parquet'")  # noqa: S608
    for cube, grain in CUBES.items():
        key = next(iter(grain - {"team"}))
        compiler = Compiler(DuckDB(lambda table: table), zone, now)
        by = FigureQuery(query.since, query.until, by=("interval", key))
        statement = compiler.compile_terms(by, cube_terms())
        used = {name: value for name, value in statement.params.items() if f"${name}" in statement.sql}
        sums = ", ".join(statement.measures)
        database.execute(
            f"COPY (SELECT k_interval * 1800 AS second, k_{key} AS {key}, {sums} FROM ({statement.sql}) "  # noqa: S608
            f"ORDER BY 1, 2) TO '{folder}/{cube}.parquet'",
            used,
        )


def _batches(table: str, query: FigureQuery, now: datetime) -> Iterator[tuple[dict[str, Any], dict[str, list[str]]]]:
    """A day's rows of one table from the live database, as columns of numbers.

    Words go as numbers (from 1) of a list: DuckDB takes columns of Python strings a hundred times more slowly.
    """
    dialect = dialects.BY_VENDOR[connection.vendor]
    names = COLUMNS[table].split()
    sql = f"SELECT {', '.join(f't.{name}' for name in names)} FROM {dialect.table(table)} t"  # noqa: S608 - own names
    with connection.cursor() as cursor:
        cursor.execute(sql, Compiler(dialect, UTC, now).times(query))
        while rows := cursor.fetchmany(BATCH):
            columns = dict(zip(names, zip(*rows, strict=True), strict=True))
            words = {name: sorted(set(values)) for name, values in columns.items() if name in WORDS}
            places = {name: {word: place for place, word in enumerate(held, 1)} for name, held in words.items()}
            yield (
                {
                    name: np.array([places[name][word] for word in values]) if name in words else _numbers(values)
                    for name, values in columns.items()
                },
                words,
            )


def _numbers(values: Sequence[Any]) -> Any:
    return np.array([MISSING if value is None else value for value in values], dtype=np.int64)


def _newest_judgement() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(saved_at) FROM telephony_wrapup")
        (newest,) = cursor.fetchone()
    return moment(newest).isoformat() if newest else datetime(2000, 1, 1, tzinfo=UTC).isoformat()
