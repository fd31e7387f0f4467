# SPDX-License-Identifier: Apache-2.0
"""Outbound calls, follow-ups and callbacks in a customer's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.customers.timeline import Entry, provide
from zuoxi.outbound.selectors import result_labels
from zuoxi.outbound.visibility import attempts_seen, follow_ups_seen, promises_seen


def _calls(
    user: Any, customers: tuple[int, ...], numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    if not user.may("outbound.work"):
        return []
    whose = Q(customer__in=customers) | Q(number__in=numbers)
    rows = attempts_seen(user, timezone.localdate()).filter(whose, ended_at__isnull=False)
    if before is not None:
        rows = rows.filter(reserved_at__lt=before)
    labels = result_labels()
    found = rows.select_related("staff", "campaign").order_by("-reserved_at", "-pk")[:limit]
    return [
        Entry(
            one.reserved_at,
            "outbound",
            _("Outbound call by %(name)s") % {"name": one.staff.name},
            " · ".join(filter(None, (labels.get(one.result, ""), one.note[:80]))),
            reverse("telephony:call", args=[one.call]) if one.call and user.may("telephony.calls") else "",
            "phone-out",
            "good" if one.effective else "plain",
        )
        for one in found
    ]


def _follow_ups(
    user: Any, customers: tuple[int, ...], numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    if not user.may("outbound.work"):
        return []
    rows = follow_ups_seen(user, timezone.localdate()).filter(Q(customer__in=customers) | Q(phone__in=numbers))
    if before is not None:
        rows = rows.filter(at__lt=before)
    found = rows.select_related("staff").order_by("-at", "-pk")[:limit]
    where = reverse("outbound:follow_ups")
    return [
        Entry(one.at, "follow_up", _("Follow-up by %(name)s") % {"name": one.staff.name}, one.content[:80],
              f"{where}?day={one.day}&staff={one.staff.code}", "edit")
        for one in found
    ]  # fmt: skip


def _callbacks(
    user: Any, customers: tuple[int, ...], numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    if not user.may("outbound.work"):
        return []
    rows = promises_seen(user, timezone.localdate()).filter(Q(customer__in=customers) | Q(number__in=numbers))
    if before is not None:
        rows = rows.filter(made_at__lt=before)
    found = rows.order_by("-made_at", "-pk")[:limit]
    where = reverse("outbound:callbacks")
    return [
        Entry(one.made_at, "callback", _("Callback promised"), f"{one.get_state_display()} · {one.reason[:80]}", where,
              "callback")
        for one in found
    ]  # fmt: skip


provide("outbound", _calls)
provide("follow_up", _follow_ups)
provide("callback", _callbacks)
