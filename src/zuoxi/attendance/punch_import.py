# SPDX-License-Identifier: Apache-2.0
"""From a file of clock records into the ledger: every line is judged, the good ones are taken, the bad come back.

Reading the same file twice adds nothing; a file that was broken off is simply read again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zuoxi.attendance import clocking
from zuoxi.attendance.clocking import key_of
from zuoxi.attendance.computing import month_of
from zuoxi.attendance.models import Batch, Punch
from zuoxi.attendance.punch_file import COLUMNS, Line, records_in
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_codes
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault
from zuoxi.web.tabular import Problem, Refusal, Table

FORMULA: Final = ("=", "+", "-", "@")
AHEAD: Final = timedelta(minutes=10)
"""A terminal's clock may be a little fast; a record further ahead of now is a wrong date."""


@dataclass(slots=True)
class Report:
    """What a file would do, or did. `known` records are in the ledger already."""

    new: int = 0
    known: int = 0
    twice: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    days: set[date] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @property
    def bad_lines(self) -> set[int]:
        return {problem.line for problem in self.problems}


def _read(file: Table, zone: ZoneInfo, now: datetime, report: Report) -> list[tuple[Line, Staff]]:
    lines: list[Line] = []
    for index in range(len(file.cells)):
        if not any(file.cells[index]):
            continue
        try:
            lines += _line(file.row(index), index + 2, zone, now)
        except Refusal as refusal:
            _refuse(file, report, index + 2, refusal)
    staff = staff_by_codes({one.code for one in lines})
    good = []
    for one in lines:
        known = staff.get(one.code) or staff.get(one.code.lstrip("0"))
        if known is None:
            stranger = Refusal(
                "code", _("Nobody has this staff number."), _("Correct it, or take the person on first.")
            )
            _refuse(file, report, one.line, stranger)
        elif known.left_on is not None and one.at.date() >= known.left_on:
            gone = Refusal("code", _("This person had left by then."), _("Look at the number and the day."))
            _refuse(file, report, one.line, gone)
        else:
            good.append((one, known))
    report.problems.sort(key=lambda problem: problem.line)
    return good


def _line(row: dict[str, str], line: int, zone: ZoneInfo, now: datetime) -> list[Line]:
    for key, text in row.items():
        if text.startswith(FORMULA):
            raise Refusal(key, _("Begins like a formula."), _("Remove the first character."))
    if not row.get("code"):
        raise Refusal("code", _("The staff number is missing."), _("Write the number as on the badge."))
    found = list(records_in(row, line, zone))
    if any(one.at > now + AHEAD for one in found):
        raise Refusal("at", _("This moment has not come yet."), _("Look at the date, and at the terminal's clock."))
    return found


def _refuse(file: Table, report: Report, line: int, refusal: Refusal) -> None:
    place = file.places.get(refusal.key)
    column = file.head[place] if place is not None else COLUMNS[refusal.key][0]
    if line not in report.bad_lines:
        report.problems.append(Problem(line, column, refusal.wrong, refusal.todo))


def _keyed(file: Table, source: str, now: datetime, report: Report) -> dict[str, tuple[Line, Staff]]:
    keyed: dict[str, tuple[Line, Staff]] = {}
    for one, staff in _read(file, site_handbook().zone, now, report):
        key = key_of(source, staff.code, one.direction, one.at, one.device)
        report.twice += key in keyed
        keyed[key] = (one, staff)
    return keyed


def _count(report: Report, keyed: dict[str, tuple[Line, Staff]], known: set[str]) -> None:
    moments = sorted(one.at for one, _staff in keyed.values())
    report.known, report.new = len(known), len(keyed) - len(known)
    report.first_at, report.last_at = (moments[0], moments[-1]) if moments else (None, None)
    for key, (one, staff) in keyed.items():
        if key not in known:
            report.days.add(one.at.date())
            report.people.add(staff.pk)


def check(file: Table, source: str, now: datetime) -> Report:
    """What the file would do; changes nothing."""
    report = Report()
    keyed = _keyed(file, source, now, report)
    _count(report, keyed, clocking.known_keys(keyed))
    return report


@enforces("ATT-024")
@transaction.atomic
def take(file: Table, source: str, name: str, by: str, now: datetime) -> tuple[Report, Batch]:
    """Take the good lines; all of them or, on an error of ours, none."""
    report = Report()
    keyed = _keyed(file, source, now, report)
    known = clocking.known_keys(keyed)
    _count(report, keyed, known)
    batch = Batch.objects.create(
        name=name[:120],
        source=source,
        by=by,
        at=now,
        taken=report.new,
        known=report.known,
        refused=len(report.bad_lines),
        first_at=report.first_at,
        last_at=report.last_at,
    )
    clocking.add(
        Punch(
            staff=staff,
            at=one.at,
            direction=one.direction,
            source=source,
            device=one.device,
            raw=f"{name[:150]}:{one.line}",
            batch=batch,
            key=key,
            by=by,
            recorded_at=now,
        )
        for key, (one, staff) in keyed.items()
        if key not in known
    )
    vault.record(
        "attendance.imported",
        who=by,
        on=("batch", batch.pk),
        new=report.new,
        known=report.known,
        refused=len(report.bad_lines),
    )
    return report, batch


def months_of(report: Report) -> list[date]:
    """The months whose judgements the new records may change."""
    return sorted({month_of(day) for day in report.days} | {month_of(day - timedelta(days=1)) for day in report.days})
