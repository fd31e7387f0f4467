# SPDX-License-Identifier: Apache-2.0
"""Posts taken and given up: assign, transfer, leave. Each writes its row to the audit chain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from zuoxi.people import rules
from zuoxi.people.models import Assignment, Position, Project, Staff, Team, User
from zuoxi.people.sessions import end_sessions
from zuoxi.policy.marks import enforces, records
from zuoxi.vault import services as vault


class Refused(ValueError):
    """A rule forbids it; `breach` says which and what to do."""

    def __init__(self, breach: rules.Breach) -> None:
        super().__init__(str(breach.message))
        self.breach = breach


@dataclass(frozen=True, slots=True)
class Placement:
    """Where somebody works: a position, and the team or the project that it is held in."""

    position: Position
    team: Team | None = None
    project: Project | None = None


@transaction.atomic
@records("ORG-021")
def assign(
    staff: Staff, placement: Placement, from_on: date, *, signed_on: date | None = None, by: str = ""
) -> Assignment:
    """One more post from that day on. Refused when it would be a second, different position at the same time."""
    staff = Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
    later = staff.assignments.filter(Q(until_on__isnull=True) | Q(until_on__gt=from_on))
    held = [rules.Held(staff.code, code, None) for code in later.values_list("position__code", flat=True)]
    breaches = rules.double_post_breaches([*held, rules.Held(staff.code, placement.position.code, None)])
    if breaches:
        raise Refused(breaches[0])
    row = Assignment.objects.create(
        staff=staff,
        position=placement.position,
        team=placement.team,
        project=placement.project,
        from_on=from_on,
        signed_on=signed_on,
    )
    vault.record(
        "people.staff.assigned",
        who=by,
        on=("staff", staff.code),
        position=placement.position.code,
        team=placement.team.code if placement.team else None,
        from_on=from_on.isoformat(),
    )
    return row


@transaction.atomic
@enforces("ORG-023", "ORG-024")
@records("ORG-021")
def transfer(
    staff: Staff,
    placements: Iterable[Placement],
    effective_on: date,
    *,
    signed_on: date | None,
    by: str = "",
) -> list[Assignment]:
    """End the posts held and begin others on the same day; rights follow that day, not the request."""
    breach = rules.early_effect(effective_on, signed_on, staff.code) or rules.too_early_to_move(
        staff.status, signed_on is not None, staff.code
    )
    if breach:
        raise Refused(breach)
    Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
    _end_posts(staff, effective_on)
    vault.record("people.staff.transferred", who=by, on=("staff", staff.code), on_day=effective_on.isoformat())
    return [assign(staff, one, effective_on, signed_on=signed_on, by=by) for one in placements]


def _end_posts(staff: Staff, day: date) -> None:
    """Posts end that day; those that had not begun by then never come into force."""
    staff.assignments.filter(from_on__gte=day).delete()
    staff.assignments.filter(Q(until_on__isnull=True) | Q(until_on__gt=day)).update(until_on=day)


@transaction.atomic
@enforces("ORG-001")
@records("ORG-021")
def leave_company(staff: Staff, on: date, by: str = "", *, today: date | None = None) -> None:
    """`on` is the first day without employment. From that day the person has no post, no sign-in, no session.

    For a day to come the posts end by date at once, and `close_leavers` takes the sign-in away on the day.
    """
    staff = Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
    _end_posts(staff, on)
    staff.left_on = on
    if on <= (today or timezone.localdate()):
        staff.status = Staff.Status.LEFT
    staff.save(update_fields=["left_on", "status"])
    vault.record("people.staff.left", who=by, on=("staff", staff.code), on_day=on.isoformat())
    if staff.status == Staff.Status.LEFT:
        _close_sign_in(staff)


def close_leavers(today: date) -> int:
    """Close the sign-ins of those whose last day has passed; returns how many."""
    due = Staff.objects.filter(left_on__lte=today).exclude(status=Staff.Status.LEFT)
    for staff in due:
        leave_company(staff, staff.left_on or today, today=today)
    return len(due)


def _close_sign_in(staff: Staff) -> None:
    user = User.objects.filter(staff_member=staff).first()
    if user is None:
        return
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    end_sessions(user)
