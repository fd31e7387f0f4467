# SPDX-License-Identifier: Apache-2.0
"""Who asks, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from zuoxi.orders.services import NotDone
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import masking


def who(request: HttpRequest) -> Staff:
    """The staff record of who is signed in; a technical account takes no steps."""
    staff = staff_of(request.user)
    if staff is None:
        raise PermissionDenied("orders")
    return staff


def done(request: HttpRequest, act: Callable[[], Any], said: str = "") -> NotDone | None:
    """Do it and say so; what stood in the way where something did."""
    try:
        act()
    except NotDone as refusal:
        return refusal
    messages.success(request, said or _("Done."))
    return None


def told(request: HttpRequest, refusal: NotDone | None) -> None:
    """Put a refusal on the next page."""
    if refusal is not None:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())


def day_of(request: HttpRequest, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


def begin_of(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), site_handbook().zone)


def span(request: HttpRequest, today: date, days: int = 30) -> tuple[datetime, datetime, date, date]:
    """The asked days ("from", "to", both included), the last `days` where none are asked; as moments and as days."""
    last = day_of(request, "to") or today
    first = day_of(request, "from") or last - timedelta(days=days - 1)
    first, last = min(first, last), max(first, last)
    return begin_of(first), begin_of(last + timedelta(days=1)), first, last


def whole(text: str) -> int:
    """A count as typed; 0 for anything that is none."""
    cleaned = text.strip()
    return int(cleaned) if cleaned.isdecimal() and len(cleaned) < 7 else 0


def key_of(text: str) -> int:
    """The key of a row as an address or a form names it; 0 for anything that is none."""
    cleaned = text.strip()
    return int(cleaned) if cleaned.isdecimal() and len(cleaned) < 19 else 0


def masked(number: str) -> str:
    return masking.phone(number)
