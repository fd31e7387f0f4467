# SPDX-License-Identifier: Apache-2.0
"""Figures of closed days from columns: half-hour cubes where they tell enough, else the day's facts."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any

import duckdb
import numpy as np

from zuoxi.reporting import periods
from zuoxi.reporting.cells import Cells
from zuoxi.reporting.compilation import Compiler, Membership, Statement, Term, needed, term
from zuoxi.reporting.dialects import DuckDB
from zuoxi.reporting.facts import PERIODS, SLOT_SECONDS, FigureQuery
from zuoxi.reporting.measures import ALL
from zuoxi.reporting.shelves import Shelves

THRESHOLDS = (2, 5, 10, 15, 20, 30, 45, 60, 90, 120)
SHORTS = (2, 3, 5, 8, 10, 15, 20)
"""Seconds for which the cubes hold counts; any others are counted from the facts."""
CUBES = {"cube_agent": frozenset({"agent", "team"}), "cube_queue": frozenset({"queue"})}
_opening = threading.Lock()


def cube_terms() -> list[Term]:
    """Every column of a cube."""
    found: dict[str, Term] = {}
    for measure in ALL:
        for seconds in {"threshold": THRESHOLDS, "short": SHORTS, "": (0,)}[measure.parameter]:
            one = term(measure, seconds, seconds)
            found[one.column] = one
    return list(found.values())


@cache
def _database() -> Any:
    """One in-memory DuckDB per process that reads files; each query takes a cursor of its own."""
    return duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "1GB", "preserve_insertion_order": False})


def cursor() -> Any:
    with _opening:
        return _database().cursor()


def split(query: FigureQuery, zone: tzinfo, shelves: Shelves | None = None) -> tuple[list[date], list[FigureQuery]]:
    """The closed days of the question that the warehouse holds, and questions about what lies between them."""
    held = (shelves or Shelves.open()).holding(periods.days_within(query.since, query.until, zone))
    rest: list[FigureQuery] = []
    at = query.since
    for day in held:
        start = periods.day_start(day, zone)
        if at < start:
            rest.append(replace(query, since=at, until=start))
        at = periods.day_start(date.fromordinal(day.toordinal() + 1), zone)
    if at < query.until or not held:
        rest.append(replace(query, since=at, until=query.until))
    return held, rest


def cube_for(query: FigureQuery) -> str | None:
    """The cube whose grain tells the question's groups; None: only the facts do."""
    if query.threshold not in THRESHOLDS or query.short_abandon not in SHORTS:
        parameters = {one.parameter for one in needed(query)}
        if query.threshold not in THRESHOLDS and "threshold" in parameters:
            return None
        if query.short_abandon not in SHORTS and "short" in parameters:
            return None
    asked = set(query.keys) - set(PERIODS)
    if query.agents is not None:
        asked.add("agent")
    if query.queues is not None:
        asked.add("queue")
    return next((name for name, grain in CUBES.items() if asked <= grain), None)


def _by_half_hours(teams: Sequence[Membership], query: FigureQuery) -> bool:
    """Whether nobody changes teams within a half-hour of the question; a cube cannot tell its parts apart."""
    first, last = int(query.since.timestamp()), int(query.until.timestamp())
    edges = {edge for one in teams for edge in (one.since, one.until)}
    return not any(edge % SLOT_SECONDS for edge in edges if first < edge < last)


def compute(
    query: FigureQuery,
    days: Sequence[date],
    zone: tzinfo,
    now: datetime,
    *,
    teams: Sequence[Membership] = (),
    shelves: Shelves | None = None,
) -> Cells:
    """The sums of whole days that `split` said are there."""
    held = shelves or Shelves.open()

    def source(table: str) -> str:
        names = ", ".join(f"'{name}'" for name in held.files(table, days))
        return f"read_parquet([{names}])"

    whole = replace(
        query,
        since=periods.day_start(days[0], zone),
        until=periods.day_start(date.fromordinal(days[-1].toordinal() + 1), zone),
    )
    compiler = Compiler(DuckDB(source), zone, now, teams)
    cube = cube_for(query) if _by_half_hours(teams, whole) else None
    return run(compiler.compile_cube(whole, cube) if cube else compiler.compile(whole))


def run(statement: Statement) -> Cells:
    """Columns of the statement's result; a measure that its groups cannot tell is a column of None."""
    width = len(statement.keys)
    if not statement.sql:
        return Cells(statement.keys, ((),) * width, dict.fromkeys(statement.measures, ()))
    used = {name: value for name, value in statement.params.items() if f"${name}" in statement.sql}
    columns = cursor().execute(statement.sql, used).fetchnumpy()
    keys = tuple(columns[f"k_{key}"] for key in statement.keys)
    return Cells(statement.keys, keys, {name: _plain(columns[name]) for name in statement.measures})


def _plain(column: Any) -> Any:
    return column.tolist() if isinstance(column, np.ma.MaskedArray) and column.mask.any() else np.asarray(column)
