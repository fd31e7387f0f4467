# SPDX-License-Identifier: Apache-2.0
"""Outbound calls, follow-ups and callbacks in a customer's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.customers.timeline import Entry, Rows, Said, choice, provide_rows
from zuoxi.outbound.models import Promise
from zuoxi.outbound.selectors import result_labels
from zuoxi.outbound.visibility import attempts_seen, follow_ups_seen, promises_seen


def _calls(user: Any, customers: tuple[int, ...], numbers: tuple[str, ...]) -> Rows | None:
    if not user.may("outbound.work"):
        return None
    whose = Q(customer__in=customers) | Q(number__in=numbers)
    rows = attempts_seen(user, timezone.localdate()).filter(whose, ended_at__isnull=False)
    said = {name: name for name in ("result", "note", "call", "effective")} | {"by": "staff__name"}
    hears = user.may("telephony.calls")

    def call(at: datetime, said: Said) -> Entry:
        return Entry(
            at,
            "outbound",
            _("Outbound call by %(name)s") % {"name": said["by"]},
            " · ".join(filter(None, (result_labels().get(said["result"], ""), said["note"][:80]))),
            reverse("telephony:call", args=[said["call"]]) if said["call"] and hears else "",
            "phone-out",
            "good" if said["effective"] else "plain",
        )

    return Rows(rows, "reserved_at", said, call)


def _follow_ups(user: Any, customers: tuple[int, ...], numbers: tuple[str, ...]) -> Rows | None:
    if not user.may("outbound.work"):
        return None
    rows = follow_ups_seen(user, timezone.localdate()).filter(Q(customer__in=customers) | Q(phone__in=numbers))
    said = {"content": "content", "day": "day", "by": "staff__name", "code": "staff__code"}
    return Rows(rows, "at", said, _follow_up)


def _follow_up(at: datetime, said: Said) -> Entry:
    where = f"{reverse('outbound:follow_ups')}?day={said['day']}&staff={said['code']}"
    title = _("Follow-up by %(name)s") % {"name": said["by"]}
    return Entry(at, "follow_up", title, said["content"][:80], where, "edit")


def _callbacks(user: Any, customers: tuple[int, ...], numbers: tuple[str, ...]) -> Rows | None:
    if not user.may("outbound.work"):
        return None
    rows = promises_seen(user, timezone.localdate()).filter(Q(customer__in=customers) | Q(number__in=numbers))
    return Rows(rows, "made_at", {"state": "state", "reason": "reason"}, _callback)


def _callback(at: datetime, said: Said) -> Entry:
    note = f"{choice(Promise, 'state', said['state'])} · {said['reason'][:80]}"
    return Entry(at, "callback", _("Callback promised"), note, reverse("outbound:callbacks"), "callback")


provide_rows("outbound", _calls)
provide_rows("follow_up", _follow_ups)
provide_rows("callback", _callbacks)
