# SPDX-License-Identifier: Apache-2.0
"""Beside the call: what this customer complains of at the moment, and writing one down in two clicks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from zuoxi.complaints.access import RECORD
from zuoxi.complaints.handbook import kinds_of
from zuoxi.complaints.lists import open_of
from zuoxi.customers.panels import Panel, Subject, register
from zuoxi.customers.selectors import identities_of
from zuoxi.policy.selectors import site_handbook


def _context(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    """At most three queries; an unknown caller has none open, and can complain as well."""
    user: Any = request.user
    found = open_of(user, identities_of(subject.customer.pk)) if subject.customer else []
    given = {
        "customer": str(subject.customer.pk) if subject.customer else "",
        "number": "" if subject.customer else subject.number,  # whole numbers stand on no page
        "call": subject.call,
        "source": "call",
    }
    query = urlencode({name: value for name, value in given.items() if value})
    kinds, now = kinds_of(site_handbook()), timezone.now()
    address = reverse("complaints:new")
    return {
        "rows": [
            (one, kinds[one.kind].label if one.kind in kinds else one.kind, one.answer_due_at < now) for one in found
        ],
        "new": f"{address}?{query}",
        "praise": f"{address}?{query}&what=praise",
    }


register(Panel("complaints", pgettext_lazy("panel", "Complaints"), "complaints/panel.html", _context, RECORD.code, 45))
