# SPDX-License-Identifier: Apache-2.0
"""The index of words in either database, newest first in both.

SQLite: an FTS5 table without content of its own; it walks its lists from the newest row, so that a common word costs
no more than a rare one; one character with its mark (`t.供`) is a prefix that it keeps ready. PostgreSQL: a tsvector
under a GIN index, which knows no order; there a word carries the number of its segment of rows, and the newest segments
are asked first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from zuoxi.search.models import Entry
from zuoxi.search.scoring import ALSO
from zuoxi.search.words import Term, gaps_of, words_of

SEGMENT = 1 << 15  # rows of one segment of the PostgreSQL index
MOST_AT_ONCE = 64  # segments that are asked in one question
GLANCE = 300  # newest rows that PostgreSQL reads one by one before it asks the index
_SHORT = {"ticket": "t", "article": "a", "complaint": "c", "order": "o"}
Row = tuple[int, str, str, str, str, int, Any]
_COLUMNS = "e.id, e.kind, e.ref, e.title, e.body, e.weight, e.at"


def mark_of(kind: str) -> str:
    """The sign that every word of a kind begins with, so that a search for articles never wades through tickets."""
    return _SHORT.get(kind) or f"{kind}_"


def scope_word(scope: str) -> str:
    """A scope as one word: signs that the indexes would split become letters."""
    return "@" + "".join(sign if sign.isalnum() and sign.isascii() else f"_{ord(sign):x}_" for sign in scope.lower())


def texts_of(entry: Entry) -> tuple[list[str], list[str], list[str]]:
    """The words of the title, those of the body, and the gaps of whatever the thing is called, where it is kept how
    that sounds (some thousand things, see `Doc.forgiving`); as the entry's spelling says."""
    title, body = (words_of(text, entry.spelling or 0) for text in (entry.title, entry.body))
    named = f"{entry.title} {entry.body.partition(ALSO)[2]}"
    return title, body, gaps_of(named) if entry.sound and entry.spelling else []


class Dialect(Protocol):
    def add(self, entries: Sequence[Entry]) -> None:
        """New rows with their words."""

    def put(self, entry: Entry) -> None:
        """The words of a row that stands."""

    def take(self, entry: Entry) -> None:
        """Forget the words of a row, which still has the texts that were put."""

    def newest(self, kind: str, asked: Asked, before: int | None, limit: int) -> list[Row]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: all terms (or, `some`, any of them), if given under one of the scopes, among the refs."""

    terms: tuple[Term, ...]
    scopes: tuple[str, ...] | None = None
    refs: tuple[str, ...] | None = None
    some: bool = False

    def scope_words(self) -> list[str]:
        return [scope_word(one) for one in self.scopes or ()] or ["@"]  # no word is "@" alone: none finds nothing


def _narrowed(asked: Asked) -> tuple[str, list[Any]]:
    if asked.refs is None:
        return "", []
    return f" AND e.ref IN ({', '.join(['%s'] * len(asked.refs)) or 'NULL'})", list(asked.refs)


class Fts5:
    def _words(self, entry: Entry) -> tuple[int, str, str, str]:
        mark = mark_of(entry.kind)
        title, body, gaps = texts_of(entry)
        scopes = [scope_word(one) for one in entry.scopes]
        first, second, third = (
            " ".join(f"{mark}.{word}" for word in words) for words in ([*title, *gaps], body, scopes)
        )
        return entry.pk, first, second, third

    def add(self, entries: Sequence[Entry]) -> None:
        Entry.objects.bulk_create(entries)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words (rowid, title, body, scopes) VALUES (%s, %s, %s, %s)",
                [self._words(entry) for entry in entries],
            )

    def put(self, entry: Entry) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_words (rowid, title, body, scopes) VALUES (%s, %s, %s, %s)", self._words(entry)
            )

    def take(self, entry: Entry) -> None:
        """An index without content must be told what it forgets."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_words (search_words, rowid, title, body, scopes) VALUES ('delete', %s, %s, %s, %s)",
                self._words(entry),
            )

    def newest(self, kind: str, asked: Asked, before: int | None, limit: int) -> list[Row]:
        narrowed, refs = _narrowed(asked)
        older = " AND f.rowid < %s" if before is not None else ""
        words = [self._match(kind, asked), *([before] if before is not None else []), *refs, limit]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_COLUMNS} FROM search_words f CROSS JOIN search_entry e ON e.id = f.rowid "  # noqa: S608
                f"WHERE search_words MATCH %s{older}{narrowed} ORDER BY f.rowid DESC LIMIT %s",
                words,
            )
            rows: list[Row] = cursor.fetchall()
        return rows

    def _match(self, kind: str, asked: Asked) -> str:
        mark = mark_of(kind)
        terms = [self._phrase(mark, term) for term in asked.terms]
        said = f"{{title body}} : ({(' OR ' if asked.some else ' AND ').join(terms)})"
        if asked.scopes is not None:
            scopes = " OR ".join(f'"{mark}.{one}"' for one in asked.scope_words())
            said = f"({said}) AND {{scopes}} : ({scopes})"
        return said

    @staticmethod
    def _phrase(mark: str, term: Term) -> str:
        body = " + ".join(f'"{mark}.{word}"' for word in term.words)
        return f"({body} *)" if term.open else f"({body})"


_KEPT = ("kind", "ref", "title", "body", "scopes", "sound", "weight", "at", "spelling")


class TsVector:
    def add(self, entries: Sequence[Entry]) -> None:
        """Keys are drawn first, because the words carry the segment of their row."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('search_entry', 'id')) FROM generate_series(1, %s)",
                [len(entries)],
            )
            for entry, (key,) in zip(entries, cursor.fetchall(), strict=True):
                entry.pk = key
            cursor.executemany(
                f"INSERT INTO search_entry (id, {', '.join(_KEPT)}, words) "  # noqa: S608
                "VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s::tsvector)",
                [self._row(entry) for entry in entries],
            )

    def _row(self, entry: Entry) -> tuple[Any, ...]:
        kept = [json.dumps(entry.scopes) if name == "scopes" else getattr(entry, name) for name in _KEPT]
        return (entry.pk, *kept, self._vector(entry))

    def put(self, entry: Entry) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_entry SET words = %s::tsvector WHERE id = %s", [self._vector(entry), entry.pk]
            )

    def _vector(self, entry: Entry) -> str:
        """The words of the row with their places; between two texts a gap, so that no phrase bridges them."""
        mark = f"{mark_of(entry.kind)}{entry.pk // SEGMENT}"
        places: dict[str, list[int]] = {}
        place = 1
        title, body, gaps = texts_of(entry)
        for words in (title, body):
            for word in words:
                if place < 16_000:
                    places.setdefault(word, []).append(place)
                place += 1
            place += 1
        said = [f"'{mark}.{word}':{','.join(map(str, where[:200]))}" for word, where in places.items()]
        return " ".join([*said, *(f"'{mark}.{one}'" for one in (*gaps, *map(scope_word, entry.scopes)))])

    def take(self, entry: Entry) -> None:
        """Nothing to do: the words go with their row."""

    def newest(self, kind: str, asked: Asked, before: int | None, limit: int) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(id) FROM search_entry WHERE kind = %s", [kind])
            last = cursor.fetchone()[0]
            if last is None or (before is not None and before <= 1):
                return []
            top = min(last + 1, before) if before is not None else last + 1
            found: list[Row] = self._glance(cursor, kind, asked, top, limit)
            if len(found) == limit:
                return found
            reached = top - GLANCE
            for span in _segments(reached - 1):
                found += self._from(cursor, kind, asked, span, (reached, limit - len(found)))
                if len(found) >= limit:
                    break
        return found

    def _glance(self, cursor: Any, kind: str, asked: Asked, top: int, limit: int) -> list[Row]:
        """The newest rows one by one: a common word stands among them often enough."""
        narrowed, refs = _narrowed(asked)
        segments = sorted({max(top - GLANCE, 0) // SEGMENT, (top - 1) // SEGMENT})
        cursor.execute(
            f"SELECT {_COLUMNS} FROM (SELECT * FROM search_entry WHERE kind = %s AND id < %s AND id >= %s "  # noqa: S608
            f"ORDER BY id DESC OFFSET 0) e WHERE e.words @@ %s::tsquery{narrowed} ORDER BY e.id DESC LIMIT %s",
            [kind, top, top - GLANCE, self._query(kind, asked, segments), *refs, limit],
        )
        rows: list[Row] = cursor.fetchall()
        return rows

    def _from(self, cursor: Any, kind: str, asked: Asked, span: tuple[int, int], end: tuple[int, int]) -> list[Row]:
        """Hits of the segments from the newest to the oldest of `span`, below a row, at most so many (`end`).

        Each segment is looked up by itself: of all together the planner expects so many hits among millions that it
        would read the whole table.
        """
        narrowed, refs = _narrowed(asked)
        queries = [self._query(kind, asked, [segment]) for segment in range(span[1], span[0] + 1)]
        cursor.execute(
            f"SELECT {_COLUMNS} FROM search_entry e WHERE e.id IN (SELECT hit.id FROM unnest(%s::text[]) said "  # noqa: S608
            f"CROSS JOIN LATERAL (SELECT id FROM search_entry e WHERE e.words @@ said::tsquery{narrowed} OFFSET 0) hit "
            "WHERE hit.id < %s ORDER BY hit.id DESC LIMIT %s) ORDER BY e.id DESC",
            [queries, *refs, *end],
        )
        rows: list[Row] = cursor.fetchall()
        return rows

    def _query(self, kind: str, asked: Asked, segments: Iterable[int]) -> str:
        return " | ".join(f"({self._in_segment(f'{mark_of(kind)}{one}', asked)})" for one in segments)

    @staticmethod
    def _in_segment(mark: str, asked: Asked) -> str:
        terms = []
        for term in asked.terms:
            words = [f"'{mark}.{word}'" for word in term.words]
            if term.open:
                words[-1] += ":*"
            terms.append(f"({' <-> '.join(words)})")
        said = f"({(' | ' if asked.some else ' & ').join(terms)})"
        if asked.scopes is not None:
            said += " & (" + " | ".join(f"'{mark}.{one}'" for one in asked.scope_words()) + ")"
        return said


def _segments(last: int) -> Iterator[tuple[int, int]]:
    """(newest, oldest) segment of each step back: one, then eight, then `MOST_AT_ONCE` at a time."""
    newest, step = last // SEGMENT, 1
    while newest >= 0:
        yield newest, max(newest - step + 1, 0)
        newest -= step
        step = min(step * 8, MOST_AT_ONCE)


_BY_VENDOR: dict[str, Dialect] = {"sqlite": Fts5(), "postgresql": TsVector()}


def dialect() -> Dialect:
    return _BY_VENDOR[connection.vendor]
