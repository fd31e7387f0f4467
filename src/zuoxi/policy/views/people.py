# SPDX-License-Identifier: Apache-2.0
"""Who acts on a page, as this package keeps it: people live above it."""

from __future__ import annotations

from django.http import HttpRequest

from zuoxi.policy.amending import Person


def person_of(request: HttpRequest) -> Person:
    """The signed-in person's number and name of now."""
    code = request.user.get_username()
    staff = getattr(request.user, "staff_member", None)
    return Person(code, str(staff.name) if staff is not None else code)
