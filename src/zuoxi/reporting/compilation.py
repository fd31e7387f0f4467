# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: S608 - every name in the SQL is ours; what people give are parameters
"""From a question to one SELECT: the same definition for DuckDB, PostgreSQL and SQLite.

Each fact table that the chosen figures need gives one branch of a UNION ALL with a column per measure; the outer
SELECT adds the branches up per group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from zuoxi.reporting import definitions, measures
from zuoxi.reporting.dialects import COLUMNS, LATEST_WRAP_UP, Dialect
from zuoxi.reporting.facts import PERIODS, SLOT_SECONDS, FigureQuery
from zuoxi.reporting.measures import Measure
from zuoxi.reporting.periods import Clock

MARKS = ("unknown_visits", "doubted_visits", "unknown_time", "unknown_outbound")
MOST_NAMED = 60
"""So many people, and their rows are looked up by their own indexes; of more, those of the whole time are read."""
_NO_CLOCK = Clock((), ())
_TEAM_JOIN = " LEFT JOIN team_of ON team_of.agent = t.agent AND t.second >= team_of.since AND t.second < team_of.until"


class Membership(NamedTuple):
    """An agent's team from a UTC second (inclusive) to another (exclusive)."""

    agent: str
    team: str
    since: int
    until: int


class Term(NamedTuple):
    """One column of the result: a measure at its seconds."""

    column: str
    measure: Measure
    condition: str


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
        """The sums of the question's measures from the fact tables."""
        return self.compile_terms(query, terms(query))

    def compile_terms(self, query: FigureQuery, wanted: Sequence[Term]) -> Statement:
        """The sums of any measures from the fact tables, grouped and narrowed as the question says."""
        self.params = self.times(query)
        clock = Clock.over(query.since, query.until, self.zone)
        branches = [self._branch(table, wanted, query, clock) for table in measures.TABLES]
        held = [branch for branch in branches if branch]
        columns = tuple(term.column for term in wanted)
        if not held:
            return Statement("", {}, query.keys, columns)
        sums = [_summed(term.column, answerable(term.measure.table, query)) for term in wanted]
        source = f"({' UNION ALL '.join(held)}) u"
        sql = self._teams(query) + _grouped([f"k_{key}" for key in query.keys], sums, source)
        return Statement(sql, self.params, query.keys, columns)

    def compile_cube(self, query: FigureQuery, cube: str) -> Statement:
        """The same sums from a cube, whose columns are the terms; its grain must hold the question's groups."""
        self.params = self.times(query)
        wanted = terms(query)
        clock = Clock.over(query.since, query.until, self.zone)
        keys = [f"{self._key(key, clock)} AS k_{key}" for key in query.keys]
        as_stored = set(query.keys) == {"interval", cube.removeprefix("cube_")}
        sums = [_summed(term.column, answerable(term.measure.table, query), "t.", as_stored) for term in wanted]
        join = _TEAM_JOIN if "team" in query.keys else ""
        where = self._where(query, {"agent", "queue"})
        group = f" GROUP BY {', '.join(f'k_{key}' for key in query.keys)}" if keys and not as_stored else ""
        source = f"{self.dialect.table(cube)} t{join}{where}{group}"
        sql = f"{self._teams(query)}SELECT {', '.join([*keys, *sums])} FROM {source}"
        return Statement(sql, self.params, query.keys, tuple(term.column for term in wanted))

    def compile_rows(
        self, query: FigureQuery, measure: Measure, exactly: Mapping[str, str]
    ) -> tuple[str, dict[str, Any]]:
        """The rows that a measure counts, with what each counts as `value`, in time order, and the parameters."""
        self.params = self.times(query)
        by_team = replace(query, by=("team",)) if "team" in exactly else replace(query, by=())
        columns = ", ".join(f"t.{name}" for name in COLUMNS[measure.table].split())
        known = measures.DIMENSIONS_OF[measure.table]
        parts = [measure.condition(query.threshold, query.short_abandon)]
        parts += [
            f"{self._key(name, _NO_CLOCK)} = {self._given(f'is_{name}', value)}"
            for name, value in exactly.items()
            if name in known
        ]
        where = self._where(query, known)
        sql = (
            f"{self._teams(by_team)}SELECT {columns}, {measure.value} AS value "
            f"FROM {self.dialect.table(measure.table, self._few(query))} t"
            f"{_TEAM_JOIN if 'team' in exactly else ''}{where}{' AND ' if where else ' WHERE '}{' AND '.join(parts)}"
            " ORDER BY t.second, t.agent"
        )
        return sql, self.params

    def times(self, query: FigureQuery) -> dict[str, Any]:
        d = self.dialect
        return {
            "lo": d.moment(query.since),
            "near": d.moment(query.since - timedelta(days=1)),
            "far": d.moment(query.until + timedelta(days=1)),
            "hi": d.moment(query.until),
            "lo_s": int(query.since.timestamp()),
            "hi_s": int(query.until.timestamp()),
            "now": int(self.now.timestamp()),
            "late": d.moment(query.until + timedelta(seconds=LATEST_WRAP_UP + 1)),
        }

    def _branch(self, table: str, wanted: Sequence[Term], query: FigureQuery, clock: Clock) -> str:
        """One table's sums; "" when the question asks nothing of it, or what it cannot tell."""
        if not any(term.measure.table == table for term in wanted) or not answerable(table, query):
            return ""
        keys = [f"{self._key(key, clock)} AS k_{key}" for key in query.keys]
        columns = [_own_column(term, table) for term in wanted]
        join = _TEAM_JOIN if "team" in query.keys else ""
        group = f" GROUP BY {', '.join(str(place + 1) for place in range(len(keys)))}" if keys else ""
        where = self._where(query, measures.DIMENSIONS_OF[table])
        source = self.dialect.table(table, self._few(query))
        return f"SELECT {', '.join([*keys, *columns])} FROM {source} t{join}{where}{group}"

    def _key(self, key: str, clock: Clock) -> str:
        if key in PERIODS:
            return clock.key(key, self.dialect, "t.second")
        return "COALESCE(team_of.team, '')" if key == "team" else f"t.{key}"

    def _where(self, query: FigureQuery, known: Iterable[str]) -> str:
        parts = []
        for column, chosen in (("agent", query.agents), ("queue", query.queues)):
            if chosen is None or column not in known:
                continue
            marks = [self._given(f"{column}{place}", value) for place, value in enumerate(sorted(chosen))]
            parts.append(f"t.{column} IN ({', '.join(marks)})" if marks else "1 = 0")
        return f" WHERE {' AND '.join(parts)}" if parts else ""

    def _few(self, query: FigureQuery) -> list[str]:
        """Marks of the people asked for; none where everybody is, or very many."""
        if query.agents is None or len(query.agents) > MOST_NAMED:
            return []
        return [self._given(f"agent{place}", value) for place, value in enumerate(sorted(query.agents))]

    def _given(self, name: str, value: Any) -> str:
        self.params[name] = value
        return self.dialect.mark(name)

    def _teams(self, query: FigureQuery) -> str:
        """Who was in which team when, as a table of the statement: of the question's time alone, for a database takes
        only so many parameters."""
        if "team" not in query.keys:
            return ""
        first, last = int(query.since.timestamp()) - SLOT_SECONDS, int(query.until.timestamp())
        known = [one for one in self.teams if one.until > first and one.since < last]
        rows = [
            f"({self._given(f'ta{n}', one.agent)}, {self._given(f'tt{n}', one.team)}, {one.since}, {one.until})"
            for n, one in enumerate(known)
        ] or ["('', '', 0, 0)"]
        return f"WITH team_of(agent, team, since, until) AS (VALUES {', '.join(rows)}) "


def answerable(table: str, query: FigureQuery) -> bool:
    """Whether the table knows what the question groups and narrows by (an agent's state has no queue)."""
    known = measures.DIMENSIONS_OF[table]
    return set(query.keys) <= known | set(PERIODS) and (query.queues is None or "queue" in known)


def _own_column(term: Term, table: str) -> str:
    if term.measure.table != table:
        return f"CAST(NULL AS bigint) AS {term.column}"
    return f"SUM(CASE WHEN {term.condition} THEN {term.measure.value} ELSE 0 END) AS {term.column}"


def _summed(column: str, known: bool, prefix: str = "", as_stored: bool = False) -> str:
    """A sum without rows is nought; one that the groups cannot tell is NULL. Stored rows may be groups already."""
    value = f"{prefix}{column}" if as_stored else f"COALESCE(SUM({prefix}{column}), 0)"
    value = value if known else "NULL"
    return f"CAST({value} AS bigint) AS {column}"


def _grouped(keys: Sequence[str], sums: Sequence[str], source: str) -> str:
    group = f" GROUP BY {', '.join(keys)}" if keys else ""
    return f"SELECT {', '.join([*keys, *sums])} FROM {source}{group}"


def needed(query: FigureQuery) -> tuple[Measure, ...]:
    """The measures that the question's figures and its marks of incompleteness rest on, each once."""
    names: dict[str, None] = {}
    for figure in definitions.chosen(query.figures):
        for name in figure.reading(query.readings.get(figure.id)).measures:
            names[name] = None
    return tuple(measures.BY_ID[name] for name in (*names, *(m for m in MARKS if m not in names)))


def term(measure: Measure, threshold: int, short: int) -> Term:
    return Term(measure.column(threshold, short), measure, measure.condition(threshold, short))


def terms(query: FigureQuery) -> list[Term]:
    """The columns that the question needs, at its own seconds."""
    return [term(one, query.threshold, query.short_abandon) for one in needed(query)]
