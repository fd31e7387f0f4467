# SPDX-License-Identifier: Apache-2.0
from datetime import date

import pytest

from zuoxi.people import services
from zuoxi.people.models import Position, User

DAY = date(2026, 3, 2)


class House:
    """Two projects: A with teams a1 and a2, B with team b1, and people of every post."""

    def __init__(self):
        services.load_positions()
        self.projects = {code: services.ensure_project(code, code, code) for code in ("A", "B")}
        self.teams = {
            code: services.ensure_team(code, code, code, self.projects[code[0].upper()]) for code in ("a1", "a2", "b1")
        }

    def placement(self, position, team=None, project=None):
        return services.Placement(Position.objects.get(code=position), self.teams.get(team), self.projects.get(project))

    def hire(self, code, position, team=None, project=None, *, user=True, on=DAY, **details):
        teams = team if isinstance(team, list) else [team]
        staff = services.hire(
            code, f"人{code}", [self.placement(position, one, project) for one in teams], on, **details
        )
        if user:
            services.create_user_for(staff)
        return staff

    def user(self, code):
        return User.objects.get(username=code)


@pytest.fixture
def house(db):
    return House()


@pytest.fixture(autouse=True)
def quick_hashing(settings):
    """Argon2 is slow on purpose; the tests of sign-in hash some hundred times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
