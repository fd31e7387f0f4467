# SPDX-License-Identifier: Apache-2.0
from datetime import date

import pytest

from zuoxi.people import services
from zuoxi.people.models import Position, User


@pytest.fixture
def member(db, settings):
    """member("DA"): a new user who holds that post."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    services.load_positions()

    def hire(role: str) -> User:
        code = f"{role.lower()}{User.objects.count()}"
        place = services.Placement(Position.objects.get(code=role))
        staff = services.hire(code, f"人{role}", [place], date(2026, 1, 1))
        return services.create_user_for(staff, must_change=False)

    return hire
