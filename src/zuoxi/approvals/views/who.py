# SPDX-License-Identifier: Apache-2.0
"""Who asks, as a user."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from zuoxi.people.models import User


def user_of(request: HttpRequest) -> User:
    """The signed-in user; the access mark has let nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied("strangers")
    return request.user
