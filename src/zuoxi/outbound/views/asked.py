# SPDX-License-Identifier: Apache-2.0
"""What the pages of this package have in common: who asks, today, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from zuoxi.outbound.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_of
from zuoxi.telephony import selectors as telephony


def today_of() -> date:
    return timezone.localdate()


def by_of(request: HttpRequest) -> Staff:
    """The staff record behind the sign-in; a technical account makes no calls."""
    staff = staff_of(request.user)
    if staff is None:
        raise PermissionDenied("no staff record")
    return staff


def signed_out(staff: Staff) -> bool:
    """Whether his telephone is signed in nowhere, so that the switch would not ring it."""
    present = telephony.present_of([staff.code]).get(staff.code)
    return present is None or present[0] == "signed_out"


def done(request: HttpRequest, verb: Callable[[], Any], said: str = "") -> bool:
    """Do it; what was done, or why not, stands on the next page."""
    try:
        verb()
    except Refused as wrong:
        messages.error(request, str(wrong))
        return False
    if said:
        messages.success(request, said)
    return True


def moment_of(text: str) -> datetime | None:
    """A day and time of a form, in the site's zone; None for nothing or nonsense."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def day_of(text: str | None, otherwise: date) -> date:
    """The asked day; nonsense counts as the other one."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise
