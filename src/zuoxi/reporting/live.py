# SPDX-License-Identifier: Apache-2.0
"""Figures from the database that the folds write: the open day, and whatever the warehouse does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from django.db import connection

from zuoxi.reporting import cells, dialects
from zuoxi.reporting.cells import Cells
from zuoxi.reporting.compilation import Compiler, Membership
from zuoxi.reporting.facts import FigureQuery


def compute(query: FigureQuery, zone: tzinfo, now: datetime, teams: Sequence[Membership] = ()) -> Cells:
    """The sums that the question needs, by one SELECT."""
    dialect = dialects.BY_VENDOR[connection.vendor]
    statement = Compiler(dialect, zone, now, teams).compile(query)
    if not statement.sql:
        return cells.from_rows(statement.keys, statement.measures, [])
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.params)
        return cells.from_rows(statement.keys, statement.measures, cursor.fetchall())


def states_recorded(query: FigureQuery) -> bool:
    """Whether anybody's state is known at all in that time (history that was imported has calls alone)."""
    adapt = dialects.BY_VENDOR[connection.vendor].moment
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM telephony_stateinterval WHERE from_at < %s AND (to_at IS NULL OR to_at > %s) "
            "AND state NOT IN ('signed_out', 'unknown') LIMIT 1",
            [adapt(query.until), adapt(query.since)],
        )
        return cursor.fetchone() is not None
