# SPDX-License-Identifier: Apache-2.0
"""The statutory floor warns and changes nothing; what the director switches off stays in sight."""

from datetime import UTC, date, datetime

import pytest

from zuoxi.policy import suspending
from zuoxi.policy.amending import Person, Unfit
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.evaluate import evaluate
from zuoxi.policy.findings import Finding, Why
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import rule_named
from zuoxi.policy.selectors import rule_suspension, site_handbook, warnings_for
from zuoxi.policy.statutory import WARNINGS, set_off, statutory_handbook

DAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)
DIRECTOR = Person("d1", "\u603b")


def keys(**details):
    return [one.key for one in set_off("attendance.month", details, DAY)]


@pytest.mark.parametrize(
    ("details", "key"),
    [
        ({"wage": "withheld"}, "wage_withheld"),
        ({"performance": "zero"}, "performance_zeroed"),
        ({"fine_yuan": "0.01"}, "fine"),
        ({"deduction_yuan": "20.01", "month_wage_yuan": "100"}, "deduction_share"),
        ({"month_due_yuan": "1999.99"}, "below_minimum_wage"),
        ({"standby_pay": "none"}, "standby_without_pay"),
        ({"overtime_pay": "none"}, "no_overtime_pay"),
        ({"overtime_month_hours": "36.5"}, "overtime_hours"),
        ({"employment": "dismissed"}, "dismissal"),
        ({"employment": "deemed_resigned"}, "deemed_resigned"),
    ],
)
def test_an_outcome_below_the_floor_sets_its_warning_off(details, key):
    assert keys(**details) == [key]


@pytest.mark.parametrize(
    "details",
    [
        {"wage": "paid", "performance": "scored", "fine_yuan": "0", "employment": "continues"},
        {"deduction_yuan": "20", "month_wage_yuan": "100"},
        {"deduction_yuan": "20"},
        {"deduction_yuan": "20", "month_wage_yuan": "0"},
        {"month_due_yuan": "2000"},
        {"overtime_month_hours": "36"},
        {"fine_yuan": None},
        {"fine_yuan": "unknown"},
        {},
    ],
)
def test_an_outcome_at_the_floor_or_of_which_nothing_is_known_sets_none_off(details):
    assert keys(**details) == []


def test_a_rule_reads_the_flag_without_knowing_the_law():
    reading = handbook_of("tv_shopping").on(DAY)
    assert reading.legal_risk("attendance.month", {"wage": "withheld"}) is True
    assert reading.legal_risk("attendance.month", {"wage": "paid"}) is False


def test_every_warning_says_its_law_in_both_languages_and_every_number_is_a_figure():
    law = statutory_handbook()
    for body in law.entries(WARNINGS).values():
        assert body.law.zh
        assert body.source.en
        for condition in body.when:
            figure = condition.beyond or condition.short_of
            assert not figure or law.has(FIGURES.name, figure)


def finding():
    return Finding("attendance.month", "tv_shopping", "sanctioned", Why("\u6263", "Cut"), {"wage": "withheld"})


@pytest.mark.django_db
def test_a_warning_that_is_switched_off_is_still_told_with_who_and_when():
    suspending.switch("warning", "wage_withheld", off=True, reason="\u6cd5\u52a1", by=DIRECTOR, now=NOW)
    (warned,) = warnings_for(finding(), DAY)
    assert (warned.off.by_name, warned.off.at) == ("\u603b", NOW)
    suspending.switch("warning", "wage_withheld", off=False, reason="\u590d", by=DIRECTOR, now=NOW)
    (warned,) = warnings_for(finding(), DAY)
    assert warned.off is None


@pytest.mark.django_db
def test_a_rule_whose_effect_is_off_says_so():
    assert rule_suspension("attendance.arrival") is None
    suspending.switch("rule", "attendance.arrival", off=True, reason="\u8bd5", by=DIRECTOR, now=NOW)
    assert rule_suspension("attendance.arrival").reason == "\u8bd5"


LATE = {"rostered_start": "2026-11-20T08:45:00", "signed_in_at": "2026-11-20T08:55:00", "excused": False}


def arrival(came="08:55"):
    """Somebody due at a quarter to nine comes, judged as the packages judge."""
    zone = site_handbook().zone
    due = datetime(2026, 11, 20, 8, 45, tzinfo=zone)
    seen = datetime(2026, 11, 20, *map(int, came.split(":")), tzinfo=zone) if came else None
    rule = rule_named("attendance.arrival")
    return rule.judge(rule.facts(due, seen, excused=False), site_handbook().on(due.date()))


@pytest.mark.django_db
def test_nothing_follows_from_a_rule_that_is_off_and_it_says_what_it_would_have_said():
    assert arrival().outcome == "late"
    suspending.switch("rule", "attendance.arrival", off=True, reason="\u8bd5\u884c", by=DIRECTOR, now=NOW)
    off = arrival()
    assert off.outcome == "on_time"
    assert off.details["switched_off"] == "late"
    assert "\u505c\u7528\uff08\u8bd5\u884c\uff09" in off.why.zh
    assert evaluate("attendance.arrival", site_handbook(), LATE).outcome == "late"
    suspending.switch("rule", "attendance.arrival", off=False, reason="\u590d", by=DIRECTOR, now=NOW)
    assert arrival().outcome == "late"


@pytest.mark.django_db
def test_what_a_switched_off_rule_does_not_object_to_is_left_as_it_is():
    suspending.switch("rule", "attendance.arrival", off=True, reason="\u8bd5", by=DIRECTOR, now=NOW)
    assert "switched_off" not in arrival(came="08:40").details
    assert not arrival(came=None).known


@pytest.mark.django_db
@pytest.mark.parametrize("rule", ["customers.may_call", "export.release", "leave.route"])
def test_rules_that_choose_or_protect_cannot_be_switched_off(rule):
    with pytest.raises(Unfit, match=r"cannot be switched off|\u4e0d\u80fd\u505c\u7528"):
        suspending.switch("rule", rule, off=True, reason="x", by=DIRECTOR, now=NOW)
    assert rule_suspension(rule) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "off", "reason"), [("no_such", True, "x"), ("fine", True, " "), ("fine", False, "already on")]
)
def test_a_switch_needs_something_to_switch_and_a_reason(key, off, reason):
    with pytest.raises(Unfit):
        suspending.switch("warning", key, off=off, reason=reason, by=DIRECTOR, now=NOW)


@pytest.mark.django_db
def test_warnings_cost_one_query_and_then_none(django_assert_num_queries):
    with django_assert_num_queries(1):
        warnings_for(finding(), DAY)
        warnings_for(finding(), DAY)
