# SPDX-License-Identifier: Apache-2.0
"""Judgements on training: who may begin, when a place is lost, and until when a course is summed up."""

from __future__ import annotations

from calendar import isleap
from datetime import date

from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule
from zuoxi.training.facts import AgeFacts, SeasonFacts, SummaryFacts, TraineeAbsenceFacts, TraineeLatenessFacts


@rule(
    "training.lateness",
    outcomes=("none", "recorded", "terminated"),
    needs=("figures:training.lateness.terminated_from",),
    clauses=("TRN-016",),
)
def judge_trainee_lateness(facts: TraineeLatenessFacts, reading: Reading) -> Finding:
    """Whether the place is lost by coming late; the number itself loses it."""
    limit = reading.figure("training.lateness.terminated_from")
    recorded = "recorded" if facts.unexcused else "none"
    outcome = "terminated" if limit.beyond(facts.unexcused) else recorded
    return reading.finding("training.lateness", outcome, times=facts.unexcused, limit=limit.text)


@rule(
    "training.absence",
    outcomes=("none", "warned", "terminated"),
    needs=("figures:training.absence.terminated_from_minutes",),
    clauses=("TRN-017",),
)
def judge_trainee_absence(facts: TraineeAbsenceFacts, reading: Reading) -> Finding:
    """Whether the place is lost by missing lessons; the figure itself loses it."""
    limit = reading.figure("training.absence.terminated_from_minutes")
    warned = "warned" if facts.minutes else "none"
    outcome = "terminated" if limit.beyond(facts.minutes) else warned
    return reading.finding("training.absence", outcome, minutes=as_text(facts.minutes), limit=limit.text)


def birthday_in(born_on: date, year: int) -> date:
    """The birthday of that year; whoever was born on 29 February has it on the 28th of an ordinary one."""
    if (born_on.month, born_on.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return born_on.replace(year=year)


@rule(
    "hiring.age",
    outcomes=("allowed", "refused"),
    needs=("figures:hiring.age.sales_from_years",),
    clauses=("TRN-007", "TRN-009"),
    day="joins_on",
)
def judge_age(facts: AgeFacts, reading: Reading) -> Finding:
    """Whether somebody is old enough on the first day; the birthday itself counts."""
    if facts.post != "sales":
        reading.note("TRN-007")
        return reading.finding("hiring.age", "allowed", say="other")
    least = reading.figure("hiring.age.sales_from_years")
    years = facts.joins_on.year - facts.born_on.year
    if facts.joins_on < birthday_in(facts.born_on, facts.joins_on.year):
        years -= 1
    outcome = "allowed" if least.beyond(years) else "refused"
    return reading.finding("hiring.age", outcome, years=years, least=least.text)


@rule(
    "training.summary_due",
    outcomes=("due",),
    needs=("figures:training.summary.pre_job_working_days", "figures:training.summary.other_working_days"),
    clauses=("TRN-002", "TRN-003"),
    day="ended_on",
)
def judge_summary_due(facts: SummaryFacts, reading: Reading) -> Finding:
    """The last day for the summary, in working days after the course."""
    days = reading.whole(f"training.summary.{facts.kind}_working_days")
    due = calendar_of(reading.handbook).add_working_days(facts.ended_on, days)
    return reading.finding(
        "training.summary_due",
        "due",
        details={"due_on": due.isoformat()},
        ended=facts.ended_on.isoformat(),
        days=days,
        due=due.isoformat(),
    )


@rule(
    "training.season_meeting",
    outcomes=("due", "not_due"),
    needs=("figures:tax_season.from_day", "figures:tax_season.to_day", "figures:meeting.season_a_day"),
    clauses=("ORG-038", "TRN-036"),
    day="on",
)
def judge_season_meeting(facts: SeasonFacts, reading: Reading) -> Finding:
    """Whether the day asks for the season's meeting: a working day between the season's first and last."""
    within = reading.beyond("tax_season.from_day", facts.on.day) and reading.within("tax_season.to_day", facts.on.day)
    meetings = reading.whole("meeting.season_a_day")
    due = within and meetings > 0 and calendar_of(reading.handbook).is_working_day(facts.on)
    return reading.finding(
        "training.season_meeting",
        "due" if due else "not_due",
        details={"meetings": meetings if due else 0},
        day=facts.on.isoformat(),
    )
