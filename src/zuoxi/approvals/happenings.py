# SPDX-License-Identifier: Apache-2.0
"""What was asked for under a clause: requests of the types that rest on it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.kinds import kinds
from zuoxi.approvals.models import Request
from zuoxi.policy.happenings import Happened, counted, days, happening


@happening(_("Requests handed in"))
def requested(clause: str, first: date, last: date) -> Happened | None:
    codes = [code for code, one in kinds().items() if clause in one.clauses]
    if not codes:
        return None
    rows = Request.objects.filter(kind__in=codes, submitted_at__range=days(first, last))
    return counted(rows.exclude(state=Request.State.DRAFT), "applicant_id")
