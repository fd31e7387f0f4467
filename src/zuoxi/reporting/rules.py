# SPDX-License-Identifier: Apache-2.0
"""Judgements on reports: in time or not, on which day of the month, and may data leave the house."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import rule
from zuoxi.policy.vocabulary import role_words
from zuoxi.reporting.facts import DailyFiguresFacts, MonthDayFacts, ReleaseFacts


@rule(
    "report.daily_figures",
    outcomes=("in_time", "overdue", UNKNOWN),
    needs=("figures:report.daily_figures.before",),
    clauses=("RPT-001",),
    day="figures_of",
)
def judge_daily_figures(facts: DailyFiguresFacts, reading: Reading) -> Finding:
    """Whether yesterday's figures went out before the hour; the hour itself is too late."""
    if facts.sent_at is None:
        return reading.unknown("report.daily_figures", ("sent_at",))
    hour = reading.figure("report.daily_figures.before")
    due = datetime.combine(facts.figures_of + timedelta(days=1), hour.value, reading.zone)
    sent = reading.local(facts.sent_at)
    in_time = sent <= due if hour.inclusive else sent < due
    return reading.finding(
        "report.daily_figures",
        "in_time" if in_time else "overdue",
        details={"due_at": due.isoformat()},
        sent=f"{sent:%m-%d %H:%M:%S}",
        due=f"{due:%m-%d %H:%M}",
    )


@rule(
    "report.month_day",
    outcomes=("due",),
    needs=("figures:report.month_day",),
    clauses=("RPT-026", "TRN-029"),
    day="month",
)
def judge_month_day(facts: MonthDayFacts, reading: Reading) -> Finding:
    """The day of a month for what is due on a fixed one; a month without it takes its last (C-22)."""
    last = monthrange(facts.month.year, facts.month.month)[1]
    due = facts.month.replace(day=min(reading.whole("report.month_day"), last))
    return reading.finding(
        "report.month_day", "due", details={"due_on": due.isoformat()}, due=due.isoformat(), month=f"{due:%Y-%m}"
    )


@rule(
    "export.release",
    outcomes=("allowed", "refused", UNKNOWN),
    needs=("figures:export.senders", "figures:export.reviewers"),
    clauses=("SEC-001", "SEC-002", "SEC-003", "SEC-005", "RPT-023"),
    protects=True,
)
def judge_release(facts: ReleaseFacts, reading: Reading) -> Finding:
    """Whether data may go out: by whom, after both reviews, and with consent where it is more than routine (C-35)."""
    if facts.sender not in reading.words("export.senders"):
        title = role_words()[facts.sender].title
        return _refused(reading, "sender", zh=title.zh, en=title.en)
    reading.words("export.reviewers")
    if not facts.analyst_reviewed:
        return _refused(reading, "analyst")
    if not facts.support_reviewed:
        return _refused(reading, "support")
    if facts.outside or not facts.routine:
        reading.note("SEC-003", "SEC-005")
        if facts.superior_agreed is None:
            return reading.unknown("export.release", ("superior_agreed",))
        if not facts.superior_agreed:
            return _refused(reading, "consent")
    return reading.finding("export.release", "allowed", details={"because": None})


def _refused(reading: Reading, because: str, *, zh: str = "", en: str = "") -> Finding:
    return reading.finding("export.release", "refused", details={"because": because}, say=because, zh=zh, en=en)
