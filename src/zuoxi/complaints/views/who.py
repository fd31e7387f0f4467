# SPDX-License-Identifier: Apache-2.0
"""Who looks at the page, and which complaint."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from zuoxi.complaints.models import Complaint
from zuoxi.complaints.visibility import visible_complaints
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def me_of(request: HttpRequest) -> Staff:
    """The staff record behind the sign-in; technical accounts have none and may not act."""
    staff = staff_of(user_of(request))
    if staff is None:
        raise PermissionDenied("staff")
    return staff


def complaint_of(request: HttpRequest, number: str, **more: Any) -> Complaint:
    """The complaint, if this person may see it; 404 otherwise, so that its being there is not told."""
    rows = visible_complaints(user_of(request)).select_related(
        "customer", "about_staff", "about_team", "first_receiver", "responsible", "handler", "plan", "praise"
    )
    return get_object_or_404(rows, number=number, **more)
