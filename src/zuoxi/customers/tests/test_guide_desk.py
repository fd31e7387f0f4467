# SPDX-License-Identifier: Apache-2.0
"""A hospital's guide desk: written down once a day, the mean of the days that were counted beside the usual figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from zuoxi.customers import counting

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def hospital(settings):
    settings.PACK = "hospital"


def guided(day: int, count: int, kind: str = "hospital.guided", place: str = "门诊") -> None:
    counting.count(kind, on=date(2026, 11, day), count=count, place=place, note="", by=None, now=timezone.now())


def line(place: str = ""):
    return next(one for one in counting.sums(FIRST, LAST, place) if one.key == "hospital.guided")


@pytest.mark.clause("CALL-025")
def test_a_day_without_an_entry_is_unknown_and_not_nought(hospital):
    for day, count in ((2, 90), (3, 110), (5, 101)):
        guided(day, count)
    assert (line().days, line().a_day, line().usual) == (3, Decimal("100.3"), Decimal(100))


@pytest.mark.clause("CALL-025")
def test_two_entries_of_a_day_are_one_day_and_a_correction_lowers_it(hospital):
    for count in (60, 45, -5):
        guided(2, count)
    assert (line().days, line().count, line().a_day) == (1, 100, Decimal("100.0"))


@pytest.mark.clause("CALL-025")
def test_without_any_day_there_is_no_mean_and_first_and_further_visits_add_up(hospital):
    assert (line().days, line().a_day, line().usual) == (0, None, Decimal(100))
    guided(2, 100)
    guided(2, 40, "hospital.guided.first")
    guided(2, 59, "hospital.guided.again")
    assert line().adds_up is False
    guided(2, 1, "hospital.guided.again")
    assert line().adds_up is True


def test_a_place_has_a_mean_of_its_own(hospital):
    guided(2, 90)
    guided(2, 30, place="急诊")
    assert (line("急诊").a_day, line().a_day) == (Decimal("30.0"), Decimal("120.0"))


def test_a_trade_without_such_a_figure_asks_nothing_more(django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert all(one.a_day is None for one in counting.sums(FIRST, LAST))
