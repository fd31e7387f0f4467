# SPDX-License-Identifier: Apache-2.0
"""The named row predicates over the fact tables. A measure is a sum over rows, so parts of a period add up.

The SQL here is the common tongue of DuckDB, PostgreSQL and SQLite; what differs is in `dialects.py`. `{threshold}`
and `{short}` are whole seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TABLES: Final = ("visit", "call", "leg", "attempt", "wrap", "judged", "state")
DIMENSIONS_OF: Final[dict[str, frozenset[str]]] = {
    "visit": frozenset({"queue", "agent", "team"}),
    "call": frozenset({"queue", "agent", "team"}),
    "leg": frozenset({"queue", "agent", "team"}),
    "attempt": frozenset({"queue", "agent", "team"}),
    "wrap": frozenset({"queue", "agent", "team"}),
    "judged": frozenset({"queue", "agent", "team"}),
    "state": frozenset({"agent", "team", "reason"}),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """`where` chooses rows of `table`; each counts `value`, which is a whole number."""

    id: str
    table: str
    where: str
    value: str = "1"

    @property
    def parameter(self) -> str:
        """Which threshold it depends on: "threshold", "short" or ""."""
        text = self.where + self.value
        return "threshold" if "{threshold}" in text else "short" if "{short}" in text else ""

    def column(self, threshold: int, short: int) -> str:
        """Its column in a result or cube; measures with a threshold carry the seconds in the name."""
        seconds = {"threshold": f"_{threshold}", "short": f"_{short}", "": ""}
        return self.id + seconds[self.parameter]

    def condition(self, threshold: int, short: int) -> str:
        return self.where.format(threshold=int(threshold), short=int(short))


def _states(name: str, states: str) -> Measure:
    return Measure(name, "state", f"state IN ({states})", "seconds")


_ANSWERED = "outcome = 'answered'"
_ABANDONED = "outcome = 'abandoned'"
_OUT = "direction = 'outbound'"

ALL: Final = (
    Measure("offered", "visit", "outcome <> 'unknown'"),
    Measure("settled", "visit", "outcome NOT IN ('unknown', 'open')"),
    Measure("answered", "visit", _ANSWERED),
    Measure("answered_within", "visit", f"{_ANSWERED} AND wait <= {{threshold}}"),
    Measure("abandoned", "visit", _ABANDONED),
    Measure("abandoned_within", "visit", f"{_ABANDONED} AND wait <= {{threshold}}"),
    Measure("short_abandoned", "visit", f"{_ABANDONED} AND wait < {{short}}"),
    Measure("overflowed", "visit", "outcome = 'overflow'"),
    Measure("unknown_visits", "visit", "outcome = 'unknown'"),
    Measure("doubted_visits", "visit", "doubted = 1"),
    Measure("waited", "visit", f"{_ANSWERED} AND wait IS NOT NULL AND astray = 0", "wait"),
    Measure("wait_known", "visit", f"{_ANSWERED} AND wait IS NOT NULL AND astray = 0"),
    Measure("lost_waited", "visit", f"{_ABANDONED} AND wait IS NOT NULL AND astray = 0", "wait"),
    Measure("lost_wait_known", "visit", f"{_ABANDONED} AND wait IS NOT NULL AND astray = 0"),
    Measure("talked", "visit", f"{_ANSWERED} AND talk IS NOT NULL AND astray = 0", "talk"),
    Measure("talk_known", "visit", f"{_ANSWERED} AND talk IS NOT NULL AND astray = 0"),
    Measure("held", "visit", f"{_ANSWERED} AND hold IS NOT NULL AND astray = 0", "hold"),
    Measure("hold_known", "visit", f"{_ANSWERED} AND hold IS NOT NULL AND astray = 0"),
    Measure("closed", "call", "outcome = 'closed'"),
    Measure("inbound_calls", "call", "direction = 'inbound'"),
    Measure("outbound_dialled", "call", _OUT),
    Measure("outbound_settled", "call", f"{_OUT} AND outcome NOT IN ('unknown', 'open')"),
    Measure("outbound_connected", "call", f"{_OUT} AND {_ANSWERED}"),
    Measure("outbound_talked", "call", f"{_OUT} AND {_ANSWERED} AND talk IS NOT NULL AND astray = 0", "talk"),
    Measure("outbound_talk_known", "call", f"{_OUT} AND {_ANSWERED} AND talk IS NOT NULL AND astray = 0"),
    Measure("queue_calls_answered", "call", f"{_ANSWERED} AND queue <> ''"),
    Measure("surveyed", "call", "score IS NOT NULL"),
    Measure("survey_points", "call", "score IS NOT NULL", "score"),
    Measure("survey_asked", "call", "asked IS NOT NULL"),
    Measure("survey_satisfied", "call", "means = 2"),
    Measure("survey_fairly", "call", "means = 1"),
    Measure("survey_said", "call", "means IS NOT NULL"),
    Measure("unknown_outbound", "call", f"{_OUT} AND outcome = 'unknown'"),
    Measure("transferred", "leg", "kind = 'transferred'"),
    Measure("conferenced", "leg", "kind = 'conferenced'"),
    Measure("legs", "leg", "kind IN ('answered', 'transferred')"),
    Measure("unanswered_rings", "attempt", "1 = 1"),
    Measure("wrapped", "wrap", "direction <> 'outbound'", "seconds"),
    Measure("wraps", "wrap", "direction <> 'outbound'"),
    Measure("successes", "judged", "success = 1"),
    Measure("judgements", "judged", "success IS NOT NULL"),
    _states("ready_time", "'ready'"),
    _states("ringing_time", "'ringing'"),
    _states("on_call_time", "'on_call'"),
    _states("wrap_time", "'wrap_up'"),
    _states("not_ready_time", "'not_ready'"),
    _states("break_time", "'break'"),
    _states("meal_time", "'meal'"),
    _states("training_time", "'training'"),
    _states("unreachable_time", "'unreachable'"),
    _states("unknown_time", "'unknown'"),
)
BY_ID: Final = {measure.id: measure for measure in ALL}
