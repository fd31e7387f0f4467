# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from zuoxi.web.measures import duration_text, local_text, money_text, number_text, percent_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3909, "1:05:09"),
        (309, "5:09"),
        (0, "0:00"),
        (3600, "1:00:00"),
        (-61, "-1:01"),
        (timedelta(days=1, seconds=5), "24:00:05"),
        (Decimal("59.9"), "0:59"),
        (None, "—"),
    ],
)
def test_a_span_is_written_as_hours_minutes_seconds(seconds, text):
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.853, "85.3%"), (1, "100.0%"), (0, "0.0%"), (Decimal("0.99945"), "99.9%"), (0.00049, "0.0%"), (None, "—")],
)
def test_a_ratio_has_one_decimal_and_an_empty_denominator_a_dash(ratio, text):
    assert percent_text(ratio) == text


def test_half_is_rounded_up_as_people_do_on_paper():
    assert percent_text(0.12345) == "12.3%"
    assert percent_text(Decimal("0.12350")) == "12.4%"
    assert money_text(Decimal("2.675")) == "2.68"
    assert money_text(2.675) == "2.68"


def test_money_has_two_decimals_and_thousands():
    assert money_text(Decimal("1234567.5")) == "1,234,567.50"
    assert money_text(None) == "—"


def test_nought_is_not_unknown():
    assert number_text(0) == "0"
    assert number_text(-0.3) == "0" and number_text(-0.04, 1) == "0.0" and number_text(-0.5) == "-1"
    assert number_text(None) == "—"
    assert number_text(12345.678, 1) == "12,345.7"


def test_moments_are_shown_in_the_zone_of_the_site():
    moment = datetime(2026, 11, 21, 16, 30, 5, tzinfo=UTC)
    assert local_text(moment, "full") == "2026-11-22 00:30:05"
    assert local_text(moment) == "2026-11-22 00:30"
    assert local_text(moment, "day") == "11-22"
    assert local_text(date(2026, 11, 22), "full") == "2026-11-22"
    assert local_text(None) == "—"
