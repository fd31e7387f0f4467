# SPDX-License-Identifier: Apache-2.0
"""What is wrong with one person's shifts, at each limit and beside it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from zuoxi.workforce.clock import clock_from
from zuoxi.workforce.conflicts import (
    Away,
    Limits,
    Planned,
    conflicts_of,
    half_hours,
    present,
    short_templates,
)

pytestmark = pytest.mark.once
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
LIMITS = Limits(480, 660, 2880, 12000, 6, None)


def shift(number, clock, kind="work", template="X", meal=0):
    return Planned(date(2026, 11, number), template, kind, clock_from(clock), meal)


def codes(shifts, limits=LIMITS, **more):
    return [(one.day.day, one.code, one.level) for one in conflicts_of(shifts, limits, FIRST, LAST, **more)]


@pytest.mark.clause("SCH-006", "SCH-026")
@pytest.mark.parametrize(("next_start", "wrong"), [("08:30-12:00", False), ("08:29-12:00", True)])
def test_rest_between_two_shifts_is_kept_at_the_limit_and_broken_a_minute_below(next_start, wrong):
    found = codes([shift(3, "16:00-00:30"), shift(4, next_start)])
    assert (("4", "rest") in {(str(day), code) for day, code, _level in found}) is wrong


def test_a_shift_across_midnight_overlaps_the_one_that_begins_before_it_ends():
    assert (4, "overlap", "bad") in codes([shift(3, "22:00-06:00"), shift(4, "05:00-09:00")])


@pytest.mark.clause("SCH-027")
def test_training_takes_no_calls_at_the_same_time():
    found = codes([shift(3, "09:00-12:00,13:00-17:30", "training", "T"), shift(3, "12:00-20:30")])
    assert found[0] == (3, "training", "bad")


@pytest.mark.clause("SCH-027")
def test_a_late_shift_after_the_training_of_the_day_is_no_clash():
    assert not codes([shift(3, "09:00-12:00", "training", "TA"), shift(3, "13:00-17:00")])


def test_leave_within_a_shift_is_told_and_leave_beside_it_is_not():
    day = date(2026, 11, 3)
    assert codes([shift(3, "08:00-16:00")], away=[Away(day, 15 * 60, 24 * 60, "事假")])[0][1] == "leave"
    assert not codes([shift(3, "08:00-16:00")], away=[Away(day, 16 * 60, 24 * 60, "事假")])


def test_leave_granted_over_a_published_shift_is_told_and_no_conflict():
    day = date(2026, 11, 3)
    found = codes([shift(3, "08:00-16:00")], away=[Away(day, 0, 1440, "年假")], published=True)
    assert found == [(3, "leave", "note")]


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        (0, 1440, ""),
        (960, 1440, "09:00-12:00,13:00-16:00"),
        (720, 780, "09:00-12:00,13:00-17:00"),
        (600, 660, "09:00-10:00,11:00-12:00,13:00-17:00"),
        (1020, 1440, "09:00-12:00,13:00-17:00"),
    ],
)
def test_what_is_left_of_a_shift_when_leave_is_taken_out(start, end, left):
    made = present(shift(3, "09:00-12:00,13:00-17:00"), [Away(date(2026, 11, 3), start, end, "事假")])
    assert str(made.clock) == left


def test_leave_after_midnight_takes_its_part_out_of_the_night_shift_before():
    made = present(shift(3, "22:00-06:00"), [Away(date(2026, 11, 4), 0, 1440, "事假")])
    assert str(made.clock) == "22:00-00:00"


def test_leave_of_the_next_morning_meets_the_night_shift_of_the_day_before():
    away = [Away(date(2026, 11, 4), 0, 8 * 60, "病假")]
    assert codes([shift(3, "22:00-06:00")], away=away)[0][:2] == (3, "leave")


@pytest.mark.parametrize(("hours", "wrong"), [("08:00-19:00", False), ("08:00-19:01", True)])
def test_hours_of_a_day_at_the_limit_and_beyond(hours, wrong):
    assert bool(codes([shift(3, hours)])) is wrong


def test_a_meal_within_the_shift_is_no_work():
    assert not codes([shift(3, "08:00-19:30", meal=30)])


def test_a_week_beyond_its_hours_is_told_on_the_day_that_goes_beyond():
    week = [shift(number, "08:00-18:00") for number in range(2, 7)]
    assert (6, "week", "bad") in codes(week)
    assert not codes(week[:4])


@pytest.mark.parametrize(("days", "wrong"), [(6, False), (7, True)])
def test_days_in_a_row_at_the_limit_and_one_more(days, wrong):
    found = codes([shift(2 + step, "09:00-13:00") for step in range(days)])
    assert any(code == "consecutive" for _day, code, _level in found) is wrong


def test_what_the_law_asks_warns_and_does_not_forbid():
    limits = replace(LIMITS, law_day=480, law_week=2400, law_consecutive=6)
    found = conflicts_of([shift(3, "08:00-17:00")], limits, FIRST, LAST)
    assert [(one.code, one.level, one.law) for one in found] == [("day", "warn", True)]


@pytest.mark.clause("ORG-037")
def test_less_than_a_week_of_duty_in_a_row_is_told_where_the_pack_asks_for_it():
    limits = replace(LIMITS, continuous=7, consecutive=14)
    days = [3, 10, 11, 20, 21, 22, 23, 24, 25, 26, 28]
    found = codes([shift(day, "08:45-12:00") for day in days], limits)
    assert found == [(10, "continuous", "warn")]


def test_a_template_of_another_post_is_told():
    assert codes([shift(3, "09:00-12:00", template="DE")], fits=lambda key: key != "DE") == [(3, "post", "bad")]


def test_hands_count_only_in_half_hours_that_are_worked_as_a_whole():
    day = date(2026, 11, 3)
    cover = half_hours([shift(3, "08:15-09:30"), shift(2, "22:00-01:00"), shift(3, "08:00-09:00", "training")], day)
    assert cover[17:19] == [1, 1]
    assert cover[16] == 0
    assert cover[0:3] == [1, 1, 0]
    assert sum(cover) == 4


@pytest.mark.once
def test_between_two_shifts_that_hand_over_in_five_minutes_nothing_is_short_and_in_six_it_is():
    day = date(2026, 11, 3)
    cover = half_hours([shift(2, "22:00-03:55"), shift(3, "04:05-08:30")], day)
    assert cover[:18] == [1] * 17 + [0]
    cover = half_hours([shift(2, "22:00-03:54"), shift(3, "04:06-08:30")], day)
    assert cover[6:10] == [1, 0, 0, 1]
    assert half_hours([shift(3, "08:00-00:00")], date(2026, 11, 4)) == [0] * 48


@pytest.mark.clause("SCH-022")
def test_staggered_hours_want_two_people_and_one_is_too_few():
    assert short_templates({"SE": 1, "SL": 2}, {"SE": 2, "SL": 2}) == {"SE": 1}


def test_shifts_outside_the_month_are_looked_at_but_not_told():
    before = Planned(FIRST - timedelta(days=1), "L", "work", clock_from("20:00-04:00"))
    assert codes([before, shift(1, "08:00-12:00")]) == [(1, "rest", "bad")]
