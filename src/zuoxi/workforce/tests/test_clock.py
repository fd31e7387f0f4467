# SPDX-License-Identifier: Apache-2.0
"""Shifts as minutes of the clock: across midnight, split, one against the other."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuoxi.workforce.clock import DAY, clock_from, clock_of, gap_between, moments_of, overlap

pytestmark = pytest.mark.once
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 2)
minutes = st.integers(0, DAY - 1)


def text(start, end):
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


@pytest.mark.clause("SCH-026")
def test_a_shift_that_ends_at_or_before_its_start_ends_on_the_next_day():
    night = clock_of(["22:30-07:30"])
    assert night.minutes == 9 * 60
    ((start, end),) = moments_of(night, MONDAY, SHANGHAI)
    assert (start.date(), end.date()) == (MONDAY, MONDAY + timedelta(days=1))


@pytest.mark.clause("SCH-020", "SCH-023")
def test_hours_of_a_split_shift_are_the_sum_of_its_spans():
    assert clock_of(["09:00-12:00", "13:00-17:00"]).minutes == 7 * 60
    assert clock_of(["08:30-12:00", "14:30-17:30"]).minutes == 390


def test_spans_that_touch_are_one():
    assert str(clock_of(["08:00-12:00", "12:00-16:00"])) == "08:00-16:00"


def test_a_second_span_before_the_first_lies_on_the_next_day():
    assert clock_of(["20:00-23:00", "00:30-04:00"]).spans == ((1200, 1380), (1470, 1680))


@pytest.mark.parametrize("wrong", ["9", "nonsense", "25:00-26:00", "09:70-10:00", "09:00", "-"])
def test_what_is_no_time_is_refused_with_its_text(wrong):
    with pytest.raises(ValueError, match="is no"):
        clock_from(wrong)


@pytest.mark.parametrize("typed", ["9-17", "9:00-17:00", "0900-1700", "09\uff1a00-17\uff1a00", "09.00~17.00"])
def test_times_may_be_typed_in_the_ways_people_type_them(typed):
    assert str(clock_from(typed)) == "09:00-17:00"


def test_more_than_a_day_in_all_is_refused():
    with pytest.raises(ValueError, match="no longer than a day"):
        clock_of(["08:00-20:00", "22:00-10:00"])


@given(minutes, minutes)
def test_every_shift_lasts_more_than_nothing_and_at_most_a_day(start, end):
    made = clock_of([text(start, end)])
    assert 0 < made.minutes <= DAY
    assert (made.end - made.start - (end - start)) % DAY == 0


@given(minutes, minutes)
def test_a_clock_reads_itself_again(start, end):
    made = clock_of([text(start, end)])
    assert clock_from(str(made)) == made


@given(minutes, minutes, st.integers(0, 3))
def test_hours_in_moments_are_the_hours_of_the_clock(start, end, days):
    made = clock_of([text(start, end)])
    spans = moments_of(made, MONDAY + timedelta(days=days), SHANGHAI)
    assert sum((until - since for since, until in spans), timedelta()) == timedelta(minutes=made.minutes)


@given(minutes, minutes, minutes, minutes, st.integers(-2, 2))
def test_overlap_is_the_same_from_both_sides_and_never_more_than_the_shorter(a, b, c, d, apart):
    one, other = clock_of([text(a, b)]), clock_of([text(c, d)])
    there = MONDAY + timedelta(days=apart)
    shared = overlap(one, MONDAY, other, there)
    assert shared == overlap(other, there, one, MONDAY)
    assert 0 <= shared <= min(one.minutes, other.minutes)


@given(minutes, minutes, minutes, minutes)
def test_a_shift_with_rest_before_the_next_does_not_overlap_it(a, b, c, d):
    one, other = clock_of([text(a, b)]), clock_of([text(c, d)])
    gap = gap_between(one, MONDAY, other, MONDAY + timedelta(days=1))
    if gap >= 0:
        assert overlap(one, MONDAY, other, MONDAY + timedelta(days=1)) == 0
