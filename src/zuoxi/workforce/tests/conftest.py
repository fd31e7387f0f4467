# SPDX-License-Identifier: Apache-2.0
"""A small centre: two teams, a leader, a supervisor, a planner, managers; a month that lies wholly ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from zuoxi.people import services as people
from zuoxi.people.models import Position, Project, Staff, Team
from zuoxi.workforce import services
from zuoxi.workforce.models import Roster, ShiftAssignment
from zuoxi.workforce.units import next_month

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Centre:
    """`month` is the month after the present one, `now` this moment."""

    month: date
    now: datetime
    project: Project
    teams: list[Team]
    staff: dict[str, Staff] = field(default_factory=dict)

    def day(self, number: int) -> date:
        return self.month.replace(day=number)

    def write(self, code: str, **days: str) -> None:
        """write("1001", d3="E", d4="R")"""
        edits = [services.CellEdit(self.staff[code].pk, self.day(int(day[1:])), text) for day, text in days.items()]
        done = services.edit_cells(edits, by="8002", now=self.now)
        assert not done.told, done.told

    def cell(self, code: str, number: int) -> str:
        rows = ShiftAssignment.objects.filter(staff=self.staff[code], day=self.day(number)).order_by("place")
        return "+".join(row.template or row.clock for row in rows)

    def publish(self) -> None:
        Roster.objects.update(state="published", version=1, published_at=self.now)


@pytest.fixture
def centre(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    people.load_positions()
    now = timezone.now()
    today = timezone.localdate(now)
    project = people.ensure_project("tv", "电视购物", "TV")
    teams = [people.ensure_team(f"A{number}", f"甲{number}组", f"Team {number}", project) for number in (1, 2)]
    made = Centre(next_month(today.replace(day=1)), now, project, teams)
    since = today - timedelta(days=400)

    def hire(code, post, team=None, whole=None):
        placement = people.Placement(Position.objects.get(code=post), team, project=whole)
        one = people.hire(code, f"人{code}", [placement], since, status="active")
        people.create_user_for(one, must_change=False)
        made.staff[code] = one

    hire("8001", "OM", whole=project)
    hire("8002", "ODM", whole=project)
    hire("8003", "SM", whole=project)
    hire("3001", "TSRS", teams[0])
    hire("2001", "TSRL", teams[0])
    for code in ("1001", "1002", "1003"):
        hire(code, "TSR", teams[0])
    hire("1101", "CSR", teams[1])
    return made


@pytest.fixture
def browse(centre, client):
    """browse("8002"): a client signed in as that person."""

    def sign_in(code):
        client.force_login(centre.staff[code].user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
