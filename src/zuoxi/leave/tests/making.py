# SPDX-License-Identifier: Apache-2.0
"""People and leave for the tests of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from zuoxi.leave.models import Leave, LeaveDay, LeaveState
from zuoxi.people import services
from zuoxi.people.models import Position, Staff, Team

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 2)  # an ordinary week: no holiday from the 2nd to the 13th


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def team(code: str = "a-1") -> Team:
    services.load_positions()
    return services.ensure_team(code, "甲一组", "Team A1", services.ensure_project("a", "甲", "A"))


def person(code: str, position: str = "TSR", *, joined: date = date(2020, 1, 6), where: Team | None = None) -> Staff:
    where = where or team()
    place = services.Placement(Position.objects.get(code=position), where)
    staff = services.hire(code, f"人{code}", [place], joined)
    services.create_user_for(staff, must_change=False)
    return staff


def granted(staff: Staff, first: date, days: int = 1, *, state: str = LeaveState.APPROVED, **more: object) -> Leave:
    """A leave of whole days, granted unless said otherwise."""
    last = first + timedelta(days=days - 1)
    duty, shift, counts = more.pop("duty", None), more.pop("shift", ""), more.pop("counts", True)
    leave = Leave.objects.create(
        staff=staff,
        kind=more.pop("kind", "personal"),
        first_on=first,
        last_on=last,
        starts_at=at(first),
        ends_at=at(last, 18),
        days=Decimal(days),
        state=state,
        reason="家中有事",
        asked_at=at(first) - timedelta(days=2),
        **more,
    )
    for index in range(days):
        day = first + timedelta(days=index)
        LeaveDay.objects.create(
            leave=leave,
            staff=staff,
            day=day,
            starts_at=at(day),
            ends_at=at(day, 18),
            share=Decimal(1),
            shift=shift,
            duty=duty,
            counts=counts,
            paid=leave.paid,
        )
    return leave


@dataclass
class House:
    """A small line of command: two agents and a leader of one team, its supervisor, the manager, the director."""

    agent: Staff
    other: Staff
    third: Staff
    leader: Staff
    supervisor: Staff
    manager: Staff
    director: Staff
    personnel: Staff


def house() -> House:
    where = team()
    services.ensure_project("a", "甲", "A")
    office = {"DIR": None, "OM": where.project, "HR": None}
    made = {}
    for code, project in office.items():
        place = services.Placement(Position.objects.get(code=code), None, project)
        made[code] = services.hire(code, f"人{code}", [place], date(2015, 1, 5))
        services.create_user_for(made[code], must_change=False)
    return House(
        person("1001"),
        person("1002"),
        person("1003"),
        person("1100", "TSRL"),
        person("1200", "TSRS"),
        made["OM"],
        made["DIR"],
        made["HR"],
    )
