# SPDX-License-Identifier: Apache-2.0
"""Breaks and meals: after the lock, one an hour, never too many away at once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zuoxi.workforce.adherence import adherence_of
from zuoxi.workforce.breaks import BREAK, MEAL, BreakRules, plan_breaks
from zuoxi.workforce.clock import clock_from, moments_of
from zuoxi.workforce.facts import RosteredShift

pytestmark = pytest.mark.once
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 3)
MIDNIGHT = datetime(2026, 11, 3, tzinfo=SHANGHAI)
RULES = BreakRules(5, 60, 30, 40, 25)


def shift(pk, clock="08:00-16:30", meal=30):
    spans = moments_of(clock_from(clock), DAY, SHANGHAI)
    return RosteredShift(pk, pk, str(pk), DAY, "E", spans[0][0], spans[-1][1], spans, "work", "", 1, meal)


@pytest.mark.clause("FLR-006", "CALL-006", "SCH-012")
def test_nobody_has_a_break_in_the_thirty_minutes_after_his_start():
    pauses, _left = plan_breaks([shift(pk) for pk in range(8)], RULES, [], MIDNIGHT)
    first = min(one.starts_at for one in pauses)
    assert first >= MIDNIGHT + timedelta(hours=8, minutes=30)


@pytest.mark.clause("FLR-006")
def test_each_hour_without_the_meal_has_one_break_of_five_minutes():
    pauses, left = plan_breaks([shift(1)], RULES, [], MIDNIGHT)
    breaks = [one for one in pauses if one.kind == BREAK]
    meal = next(one for one in pauses if one.kind == MEAL)
    assert not left
    assert meal.ends_at - meal.starts_at == timedelta(minutes=30)
    assert all(one.ends_at - one.starts_at == timedelta(minutes=5) for one in breaks)
    assert len({(one.starts_at - MIDNIGHT) // timedelta(hours=1) for one in breaks}) == len(breaks) >= 6


@pytest.mark.clause("SCH-012")
def test_meals_lie_where_most_hands_are_to_spare():
    need = [0] * 48
    for half in range(16, 26):
        need[half] = 1
    pauses, _left = plan_breaks([shift(1)], RULES, need, MIDNIGHT)
    meal = next(one for one in pauses if one.kind == MEAL)
    assert meal.starts_at >= MIDNIGHT + timedelta(hours=13)


@pytest.mark.clause("SCH-012")
@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 24), st.integers(5, 100), st.sampled_from(["08:00-16:30", "22:00-06:30", "09:00-12:00,13:00-17:30"])
)
def test_never_more_are_away_at_once_than_the_share(people, percent, clock):
    rules = BreakRules(5, 60, 30, 40, percent)
    pauses, _left = plan_breaks([shift(pk, clock) for pk in range(people)], rules, [], MIDNIGHT)
    most = max(people * percent // 100, 1)
    for one in pauses:
        away = sum(other.starts_at <= one.starts_at < other.ends_at for other in pauses)
        assert away <= most


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 12), st.sampled_from(["08:00-16:30", "16:00-00:30", "09:00-12:00,13:00-17:30"]))
def test_every_pause_lies_within_a_span_of_its_shift_and_two_of_one_person_never_meet(people, clock):
    shifts = {pk: shift(pk, clock, meal=0 if "," in clock else 30) for pk in range(people)}
    pauses, _left = plan_breaks(list(shifts.values()), RULES, [], MIDNIGHT)
    for one in pauses:
        assert any(start <= one.starts_at and one.ends_at <= end for start, end in shifts[one.shift_id].spans)
        own = [other for other in pauses if other.shift_id == one.shift_id and other is not one]
        assert not any(other.starts_at < one.ends_at and one.starts_at < other.ends_at for other in own)


def test_what_finds_no_room_is_told_and_not_forced():
    crowd = [shift(pk, "08:00-09:00", meal=0) for pk in range(40)]
    pauses, left = plan_breaks(crowd, BreakRules(5, 60, 30, 40, 3), [], MIDNIGHT)
    assert len(pauses) + len(left) == 40
    assert left


def at(hour, minute=0):
    return MIDNIGHT + timedelta(hours=hour, minutes=minute)


def test_time_signed_in_is_counted_within_the_spans_and_beside_them_apart():
    found = adherence_of(shift(1), [(at(7, 50), at(12)), (at(12, 30), at(16, 40))], at(18))
    assert found.planned == timedelta(hours=8, minutes=30)
    assert found.present == timedelta(hours=8)
    assert found.outside == timedelta(minutes=20)
    assert found.late == timedelta()


def test_who_was_never_seen_has_no_lateness_and_a_shift_ahead_no_share():
    assert adherence_of(shift(1), [], at(18)).late is None
    assert adherence_of(shift(1), [], at(7)).ratio is None


@pytest.mark.clause("CALL-005")
def test_lateness_is_measured_from_the_start():
    assert adherence_of(shift(1), [(at(8, 4), at(16))], at(18)).late == timedelta(minutes=4)
