# SPDX-License-Identifier: Apache-2.0
"""The calls of a few people among very many: in pieces, each of which comes off an index newest first.

A call is an agent's when it counts for him (the call's own agent) or when he had a part in another's (`Leg.aside_at`);
a leader's are his people's, and those of nobody in the queues that they serve. The pieces hold no call twice. A page
takes its rows off the head of each piece; a count goes along the indexes and looks at no call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from zuoxi.telephony.call_search import MOST_COUNTED, Period
from zuoxi.telephony.models import Call, Leg

MOST_NAMED: Final = 60
"""So many people and queues, and each is asked for by name; of more, the period's calls are walked through."""
_NAMED: Final = "\x00named"
Ready = Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Whose:
    """People by staff number, and the queues whose callers that nobody took are theirs too."""

    agents: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()

    @property
    def few(self) -> bool:
        return len(self.agents) + len(self.queues) <= MOST_NAMED


@dataclass(frozen=True, slots=True)
class Piece:
    """Calls of each of `names` in turn: the rows are asked with a mark in the name's place; no names: as they are."""

    rows: QuerySet[Call]
    names: tuple[str, ...] = ()


def pieces_of(calls: QuerySet[Call], whose: Whose, period: Period) -> tuple[Piece, ...]:
    """The calls among `calls` that are theirs; the period narrows where they are looked for, no more."""
    found = [Piece(calls.filter(agent=_NAMED), whose.agents)]
    aside = Leg.objects.filter(agent__in=whose.agents, aside_at__isnull=False)
    if period.since:
        aside = aside.filter(aside_at__gte=period.since)
    if period.until:
        aside = aside.filter(aside_at__lt=period.until)
    others = calls.filter(pk__in=aside.values("call_id")).exclude(agent__in=whose.agents)
    if whose.queues:
        nobody = calls.filter(agent=RawSQL("''", ()))  # written out: an index of nobody's calls is only then used
        found.append(Piece(nobody.filter(queue=_NAMED), whose.queues))
        others = others.exclude(agent="", queue__in=whose.queues)
    return (*found, Piece(others))


def heads_of(pieces: Sequence[Piece], columns: Sequence[str], order: Sequence[str], most: int) -> tuple[str, list[Any]]:
    """SQL of the first `most` rows of each piece in the order (none: any), and its parameters."""
    texts: list[str] = []
    values: list[Any] = []
    for piece in pieces:
        rows = piece.rows.order_by(*order).values_list(*columns)[:most]
        try:
            text, params = rows.query.sql_with_params()
        except EmptyResultSet:  # the question contradicts itself, or names nobody
            continue
        for given in _given(params, piece.names):
            texts.append(f"SELECT * FROM ({text}) AS p{len(texts)}")  # noqa: S608 - the ORM's own text
            values += given
    return " UNION ALL ".join(texts), values


def _given(params: Sequence[Any], names: Sequence[str]) -> Iterator[list[Any]]:
    if _NAMED not in params:
        yield list(params)
        return
    for name in names:
        yield [name if one == _NAMED else one for one in params]


def counted(pieces: Sequence[Piece]) -> tuple[int, bool]:
    """How many calls they hold, and whether there are more than are counted; one question."""
    text, values = heads_of(pieces, ("offered_at",), (), MOST_COUNTED + 1)
    if not text:
        return 0, False
    sql = f"SELECT COUNT(*) FROM (SELECT * FROM ({text}) AS u LIMIT {MOST_COUNTED + 1}) AS c"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (count,) = cursor.fetchone()
    return min(count, MOST_COUNTED), count > MOST_COUNTED


def newest_of(pieces: Sequence[Piece]) -> Callable[[Ready, bool, int], QuerySet[Call]]:
    """The first calls of all pieces together, for `keyset.page_of`."""

    def narrowed(ready: Ready, downwards: bool, most: int) -> QuerySet[Call]:
        sign, word = ("-", "DESC") if downwards else ("", "ASC")
        cut = [Piece(ready(piece.rows), piece.names) for piece in pieces]
        text, values = heads_of(cut, ("id", "sort_value"), (f"{sign}sort_value", f"{sign}id"), most)
        if not text:
            return Call.objects.none()
        sql = f"SELECT id FROM ({text}) AS u ORDER BY sort_value {word}, id {word} LIMIT {int(most)}"  # noqa: S608
        return Call.objects.filter(pk__in=RawSQL(sql, values))  # noqa: S611 - the ORM's own text, values as parameters

    return narrowed
