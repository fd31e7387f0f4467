# SPDX-License-Identifier: Apache-2.0
"""Judgements on entitlements: how much annual leave a year gives, and when it is lost. No clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AnnualFacts:
    """`years_before` are years of work proved before joining; `left_on` the first day without employment."""

    year: int
    joined_on: date | None
    left_on: date | None
    years_before: Decimal

    def __post_init__(self) -> None:
        if not 1950 <= self.year <= 2200:
            raise Impossible("year", "not a year that leave is reckoned for")
        if self.years_before < 0:
            raise Impossible("years_before", "years of work are not negative")
        if self.joined_on and self.left_on and self.left_on < self.joined_on:
            raise Impossible("left_on", "lies before the day of joining")


def _anniversary(joined: date, before: Decimal, years: Decimal) -> date:
    """The day on which the whole working life reaches so many years; earlier years count in days of 1/365."""
    rest = years - before
    if rest <= 0:
        return joined
    whole = int(rest)
    try:
        day = joined.replace(year=joined.year + whole)
    except ValueError:  # the 29th of February
        day = date(joined.year + whole, 3, 1)
    return day + _DAY * int(((rest - whole) * 365).to_integral_value())


@rule(
    "leave.annual",
    outcomes=("entitled", "none", UNKNOWN),
    needs=("scales:leave.annual", "figures:leave.annual.days_of_the_year"),
    clauses=("ATT-035",),
)
def judge_annual(facts: AnnualFacts, reading: Reading) -> Finding:
    """Days of one year: each step for the days of the year in which it holds; part of a day is not given."""
    if facts.joined_on is None:
        return reading.unknown("leave.annual", ("joined_on",))
    scale = [
        (reading.figure(at), reading.figure(days).value)
        for at, days in (
            ("leave.annual.after_years", "leave.annual.first_days"),
            ("leave.annual.second_step_years", "leave.annual.second_days"),
            ("leave.annual.third_step_years", "leave.annual.third_days"),
        )
    ]
    first, after = date(facts.year, 1, 1), date(facts.year + 1, 1, 1)
    first = max(first, facts.joined_on)
    after = min(after, facts.left_on) if facts.left_on else after
    starts = [(_anniversary(facts.joined_on, facts.years_before, at.value), days) for at, days in scale]
    parts = reading.number("leave.annual.days_of_the_year")
    earned, most = Decimal(0), Decimal(0)
    for index, (start, days) in enumerate(starts):
        until = starts[index + 1][0] if index + 1 < len(starts) else date.max
        length = (min(after, until) - max(first, start)).days
        if length > 0:
            earned += days * length / parts
            most = max(most, days)
    total = min(earned, most).to_integral_value(ROUND_FLOOR)
    outcome = "entitled" if total else "none"
    return reading.finding("leave.annual", outcome, details={"days": str(total)}, days=total, year=facts.year)


@dataclass(frozen=True, slots=True)
class ForfeitFacts:
    """Days of personal leave in one month and in the calendar year."""

    days_in_month: Decimal
    days_in_year: Decimal

    def __post_init__(self) -> None:
        for name in ("days_in_month", "days_in_year"):
            if getattr(self, name) < 0:
                raise Impossible(name, "days are not negative")


@rule(
    "leave.forfeit",
    outcomes=("kept", "forfeited"),
    needs=("figures:leave.personal.month_days", "figures:leave.personal.year_days"),
    clauses=("ATT-028", "PAY-009"),
)
def judge_forfeit(facts: ForfeitFacts, reading: Reading) -> Finding:
    """Whether much personal leave costs the annual leave of the year (PAY-009)."""
    month = reading.beyond("leave.personal.month_days", facts.days_in_month)
    year = reading.beyond("leave.personal.year_days", facts.days_in_year)
    return reading.finding(
        "leave.forfeit",
        "forfeited" if month or year else "kept",
        month=facts.days_in_month,
        year=facts.days_in_year,
    )
