# SPDX-License-Identifier: Apache-2.0
"""Causes that excuse: put forward, judged by the pack, decided by somebody else, and found false where they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from zuoxi.attendance.day_rules import ExcuseFacts
from zuoxi.attendance.handbook import CAUSES
from zuoxi.attendance.models import Excuse
from zuoxi.people.models import Staff, Team
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault
from zuoxi.workforce import selectors as workforce

LONGEST = timedelta(days=7)


class NotExcused(Exception):
    """The pack does not let this cause excuse; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding.why))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Cause:
    """What is put forward. `staff` and `team` None: it holds for the whole centre."""

    cause: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    proof: str
    told_at: datetime | None
    staff: Staff | None = None
    team: Team | None = None

    @property
    def scope(self) -> str:
        return "person" if self.staff else "team" if self.team else "centre"


def finding_for(cause: Cause) -> Finding:
    """Whether the cause may excuse at all, by the handbook of its day. Raises Impossible for an unknown cause."""
    handbook = site_handbook()
    day = cause.starts_at.astimezone(handbook.zone).date()
    facts = ExcuseFacts(cause.cause, _due_at(cause, day), cause.told_at, bool(cause.proof.strip()))
    return judge("attendance.excuse", facts, handbook, day)


def _due_at(cause: Cause, day: date) -> datetime:
    """When word had to come: for one person by the start of his shift; of what befalls many, while it lasts."""
    if cause.staff is None:
        return cause.ends_at
    shifts = workforce.shifts_between(day, day, [cause.staff.pk])
    starts = [shift.starts_at for shift in shifts if shift.ends_at > cause.starts_at]
    return starts[0] if starts else cause.starts_at


def scopes_of(cause: str) -> tuple[str, ...]:
    """For whom one excuse of this cause may be put forward; empty for a cause that the pack does not know."""
    found = site_handbook().entries(CAUSES).get(cause)
    return tuple(found.scope) if found else ()


@enforces("ATT-002", "ATT-030", "ATT-024")
@transaction.atomic
def accept(cause: Cause, *, proposed_by: str, decided_by: str, now: datetime, request_number: str = "") -> Excuse:
    """An excuse as decided. Raises NotExcused, ValueError for times the wrong way round or a scope the cause has not.

    Who puts a cause forward does not decide it; the table refuses that too.
    """
    if not cause.starts_at < cause.ends_at <= cause.starts_at + LONGEST:
        raise ValueError("an excuse ends after it begins, and within a week")
    if cause.scope not in scopes_of(cause.cause):
        raise ValueError("this cause is not accepted for so many")
    found = finding_for(cause)
    if found.outcome != "accepted":
        raise NotExcused(found)
    made = Excuse.objects.create(
        staff=cause.staff,
        team=cause.team,
        cause=cause.cause,
        starts_at=cause.starts_at,
        ends_at=cause.ends_at,
        told_at=cause.told_at,
        proof=cause.proof.strip()[:400],
        reason=cause.reason.strip()[:400],
        proposed_by=proposed_by,
        decided_by=decided_by,
        request_number=request_number,
        finding=found.as_json(),
        at=now,
    )
    _record("attendance.excused", decided_by, made, request=request_number)
    return made


@enforces("ATT-016")
@transaction.atomic
def find_untrue(excuse: Excuse, *, note: str, by: str, now: datetime) -> bool:
    """The reason was looked into and is false: the time counts as absence. False when it was found before."""
    if not note.strip():
        raise ValueError("say what was found")
    rows = Excuse.objects.filter(pk=excuse.pk, untrue_at__isnull=True)
    if not rows.update(untrue_at=now, untrue_by=by, untrue_note=note.strip()[:400]):
        return False
    _record("attendance.excuse.untrue", by, excuse, note=note.strip()[:200])
    return True


def _record(verb: str, by: str, excuse: Excuse, **detail: Any) -> None:
    vault.record(verb, who=by, on=("excuse", excuse.pk), cause=excuse.cause, **detail)
