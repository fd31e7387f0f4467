# SPDX-License-Identifier: Apache-2.0
"""Who asks, which tabs he has, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zuoxi.followups.handbook import KINDS
from zuoxi.followups.refusing import Refused
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of
from zuoxi.policy.selectors import site_handbook


def user_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied("strangers")
    return request.user


def own_record(request: HttpRequest) -> Staff:
    """The person's staff record; who has none makes no follow-ups."""
    staff = staff_of(request.user)
    if staff is None or not staff.employed:
        raise PermissionDenied("no staff record")
    return staff


def done(request: HttpRequest, act: Callable[[], Any], said: str = "") -> bool:
    """Do it and say so; a refusal becomes a message instead, and False."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, said or _("Written down."))
    return True


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The pages of the managers, those that this person may open."""
    user = user_of(request)
    known = site_handbook().entries(KINDS)
    found = [
        ("board", _("Plan board"), "followups.view", True),
        ("batches", _("Lists handed out"), "followups.manage", True),
        ("opinions", pgettext("followups", "Opinions"), "followups.view", True),
        ("relistens", _("Listening again"), "followups.check", True),
        ("month", _("Monthly analysis"), "followups.view", True),
        ("hospital", _("Discharges and check-ups"), "followups.view", "discharge" in known),
        ("surveys", pgettext("followups", "Surveys"), "followups.surveys", True),
    ]
    return [
        {"label": label, "url": reverse(f"followups:{name}"), "current": name == current}
        for name, label, right, there in found
        if there and user.may(right)
    ]


def day_of(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def moment_of(text: str | None) -> datetime | None:
    """A time of a form's datetime-local field in the site's zone; None for what is none."""
    try:
        return datetime.fromisoformat(text or "").replace(tzinfo=site_handbook().zone)
    except ValueError:
        return None


def month_span(request: HttpRequest) -> tuple[date, date]:
    """First and last day of the month asked for, else of this one."""
    asked = day_of(f"{request.GET.get('month', '')}-01", timezone.localdate())
    first = asked.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def count_of(text: str | None) -> int:
    """A whole number from nought up; nonsense is nought."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0


def kind_labels() -> dict[str, str]:
    return {key: str(body.label) for key, body in site_handbook().entries(KINDS).items()}
