# SPDX-License-Identifier: Apache-2.0
"""Who may ask at all: at and beside each figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zuoxi.leave.admission import AdmissionFacts, judge_admission
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible

DAY = date(2026, 11, 10)
pytestmark = [pytest.mark.once]


def judged(pack="tv_shopping", **facts):
    given = {
        "kind": "personal",
        "days": Decimal(1),
        "channel": "system",
        "emergency": False,
        "notice_days": 3,
        "hours_late": None,
        "service_years": Decimal(3),
        "balance": Decimal(5),
        "taken": Decimal(0),
        "times": 0,
        "stand_in_away": None,
    } | facts
    return judge_admission(AdmissionFacts(**given), handbook_of(pack).on(DAY))


def because(finding):
    return finding.details.get("because", finding.outcome)


@pytest.mark.clause("ATT-013")
def test_a_text_message_is_no_way_to_ask_and_the_remedy_is_named():
    finding = judged(kind="sick", channel="sms")
    assert finding.outcome == "refused" and "ATT-013" in finding.clauses and "电话" in finding.why.zh


@pytest.mark.clause("ATT-015")
@pytest.mark.parametrize(("kind", "expected"), [("sick", "allowed"), ("personal", "channel"), ("annual", "channel")])
def test_only_sickness_is_told_by_telephone(kind, expected):
    assert because(judged(kind=kind, channel="phone")) == expected


@pytest.mark.clause("ATT-026")
@pytest.mark.parametrize(
    ("minutes", "expected"), [(23 * 60 + 59, "allowed"), (24 * 60, "allowed"), (24 * 60 + 1, "late")]
)
def test_leave_is_asked_for_afterwards_within_24_hours_and_not_a_minute_later(minutes, expected):
    assert because(judged("chengdu", hours_late=Decimal(minutes) / 60)) == expected


@pytest.mark.parametrize(("days", "expected"), [("7", "allowed"), ("7.01", "phone_late")])
def test_a_call_is_written_down_up_to_seven_days_back(days, expected):
    assert because(judged(kind="sick", channel="phone", hours_late=Decimal(days) * 24)) == expected


def test_annual_leave_is_never_asked_for_afterwards():
    assert because(judged(kind="annual", hours_late=Decimal(1))) == "past"


@pytest.mark.clause("ATT-032")
@pytest.mark.parametrize(
    ("notice", "emergency", "expected"), [(0, False, "notice"), (1, False, "allowed"), (0, True, "allowed")]
)
def test_leave_is_asked_for_a_day_ahead_except_in_an_emergency(notice, emergency, expected):
    assert because(judged("personnel", notice_days=notice, emergency=emergency)) == expected


@pytest.mark.clause("ATT-035")
@pytest.mark.parametrize(("years", "expected"), [("0.99", "service"), ("1", "allowed"), (None, "unknown")])
def test_annual_leave_begins_after_a_whole_year(years, expected):
    finding = judged(kind="annual", service_years=None if years is None else Decimal(years))
    assert because(finding) == expected


@pytest.mark.parametrize(("days", "expected"), [("3", "allowed"), ("4", "length")])
def test_marriage_leave_has_an_end(days, expected):
    assert because(judged(kind="marriage", days=Decimal(days))) == expected


@pytest.mark.parametrize(("taken", "expected"), [("20", "allowed"), ("21", "length")])
def test_home_leave_is_counted_over_the_year(taken, expected):
    assert because(judged(kind="home_visit", days=Decimal(10), taken=Decimal(taken))) == expected


@pytest.mark.parametrize(("balance", "expected"), [("2", "allowed"), ("1.5", "balance"), (None, "unknown")])
def test_annual_leave_is_covered_by_its_balance_and_an_unknown_one_is_not_nought(balance, expected):
    finding = judged(kind="annual", days=Decimal(2), balance=None if balance is None else Decimal(balance))
    assert because(finding) == expected


@pytest.mark.clause("SCH-003")
@pytest.mark.parametrize(("times", "expected"), [(1, "allowed"), (2, "times")])
def test_the_third_rest_in_exchange_of_a_month_is_refused(times, expected):
    assert because(judged(kind="rest_exchange", times=times)) == expected


@pytest.mark.clause("SCH-024")
@pytest.mark.parametrize(("away", "expected"), [(None, "stand_in"), (True, "stand_in_away"), (False, "allowed")])
def test_who_leaves_a_window_names_a_stand_in_who_is_there(away, expected):
    assert because(judged("gov_window", stand_in_away=away)) == expected


@pytest.mark.parametrize("field", ["days", "taken", "times"])
def test_facts_that_cannot_be_are_refused_by_name(field):
    with pytest.raises(Impossible) as wrong:
        judged(**{field: -1 if field == "times" else Decimal(-1)})
    assert wrong.value.field == field
