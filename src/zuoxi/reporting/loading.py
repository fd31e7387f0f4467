# SPDX-License-Identifier: Apache-2.0
"""Filling the warehouse: each closed day once, and again when a late fact has changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from django.db import connection
from django.utils import timezone

from zuoxi.events import selectors as ledger
from zuoxi.events.sql import in_batches, placeholders
from zuoxi.reporting import dialects, periods
from zuoxi.reporting.compilation import Compiler
from zuoxi.reporting.dialects import COLUMNS, WORDS, Dialect, DuckDB
from zuoxi.reporting.facts import FigureQuery
from zuoxi.reporting.measures import TABLES
from zuoxi.reporting.shelves import Shelves
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


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _first_fact() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT MIN(offered_at) FROM telephony_call), "
                       "(SELECT MIN(from_at) FROM telephony_stateinterval), "
                       "(SELECT MIN(entered_at) FROM telephony_queuevisit)")  # fmt: skip
        found = [_moment(value) for value in cursor.fetchone() if value]
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


def stale_days(shelves: Shelves, zone: tzinfo) -> set[date]:
    """Loaded days that facts stored since then have changed."""
    if not shelves.folders:
        return set()
    end = periods.day_start(max(shelves.folders) + timedelta(days=1), zone)
    dialect = dialects.BY_VENDOR[connection.vendor]
    days: set[date] = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, party, at FROM events_event WHERE id > %s AND at < %s",
            [shelves.through, dialect.moment(end)],
        )
        late = [(subject, party, _moment(at)) for subject, party, at in cursor.fetchall()]
        days.update(periods.local_day(at, zone) for _subject, _party, at in late)
        days.update(_days_of_calls(cursor, sorted({subject for subject, _p, _a in late if subject}), zone))
        for party, day in {(party, periods.local_day(at, zone)) for _s, party, at in late if party}:
            days.update(_days_of_state(cursor, dialect, party, day, zone))
        days.update(_days_judged(cursor, shelves.judged_through, zone))
    return days & set(shelves.folders)


def _days_of_calls(cursor: Any, uids: Sequence[str], zone: tzinfo) -> Iterable[date]:
    for batch in in_batches(uids):
        cursor.execute(
            f"SELECT offered_at, ended_at FROM telephony_call WHERE uid IN ({placeholders(len(batch))})",  # noqa: S608
            batch,
        )
        for start, end in cursor.fetchall():
            yield from (periods.local_day(_moment(value), zone) for value in (start, end) if value)


def _days_of_state(cursor: Any, dialect: Dialect, party: str, day: date, zone: tzinfo) -> Iterable[date]:
    """A late fact changes the agent's state until his next fact, which may be days later."""
    end = periods.day_start(day + timedelta(days=1), zone)
    cursor.execute("SELECT MIN(at) FROM events_event WHERE party = %s AND at >= %s", [party, dialect.moment(end)])
    (following,) = cursor.fetchone()
    last = periods.local_day(_moment(following), zone) if following else day + timedelta(days=1)
    return (day + timedelta(days=n) for n in range(min((last - day).days, 60) + 1))


def _days_judged(cursor: Any, since: str, zone: tzinfo) -> Iterable[date]:
    """Days of calls whose result an agent wrote down after the day was loaded."""
    if not since:
        return []
    cursor.execute(
        "SELECT c.offered_at FROM telephony_wrapup w JOIN telephony_call c ON c.id = w.call_id WHERE w.saved_at > %s",
        [dialects.BY_VENDOR[connection.vendor].moment(_moment(since))],
    )
    return [periods.local_day(_moment(at), zone) for (at,) in cursor.fetchall()]


def _newest_judgement() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(saved_at) FROM telephony_wrapup")
        (newest,) = cursor.fetchone()
    return _moment(newest).isoformat() if newest else datetime(2000, 1, 1, tzinfo=UTC).isoformat()
