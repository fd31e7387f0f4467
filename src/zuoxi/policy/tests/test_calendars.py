# SPDX-License-Identifier: Apache-2.0
"""Working days of a Chinese centre."""

from datetime import date

import pytest

from zuoxi.policy.calendars import DayKind, calendar_of
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
