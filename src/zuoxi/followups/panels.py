# SPDX-License-Identifier: Apache-2.0
"""Follow-ups beside the call and on the customer's page: what is still open, and what was said last."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zuoxi.customers.panels import Panel, Subject, register
from zuoxi.customers.selectors import identities_of
from zuoxi.followups.access import VIEW
from zuoxi.followups.handbook import KINDS
from zuoxi.policy.selectors import site_handbook


def _context(_request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """One query; nothing where nobody ever followed this customer up."""
    from zuoxi.followups.selectors import open_and_last

    if subject.customer is None:
        return None
    same = identities_of(subject.customer.pk)
    waiting, last = open_and_last(same)
    if last is None and not waiting:
        return None
    names = site_handbook().entries(KINDS)
    return {"last": last, "open": [(one, names[one.kind].label if one.kind in names else one.kind) for one in waiting]}


register(Panel("followups", _("Follow-ups"), "followups/panel.html", _context, VIEW.code, order=60))
