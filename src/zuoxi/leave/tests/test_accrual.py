# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuoxi.leave.accrual import AnnualFacts, ForfeitFacts, judge_annual, judge_forfeit
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible

pytestmark = [pytest.mark.once]
BEGIN = date(2026, 1, 1)


def days(year, joined, *, before="0", left=None):
    reading = handbook_of("tv_shopping").on(BEGIN)
    finding = judge_annual(AnnualFacts(year, joined, left, Decimal(before)), reading)
    return finding.details.get("days", finding.outcome)


@pytest.mark.clause("ATT-035")
@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        (date(2025, 1, 1), "5"),  # a year is full on the first day
        (date(2025, 7, 1), "2"),  # 184 days of 365 by 5 = 2.5: part of a day is not given
        (date(2026, 1, 2), "0"),  # the first year ends after this one
        (date(2016, 1, 1), "10"),  # ten years on the first day
        (date(2016, 7, 2), "7"),  # 182 days by 5 and 183 by 10 = 7.5
        (date(2006, 1, 1), "15"),
        (date(2024, 2, 29), "5"),
    ],
)
def test_the_days_of_a_year_follow_the_years_of_work(joined, expected):
    assert days(2026, joined) == expected


def test_earlier_years_of_work_count_when_they_are_proved():
    assert days(2026, date(2026, 7, 1), before="3") == "2"  # 184 days of 365 by 5
    assert days(2026, date(2026, 7, 1)) == "0"
    assert days(2026, date(2022, 1, 1), before="6") == "10"


def test_who_leaves_in_the_year_has_its_part():
    assert days(2026, date(2020, 1, 1), left=date(2026, 7, 1)) == "2"
    assert days(2026, date(2020, 1, 1), left=date(2026, 1, 1)) == "0"


def test_without_a_day_of_joining_nothing_is_said():
    assert days(2026, None) == "unknown"


@given(st.dates(date(1990, 1, 1), date(2027, 12, 31)), st.integers(0, 30), st.integers(2008, 2040))
def test_a_year_never_gives_more_than_its_highest_step(joined, before, year):
    assert Decimal(0) <= Decimal(days(year, joined, before=str(before))) <= 15


def test_facts_that_cannot_be_are_refused():
    with pytest.raises(Impossible):
        AnnualFacts(2026, date(2020, 1, 1), date(2019, 1, 1), Decimal(0))
    with pytest.raises(Impossible):
        AnnualFacts(26, None, None, Decimal(0))
    with pytest.raises(Impossible):
        AnnualFacts(2026, None, None, Decimal(-1))
    with pytest.raises(Impossible):
        ForfeitFacts(Decimal(-1), Decimal(0))


@pytest.mark.clause("ATT-028", "PAY-009")
@pytest.mark.parametrize(
    ("month", "year", "expected"),
    [
        ("7", "7", "kept"),
        ("8", "8", "forfeited"),
        ("7.5", "7.5", "forfeited"),
        ("1", "15", "kept"),
        ("1", "16", "forfeited"),
    ],
)
def test_beyond_seven_days_in_a_month_or_fifteen_in_a_year_annual_leave_is_lost(month, year, expected):
    reading = handbook_of("chengdu").on(BEGIN)
    finding = judge_forfeit(ForfeitFacts(Decimal(month), Decimal(year)), reading)
    assert finding.outcome == expected and "PAY-009" in finding.clauses
