# SPDX-License-Identifier: Apache-2.0
"""Working days of a Chinese centre."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from zuoxi.policy.calendars import DayKind, OfficeTime, calendar_of
from zuoxi.policy.handbook import handbook_of

pytestmark = pytest.mark.once


@pytest.fixture
def business():
    return calendar_of(handbook_of("tv_shopping"))


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 2, 17), DayKind.HOLIDAY),
        (date(2026, 2, 14), DayKind.MAKE_UP),
        (date(2026, 2, 13), DayKind.WORKING),
        (date(2026, 3, 7), DayKind.WEEKEND),
    ],
)
def test_a_day_is_what_the_state_announced(business, day, kind):
    assert business.kind_of(day) == kind


@pytest.mark.clause("TRN-003")
def test_two_working_days_after_a_friday_is_tuesday(business):
    assert business.add_working_days(date(2026, 11, 20), 2) == date(2026, 11, 24)


def test_working_days_skip_the_spring_festival_and_count_the_saturday_that_pays_for_it(business):
    assert business.add_working_days(date(2026, 2, 13), 2) == date(2026, 2, 24)


def test_a_year_that_is_not_announced_says_so(business):
    assert business.announced(2026)
    assert not business.announced(2031)


def test_days_the_wrong_way_round_are_none(business):
    assert business.working_days(date(2026, 3, 2), date(2026, 3, 1)) == 0


ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def office(business):
    return OfficeTime(business, time(8, 30), time(17, 30), ZONE)


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("03-04T10:00", 9, "03-05T10:00"),
        ("03-04T10:00", 7.5, "03-04T17:30"),  # its very end still belongs to the day
        ("03-04T17:30", 1, "03-05T09:30"),
        ("03-04T23:00", 1, "03-05T09:30"),
        ("03-04T03:00", 1, "03-04T09:30"),
        ("03-06T16:30", 2, "03-09T09:30"),  # over the weekend
        ("02-13T16:30", 2, "02-14T09:30"),  # the Saturday is worked
        ("02-14T17:00", 1, "02-24T09:00"),  # over the spring festival
    ],
)
def test_office_time_runs_only_while_the_office_is_open(office, start, hours, end):
    assert office.after(at(start), timedelta(hours=hours)) == at(end)
    assert office.between(at(start), at(end)) == timedelta(hours=hours)


def test_office_time_backwards_is_none(office):
    assert office.between(at("03-05T10:00"), at("03-04T10:00")) == timedelta()


def test_office_hours_that_end_before_they_begin_are_refused(business):
    with pytest.raises(ValueError, match="before they begin"):
        OfficeTime(business, time(18), time(9), ZONE)
