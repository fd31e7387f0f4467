# SPDX-License-Identifier: Apache-2.0
"""Reading the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import Count

from zuoxi.events import sql
from zuoxi.events.facts import Doubted, Stored
from zuoxi.events.models import FoldPosition, Quarantine

_SELECT = "SELECT id, stream, kind, at, source, subject, party, data FROM events_event"


def _time(value: Any) -> datetime:
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    moment: datetime = value
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rows(where: str, params: Sequence[Any]) -> list[Stored]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT} {where}", params)
        return [
            Stored(i, stream, kind, _time(at), source, subject, party, orjson.loads(data))
            for i, stream, kind, at, source, subject, party, data in cursor.fetchall()
        ]


def last_id() -> int:
    """The newest event's id; 0 when the ledger is empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM events_event")
        return int(cursor.fetchone()[0])


def after(event_id: int, limit: int = 1000) -> list[Stored]:
    """At most `limit` events that were committed after `event_id`, oldest first."""
    return _rows("WHERE id > %s ORDER BY id LIMIT %s", [event_id, limit])


def of_subjects(subjects: Sequence[str]) -> dict[str, list[Stored]]:
    """All events of each subject, by id; a subject that has none is absent."""
    found: dict[str, list[Stored]] = {}
    for batch in sql.in_batches(list(subjects)):
        for event in _rows(f"WHERE subject IN ({sql.placeholders(len(batch))}) ORDER BY id", batch):
            found.setdefault(event.subject, []).append(event)
    return found


def of_party(party: str, since: datetime | None = None) -> list[Stored]:
    """Events of one party from `since` on (all when None), by time and id."""
    if since is None:
        return _rows("WHERE party = %s ORDER BY at, id", [party])
    return _rows("WHERE party = %s AND at >= %s ORDER BY at, id", [party, sql.adapt(since)])


def in_order(start_after: int = 0, batch: int = 5000) -> Iterable[Stored]:
    """The whole ledger from `start_after`, by id, in bounded batches."""
    position = start_after
    while rows := after(position, batch):
        yield from rows
        position = rows[-1].id


def quarantined(subject: str = "", stream: str = "", before: int | None = None, limit: int = 50) -> list[Doubted]:
    """What was not believed, newest first: of one subject, of one stream, or of all; `before` is the last id shown."""
    rows = Quarantine.objects.order_by("-pk")
    if subject:
        rows = rows.filter(subject=subject)
    if stream:
        rows = rows.filter(stream=stream)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [
        Doubted(row.pk, row.stream, row.at, row.source, row.subject, row.reason, bytes(row.raw)) for row in rows[:limit]
    ]


def quarantine_reasons() -> list[tuple[str, str, int]]:
    """(stream, reason, how many), most first."""
    rows = Quarantine.objects.values_list("stream", "reason").annotate(count=Count("pk")).order_by("-count")
    return [(str(stream), str(reason), int(count)) for stream, reason, count in rows[:100]]


def fold_positions() -> dict[str, tuple[int, datetime]]:
    """By fold: the id of the last event it has applied, and when."""
    rows = FoldPosition.objects.values_list("name", "applied_through", "updated_at")
    return {name: (through, at) for name, through, at in rows}


def latest_of(stream: str, kind: str, within: int = 200_000) -> Stored | None:
    """The newest event of that kind on the stream among the last `within` events of the ledger."""
    where = "WHERE id > %s AND stream = %s AND kind = %s ORDER BY id DESC LIMIT 1"
    rows = _rows(where, [last_id() - within, stream, kind])
    return rows[0] if rows else None


def count_after(stream: str, event_id: int) -> int:
    """How many events of the stream came after that id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM events_event WHERE id > %s AND stream = %s", [event_id, stream])
        return int(cursor.fetchone()[0])


def _distinct(column: str, batch: int = 500) -> Iterator[str]:
    last = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT {column} FROM events_event WHERE {column} > %s "  # noqa: S608 - our own names
                f"ORDER BY {column} LIMIT {batch}",
                [last],
            )
            found = [row[0] for row in cursor.fetchall()]
        if not found:
            return
        yield from found
        last = found[-1]


def subjects() -> Iterator[str]:
    """Every subject that the ledger speaks of, in order, asked for in bounded batches."""
    return _distinct("subject")


def parties() -> Iterator[str]:
    """Every party that the ledger speaks of, in order, asked for in bounded batches."""
    return _distinct("party")
