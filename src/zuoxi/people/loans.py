# SPDX-License-Identifier: Apache-2.0
"""People lent to another team for some hours, and the gates of going live."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from zuoxi.people.models import Clearance, Loan, Staff, Team, User
from zuoxi.people.models import HeadcountConfirmation as Confirmation
from zuoxi.policy.marks import enforces, records
from zuoxi.vault import services as vault


class Overlap(ValueError):
    """Somebody is lent twice at the same time."""


@transaction.atomic
@enforces("ORG-011")
def lend(
    staff: Staff, from_team: Team, to_team: Team, starts_at: datetime, ends_at: datetime, *, number: str, by: str = ""
) -> Loan:
    """From moment to moment, so that figures can be split by period; never twice at once. Raises Overlap."""
    Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
    known = Loan.objects.filter(number=number).first()
    if known is not None:
        return known
    if any(_meets(one, starts_at, ends_at) for one in Loan.objects.filter(staff=staff, starts_at__lt=ends_at)):
        raise Overlap(staff.code)
    made = Loan.objects.create(
        staff=staff, from_team=from_team, to_team=to_team, starts_at=starts_at, ends_at=ends_at, number=number
    )
    vault.record("people.staff.lent", who=by, on=("staff", staff.code), to=to_team.code)
    return made


def _meets(loan: Loan, starts_at: datetime, ends_at: datetime) -> bool:
    return loan.starts_at < ends_at and (loan.ended_early_at or loan.ends_at) > starts_at


def end_loan(loan: Loan, now: datetime) -> bool:
    """Back before time; False when it was over."""
    running = Loan.objects.filter(Q(ended_early_at__isnull=True), pk=loan.pk, ends_at__gt=now)
    return bool(running.update(ended_early_at=max(now, loan.starts_at)))


@records("ORG-036")
def clear(staff: Staff, gate: str, on: date, *, number: str = "", by: str = "") -> Clearance:
    """The person has passed a gate of going live."""
    row, made = Clearance.objects.get_or_create(staff=staff, gate=gate, defaults={"given_on": on, "number": number})
    if made:
        vault.record("people.staff.cleared", who=by, on=("staff", staff.code), gate=gate)
    return row


@records("ORG-021")
def confirm_headcount(team: Team, month: date, *, by: User, now: datetime) -> Any:
    """A leader confirms his team's month; once."""
    row, made = Confirmation.objects.get_or_create(team=team, month=month, defaults={"by": by, "at": now})
    if made:
        vault.record(
            "people.headcount.confirmed", who=by.get_username(), on=("team", team.code), month=month.isoformat()
        )
    return row
