# SPDX-License-Identifier: Apache-2.0
from datetime import date

import pytest

from zuoxi.people import services
from zuoxi.people.models import Position, User


@pytest.fixture
def person(db, settings):
    """person("OM"): a user who holds that post; the same for the same post."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    services.load_positions()

    def hire(role: str) -> User:
        known = User.objects.filter(username=role.lower()).first()
        if known is not None:
            return known
        place = services.Placement(Position.objects.get(code=role))
        staff = services.hire(role.lower(), f"人{role}", [place], date(2026, 1, 1))
        return services.create_user_for(staff, must_change=False)

    return hire


@pytest.fixture
def signed_in(person, client):
    """signed_in("OM"): a browser in which somebody of that post has signed in."""

    def enter(role: str):
        client.force_login(person(role))
        return client

    return enter
