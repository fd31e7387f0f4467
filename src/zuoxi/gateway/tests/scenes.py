# SPDX-License-Identifier: Apache-2.0
"""A data analyst with a program of his own."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from zuoxi.gateway import services
from zuoxi.people import services as people
from zuoxi.people.models import Position

NOW = datetime(2026, 3, 2, 2, 0, 10, tzinfo=UTC)


def person(code, position):
    people.load_positions()
    post = people.Placement(Position.objects.get(code=position), None, None)
    staff = people.hire(code, f"人{code}", [post], timezone.localdate() - timedelta(days=9), status="active")
    people.create_user_for(staff, must_change=False)
    return staff


def program(owner, scopes, code="shop", per_minute=120):
    return services.set_up(
        code,
        name="商城",
        purpose="同步",
        owner=owner,
        scopes=scopes,
        per_minute=per_minute,
        by="it",
        now=timezone.now(),
    )


def bearer(application, days=30):
    _token, text = services.issue(application.pk, days=days, by="it", now=timezone.now())
    return {"Authorization": f"Bearer {text}"}
