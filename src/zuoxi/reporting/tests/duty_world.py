# SPDX-License-Identifier: Apache-2.0
"""A small centre with its line of command, rosters and sign-ins, for duties that are rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zuoxi.messaging.models import Channel
from zuoxi.people import services as people
from zuoxi.people.models import Assignment, Staff
from zuoxi.reporting.tests.duty_centres import ZONE
from zuoxi.telephony.tests import factories
from zuoxi.workforce.models import Roster, ShiftAssignment

DAY = date(2026, 11, 18)  # a Wednesday


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def settle(*posts: tuple[str, str] | tuple[str, str, str]) -> dict[str, Staff]:
    """Position code (or "code:team") → who holds it; staff numbers as given."""
    people.load_positions()
    found = {}
    for code, role, *team in posts:
        of = factories.team(team[0]) if team else None
        found[code] = factories.person(code, role, of)
        if role in ("OM", "ODM"):
            Assignment.objects.filter(staff=found[code]).update(project=factories.project())
        Staff.objects.filter(pk=found[code].pk).update(mobile=f"1000000{code}", email=f"s{code}@example.invalid")
        found[code].refresh_from_db()
    return found


def usual() -> dict[str, Staff]:
    return settle(
        ("9001", "DIR"), ("8001", "OM"), ("8003", "SM"), ("3001", "TSRS", "t1"), ("2001", "TSRL", "t1"),
        ("1001", "TSR", "t1"), ("1002", "TSR", "t1"), ("6001", "DA"), ("3003", "QAS"),
    )  # fmt: skip


def roster(staff: Staff, day: date = DAY, start: str = "09:00", hours: float = 9, team: str = "t1") -> ShiftAssignment:
    of = factories.team(team)
    sheet, _made = Roster.objects.get_or_create(
        month=day.replace(day=1), team=of, defaults={"project": of.project, "state": Roster.State.PUBLISHED}
    )
    starts = datetime.combine(day, datetime.min.time().fromisoformat(start), ZONE)
    ends = starts + timedelta(hours=hours)
    return ShiftAssignment.objects.create(
        roster=sheet, staff=staff, day=day, clock=f"{start}-{ends:%H:%M}", starts_at=starts, ends_at=ends
    )


def carriers() -> None:
    Channel.objects.get_or_create(name="sms", defaults={"kind": Channel.Kind.CONSOLE})
    Channel.objects.get_or_create(name="email", defaults={"kind": Channel.Kind.CONSOLE})
