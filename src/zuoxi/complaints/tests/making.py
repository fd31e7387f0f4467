# SPDX-License-Identifier: Apache-2.0
"""A small centre with everybody who has to do with complaints, and complaints for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from zuoxi.complaints import services
from zuoxi.complaints.models import Complaint
from zuoxi.customers.services import save_customer
from zuoxi.people import services as people
from zuoxi.people.models import Position, Staff, Team

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 16)  # a Monday


def at(hour: int = 10, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def team() -> Team:
    people.load_positions()
    return people.ensure_team("a-1", "甲一组", "Team A1", people.ensure_project("a", "甲", "A"))


def person(code: str, position: str, where: Team | None = None, *, office: bool = False) -> Staff:
    where = where or team()
    project = where.project if position in ("OM", "ODM") else None
    place = people.Placement(Position.objects.get(code=position), None if office else where, project)
    staff = people.hire(code, f"人{code}", [place], date(2020, 1, 6))
    people.create_user_for(staff, must_change=False)
    return staff


@dataclass
class House:
    agent: Staff
    other: Staff
    leader: Staff
    supervisor: Staff
    deputy: Staff
    manager: Staff
    support: Staff
    director: Staff
    trainer: Staff
    quality: Staff


def house() -> House:
    return House(
        person("1001", "CSR"),
        person("1002", "CSR"),
        person("1100", "CSRL"),
        person("1200", "CSRS"),
        person("1300", "ODM", office=True),
        person("1400", "OM", office=True),
        person("1500", "SM", office=True),
        person("1600", "DIR", office=True),
        person("1700", "TR", office=True),
        person("1800", "QAS", office=True),
    )


def complaint(centre: House, **more: object) -> Complaint:
    said: dict[str, object] = {
        "source": "call",
        "customer": None,
        "words": "接线员态度冷淡，话没听完就挂断",
        "kind": "attitude",
        "about_staff": centre.agent,
        "by": centre.other,
        "now": at(),
    } | more
    return services.open_complaint(**said)  # type: ignore[arg-type]


def customer(name: str = "周女士", number: str = "13800138111"):
    return save_customer(None, name=name, tags=[], note="", by=None, now=at(8), number=number)
