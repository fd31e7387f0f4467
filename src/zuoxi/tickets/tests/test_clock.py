# SPDX-License-Identifier: Apache-2.0
"""Business time against its own laws, and against a slow clock that counts minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zuoxi.policy.handbook import handbook_of
from zuoxi.tickets import clock
from zuoxi.tickets.opening import hours_of

pytestmark = pytest.mark.once
SITE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
HOLIDAYS = {date(2026, 2, day) for day in range(16, 24)}
MADE_UP = {date(2026, 2, 14), date(2026, 2, 28)}


def works(day):
    return day in MADE_UP or (day.isoweekday() < 6 and day not in HOLIDAYS)


WINDOW = clock.BusinessHours(
    SITE,
    (clock.interval("08:30-12:00"), clock.interval("14:30-17:30")),
    works,
    {5: (clock.interval("08:30-12:00"), clock.interval("14:00-16:00"))},
    {date(2026, 2, 11): (clock.interval("09:00-10:00"),), date(2026, 2, 21): (clock.interval("10:00-12:00"),)},
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SITE)


moments = st.datetimes(datetime(2026, 2, 1), datetime(2026, 3, 5)).map(  # noqa: DTZ001 - a zone comes next
    lambda one: one.replace(second=0, microsecond=0, tzinfo=SITE)
)
amounts = st.integers(0, 60 * 30).map(lambda minutes: timedelta(minutes=minutes))
pauses = st.lists(
    st.tuples(moments, st.integers(0, 4000)).map(lambda one: (one[0], one[0] + one[1] * MINUTE)), max_size=4
)


def slowly(start, end, paused):
    """Open minutes from `start` to `end`, one by one."""
    total, here = timedelta(0), start
    while here < end:
        local = here.astimezone(SITE)
        minute = local.hour * 60 + local.minute
        is_open = any(first <= minute < last for first, last in WINDOW.intervals(local.date()))
        if is_open and not any(one <= here < other for one, other in paused):
            total += MINUTE
        here += MINUTE
    return total


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(0, 9000), pauses)
def test_the_clock_says_what_counting_every_minute_says(start, minutes, paused):
    end = start + minutes * MINUTE
    assert clock.elapsed(WINDOW, start, end, paused) == slowly(start, end, paused)


@settings(max_examples=150, deadline=None)
@given(moments, amounts, pauses)
def test_what_is_due_has_used_up_exactly_its_time(start, amount, paused):
    due = clock.due(WINDOW, start, amount, paused)
    assert clock.elapsed(WINDOW, start, due, paused) == amount
    if amount:
        assert clock.elapsed(WINDOW, start, due - MINUTE, paused) < amount, "and not a minute later than needed"


@settings(max_examples=150, deadline=None)
@given(moments, moments, amounts, pauses)
def test_whoever_comes_later_is_never_due_earlier(first, second, amount, paused):
    early, late = sorted((first, second))
    assert clock.due(WINDOW, early, amount, paused) <= clock.due(WINDOW, late, amount, paused)


@settings(max_examples=150, deadline=None)
@given(moments, amounts, amounts)
def test_more_time_never_ends_earlier(start, one, other):
    less, more = sorted((one, other))
    assert clock.due(WINDOW, start, less) <= clock.due(WINDOW, start, more)


@settings(max_examples=150, deadline=None)
@given(moments, moments, moments, pauses)
def test_time_adds_up_wherever_it_is_cut(one, two, three, paused):
    start, middle, end = sorted((one, two, three))
    whole = clock.elapsed(WINDOW, start, end, paused)
    assert clock.elapsed(WINDOW, start, middle, paused) + clock.elapsed(WINDOW, middle, end, paused) == whole


@settings(max_examples=150, deadline=None)
@given(moments, amounts, moments, st.integers(1, 4000))
def test_a_pause_adds_exactly_its_own_business_time(start, amount, since, minutes):
    plain = clock.due(WINDOW, start, amount)
    until = since + minutes * MINUTE
    paused = clock.due(WINDOW, start, amount, [(since, until)])
    assert clock.elapsed(WINDOW, start, paused) == amount + clock.elapsed(WINDOW, max(since, start), min(until, paused))
    assert paused >= plain


@settings(max_examples=100, deadline=None)
@given(moments, amounts, moments, st.integers(2, 4000), st.integers(1, 3999))
def test_one_pause_or_the_same_pause_in_two_pieces_is_the_same(start, amount, since, minutes, cut):
    until = since + minutes * MINUTE
    middle = since + min(cut, minutes - 1) * MINUTE
    whole = clock.due(WINDOW, start, amount, [(since, until)])
    assert clock.due(WINDOW, start, amount, [(since, middle), (middle, until)]) == whole
    assert clock.due(WINDOW, start, amount, [(since, until), (since, middle)]) == whole, "overlap counts once"


@settings(max_examples=100, deadline=None)
@given(moments, st.integers(0, 9))
def test_working_days_end_on_a_working_day_and_grow_with_their_number(received, count):
    due = clock.end_of_working_day(works, SITE, received, count)
    assert due > received - timedelta(seconds=1)
    assert count == 0 or works(due.date())
    assert clock.end_of_working_day(works, SITE, received, count + 1) > due


def test_lunch_is_cut_out():
    assert clock.due(WINDOW, at("2026-02-02T11:30"), timedelta(hours=1)) == at("2026-02-02T15:00")


def test_the_end_of_an_interval_itself_is_the_last_moment_of_that_day():
    assert clock.due(WINDOW, at("2026-02-02T16:30"), timedelta(hours=1)) == at("2026-02-02T17:30")
    assert clock.due(WINDOW, at("2026-02-02T16:30"), timedelta(minutes=61)) == at("2026-02-03T08:31")


def test_a_friday_has_its_own_hours():
    assert clock.due(WINDOW, at("2026-02-06T15:30"), timedelta(hours=1)) == at("2026-02-09T09:00")


def test_over_the_spring_festival_only_make_up_days_and_special_days_count():
    assert clock.due(WINDOW, at("2026-02-13T15:00"), timedelta(hours=2)) == at("2026-02-14T09:30")
    assert clock.elapsed(WINDOW, at("2026-02-15T00:00"), at("2026-02-24T00:00")) == timedelta(hours=2)


def test_a_special_day_has_the_hours_it_says():
    assert clock.elapsed(WINDOW, at("2026-02-11T00:00"), at("2026-02-12T00:00")) == timedelta(hours=1)


def test_while_it_waits_nobody_can_say_when_it_is_due():
    assert clock.due(WINDOW, at("2026-02-02T09:00"), timedelta(hours=3), [(at("2026-02-02T10:00"), None)]) is None
    assert clock.due(WINDOW, at("2026-02-02T09:00"), timedelta(hours=1), [(at("2026-02-02T10:00"), None)]) is not None


def test_hours_that_never_open_are_a_mistake():
    with pytest.raises(clock.NeverDue):
        clock.due(clock.BusinessHours(SITE, (), works), at("2026-02-02T09:00"), MINUTE)


@pytest.mark.parametrize("text", ["12:00-08:30", "8-9", "08:30", "08:60-09:00", "23:00-25:00", "09:00-09:00", ""])
def test_an_interval_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        clock.interval(text)


def test_a_day_may_end_at_midnight():
    assert clock.interval("18:00-24:00") == (1080, 1440)


def test_the_same_day_ends_with_the_day_and_a_pause_over_midnight_moves_it():
    assert clock.end_of_working_day(works, SITE, at("2026-02-06T17:00"), 0) == at("2026-02-06T23:59:59")
    pause = [(at("2026-02-06T20:00"), at("2026-02-07T08:00"))]
    assert clock.end_of_working_day(works, SITE, at("2026-02-06T17:00"), 0, pause).date() > date(2026, 2, 6)


@pytest.mark.clause("CUS-007")
def test_one_working_day_from_friday_at_five_ends_on_monday():
    assert clock.end_of_working_day(works, SITE, at("2026-02-06T17:00"), 1) == at("2026-02-09T23:59:59")


@pytest.mark.clause("CUS-007")
def test_one_working_day_from_friday_before_a_make_up_saturday_ends_on_that_saturday():
    assert clock.end_of_working_day(works, SITE, at("2026-02-13T17:00"), 1) == at("2026-02-14T23:59:59")
    assert clock.end_of_working_day(works, SITE, at("2026-02-13T17:00"), 2) == at("2026-02-24T23:59:59")


def test_moments_of_another_zone_are_the_same_moments():
    assert clock.due(WINDOW, datetime(2026, 2, 2, 3, 30, tzinfo=UTC), timedelta(hours=1)) == at("2026-02-02T15:00")


def test_the_pack_of_a_window_has_its_lunch():
    hours = hours_of(handbook_of("gov_window"), "window")
    assert hours.intervals(date(2026, 3, 2)) == ((510, 720), (870, 1050))
    assert hours.intervals(date(2026, 3, 1)) == ()
