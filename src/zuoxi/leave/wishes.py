# SPDX-License-Identifier: Apache-2.0
"""What somebody asks for, as the request keeps it, and what the days of it are counted over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from zuoxi.leave.counting import Asked, Count, Ground, count_days
from zuoxi.leave.kinds import LeaveKindBody
from zuoxi.leave.models import Channel, Part
from zuoxi.leave.site_days import site_calendar
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import selectors as workforce
from zuoxi.workforce.facts import RosteredShift


@dataclass(frozen=True, slots=True)
class Wish:
    """A leave that is not granted yet. `stand_in` is a staff number, `extends` the leave that it prolongs."""

    kind: str
    asked: Asked
    channel: str
    emergency: bool
    reason: str
    handover: str
    stand_in: str
    extends: int | None
    days: Decimal | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Wish:
        """From what the form cleaned, as JSON or as values."""
        asked = Asked(
            _day(data["first_on"]),
            _day(data["last_on"]),
            data.get("first_part") or Part.WHOLE,
            data.get("last_part") or Part.WHOLE,
            _clock(data.get("since")),
            _clock(data.get("until")),
        )
        days = data.get("days")
        return cls(
            data["kind"],
            asked,
            data.get("channel") or Channel.SYSTEM,
            bool(data.get("emergency")),
            data.get("reason") or "",
            data.get("handover") or "",
            data.get("stand_in") or "",
            int(data["extends"]) if data.get("extends") else None,
            Decimal(str(days)) if days else None,
        )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _clock(value: time | str | None) -> time | None:
    if not value:
        return None
    return value if isinstance(value, time) else time.fromisoformat(value)


def ground_for(staff: Staff, first: date, last: date, kind: LeaveKindBody) -> Ground:
    """Roster and calendar of those days. Three queries."""
    by_day: dict[date, list[RosteredShift]] = {}
    for shift in workforce.shifts_between(first, last, [staff.pk]):
        by_day.setdefault(shift.day, []).append(shift)
    handbook = site_handbook()
    return Ground(
        by_day,
        workforce.spoken_days(staff.pk, first, last),
        site_calendar().is_working_day,
        handbook.zone,
        handbook.on(first).number("leave.hours_in_a_day"),
        kind.count == "calendar",
    )


def count_of(staff: Staff, wish: Wish, kind: LeaveKindBody) -> Count:
    """The days that the wish takes of this person's roster."""
    return count_days(wish.asked, ground_for(staff, wish.asked.first_on, wish.asked.last_on, kind))
