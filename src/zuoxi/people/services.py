# SPDX-License-Identifier: Apache-2.0
"""Verbs on people: hire, assign, transfer, leave, sign-ins. Each writes its row to the audit chain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from zuoxi.people.changes import (
    add_item,
    apply_changes,
    cancel_change,
    open_handover,
    placement_of,
    plan_leaving,
    plan_standing,
    plan_transfer,
    sign_handover,
    tick_item,
)
from zuoxi.people.loans import Overlap, clear, confirm_headcount, end_loan, lend
from zuoxi.people.models import Project, Staff, Team, User
from zuoxi.people.names import sort_key
from zuoxi.people.positions import load_positions
from zuoxi.people.posts import Placement, Refused, assign, close_leavers, leave_company, transfer
from zuoxi.people.sessions import end_sessions
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault

__all__ = [
    "Overlap",
    "Placement",
    "Refused",
    "add_item",
    "apply_changes",
    "assign",
    "cancel_change",
    "clear",
    "close_leavers",
    "confirm_headcount",
    "create_user_for",
    "end_loan",
    "end_sessions",
    "end_sessions_of",
    "ensure_project",
    "ensure_team",
    "hire",
    "hold",
    "leave_company",
    "lend",
    "load_positions",
    "open_handover",
    "placement_of",
    "plan_leaving",
    "plan_standing",
    "plan_transfer",
    "reset_password",
    "sign_handover",
    "tick_item",
    "transfer",
]
# Without letters and digits that look alike on paper.
_PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105


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


def hold(staff_id: int) -> Staff:
    """The person's row, held until the end of the transaction: what hangs on it is changed by one at a time.

    Rows that only point at the person may still be written meanwhile: two who have each written one would otherwise
    wait for each other when both ask to hold.
    """
    return Staff.objects.select_for_update(no_key=True).get(pk=staff_id)
