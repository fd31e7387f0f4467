# SPDX-License-Identifier: Apache-2.0
"""A figure of the month's sheet opened: the days that it was counted from, what each of them adds, and how it counts.

What a day adds is asked of the very counting that made the month, so the rows come to the figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.attendance.computing import leave_outside
from zuoxi.attendance.judging import Count
from zuoxi.attendance.models import DayRecord, MonthRecord, Status
from zuoxi.policy.selectors import site_handbook

Text = str | Promise
_NOUGHT = Decimal(0)
_OVER = ~Q(status=Status.OPEN)


@dataclass(frozen=True, slots=True)
class Figure:
    """`adds`: what one day's count adds; `month`: the figure as the sheet keeps it; `days`: the days that can add to
    it, for lists of many people (None: all). `clauses` are those of its way of counting. `kept`: the month's column of
    it ("": none)."""

    code: str
    label: Text
    unit: Text
    counts: Text
    adds: Callable[[Count], Decimal]
    month: Callable[[MonthRecord], Decimal]
    days: Q | None = None
    clauses: tuple[str, ...] = ()
    hours: bool = False
    kept: str = ""


def _of(name: str) -> Callable[[Any], Decimal]:
    return lambda held: Decimal(getattr(held, name))


def _leave(held: Any) -> Decimal:
    return sum((Decimal(days) for days in held.leave.values()), start=_NOUGHT)


def _figure(code: str, field: str, label: Text, unit: Text, counts: Text, **more: Any) -> Figure:
    counted = {"due_days": "due_days", "present_days": "present", "absence_days": "absence", "unknown_days": "unknown",
               "excused_days": "excused", "unrostered_days": "unrostered"}  # fmt: skip
    return Figure(code, label, unit, counts, _of(counted.get(field, field)), _of(field), kept=field, **more)


_TIMES, _DAYS, _HOURS = pgettext_lazy("unit", "times"), _("days"), pgettext_lazy("unit", "hours")
FIGURES: Final[dict[str, Figure]] = {
    one.code: one
    for one in (
        _figure(
            "due", "due_days", _("Days due"), _DAYS,
            _("Each day with a shift that is over, or that runs; a day of leave is due as well."),
        ),
        _figure(
            "present", "present_days", _("Days present"), _DAYS,
            _("Each day due on which somebody clocked; a day that was excused altogether counts in."),
        ),
        _figure(
            "late", "late", _("Times late"), _TIMES,
            _("Each shift whose sign-in was judged late. Absence is counted by itself and not here."),
            days=Q(late=True) & _OVER, clauses=("ATT-002", "ATT-004"),
        ),
        _figure(
            "early", "early", _("Times early"), _TIMES,
            _("Each shift whose sign-out was judged early. Absence is counted by itself and not here."),
            days=Q(early=True) & _OVER, clauses=("ATT-003", "ATT-004"),
        ),
        _figure(
            "absent", "absence_days", _("Days absent"), _DAYS,
            _("What each day was absent, in halves; never more than the day."),
            days=Q(absence_days__gt=0), clauses=("ATT-002", "ATT-003", "ATT-005"),
        ),
        _figure(
            "unknown", "unknown_days", _("Days not known"), _DAYS,
            _("Each day on which records are missing or contradict. Nothing is guessed; a note clears it."),
            days=Q(status__in=(Status.UNKNOWN, Status.ERROR)), clauses=("ATT-024",),
        ),
        _figure(
            "excused", "excused_days", _("Days excused"), _DAYS,
            _("Each day with a cause that was accepted."),
            days=Q(status=Status.EXCUSED), clauses=("ATT-002", "ATT-030"),
        ),
        _figure(
            "unrostered", "unrostered_days", _("Days without roster"), _DAYS,
            _("Each day with a stay that nobody rostered; it is shown, nothing is judged."),
            days=Q(status=Status.UNROSTERED),
        ),
        Figure(
            "leave", _("Days of leave"), _DAYS,
            _("What each day was on granted leave, half days as halves."),
            _leave, _leave, Q(leave_days__gt=0),
        ),
        _figure(
            "owed", "due_minutes", _("Hours due"), _HOURS,
            _("Working time of the shifts whose hours are known. Kinds of leave that are no time due are left out."),
            hours=True, clauses=("ATT-018",),
        ),
        _figure(
            "worked", "worked_minutes", _("Hours worked"), _HOURS,
            _("Working time from sign-in to sign-out within the shift, without the meal. Days not known add nothing."),
            hours=True, clauses=("ATT-018",),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """One day with its shifts, and what it adds to the figure (minutes for hours)."""

    day: date
    rows: tuple[DayRecord, ...]
    adds: Decimal


def shares_of(figure: Figure, rows: Iterable[DayRecord], month: date) -> list[Share]:
    """The days of one person's month that add something, in order."""
    outside = leave_outside(site_handbook(), month)
    by_day: dict[date, list[DayRecord]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(row)
    found = []
    for day in sorted(by_day):
        count = Count(0)
        count.add(by_day[day], outside)
        adds = figure.adds(count)
        if adds:
            found.append(Share(day, tuple(by_day[day]), adds))
    return found
