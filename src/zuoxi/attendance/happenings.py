# SPDX-License-Identifier: Apache-2.0
"""What happened under the clauses of attendance: lateness, absence, and what a month came to."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.attendance.models import DayRecord, MonthRecord
from zuoxi.policy.happenings import Happened, counted, happening, rules_for

_TEAM = "attendance.team"


def _days(rule: str, which: Q, clause: str, first: date, last: date) -> Happened | None:
    if rule not in rules_for(clause):
        return None
    rows = DayRecord.objects.filter(which, day__range=(first, last))
    return counted(rows, url=reverse("attendance:statistics"), capability=_TEAM)


@happening(_("Times late"))
def late(clause: str, first: date, last: date) -> Happened | None:
    return _days("attendance.arrival", Q(late=True), clause, first, last)


@happening(_("Times early"))
def early(clause: str, first: date, last: date) -> Happened | None:
    return _days("attendance.departure", Q(early=True), clause, first, last)


@happening(_("Days absent"))
def absent(clause: str, first: date, last: date) -> Happened | None:
    return _days("attendance.presence", Q(absence_days__gt=0), clause, first, last)


@happening(_("Months with a consequence"))
def sanctioned(clause: str, first: date, last: date) -> Happened | None:
    if "attendance.month" not in rules_for(clause):
        return None
    rows = MonthRecord.objects.filter(month__range=(first.replace(day=1), last), finding__outcome="sanctioned")
    return counted(rows, url=reverse("attendance:sheets"), capability="attendance.sheet")
