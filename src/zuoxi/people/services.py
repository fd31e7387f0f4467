# SPDX-License-Identifier: Apache-2.0
"""Verbs on people: hire, assign, transfer, leave, sign-ins. Each writes its row to the audit chain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from zuoxi.people import rules
from zuoxi.people.models import Assignment, Position, Project, Staff, Team, User
from zuoxi.people.names import sort_key
from zuoxi.people.positions import load_positions
from zuoxi.people.sessions import end_sessions
from zuoxi.policy.marks import enforces, records
from zuoxi.vault import services as vault

__all__ = [
    "Placement",
    "Refused",
    "assign",
    "close_leavers",
    "create_user_for",
    "end_sessions",
    "end_sessions_of",
    "ensure_project",
    "ensure_team",
    "hire",
    "leave_company",
    "load_positions",
    "reset_password",
    "transfer",
]
# Without letters and digits that look alike on paper.
_PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105


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


def ensure_project(code: str, name_zh: str, name_en: str, *, by: str = "") -> Project:
    """The project of that code, made when there is none."""
    project, made = Project.objects.get_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
    if made:
        vault.record("people.project.made", who=by, on=("project", code))
    return project


def ensure_team(code: str, name_zh: str, name_en: str, project: Project, *, by: str = "") -> Team:
    """The team of that code, made when there is none."""
    defaults = {"name_zh": name_zh, "name_en": name_en, "project": project}
    team, made = Team.objects.get_or_create(code=code, defaults=defaults)
    if made:
        vault.record("people.team.made", who=by, on=("team", code), project=project.code)
    return team


@transaction.atomic
def hire(
    code: str,
    name: str,
    placements: Iterable[Placement],
    from_on: date,
    *,
    status: str = Staff.Status.ACTIVE,
    by: str = "",
    **details: Any,
) -> Staff:
    """A new staff record with its first posts. `details`: email, mobile."""
    staff = Staff.objects.create(
        code=code, name=name, sort_name=sort_key(name), status=status, joined_on=from_on, **details
    )
    vault.record("people.staff.hired", who=by, on=("staff", code))
    for placement in placements:
        assign(staff, placement, from_on, by=by)
    return staff


@transaction.atomic
@records("ORG-021")
def assign(
    staff: Staff, placement: Placement, from_on: date, *, signed_on: date | None = None, by: str = ""
) -> Assignment:
    """One more post from that day on. Refused when it would be a second, different position at the same time."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
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
    Staff.objects.select_for_update().get(pk=staff.pk)
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
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
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


@transaction.atomic
@enforces("CALL-009")
def create_user_for(staff: Staff, password: str | None = None, *, must_change: bool = True, by: str = "") -> User:
    """A sign-in under the staff number: one person, one number. Without a password nobody can sign in yet.

    Raises `ValidationError` for a password that the rules refuse.
    """
    user = User(
        username=staff.code,
        first_name=staff.name,
        must_change_password=must_change,
        password_changed_at=timezone.now(),
    )
    if password is not None:
        validate_password(password, user)
    user.set_password(password)
    user.save()
    staff.user = user
    staff.save(update_fields=["user"])
    vault.record("people.sign_in.created", who=by, on=("staff", staff.code))
    return user


def end_sessions_of(staff: Staff, by: str) -> int:
    """Sign somebody out everywhere; returns how many sessions ended."""
    ended = end_sessions(staff.user) if staff.user else 0
    vault.record("people.sessions.ended", who=by, on=("staff", staff.code), ended=ended)
    return ended


@transaction.atomic
def reset_password(staff: Staff, by: str, *, at: datetime | None = None) -> str:
    """A new password to be used once: the person must choose another at sign-in. Ends every session."""
    user = staff.user or create_user_for(staff, by=by)
    password = get_random_string(14, _PASSWORD_LETTERS)
    user.set_password(password)
    user.must_change_password, user.password_changed_at = True, at or timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    end_sessions(user)
    vault.record("people.sign_in.reset", who=by, on=("staff", staff.code))
    return password
