# SPDX-License-Identifier: Apache-2.0
"""The verbs of leave: ask, end early, look into the reason, keep in touch, change balances and the site's days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from zuoxi.approvals import services as approvals
from zuoxi.approvals.models import Request
from zuoxi.approvals.services import NotDone, Overtaken, Refused
from zuoxi.leave.asking import CODE
from zuoxi.leave.contacts import remind_contacts, tried
from zuoxi.leave.ledger import accrue, adjust, prove_years, yearly
from zuoxi.leave.models import Channel
from zuoxi.leave.returning import back_early, check_truth
from zuoxi.leave.site_days import drop_day, set_day
from zuoxi.people.models import Staff, User
from zuoxi.policy.marks import enforces

__all__ = [
    "NotDone",
    "Overtaken",
    "Refused",
    "accrue",
    "adjust",
    "ask",
    "back_early",
    "check_truth",
    "drop_day",
    "prove_years",
    "remind_contacts",
    "set_day",
    "tried",
    "yearly",
]


@enforces("ATT-006", "ATT-007", "ATT-009", "ATT-010", "ATT-011", "ATT-013", "ATT-014", "ATT-015", "ATT-026", "ATT-027")
@enforces("ATT-032", "ATT-034", "ATT-035", "ATT-036", "PAY-011")
def ask(
    applicant: Staff,
    data: Mapping[str, Any],
    *,
    by: User,
    now: datetime,
    attachments: Iterable[UploadedFile[Any]] = (),
) -> Request:
    """Ask for leave, for oneself or (after a call) for somebody else. Nobody writes his own call down.

    Raises ValidationError (what is impossible), Refused (what the rules forbid), NotDone (nobody could sign).
    """
    said = {name: data[name] for name in data}
    if by.pk == applicant.user_id and said.get("channel") in (Channel.PHONE, Channel.IN_PERSON):
        said["channel"] = Channel.SYSTEM
    return approvals.submit(CODE, applicant, said, by=by, now=now, attachments=attachments)
