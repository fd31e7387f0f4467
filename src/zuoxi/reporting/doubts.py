# SPDX-License-Identifier: Apache-2.0
"""What makes a figure rest on incomplete data: windows in which a switch was not heard, and facts not believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from zuoxi.reporting import dialects
from zuoxi.reporting.facts import FigureQuery

Span = tuple[datetime, datetime]


def _aware(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Unknown windows and the moments of quarantined facts within the time asked for."""

    windows: tuple[Span, ...]
    quarantined: tuple[datetime, ...]

    def within(self, since: datetime, until: datetime) -> tuple[int, int]:
        """How many windows touch the stretch, and how many quarantined facts lie in it."""
        touching = sum(1 for start, end in self.windows if start < until and end > since)
        return touching, sum(1 for at in self.quarantined if since <= at < until)


def gaps(query: FigureQuery, now: datetime) -> Gaps:
    """What is not known of the question's time; a window that is still open reaches to `now`."""
    adapt = dialects.BY_VENDOR[connection.vendor].moment
    bounds = [adapt(query.until), adapt(query.since)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT from_at, to_at FROM telephony_unknownwindow WHERE from_at < %s AND (to_at IS NULL OR to_at > %s)",
            bounds,
        )
        windows = tuple((_aware(start), _aware(end) if end else now) for start, end in cursor.fetchall())
        cursor.execute("SELECT at FROM events_quarantine WHERE at < %s AND at >= %s", bounds)
        return Gaps(windows, tuple(_aware(at) for (at,) in cursor.fetchall()))
