# SPDX-License-Identifier: Apache-2.0
"""What comes to be known about a locked month: entries in the open month that point back. The locked rows stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from django.db import transaction

from zuoxi.attendance.computing import month_after, month_end
from zuoxi.attendance.grounds import findings_of
from zuoxi.attendance.models import AfterEntry, DayRecord, MonthRecord, Sheet
from zuoxi.attendance.recomputing import judged
from zuoxi.attendance.verdicts import DayVerdict
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault
from zuoxi.workforce import selectors as workforce


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


def _nothing(part: int) -> dict[str, Any]:
    """What is said of a shift that is not, or is no more."""
    return {
        "part": part,
        "status": "",
        "late": False,
        "early": False,
        "absence_days": "0",
        "leave_kind": "",
        "first_in": None,
        "last_out": None,
        "findings": {},
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
    days = told.days if told else ()
    word = _Word(reason, by, now, told.month.finding.as_json() if told and told.month.finding else {})
    made = [_entry(staff, one.day, one.part, _said(one.status, one, one.findings), word) for one in days]
    made += [_entry(staff, day, part, _nothing(part), word) for day, part in _gone(staff, month, days)]
    entered = [entry for entry in made if entry is not None]
    for entry in entered:
        vault.record(
            "attendance.carried",
            who=by,
            on=("staff", staff.code),
            day=entry.day.isoformat(),
            entered_in=f"{entry.entered_in:%Y-%m}",
            reason=reason[:200],
        )
    return entered


def carry_changed_rosters(since: date, now: datetime, *, reason: str) -> int:
    """Carry what comes out otherwise where a roster was changed after its month was locked; how many days.

    `since`: the first month looked at. What was carried before is not entered again.
    """
    made = 0
    for month, locked_at in Sheet.objects.filter(month__gte=since).values_list("month", "locked_at"):
        changed = workforce.staff_changed(month, month_end(month), locked_at) if locked_at else []
        for staff in people.staff_by_id(changed).values():
            made += len(carry(staff, month, now, reason=reason))
    return made


@dataclass(frozen=True, slots=True)
class _Word:
    """Why, by whom and when something is entered; `month`: the finding the month would have now."""

    reason: str
    by: str
    at: datetime
    month: dict[str, Any]


def _gone(staff: Staff, month: date, days: Collection[DayVerdict]) -> list[tuple[date, int]]:
    """Shifts that the locked month or an entry to it has and that nobody is rostered for any more, by day and part."""
    span = (month, month_end(month))
    known = set(DayRecord.objects.filter(staff=staff, day__range=span).values_list("day", "part"))
    entered = AfterEntry.objects.filter(staff=staff, day__range=span)
    known |= {(one.day, one.after.get("part", 0)) for one in entered}
    return sorted(known - {(one.day, one.part) for one in days})


def _entry(staff: Staff, day: date, part: int, after: dict[str, Any], word: _Word) -> AfterEntry | None:
    row = DayRecord.objects.filter(staff=staff, day=day, part=part).first()
    entered = AfterEntry.objects.filter(staff=staff, day=day).order_by("-pk")
    latest = next((one for one in entered if one.after.get("part", part) == part), None)
    if latest is not None:
        before = latest.after
    elif row is not None:
        before = _said(row.status, row, findings_of([row.findings])[0])
    else:
        before = _nothing(part)
    if _same(before, after):
        return None
    month = MonthRecord.objects.filter(staff=staff, month=day.replace(day=1)).first()
    key = blake2b(f"{staff.pk}:{day}:{part}:{len(entered)}".encode(), digest_size=16).hexdigest()
    return AfterEntry.objects.create(
        staff=staff,
        day=day,
        entered_in=open_month(day.replace(day=1)),
        before=before,
        after=after,
        month_before=month.finding if month else {},
        month_after=word.month,
        reason=word.reason[:400],
        key=key,
        by=word.by,
        at=word.at,
    )
