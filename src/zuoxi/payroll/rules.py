# SPDX-License-Identifier: Apache-2.0
"""Judgements on pay: what overtime earns, what talk about pay costs, and a bonus for full attendance."""

from __future__ import annotations

from zuoxi.payroll.facts import (
    ExpensesFacts,
    FullAttendanceFacts,
    OvertimeFacts,
    SalaryWarningFacts,
    StandbyFacts,
)
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule

_DUE = {"overtime_pay": "due", "commission": "due", "legal_risk": False}
_NONE = {"overtime_pay": "none", "commission": "due", "legal_risk": True}


@rule(
    "pay.overtime",
    outcomes=("overtime_and_commission", "commission_only", UNKNOWN),
    needs=("figures:pay.overtime.needs_average",),
    clauses=("PAY-003",),
)
def judge_overtime(facts: OvertimeFacts, reading: Reading) -> Finding:
    """Overtime pay for what was assigned and reached the mean; less than the law asks, so it carries a warning."""
    needs_average = reading.flag("pay.overtime.needs_average")
    if not facts.assigned:
        return reading.finding("pay.overtime", "commission_only", details=_NONE, say="chosen")
    if not needs_average or not facts.average:
        return reading.finding("pay.overtime", "overtime_and_commission", details=_DUE, say="no_average")
    if facts.indicator is None:
        return reading.unknown("pay.overtime", ("indicator",))
    reached = facts.indicator >= facts.average
    return reading.finding(
        "pay.overtime",
        "overtime_and_commission" if reached else "commission_only",
        details=_DUE if reached else _NONE,
        say="reached" if reached else "below",
        indicator=as_text(facts.indicator),
        average=as_text(facts.average),
    )


@rule(
    "pay.salary_warning",
    outcomes=("none", "warning", "dismissal"),
    needs=("figures:pay.secrecy.dismissed_from",),
    clauses=("PAY-014",),
)
def judge_salary_warning(facts: SalaryWarningFacts, reading: Reading) -> Finding:
    """What talk about pay costs: warnings of both kinds are counted together."""
    limit = reading.figure("pay.secrecy.dismissed_from")
    dismissed = limit.beyond(facts.warnings)
    warned = "warning" if facts.warnings else "none"
    return reading.finding(
        "pay.salary_warning",
        "dismissal" if dismissed else warned,
        details={"employment": "dismissed" if dismissed else "continues", "legal_risk": dismissed},
        times=facts.warnings,
        limit=limit.text,
    )


@rule(
    "pay.full_attendance",
    outcomes=("paid", "lost"),
    needs=("figures:pay.full_attendance_yuan",),
    clauses=("PAY-016", "VAR-015"),
)
def judge_full_attendance(facts: FullAttendanceFacts, reading: Reading) -> Finding:
    """The bonus for a month without lateness, leaving early, absence or leave."""
    bonus = reading.figure("pay.full_attendance_yuan")
    lost = any((facts.late, facts.early, facts.absence_days, facts.leave_days))
    return reading.finding(
        "pay.full_attendance",
        "lost" if lost else "paid",
        details={"bonus_yuan": "0" if lost else bonus.text},
        bonus=bonus.text,
    )


@rule(
    "pay.standby",
    outcomes=("paid", "unpaid"),
    needs=("figures:pay.standby_base_paid",),
    clauses=("PAY-004", "TRN-027"),
)
def judge_standby(facts: StandbyFacts, reading: Reading) -> Finding:
    """Whether base pay goes on while somebody learns on standby; where it does not, the law is warned of."""
    unpaid = not reading.flag("pay.standby_base_paid") and facts.days > 0
    details = {"standby_pay": "none" if unpaid else "due", "legal_risk": unpaid}
    return reading.finding("pay.standby", "unpaid" if unpaid else "paid", details=details, days=as_text(facts.days))


@rule(
    "trip.expenses",
    outcomes=("in_time", "overdue", UNKNOWN),
    needs=("figures:trip.expenses_days",),
    clauses=("FLR-029",),
    day="returned_on",
)
def judge_expenses(facts: ExpensesFacts, reading: Reading) -> Finding:
    """Whether the expenses of a journey were handed in within the days after it, the last of them included."""
    if facts.handed_in_on is None:
        return reading.unknown("trip.expenses", ("handed_in_on",))
    limit = reading.figure("trip.expenses_days")
    days = (facts.handed_in_on - facts.returned_on).days
    return reading.finding("trip.expenses", "in_time" if limit.within(days) else "overdue", days=days, limit=limit.text)
