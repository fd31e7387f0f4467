# SPDX-License-Identifier: Apache-2.0
"""Complaints of the kinds, and under the rules, that rest on a clause."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.complaints.handbook import COMPLAINT_KINDS
from zuoxi.complaints.models import Complaint
from zuoxi.policy.happenings import Happened, counted, days, happening, rules_for
from zuoxi.policy.selectors import site_handbook


@happening(_("Complaints received"))
def received(clause: str, first: date, last: date) -> Happened | None:
    rows = Complaint.objects.filter(received_at__range=days(first, last))
    if not any(name.startswith("complaint.") for name in rules_for(clause)):
        kinds = [key for key, body in site_handbook().entries(COMPLAINT_KINDS).items() if clause in body.clauses]
        if not kinds:
            return None
        rows = rows.filter(kind__in=kinds)
    return counted(rows, "customer_id", url=reverse("complaints:complaints"), capability="complaints.handle")
