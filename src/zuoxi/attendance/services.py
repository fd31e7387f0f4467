# SPDX-License-Identifier: Apache-2.0
"""The verbs of attendance: what changes the ledger, and what follows from it at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from zuoxi.attendance import carrying, clocking, excusing
from zuoxi.attendance.clocking import Superseded, take_days, take_from_switch
from zuoxi.attendance.computing import month_of
from zuoxi.attendance.excusing import Cause, NotExcused
from zuoxi.attendance.models import Correction, Excuse, Punch
from zuoxi.attendance.recomputing import Locked, is_locked, recompute
from zuoxi.attendance.sheets import NotSigned, sign
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook

__all__ = [
    "Cause",
    "Locked",
    "NotExcused",
    "NotSigned",
    "Superseded",
    "accept_excuse",
    "correct",
    "find_untrue",
    "follow",
    "recompute",
    "sign",
    "take_days",
    "take_from_switch",
]


@transaction.atomic
def follow(staff: Staff, days: Iterable[date], now: datetime, *, reason: str, by: str = "") -> None:
    """Judge the months of those days anew for one person; a locked month is carried into the open one instead."""
    for month in sorted({month_of(day) for day in days}):
        if is_locked(month):
            carrying.carry(staff, month, now, reason=reason, by=by)
        else:
            recompute(month, now, [staff.pk])


@transaction.atomic
def correct(
    staff: Staff,
    day: date,
    *,
    reason: str,
    by: str,
    now: datetime,
    original: Punch | None = None,
    at: datetime | None = None,
    direction: str = "in",
    evidence: str = "",
    decided_by: str = "",
    request_number: str = "",
) -> Correction:
    """Put a clock record right and judge again; see `clocking.correct`."""
    made = clocking.correct(
        staff,
        day,
        reason=reason,
        by=by,
        now=now,
        original=original,
        at=at,
        direction=direction,
        evidence=evidence,
        decided_by=decided_by,
        request_number=request_number,
    )
    follow(staff, [day], now, reason=made.reason, by=by)
    return made


@transaction.atomic
def accept_excuse(
    cause: Cause, *, proposed_by: str, decided_by: str, now: datetime, request_number: str = ""
) -> Excuse:
    """An excuse as decided; whoever it is for is judged again. See `excusing.accept`."""
    made = excusing.accept(
        cause, proposed_by=proposed_by, decided_by=decided_by, now=now, request_number=request_number
    )
    _follow_excuse(made, now, made.reason)
    return made


@transaction.atomic
def find_untrue(excuse: Excuse, *, note: str, by: str, now: datetime) -> bool:
    """The reason was false: see `excusing.find_untrue`; whoever it was for is judged again."""
    found = excusing.find_untrue(excuse, note=note, by=by, now=now)
    if found:
        _follow_excuse(Excuse.objects.get(pk=excuse.pk), now, note)
    return found


def _follow_excuse(excuse: Excuse, now: datetime, reason: str) -> None:
    zone = site_handbook().zone
    first, last = excuse.starts_at.astimezone(zone).date(), excuse.ends_at.astimezone(zone).date()
    for month in sorted({month_of(first), month_of(last)}):
        if is_locked(month):
            for staff in _meant(excuse, first):
                carrying.carry(staff, month, now, reason=reason, by=excuse.decided_by)
        else:
            recompute(month, now, [staff.pk for staff in _meant(excuse, first)])


def _meant(excuse: Excuse, on: date) -> list[Staff]:
    """Who an excuse is for."""
    if excuse.staff is not None:
        return [excuse.staff]
    if excuse.team is not None:
        codes = list(people.members_between([excuse.team.code], on, on))
        return list(people.working_staff(on).filter(code__in=codes))
    return list(people.working_staff(on))
