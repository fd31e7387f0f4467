# SPDX-License-Identifier: Apache-2.0
"""Who asks: as a sign-in, and as somebody employed here."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of


def user_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied("strangers")
    return request.user


def own_record(request: HttpRequest) -> Staff:
    """The person's staff record; without one there is no leave to speak of."""
    staff = staff_of(request.user)
    if staff is None or not staff.employed:
        raise PermissionDenied("no staff record")
    return staff
