# SPDX-License-Identifier: Apache-2.0
"""Judgements on attendance: facts and the handbook of the day give a finding. No clock, no database."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from zuoxi.attendance import day_rules as _day  # noqa: F401  (registers the day's rules)
from zuoxi.attendance.facts import ArrivalFacts, DepartureFacts
from zuoxi.attendance.month_rules import judge_month
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import rule

_SECOND = timedelta(seconds=1)
_GRADES = ("absent_half_day", "absent_full_day", "leave_half_day", "leave_full_day", "excused", UNKNOWN)
ARRIVALS = ("on_time", "late", *_GRADES)
DEPARTURES = ("on_time", "early", *_GRADES)


def minutes_of(span: timedelta) -> Decimal:
    """Exact minutes of a span, to the microsecond."""
    return Decimal(span // timedelta(microseconds=1)) / 60_000_000


def spoken(span: timedelta) -> str:
    """A span as people read it: 16:05 (minutes:seconds), 1:02:03 beyond an hour."""
    seconds = max(span // _SECOND, 0)
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


@rule(
    "attendance.arrival",
    outcomes=ARRIVALS,
    needs=("scales:attendance.arrival",),
    clauses=(
        "ATT-002",
        "ATT-025",
        "ATT-029",
        "ATT-030",
        "ATT-031",
        "CALL-010",
        "PAY-006",
        "VAR-010",
        "VAR-011",
        "VAR-012",
    ),
    day="rostered_start",
)
def judge_arrival(facts: ArrivalFacts, reading: Reading) -> Finding:
    """How a sign-in stands to the rostered start; without a record nothing is said (ATT-002)."""
    if facts.signed_in_at is None:
        return reading.unknown("attendance.arrival", ("signed_in_at",))
    due, at = reading.local(facts.rostered_start), reading.local(facts.signed_in_at)
    return _graded("attendance.arrival", at - due, reading, excused=facts.excused, at=at, due=due)


@rule(
    "attendance.departure",
    outcomes=DEPARTURES,
    needs=("scales:attendance.departure",),
    clauses=("ATT-003", "ATT-025", "ATT-029", "ATT-031", "CALL-010", "PAY-006"),
    day="rostered_end",
)
def judge_departure(facts: DepartureFacts, reading: Reading) -> Finding:
    """How a sign-out stands to the rostered end; without a record nothing is said (ATT-003)."""
    if facts.signed_out_at is None:
        return reading.unknown("attendance.departure", ("signed_out_at",))
    due, at = reading.local(facts.rostered_end), reading.local(facts.signed_out_at)
    return _graded("attendance.departure", due - at, reading, excused=facts.excused, at=at, due=due)


def _graded(name: str, missed: timedelta, reading: Reading, *, excused: bool, at: datetime, due: datetime) -> Finding:
    """The step of the rule's scale that the time missed reaches; an accepted cause takes it away."""
    step = reading.step(name, minutes_of(missed))
    let_off = excused and step.at is not None
    fine = None if let_off else step.also.get("fine_yuan")
    return reading.finding(
        name,
        "excused" if let_off else step.outcome,
        details={"fine_yuan": fine.text if fine else "0"},
        at=f"{at:%H:%M:%S}",
        due=f"{due:%H:%M}",
        minutes=spoken(missed),
        limit=step.at.text if step.at else "",
    )


__all__ = ["judge_arrival", "judge_departure", "judge_month", "minutes_of", "spoken"]
