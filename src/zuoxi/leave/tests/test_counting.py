# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuoxi.leave.counting import Asked, Ground, count_days
from zuoxi.leave.models import Part
from zuoxi.leave.tests.making import MONDAY, ZONE
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.handbook import handbook_of
from zuoxi.workforce.facts import RosteredShift

pytestmark = [pytest.mark.once]
DAY = timedelta(days=1)


def shift(day, *clock, template="A"):
    spans = []
    for start, end in clock:
        begin = datetime.combine(day, time.fromisoformat(start), ZONE)
        stop = datetime.combine(day, time.fromisoformat(end), ZONE)
        spans.append((begin, stop if stop > begin else stop + DAY))
    return RosteredShift(1, 1, "1001", day, template, spans[0][0], spans[-1][1], tuple(spans), "work", "", None)


def office(day):
    return shift(day, ("09:00", "12:00"), ("13:00", "18:00"))


def ground(shifts=(), known=(), *, every_day=False):
    calendar = calendar_of(handbook_of("tv_shopping"))
    by_day = {one.day: [one] for one in shifts}
    return Ground(by_day, frozenset(known) | set(by_day), calendar.is_working_day, ZONE, Decimal(8), every_day)


def test_a_rostered_week_costs_its_shifts_and_rest_days_cost_nothing():
    week = [office(MONDAY + DAY * index) for index in range(5)]
    known = [MONDAY + DAY * index for index in range(7)]
    count = count_days(Asked(MONDAY, MONDAY + 6 * DAY), ground(week, known))
    assert (count.days, count.basis) == (Decimal(5), "roster")
    assert count.starts_at == week[0].starts_at and count.ends_at == week[-1].ends_at


def test_a_weekend_that_is_rostered_costs_days():
    saturday = MONDAY + 5 * DAY
    assert count_days(Asked(saturday, saturday), ground([office(saturday)])).days == 1


def test_without_a_roster_the_business_calendar_counts_with_make_up_days_and_holidays():
    october = ground()
    assert count_days(Asked(date(2026, 10, 1), date(2026, 10, 7)), october).days == 0  # National Day
    assert count_days(Asked(date(2026, 10, 10), date(2026, 10, 10)), october).days == 1  # a Saturday that is worked
    assert count_days(Asked(MONDAY, MONDAY), october).basis == "calendar"


def test_a_month_whose_second_half_has_no_roster_says_so():
    count = count_days(Asked(MONDAY, MONDAY + DAY), ground([office(MONDAY)]))
    assert (count.days, count.basis) == (Decimal(2), "mixed")


def test_a_night_shift_is_one_day_and_lasts_into_the_morning():
    night = shift(MONDAY, ("22:00", "06:00"))
    count = count_days(Asked(MONDAY, MONDAY), ground([night], [MONDAY + DAY]))
    assert count.days == 1 and count.ends_at == datetime.combine(MONDAY + DAY, time(6), ZONE)


def test_half_a_shift_ends_where_half_of_its_work_is_done():
    first = count_days(Asked(MONDAY, MONDAY, Part.FIRST_HALF), ground([office(MONDAY)]))
    second = count_days(Asked(MONDAY, MONDAY, Part.SECOND_HALF), ground([office(MONDAY)]))
    assert first.days == second.days == Decimal("0.5")
    assert first.ends_at == second.starts_at == datetime.combine(MONDAY, time(14), ZONE)


def test_three_and_a_half_days():
    week = [office(MONDAY + DAY * index) for index in range(4)]
    asked = Asked(MONDAY, MONDAY + 3 * DAY, last_part=Part.FIRST_HALF)
    assert count_days(asked, ground(week)).days == Decimal("3.5")


@pytest.mark.parametrize(
    ("since", "until", "share"), [("09:00", "13:00", "0.38"), ("11:00", "14:00", "0.25"), ("08:00", "20:00", "1.00")]
)
def test_hours_cost_their_part_of_the_shift_without_its_lunch(since, until, share):
    asked = Asked(MONDAY, MONDAY, since=time.fromisoformat(since), until=time.fromisoformat(until))
    assert count_days(asked, ground([office(MONDAY)])).days == Decimal(share)


def test_hours_after_midnight_belong_to_the_shift_that_began_the_evening_before():
    asked = Asked(MONDAY, MONDAY, since=time(2), until=time(4))
    count = count_days(asked, ground([shift(MONDAY, ("22:00", "06:00"))]))
    assert count.days == Decimal("0.25") and count.starts_at == datetime.combine(MONDAY + DAY, time(2), ZONE)


def test_hours_outside_the_shift_cost_nothing():
    asked = Asked(MONDAY, MONDAY, since=time(19), until=time(20))
    assert count_days(asked, ground([office(MONDAY)])).pieces == ()


def test_maternity_counts_every_day_of_the_calendar():
    count = count_days(Asked(MONDAY, MONDAY + 97 * DAY), ground([office(MONDAY)], every_day=True))
    assert (count.days, count.basis) == (Decimal(98), "roster")


@given(st.integers(0, 40), st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_pieces_lie_within_the_days_asked_and_never_cost_more_than_them(length, worked, known):
    shifts = [office(MONDAY + DAY * index) for index in worked]
    asked = Asked(MONDAY, MONDAY + DAY * length)
    count = count_days(asked, ground(shifts, [MONDAY + DAY * index for index in known]))
    assert count.days <= length + 1
    assert all(MONDAY <= piece.day <= asked.last_on for piece in count.pieces)
    assert len({piece.day for piece in count.pieces}) == len(count.pieces)
