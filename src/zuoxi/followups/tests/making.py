# SPDX-License-Identifier: Apache-2.0
"""People, customers and follow-ups for the tests of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zuoxi.customers.models import Customer
from zuoxi.customers.services import ensure_customer
from zuoxi.followups import services
from zuoxi.followups.models import FollowUpTask
from zuoxi.people import services as people
from zuoxi.people.models import Position, Staff
from zuoxi.policy.site import forget

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 2)  # an ordinary week


def at(hour: int = 10, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


NOW = at()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class House:
    agent: Staff
    other: Staff
    leader: Staff
    supervisor: Staff
    manager: Staff
    director: Staff
    quality: Staff
    inspector: Staff
    personnel: Staff
    stranger: Staff


def house(pack: str, settings) -> House:
    settings.PACK = pack
    forget()
    people.load_positions()
    project = people.ensure_project("f", "回访", "F")
    team = people.ensure_team("f-1", "回访一组", "F 1", project)
    far = people.ensure_team("f-2", "回访二组", "F 2", people.ensure_project("g", "远", "G"))

    def hire(code, position, where=None, in_project=None):
        place = people.Placement(Position.objects.get(code=position), where, in_project)
        staff = people.hire(code, f"人{code}", [place], date(2020, 1, 6))
        people.create_user_for(staff, must_change=False)
        return staff

    return House(
        agent=hire("1001", "CSR", team),
        other=hire("1002", "CSR", team),
        leader=hire("1100", "CSRL", team),
        supervisor=hire("1200", "CSRS", team),
        manager=hire("1300", "OM", None, project),
        director=hire("1400", "DIR"),
        quality=hire("1500", "QAS"),
        inspector=hire("1600", "QA"),
        personnel=hire("1700", "HR"),
        stranger=hire("1900", "CSR", far),
    )


def customer(number: str = "13900010001", name: str = "周测试", now: datetime = NOW) -> Customer:
    return ensure_customer(number, name, by=None, now=now)


def task(kind: str, who: Customer | None = None, **more) -> FollowUpTask:
    made = services.make(kind, at=more.pop("at", NOW), now=more.pop("now", NOW), customer=who or customer(), **more)
    assert made is not None
    return made


SIX = {"a": "yes", "b": "satisfied", "c": "no", "d": "9", "e": ""}
REFUSAL = {"a": "price", "b": "别家便宜二十块", "c": "nothing"}
