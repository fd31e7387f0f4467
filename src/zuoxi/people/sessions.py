# SPDX-License-Identifier: Apache-2.0
"""Where somebody is signed in, and ending it."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from zuoxi.people.models import User


def end_sessions(user: User, *, but: str = "") -> int:
    """Sign the user out everywhere, or everywhere but in the session of that key; returns how many ended."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=but)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)


def other_seat(user: User, ip: str, now: datetime, idle: timedelta) -> UserSession | None:
    """A session of the user at another address that was used within `idle`; None when there is none."""
    recent = UserSession.objects.filter(user=user, last_seen_at__gte=now - idle).exclude(ip=ip)
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    return recent.filter(session_key__in=alive).order_by("-last_seen_at").first()
