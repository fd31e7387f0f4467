# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: S608 - every name in the SQL is ours; what people give are parameters
"""From a question to one SELECT: the same definition for DuckDB, PostgreSQL and SQLite.

Each fact table that the chosen figures need gives one branch of a UNION ALL with a column per measure; the outer
SELECT adds the branches up per group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from zuoxi.reporting import definitions, measures
from zuoxi.reporting.dialects import Dialect
from zuoxi.reporting.facts import PERIODS, FigureQuery
from zuoxi.reporting.measures import Measure
from zuoxi.reporting.periods import Clock

MARKS = ("unknown_visits", "doubted_visits", "unknown_time", "unknown_outbound")
LATEST_WRAP_UP = timedelta(hours=6)


class Membership(NamedTuple):
    """An agent's team from a UTC second (inclusive) to another (exclusive)."""

    agent: str
    team: str
    since: int
    until: int


@dataclass(slots=True)
class Statement:
    """SQL with named parameters: the group's keys, then the measures. No SQL: no table can answer."""

    sql: str
    params: dict[str, Any]
    keys: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(slots=True)
class Compiler:
    """Compiles questions for one dialect; `now` closes what is still open."""

    dialect: Dialect
    zone: tzinfo
    now: datetime
    teams: Sequence[Membership] = ()
    params: dict[str, Any] = field(default_factory=dict)

    def compile(self, query: FigureQuery) -> Statement:
        wanted = needed(query)
        self.params = self._times(query)
        clock = Clock.over(query.since, query.until, self.zone)
        branches = [
            branch for table in measures.TABLES if (branch := self._branch(table, wanted, query, clock)) is not None
        ]
        columns = [one.column(query.threshold, query.short_abandon) for one in wanted]
        keys = query.keys
        if not branches:
            return Statement("", {}, keys, tuple(columns))
        sums = ", ".join(
            f"CAST({f'COALESCE(SUM({name}), 0)' if answerable(one.table, query) else 'NULL'} AS bigint) AS {name}"
            for one, name in zip(wanted, columns, strict=True)
        )
        names = "".join(f"k_{key}, " for key in keys)
        group = f" GROUP BY {', '.join(f'k_{key}' for key in keys)}" if keys else ""
        sql = f"{self._teams(query)}SELECT {names}{sums} FROM ({' UNION ALL '.join(branches)}) u{group}"
        return Statement(sql, self.params, keys, tuple(columns))

    def _times(self, query: FigureQuery) -> dict[str, Any]:
        d = self.dialect
        return {
            "lo": d.moment(query.since),
            "hi": d.moment(query.until),
            "lo_s": int(query.since.timestamp()),
            "hi_s": int(query.until.timestamp()),
            "now": int(self.now.timestamp()),
            "late": d.moment(query.until + LATEST_WRAP_UP),
        }

    def _branch(self, table: str, wanted: Sequence[Measure], query: FigureQuery, clock: Clock) -> str | None:
        own = [one for one in wanted if one.table == table]
        if not own or not answerable(table, query):
            return None
        known = measures.DIMENSIONS_OF[table]
        keys = [f"{self._key(key, clock)} AS k_{key}" for key in query.keys]
        columns = [self._column(one, one.table == table, query) for one in wanted]
        join = " LEFT JOIN team_of ON team_of.agent = t.agent AND t.at >= team_of.since AND t.at < team_of.until"
        group = f" GROUP BY {', '.join(str(place + 1) for place in range(len(keys)))}" if keys else ""
        return (
            f"SELECT {', '.join([*keys, *columns])} FROM {self.dialect.table(table)} t"
            f"{join if 'team' in query.keys else ''}{self._where(query, known)}{group}"
        )

    def _key(self, key: str, clock: Clock) -> str:
        if key in PERIODS:
            return clock.key(key, self.dialect, "t.at")
        return "COALESCE(team_of.team, '')" if key == "team" else f"t.{key}"

    def _column(self, one: Measure, own: bool, query: FigureQuery) -> str:
        name = one.column(query.threshold, query.short_abandon)
        if not own:
            return f"CAST(NULL AS bigint) AS {name}"
        condition = one.condition(query.threshold, query.short_abandon)
        return f"SUM(CASE WHEN {condition} THEN {one.value} ELSE 0 END) AS {name}"

    def _where(self, query: FigureQuery, known: Iterable[str]) -> str:
        parts = []
        for column, chosen in (("agent", query.agents), ("queue", query.queues)):
            if chosen is None or column not in known:
                continue
            marks = [self._given(f"{column}{place}", value) for place, value in enumerate(sorted(chosen))]
            parts.append(f"t.{column} IN ({', '.join(marks)})" if marks else "1 = 0")
        return f" WHERE {' AND '.join(parts)}" if parts else ""

    def _given(self, name: str, value: Any) -> str:
        self.params[name] = value
        return self.dialect.mark(name)

    def _teams(self, query: FigureQuery) -> str:
        """Who was in which team when, as a table of the statement."""
        if "team" not in query.keys:
            return ""
        rows = [
            f"({self._given(f'ta{n}', one.agent)}, {self._given(f'tt{n}', one.team)}, {one.since}, {one.until})"
            for n, one in enumerate(self.teams)
        ] or ["('', '', 0, 0)"]
        return f"WITH team_of(agent, team, since, until) AS (VALUES {', '.join(rows)}) "


def answerable(table: str, query: FigureQuery) -> bool:
    """Whether the table knows what the question groups and narrows by (an agent's state has no queue)."""
    known = measures.DIMENSIONS_OF[table]
    return set(query.keys) <= known | set(PERIODS) and (query.queues is None or "queue" in known)


def needed(query: FigureQuery) -> tuple[Measure, ...]:
    """The measures that the question's figures and its marks of incompleteness rest on, each once."""
    names: dict[str, None] = {}
    for figure in definitions.chosen(query.figures):
        for name in figure.reading(query.readings.get(figure.id)).measures:
            names[name] = None
    return tuple(measures.BY_ID[name] for name in (*names, *(m for m in MARKS if m not in names)))
