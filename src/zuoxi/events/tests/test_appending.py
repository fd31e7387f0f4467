# SPDX-License-Identifier: Apache-2.0
"""What is told twice is stored once, in batches of any size, on either database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from zuoxi.events import services, sql
from zuoxi.events.facts import Record

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 18, 1, 30, 0, 250_000, tzinfo=UTC)
MANY = sql.SQLITE_VARIABLES + 300


def record(second: int, tail: int = 0) -> Record:
    at = START + timedelta(seconds=second)
    key = int(at.timestamp()).to_bytes(8, "big") + tail.to_bytes(8, "big")
    return Record("switch:lab", key, "device.reachable", at, "sim", "", "1001", {"n": second})


def append(records):
    with transaction.atomic():
        return services.append(records)


def moments():
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM events_event ORDER BY id")
        return [datetime.fromisoformat(str(row[0])).replace(tzinfo=UTC) for row in cursor.fetchall()]


def test_a_large_batch_told_again_with_one_more_stores_that_one():
    batch = [record(second) for second in range(MANY)]
    assert len(append(batch)) == MANY
    new = record(5, tail=9)
    assert [one.data for one in append([*batch[::-1], new, new])] == [new.data]
    assert moments() == [*(one.at for one in batch), new.at]


def test_a_large_batch_is_recognised_where_the_ledger_holds_far_more_of_that_time():
    """Beyond twice the batch, one look at its stretch of time would not see all."""
    held = [record(second, tail) for second in range(10) for tail in range(MANY // 2)]
    append(held)
    told = [record(second, tail) for second in range(10) for tail in range(MANY // 2 - 200, MANY // 2 + 1)]
    assert len(told) > sql.SQLITE_VARIABLES
    assert [one.at for one in append(told)] == [record(second).at for second in range(10)]


def test_an_empty_batch_and_a_batch_of_nothing_but_itself_are_taken():
    assert append([]) == []
    assert len(append([record(1), record(1)])) == 1
