# SPDX-License-Identifier: Apache-2.0
"""Swaps and overtime, at and beside each figure; templates and seasons of the packs."""

from datetime import date
from decimal import Decimal

import pytest

from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import judge
from zuoxi.workforce.clock import clock_from
from zuoxi.workforce.conflicts import limits_on
from zuoxi.workforce.facts import OvertimeNoticeFacts, SwapFacts, SwapFitFacts
from zuoxi.workforce.handbook import season_on, template_clock, templates_of

pytestmark = pytest.mark.once
DAY = date(2026, 11, 3)
FIT = {"days_ahead": 2, "rest_hours": Decimal(12), "overlaps": False, "on_leave": False, "skills_match": True,
       "others_in_shift": 0}  # fmt: skip


def fit(pack, **more):
    return judge("shift.swap_fit", SwapFitFacts(**FIT | more), handbook_of(pack), DAY)


def quota(pack, kind, own, other=None, days=1):
    facts = SwapFacts(kind=kind, used_by_applicant=Decimal(own), used_by_counterpart=other, days=Decimal(days))
    return judge("shift.swap", facts, handbook_of(pack), DAY).outcome


@pytest.mark.clause("SCH-004")
def test_the_first_swap_with_oneself_of_a_month_passes_and_the_second_does_not():
    assert (quota("tv_shopping", "self", 0), quota("tv_shopping", "self", 1)) == ("allowed", "refused")


@pytest.mark.clause("SCH-005")
def test_either_side_may_use_two_days_with_a_colleague_and_no_third():
    assert quota("tv_shopping", "peer", 1, Decimal(1)) == "allowed"
    assert quota("tv_shopping", "peer", 2, Decimal(0)) == "refused"
    assert quota("tv_shopping", "peer", 0, Decimal(2)) == "refused"


@pytest.mark.clause("SCH-003")
def test_two_exchanges_of_rest_a_month_and_no_third():
    assert (quota("tv_shopping", "rest", 1), quota("tv_shopping", "rest", 2)) == ("allowed", "refused")


@pytest.mark.clause("SCH-006")
@pytest.mark.parametrize(("ahead", "outcome"), [(2, "fits"), (1, "fits"), (0, "refused")])
def test_personnel_rules_ask_for_a_swap_a_day_ahead(ahead, outcome):
    assert fit("personnel", days_ahead=ahead).outcome == outcome
    assert fit("tv_shopping", days_ahead=ahead).outcome == "fits"


@pytest.mark.clause("SCH-006")
@pytest.mark.parametrize(("hours", "outcome"), [("7", "fits"), ("6.9", "refused"), (None, "fits")])
def test_a_swap_that_leaves_no_rest_is_refused(hours, outcome):
    found = fit("tv_shopping", rest_hours=None if hours is None else Decimal(hours))
    assert found.outcome == outcome


@pytest.mark.clause("SCH-008")
@pytest.mark.parametrize(("others", "outcome"), [(0, "fits"), (1, "refused")])
def test_a_second_of_one_shift_is_refused_where_the_pack_says_so(others, outcome):
    assert fit("personnel", others_in_shift=others).outcome == outcome
    assert fit("tv_shopping", others_in_shift=others).outcome == "fits"


@pytest.mark.clause("SCH-005")
def test_a_colleague_without_the_skills_cannot_take_over():
    assert fit("tv_shopping", skills_match=False).outcome == "refused"
    assert fit("tv_shopping", skills_match=None).outcome == "fits"


@pytest.mark.parametrize("wrong", [{"overlaps": True}, {"on_leave": True}, {"days_ahead": -1}])
def test_what_cannot_be_worked_is_refused(wrong):
    assert fit("tv_shopping", **wrong).outcome == "refused"


@pytest.mark.clause("SCH-009")
@pytest.mark.parametrize(
    ("hours", "outcome"), [("4", "in_time"), ("3.99", "late"), ("0", "late"), ("-0.01", "afterwards")]
)
def test_overtime_is_announced_four_hours_ahead(hours, outcome):
    found = judge("overtime.notice", OvertimeNoticeFacts(Decimal(hours)), handbook_of("tv_shopping"), DAY)
    assert found.outcome == outcome
    assert found.ours == ("overtime.notice_hours",)


@pytest.mark.clause("SCH-021", "VAR-011")
@pytest.mark.parametrize(
    ("day", "season", "clock"),
    [
        (date(2026, 4, 30), "winter", "09:00-12:00,13:00-17:00"),
        (date(2026, 5, 1), "summer", "09:00-12:00,13:30-17:30"),
        (date(2026, 9, 30), "summer", "09:00-12:00,13:30-17:30"),
        (date(2026, 10, 1), "winter", "09:00-12:00,13:00-17:00"),
    ],
)
def test_standard_hours_follow_the_season_from_its_first_day(day, season, clock):
    reading = handbook_of("chengdu").on(day)
    assert season_on(reading, ("summer", "winter")) == season
    assert template_clock(reading, "O") == clock_from(clock)
    assert template_clock(reading, "O").minutes == 7 * 60


@pytest.mark.clause("SCH-020", "SCH-023", "SCH-016", "SCH-026")
@pytest.mark.parametrize(
    ("pack", "code", "hours"),
    [("telesales", "S", 7), ("gov_window", "S", 6.5), ("heating", "H3", 8), ("hotel", "C3", 9), ("hotel", "W3", 9.5)],
)
def test_shifts_of_the_trades_have_the_hours_of_their_clauses(pack, code, hours):
    assert template_clock(handbook_of(pack).on(DAY), code).minutes == hours * 60


@pytest.mark.clause("SCH-016")
def test_the_heating_season_is_covered_round_the_clock_with_ten_minutes_for_the_handover():
    reading = handbook_of("heating").on(DAY)
    assert sum(template_clock(reading, code).minutes for code in ("H1", "H2", "H3")) == 24 * 60
    assert reading.whole(templates_of(handbook_of("heating"))["H1"].early_minutes) == 10


@pytest.mark.clause("SCH-022")
def test_the_community_wants_two_on_each_staggered_shift():
    reading = handbook_of("community").on(DAY)
    assert reading.whole(templates_of(handbook_of("community"))["SE"].minimum_people) == 2


@pytest.mark.clause("ORG-037")
def test_only_seat_rules_ask_for_a_week_of_duty():
    assert limits_on(handbook_of("seat_rules"), None, DAY).continuous == 7
    assert limits_on(handbook_of("tv_shopping"), None, DAY).continuous is None


@pytest.mark.clause("SCH-011")
def test_the_flexible_shift_has_no_seat_of_its_own():
    body = templates_of(handbook_of("tv_shopping"))["F"]
    assert (body.kind, body.seat) == ("flex", False)
