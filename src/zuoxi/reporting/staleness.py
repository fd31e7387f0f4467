# SPDX-License-Identifier: Apache-2.0
"""Which closed days late facts have changed: an import, a backfill, a result written down the next morning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from django.db import connection

from zuoxi.events.sql import in_batches, placeholders
from zuoxi.reporting import dialects, periods
from zuoxi.reporting.dialects import Dialect
from zuoxi.reporting.shelves import Shelves


def moment(value: Any) -> datetime:
    """An aware time from what either database's driver gives."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def stale_days(shelves: Shelves, zone: tzinfo, *, results: bool = True) -> set[date]:
    """Loaded days that facts stored since then have changed; without `results`, what agents wrote down is left aside.

    One query (two with `results`) where nothing came late.
    """
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
        late = [(subject, party, moment(at)) for subject, party, at in cursor.fetchall()]
        days.update(periods.local_day(at, zone) for _subject, _party, at in late)
        days.update(_days_of_calls(cursor, sorted({subject for subject, _p, _a in late if subject}), zone))
        for party, day in {(party, periods.local_day(at, zone)) for _s, party, at in late if party}:
            days.update(_days_of_state(cursor, dialect, party, day, zone))
        if results:
            days.update(_days_judged(cursor, shelves.judged_through, zone))
    return days & set(shelves.folders)


def _days_of_calls(cursor: Any, uids: Sequence[str], zone: tzinfo) -> Iterable[date]:
    for batch in in_batches(uids):
        cursor.execute(
            f"SELECT offered_at, ended_at FROM telephony_call WHERE uid IN ({placeholders(len(batch))})",  # noqa: S608
            batch,
        )
        for start, end in cursor.fetchall():
            yield from (periods.local_day(moment(value), zone) for value in (start, end) if value)


def _days_of_state(cursor: Any, dialect: Dialect, party: str, day: date, zone: tzinfo) -> Iterable[date]:
    """A late fact changes the agent's state until his next fact, which may be days later."""
    end = periods.day_start(day + timedelta(days=1), zone)
    cursor.execute("SELECT MIN(at) FROM events_event WHERE party = %s AND at >= %s", [party, dialect.moment(end)])
    (following,) = cursor.fetchone()
    last = periods.local_day(moment(following), zone) if following else day + timedelta(days=1)
    return (day + timedelta(days=n) for n in range(min((last - day).days, 60) + 1))


def _days_judged(cursor: Any, since: str, zone: tzinfo) -> Iterable[date]:
    """Days of calls whose result an agent wrote down after the day was loaded."""
    if not since:
        return []
    cursor.execute(
        "SELECT c.offered_at FROM telephony_wrapup w JOIN telephony_call c ON c.id = w.call_id WHERE w.saved_at > %s",
        [dialects.BY_VENDOR[connection.vendor].moment(moment(since))],
    )
    return [periods.local_day(moment(at), zone) for (at,) in cursor.fetchall()]
