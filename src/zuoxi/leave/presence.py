# SPDX-License-Identifier: Apache-2.0
"""Tells the packages below who is away: approvals pass a person on leave over, the roster warns of shifts in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from zuoxi.approvals import absence
from zuoxi.leave.kinds import kind_label
from zuoxi.leave.selectors import is_on_leave, leave_between
from zuoxi.people.models import Staff
from zuoxi.workforce import selectors as workforce
from zuoxi.workforce.facts import Absence


def _away(staff: Staff, now: datetime) -> bool:
    return is_on_leave(staff.pk, now)


def _absences(first: date, last: date, staff_ids: Collection[int] | None) -> list[Absence]:
    return [
        Absence(one.staff_id, one.starts_at, one.ends_at, str(kind_label(one.kind)))
        for one in leave_between(first, last, staff_ids)
    ]


absence.provide(_away)
workforce.provide_absences(_absences)
