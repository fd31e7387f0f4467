# SPDX-License-Identifier: Apache-2.0
"""Judgements on attendance: facts and the handbook of the day give a finding. No clock, no database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from zuoxi.attendance.facts import ArrivalFacts
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import rule

ARRIVALS = (
    "on_time",
    "late",
    "absent_half_day",
    "absent_full_day",
    "leave_half_day",
    "leave_full_day",
    "excused",
    UNKNOWN,
)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


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
    clauses=("ATT-002", "ATT-025"),
    day="rostered_start",
)
def judge_arrival(facts: ArrivalFacts, reading: Reading) -> Finding:
    """How a sign-in stands to the rostered start; without a record nothing is said (ATT-002)."""
    if facts.signed_in_at is None:
        return reading.unknown("attendance.arrival", ("signed_in_at",))
    due, at = reading.local(facts.rostered_start), reading.local(facts.signed_in_at)
    step = reading.step("attendance.arrival", minutes_of(at - due))
    fine = step.also.get("fine_yuan")
    details = {"fine_yuan": fine.text if fine else "0"}
    outcome = "excused" if facts.excused and step.at is not None else step.outcome
    if outcome == "excused":
        details = {"fine_yuan": "0"}
    return reading.finding(
        "attendance.arrival",
        outcome,
        details=details,
        at=f"{at:%H:%M:%S}",
        due=f"{due:%H:%M}",
        minutes=spoken(at - due),
        limit=step.at.text if step.at else "",
    )
