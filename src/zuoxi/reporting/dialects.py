# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: S608 - every name in the SQL is ours; what people give are parameters
"""What DuckDB, PostgreSQL and SQLite say differently, and where each finds the fact tables.

The fact tables of every dialect have the same columns: `second` (whole seconds since 1970), `agent`, `queue` and
what the measures need. Parameters are named; `%(lo)s` is written by `mark("lo")`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from zuoxi.reporting.facts import SLOT_SECONDS

LATEST_WRAP_UP = 6 * 3600
"""Seconds after a call's beginning within which a wrap-up can still be the call's."""


class Dialect:
    """PostgreSQL; the others override what they say differently."""

    name = "postgresql"
    least, greatest = "LEAST", "GREATEST"

    def mark(self, name: str) -> str:
        return f"%({name})s"

    def div(self, above: str, below: int) -> str:
        """Whole division of numbers that are not negative."""
        return f"(({above}) / {below})"

    def epoch(self, column: str) -> str:
        return f"CAST(floor(extract(epoch FROM {column})) AS bigint)"

    def moment(self, at: datetime) -> Any:
        """A time as a parameter that compares with a stored column."""
        return at

    def contains(self, column: str, word: str) -> str:
        return f"(position('{word}' in {column}) > 0)"

    def truth(self, column: str) -> str:
        """1, 0 or NULL of a boolean column."""
        return f"CAST({column} AS integer)"

    def in_slots(self, spans: str) -> str:
        """Spans (a, b, …) cut at the half-hours: the same columns with `second` and `seconds` of each piece."""
        first, last = self.div("s.a", SLOT_SECONDS), self.div("s.b - 1", SLOT_SECONDS)
        return (
            f"SELECT {self._piece('s', 'k.slot')} FROM ({spans}) s "
            f"CROSS JOIN LATERAL generate_series({first}, {last}) AS k(slot)"
        )

    def _piece(self, span: str, slot: str) -> str:
        start = f"{self.greatest}({span}.a, {slot} * {SLOT_SECONDS})"
        end = f"{self.least}({span}.b, ({slot} + 1) * {SLOT_SECONDS})"
        return f"{start} AS second, {end} - {start} AS seconds, {span}.agent, {span}.state, {span}.reason"

    def table(self, name: str, agents: Sequence[str] = ()) -> str:
        """Rows of the table; of a few people alone where marks for their staff numbers are given."""
        return f"({LIVE[name](self, agents)})"


class SQLite(Dialect):
    name = "sqlite"
    least, greatest = "MIN", "MAX"

    def epoch(self, column: str) -> str:
        return f"CAST(strftime('%%s', {column}) AS INTEGER)"

    def moment(self, at: datetime) -> Any:
        return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")

    def contains(self, column: str, word: str) -> str:
        return f"(instr({column}, '{word}') > 0)"

    def truth(self, column: str) -> str:
        return column

    def in_slots(self, spans: str) -> str:
        first, last = self.div("a", SLOT_SECONDS), self.div("b - 1", SLOT_SECONDS)
        return (
            "WITH RECURSIVE piece(a, b, agent, state, reason, slot, final) AS ("
            f"SELECT a, b, agent, state, reason, {first}, {last} FROM ({spans}) "
            "UNION ALL SELECT a, b, agent, state, reason, slot + 1, final FROM piece WHERE slot < final) "
            f"SELECT {self._piece('piece', 'piece.slot')} FROM piece"
        )


@dataclass(frozen=True)
class DuckDB(Dialect):
    """Reads columns that have been brought into shape when they were loaded; `source` finds a table's rows."""

    source: Callable[[str], str]
    name = "duckdb"

    def mark(self, name: str) -> str:
        return f"${name}"

    def div(self, above: str, below: int) -> str:
        return f"(({above}) // {below})"

    def moment(self, at: datetime) -> Any:
        return int(at.timestamp())

    def table(self, name: str, agents: Sequence[str] = ()) -> str:
        return f"(SELECT * FROM {self.source(name)} WHERE second >= {self.mark('lo')} AND second < {self.mark('hi')})"


def _between(d: Dialect, column: str) -> str:
    return f"{column} >= {d.mark('lo')} AND {column} < {d.mark('hi')}"


def _theirs(d: Dialect, column: str, agents: Sequence[str]) -> str:
    """Holds a call's number to the calls of a few people, by their own indexes; a call lasts less than a day."""
    if not agents:
        return ""
    marks = ", ".join(agents)
    return (
        f" AND {column} IN (SELECT id FROM telephony_call WHERE agent IN ({marks}) AND offered_at >= {d.mark('near')} "
        f"AND offered_at < {d.mark('hi')} UNION ALL SELECT call_id FROM telephony_leg WHERE agent IN ({marks}) "
        f"AND from_at >= {d.mark('near')} AND from_at < {d.mark('far')})"
    )


def _visit(d: Dialect, agents: Sequence[str]) -> str:
    return (
        f"SELECT {d.epoch('v.entered_at')} AS second, v.queue, v.agent, v.outcome, v.wait_seconds AS wait, "
        "v.talk_seconds AS talk, v.hold_seconds AS hold, "
        "CASE WHEN c.doubts <> '' THEN 1 ELSE 0 END AS doubted, "
        f"CASE WHEN {d.contains('c.doubts', 'clock')} THEN 1 ELSE 0 END AS astray, v.call_id "
        "FROM telephony_queuevisit v LEFT JOIN telephony_call c ON c.id = v.call_id "
        f"WHERE {_between(d, 'v.entered_at')}{_theirs(d, 'v.call_id', agents)}"
    )


def _call(d: Dialect, agents: Sequence[str]) -> str:
    return (
        f"SELECT {d.epoch('c.offered_at')} AS second, c.queue, c.agent, c.direction, c.outcome, "
        "c.talk_seconds AS talk, c.survey_score AS score, c.survey_asked AS asked, "
        "CASE c.survey_means WHEN 'satisfied' THEN 2 WHEN 'fairly_satisfied' THEN 1 WHEN 'dissatisfied' THEN 0 "
        "END AS means, "
        f"CASE WHEN {d.contains('c.doubts', 'clock')} THEN 1 ELSE 0 END AS astray, c.id AS call_id "
        f"FROM telephony_call c WHERE {_between(d, 'c.offered_at')}"
    )


def _leg(d: Dialect, agents: Sequence[str]) -> str:
    return (
        f"SELECT {d.epoch('c.offered_at')} AS second, CASE WHEN l.queue <> '' THEN l.queue ELSE c.queue END AS queue, "
        "l.agent, l.kind, l.call_id FROM telephony_leg l JOIN telephony_call c ON c.id = l.call_id "
        f"WHERE {_between(d, 'c.offered_at')}{_theirs(d, 'l.call_id', agents)}"
    )


def _attempt(d: Dialect, agents: Sequence[str]) -> str:
    return (
        f"SELECT {d.epoch('t.at')} AS second, t.queue, t.agent, t.call_id FROM telephony_attempt t "
        f"WHERE {_between(d, 't.at')}"
    )


def _wrap(d: Dialect, agents: Sequence[str]) -> str:
    """Wrap-ups go to the moment their call began; those of no call, or far from it, to the moment they began."""
    start, call = d.epoch("s.from_at"), d.epoch("c.offered_at")
    at = f"CASE WHEN {start} - {call} BETWEEN 0 AND {LATEST_WRAP_UP} THEN {call} ELSE {start} END"
    end = f"COALESCE({d.epoch('s.to_at')}, {d.mark('now')})"
    theirs = f"AND s.agent IN ({', '.join(agents)}) " if agents else ""
    return (
        f"SELECT * FROM (SELECT {at} AS second, COALESCE(c.queue, '') AS queue, s.agent, "
        f"COALESCE(c.direction, '') AS direction, {end} - {start} AS seconds, c.id AS call_id "
        "FROM telephony_stateinterval s LEFT JOIN telephony_call c ON c.uid = s.subject AND s.subject <> '' "
        f"WHERE s.state = 'wrap_up' {theirs}AND s.from_at >= {d.mark('lo')} AND s.from_at < {d.mark('late')}) w "
        f"WHERE second >= {d.mark('lo_s')} AND second < {d.mark('hi_s')}"
    )


def _judged(d: Dialect, agents: Sequence[str]) -> str:
    return (
        f"SELECT {d.epoch('c.offered_at')} AS second, c.queue, w.agent, {d.truth('w.success')} AS success, w.call_id "
        "FROM telephony_wrapup w JOIN telephony_call c ON c.id = w.call_id "
        f"WHERE {_between(d, 'c.offered_at')}{_theirs(d, 'w.call_id', agents)}"
    )


def _state(d: Dialect, agents: Sequence[str]) -> str:
    start = f"{d.greatest}({d.epoch('s.from_at')}, {d.mark('lo_s')})"
    end = f"{d.least}(COALESCE({d.epoch('s.to_at')}, {d.mark('now')}), {d.mark('hi_s')})"
    spans = (
        f"SELECT {start} AS a, {end} AS b, s.agent, s.state, s.reason FROM telephony_stateinterval s "
        f"WHERE s.from_at < {d.mark('hi')} AND (s.to_at IS NULL OR s.to_at > {d.mark('lo')}) "
        f"AND s.state <> 'signed_out' AND {end} > {start}"
    )
    if agents:  # nobody has two states at once: what reaches into the time is the last one begun before it, or later
        begun = "(SELECT MAX(p.from_at) FROM telephony_stateinterval p WHERE p.agent = {0} AND p.from_at <= {1})"
        lo = d.mark("lo")
        spans = " UNION ALL ".join(
            f"{spans} AND s.agent = {one} AND s.from_at >= COALESCE({begun.format(one, lo)}, {lo})" for one in agents
        )
    return d.in_slots(spans)


COLUMNS = {
    "visit": "second queue agent outcome wait talk hold doubted astray call_id",
    "call": "second queue agent direction outcome talk score asked means astray call_id",
    "leg": "second queue agent kind call_id",
    "attempt": "second queue agent call_id",
    "wrap": "second queue agent direction seconds call_id",
    "judged": "second queue agent success call_id",
    "state": "second agent state reason seconds",
}
"""What each fact table is made of; the words among them are text, the rest whole numbers."""
WORDS = frozenset({"queue", "agent", "outcome", "direction", "kind", "state", "reason"})
LIVE = {
    "visit": _visit,
    "call": _call,
    "leg": _leg,
    "attempt": _attempt,
    "wrap": _wrap,
    "judged": _judged,
    "state": _state,
}
BY_VENDOR = {"postgresql": Dialect(), "sqlite": SQLite()}
