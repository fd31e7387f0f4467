# SPDX-License-Identifier: Apache-2.0
"""Complaints and praise in the history of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext

from zuoxi.complaints.choices import Severity
from zuoxi.complaints.handbook import kinds_of, praise_kinds_of
from zuoxi.complaints.visibility import visible_complaints, visible_praise
from zuoxi.customers.timeline import Entry, provide
from zuoxi.policy.selectors import site_handbook


def _source(
    user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    complaints = visible_complaints(user).filter(customer_id__in=customers)
    praises = visible_praise(user).filter(customer_id__in=customers)
    if before is not None:
        complaints, praises = complaints.filter(received_at__lt=before), praises.filter(received_at__lt=before)
    kinds, praised = kinds_of(site_handbook()), praise_kinds_of(site_handbook())
    found = [
        Entry(
            one.received_at,
            "complaint",
            f"{pgettext('history', 'Complaint')} {one.number} · {_kind(kinds, one.kind)}",
            one.get_state_display(),
            reverse("complaints:complaint", args=[one.number]),
            "complaint",
            "bad" if one.severity == Severity.GRAVE else "warn" if one.open else "plain",
        )
        for one in complaints.order_by("-received_at", "-pk")[:limit]
    ]
    found += [
        Entry(
            one.received_at,
            "complaint",
            f"{pgettext('history', 'Praise')} {one.number} · {_kind(praised, one.kind)}",
            one.words[:80],
            f"{reverse('complaints:praises')}?q={one.number}",
            "star",
            "good",
        )
        for one in praises.order_by("-received_at", "-pk")[:limit]
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _kind(kinds: Mapping[str, Any], code: str) -> str:
    return str(kinds[code].label) if code in kinds else code


provide("complaint", _source)
