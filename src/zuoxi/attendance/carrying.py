# SPDX-License-Identifier: Apache-2.0
"""What comes to be known about a locked month: entries in the open month that point back. The locked rows stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from django.db import transaction

from zuoxi.attendance.computing import PersonMonth, month_after
from zuoxi.attendance.grounds import findings_of
from zuoxi.attendance.models import AfterEntry, DayRecord, MonthRecord, Sheet
from zuoxi.attendance.recomputing import judged
from zuoxi.attendance.verdicts import DayVerdict
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


def open_month(after: date) -> date:
    """The first month behind `after` (a first day) that is not locked."""
    locked = set(Sheet.objects.filter(month__gt=after, locked_at__isnull=False).values_list("month", flat=True))
    month = month_after(after)
    while month in locked:
        month = month_after(month)
    return month


def _said(status: str, row: Any, findings: Mapping[str, Finding]) -> dict[str, Any]:
    return {
        "part": row.part,
        "status": status,
        "late": row.late,
        "early": row.early,
        "absence_days": str(row.absence_days),
        "leave_kind": row.leave_kind,
        "first_in": row.first_in.isoformat() if row.first_in else None,
        "last_out": row.last_out.isoformat() if row.last_out else None,
        "findings": {name: finding.as_json() for name, finding in findings.items()},
    }


def _same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    names = ("status", "late", "early", "leave_kind")
    worth = [f"{float(one['absence_days']):.2f}" for one in (before, after)]
    return all(before[name] == after[name] for name in names) and worth[0] == worth[1]


@enforces("ATT-022")
@transaction.atomic
def carry(staff: Staff, month: date, now: datetime, *, reason: str, by: str = "") -> list[AfterEntry]:
    """Judge a person's locked month as it would be now, and enter each day that comes out otherwise.

    Judged by the handbook of the month's days; a day whose latest entry says the same is not entered again.
    """
    sheet = Sheet.objects.select_for_update().filter(month=month, locked_at__isnull=False).first()
    if sheet is None:
        return []
    told = next(iter(judged(month, [staff.pk], site_handbook(), now)), None)
    if told is None:
        return []
    word = _Word(reason, by, now)
    made = [entry for one in told.days if (entry := _entry(staff, one, told, word)) is not None]
    for entry in made:
        vault.record(
            "attendance.carried",
            who=by,
            on=("staff", staff.code),
            day=entry.day.isoformat(),
            entered_in=f"{entry.entered_in:%Y-%m}",
            reason=reason[:200],
        )
    return made


@dataclass(frozen=True, slots=True)
class _Word:
    """Why, by whom and when something is entered."""

    reason: str
    by: str
    at: datetime


def _entry(staff: Staff, verdict: DayVerdict, told: PersonMonth, word: _Word) -> AfterEntry | None:
    row = DayRecord.objects.filter(staff=staff, day=verdict.day, part=verdict.part).first()
    after = _said(verdict.status, verdict, verdict.findings)
    entered = AfterEntry.objects.filter(staff=staff, day=verdict.day).order_by("-pk")
    latest = next((one for one in entered if one.after.get("part", verdict.part) == verdict.part), None)
    if latest is not None:
        before = latest.after
    elif row is not None:
        before = _said(row.status, row, findings_of([row.findings])[0])
    else:
        before = {**after, "status": "", "late": False, "early": False, "absence_days": "0", "findings": {}}
    if _same(before, after):
        return None
    month = MonthRecord.objects.filter(staff=staff, month=verdict.day.replace(day=1)).first()
    key = blake2b(f"{staff.pk}:{verdict.day}:{verdict.part}:{len(entered)}".encode(), digest_size=16).hexdigest()
    return AfterEntry.objects.create(
        staff=staff,
        day=verdict.day,
        entered_in=open_month(verdict.day.replace(day=1)),
        before=before,
        after=after,
        month_before=month.finding if month else {},
        month_after=told.month.finding.as_json() if told.month.finding else {},
        reason=word.reason[:400],
        key=key,
        by=word.by,
        at=word.at,
    )
