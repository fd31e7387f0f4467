# SPDX-License-Identifier: Apache-2.0
"""Copies for the files: read, and said so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zuoxi.approvals.models import Filing
from zuoxi.approvals.trail import tell
from zuoxi.people.models import User
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import records


@transaction.atomic
@records("ORG-027")
def read_copy(filing: Filing, *, by: User, now: datetime) -> bool:
    """Its reader acknowledges the copy; False when it is not his, or was acknowledged before."""
    staff = staff_of(by)
    if staff is None or filing.holder_id != staff.pk:
        return False
    changed = Filing.objects.filter(pk=filing.pk, read_at__isnull=True).update(read_at=now)
    if changed:
        tell(filing.request, "read", now, who=staff, role=filing.role)
    return bool(changed)
