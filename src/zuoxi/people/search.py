# SPDX-License-Identifier: Apache-2.0
"""People in the search of the top bar."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from zuoxi.people.selectors import Matter, scope_of
from zuoxi.people.staff_list import named
from zuoxi.web.navigation import Hit


def find_staff(request: HttpRequest, words: str) -> Iterable[Hit]:
    """Staff numbers, names and sounds of names, among the people in reach."""
    rows = named(scope_of(request.user, timezone.localdate(), Matter.STAFF).staff(), words).order_by("code")[:10]
    return [
        Hit(staff.name, reverse("people:person", args=[staff.code]), f"{staff.code} · {staff.get_status_display()}")
        for staff in rows
    ]
