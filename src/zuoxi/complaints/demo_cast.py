# SPDX-License-Identifier: Apache-2.0
"""Who plays in the demo's complaints, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from zuoxi.complaints.demo_words import (
    CALL_DAYS,
)
from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import found_by
from zuoxi.people.models import Staff
from zuoxi.people.selectors import PostHeld, holders_of, posts_on, staff_by_codes, team_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import call_records


@dataclass
class Cast:
    """Who plays."""

    agents: list[Staff]
    leaders: list[Staff]
    supervisor: Staff | None
    trainer: Staff | None
    support: Staff | None
    manager: Staff | None
    director: Staff | None
    calls: list[dict[str, Any]] = field(default_factory=list)


def _people(posts: list[PostHeld], *positions: str) -> list[Staff]:
    codes = [one.code for one in posts if one.position in positions]
    known = staff_by_codes(codes)
    return [known[code] for code in codes]


def _first(position: str, today: date) -> Staff | None:
    return next(iter(holders_of(position, today)), None)


def cast_of(today: date) -> Cast:
    posts = posts_on(today)
    calls = []
    for back in range(1, CALL_DAYS + 1):
        since = moment(today - timedelta(days=back), 10)
        calls += [
            one
            for one in call_records(since, since + timedelta(hours=1))
            if one["agent"] and one["answered_at"] and one["direction"] == "inbound"
        ][:8]
    supervisors = _people(posts, "CSRS", "TSRS")
    return Cast(
        _people(posts, "CSR", "TSR"),
        _people(posts, "CSRL", "TSRL"),
        supervisors[0] if supervisors else None,
        _first("TR", today),
        _first("SM", today),
        _first("OM", today),
        _first("DIR", today),
        sorted(calls, key=lambda one: (one["recording"]["status"] not in ("complete", "short"), one["id"])),
    )


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), site_handbook().zone)


_teams: dict[tuple[int, date], Any] = {}


def team_then(staff: Staff | None, day: date) -> Any:
    if staff is None:
        return None
    key = (staff.pk, day.replace(day=1))
    if key not in _teams:
        _teams[key] = team_of(staff, day)
    return _teams[key]


def somebody(cast: Cast, number: int, call: dict[str, Any] | None = None) -> Customer | None:
    """Whoever called; for what came by another way, whoever called some other time."""
    if call is None and cast.calls:
        call = cast.calls[(number * 7) % len(cast.calls)]
    return found_by(call["caller"]) if call is not None and number % 9 else None
