# SPDX-License-Identifier: Apache-2.0
"""The rows behind a figure: the same predicates as its sums, row by row, newest last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from django.db import connection

from zuoxi.reporting import definitions, dialects, measures
from zuoxi.reporting.compilation import Compiler
from zuoxi.reporting.facts import FigureQuery, WrongQuestion
from zuoxi.reporting.measures import Measure
from zuoxi.reporting.memberships import memberships


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that counts: when, whose, how much. `call_id` None: a stretch of an agent's state."""

    at: datetime
    agent: str
    queue: str
    value: int
    call_id: int | None
    state: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A measure of a figure's numerator or denominator; `sign` -1 where it is taken off."""

    measure: Measure
    sign: int


def parts_of(figure_id: str, side: str, reading: str | None = None) -> list[Part]:
    """The measures on one side ("numerator" or "denominator") of a figure; WrongQuestion for nonsense."""
    (figure,) = definitions.chosen([figure_id])
    told = figure.reading(reading)
    if side not in ("numerator", "denominator"):
        raise WrongQuestion(f"a figure has no {side}")
    names = told.numerator if side == "numerator" else told.denominator
    return [Part(measures.BY_ID[name.removeprefix("-")], -1 if name.startswith("-") else 1) for name in names]


def rows(
    query: FigureQuery,
    measure: Measure,
    zone: tzinfo,
    now: datetime,
    *,
    exactly: Mapping[str, str],
    limit: int,
    offset: int = 0,
) -> list[Evidence]:
    """At most `limit` rows of a measure in time order. `exactly` holds queue, agent, team or reason to one value."""
    dialect = dialects.BY_VENDOR[connection.vendor]
    teams = memberships(query, zone) if "team" in exactly else ()
    sql, params = Compiler(dialect, zone, now, teams).compile_rows(query, measure, exactly)
    columns = dialects.COLUMNS[measure.table].split()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {int(limit)} OFFSET {int(offset)}", params)
        found = cursor.fetchall()
    return [_evidence(dict(zip([*columns, "value"], row, strict=True))) for row in found]


def _evidence(row: dict[str, object]) -> Evidence:
    call = row.get("call_id")
    return Evidence(
        at=datetime.fromtimestamp(int(str(row["second"])), UTC),
        agent=str(row["agent"]),
        queue=str(row.get("queue", "")),
        value=int(str(row["value"])),
        call_id=None if call is None else int(str(call)),
        state=str(row.get("state", "")),
        reason=str(row.get("reason", "")),
    )
