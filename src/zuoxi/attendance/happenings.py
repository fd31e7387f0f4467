# SPDX-License-Identifier: Apache-2.0
"""What happened under the clauses of attendance: lateness, absence, and what a month came to."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.attendance.figures import FIGURES
from zuoxi.attendance.models import DayRecord, MonthRecord
from zuoxi.policy.happenings import Happened, counted, happening, rules_for

_SHEET = "attendance.sheet"


def _days(rule: str, figure: str, clause: str, first: date, last: date) -> Happened | None:
    """The days behind a figure of the sheet; its page lists them by person, as far as one may see them."""
    if rule not in rules_for(clause):
        return None
    rows = DayRecord.objects.filter(FIGURES[figure].days or Q(), day__range=(first, last))
    return counted(rows, url=reverse("attendance:sheet_figure", args=[f"{first:%Y-%m}", figure]), capability=_SHEET)


@happening(_("Times late"))
def late(clause: str, first: date, last: date) -> Happened | None:
    return _days("attendance.arrival", "late", clause, first, last)


@happening(_("Times early"))
def early(clause: str, first: date, last: date) -> Happened | None:
    return _days("attendance.departure", "early", clause, first, last)


@happening(_("Days absent"))
def absent(clause: str, first: date, last: date) -> Happened | None:
    return _days("attendance.presence", "absent", clause, first, last)


@happening(_("Months with a consequence"))
def sanctioned(clause: str, first: date, last: date) -> Happened | None:
    if "attendance.month" not in rules_for(clause):
        return None
    rows = MonthRecord.objects.filter(month__range=(first.replace(day=1), last), finding__outcome="sanctioned")
    return counted(rows, url=reverse("attendance:sheets"), capability=_SHEET)
