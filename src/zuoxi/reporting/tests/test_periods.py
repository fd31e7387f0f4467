# SPDX-License-Identifier: Apache-2.0
"""Half-hours, days, weeks and months as whole numbers, also where the clock changes."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from zuoxi.reporting import periods
from zuoxi.reporting.dialects import SQLite

BERLIN, SHANGHAI, KATHMANDU = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Kathmandu")


def by_sql(clock, period, at):
    with contextlib.closing(sqlite3.connect(":memory:")) as base:
        return base.execute(f"SELECT {clock.key(period, SQLite(), str(at))}").fetchone()[0]


@pytest.mark.parametrize("zone", [BERLIN, SHANGHAI, KATHMANDU])
@pytest.mark.parametrize("period", ["interval", "hour", "day", "week", "month"])
def test_sql_and_python_put_each_moment_into_the_same_group(zone, period):
    since = datetime(2026, 3, 20, tzinfo=UTC)
    clock = periods.Clock.over(since, since + timedelta(days=230), zone)
    for step in range(0, 230 * 86_400, 49_999):
        moment = since + timedelta(seconds=step)
        key = by_sql(clock, period, int(moment.timestamp()))
        assert periods.label(period, key, zone) == periods.label_at(period, moment, zone)


def test_a_day_of_a_clock_change_is_as_long_as_it_was():
    spring = date(2026, 3, 29)
    start, end = (periods.day_start(day, BERLIN) for day in (spring, spring + timedelta(days=1)))
    assert end - start == timedelta(hours=23)
    clock = periods.Clock.over(start - timedelta(days=2), end + timedelta(days=2), BERLIN)
    assert [east for _, east in clock.offsets] == [3600, 7200]
    day = (spring - date(1970, 1, 1)).days
    for moment, wanted in ((start, day), (end - timedelta(seconds=1), day), (end, day + 1)):
        assert by_sql(clock, "day", int(moment.timestamp())) == wanted


def test_days_within_are_whole_days_only():
    start = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
    assert periods.days_within(start, start + timedelta(days=2), SHANGHAI) == [date(2026, 11, 18), date(2026, 11, 19)]
    assert periods.days_within(start + timedelta(seconds=1), start + timedelta(days=2), SHANGHAI) == [
        date(2026, 11, 19)
    ]
    assert periods.days_within(start, start + timedelta(hours=23), SHANGHAI) == []


@pytest.mark.parametrize("period", ["interval", "hour", "day", "week", "month"])
def test_a_label_names_its_span(period):
    moment = datetime(2026, 12, 31, 16, 40, tzinfo=UTC)  # the first of January in Shanghai
    text = periods.label_at(period, moment, SHANGHAI)
    start, end = periods.span_of_label(period, text, SHANGHAI)
    assert start <= moment < end
    assert {"week": "2026-W53", "month": "2027-01", "day": "2027-01-01"}.get(period, text) == text
