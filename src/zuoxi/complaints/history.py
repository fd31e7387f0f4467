# SPDX-License-Identifier: Apache-2.0
"""Complaints and praise in the history of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext

from zuoxi.complaints.choices import OPEN_STATES, Severity
from zuoxi.complaints.handbook import kinds_of, praise_kinds_of
from zuoxi.complaints.models import Complaint
from zuoxi.complaints.visibility import of_a_known_customer, visible_complaints, visible_praise
from zuoxi.customers.timeline import Entry, Rows, Said, choice, provide_rows
from zuoxi.policy.selectors import site_handbook


def _complaints(user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...]) -> Rows:
    said = {name: name for name in ("number", "kind", "state", "severity")}
    rows = of_a_known_customer(user, visible_complaints(user)).filter(customer_id__in=customers)
    return Rows(rows, "received_at", said, _complaint)


def _complaint(at: datetime, said: Said) -> Entry:
    return Entry(
        at,
        "complaint",
        f"{pgettext('history', 'Complaint')} {said['number']} · {_kind(kinds_of(site_handbook()), said['kind'])}",
        choice(Complaint, "state", said["state"]),
        reverse("complaints:complaint", args=[said["number"]]),
        "complaint",
        "bad" if said["severity"] == Severity.GRAVE else "warn" if said["state"] in OPEN_STATES else "plain",
    )


def _praises(user: Any, customers: tuple[int, ...], _numbers: tuple[str, ...]) -> Rows:
    said = {name: name for name in ("number", "kind", "words")}
    return Rows(visible_praise(user).filter(customer_id__in=customers), "received_at", said, _praise)


def _praise(at: datetime, said: Said) -> Entry:
    return Entry(
        at,
        "complaint",
        f"{pgettext('history', 'Praise')} {said['number']} · {_kind(praise_kinds_of(site_handbook()), said['kind'])}",
        said["words"][:80],
        f"{reverse('complaints:praises')}?q={said['number']}",
        "star",
        "good",
    )


def _kind(kinds: Mapping[str, Any], code: str) -> str:
    return str(kinds[code].label) if code in kinds else code


provide_rows("complaint", _complaints)
provide_rows("complaint", _praises)
