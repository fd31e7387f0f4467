# SPDX-License-Identifier: Apache-2.0
"""Somebody is missing on a day: who could take over, and the roster changed for those who are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault.services import record
from zuoxi.workforce.editing import CellEdit, Edited, edit_cells, texts_between
from zuoxi.workforce.models import Roster, RosterChange, ShiftAssignment
from zuoxi.workforce.planning.building import NothingToPlan, Site, problem_of
from zuoxi.workforce.rostering.replan import Change
from zuoxi.workforce.selectors import absences_between
from zuoxi.workforce.units import Book, Unit, month_end


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who stands in the roster of the day and is away."""

    staff_id: int
    code: str
    name: str
    shift: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """`saves`: points of the price; `before` "" is a rest or an empty cell. `rest_on`: a later day on which the person
    rests instead of `rest_before`; None when the other days stay. `edits`: the cells as they are to be written."""

    staff_id: int
    code: str
    name: str
    before: str
    after: str
    saves: float
    edits: tuple[CellEdit, ...]
    rest_on: date | None = None
    rest_before: str = ""

    @property
    def key(self) -> str:
        """What a form says of it."""
        return f"{self.staff_id}:{self.after}" + (f":{self.rest_on}" if self.rest_on else "")


@dataclass(frozen=True, slots=True)
class Answer:
    """`price` of the day's cover as planned, with the missing gone, and with every proposal taken."""

    proposals: list[Proposal]
    planned: float
    without: float
    after: float


def missing_on(day: date, staff_ids: frozenset[int], book: Book) -> list[Missing]:
    """Who is rostered on the day and away by what is known of leave."""
    away = {one.staff_id: one.label for one in absences_between(day, day, None) if one.staff_id in staff_ids}
    rows = ShiftAssignment.objects.filter(day=day, staff_id__in=away).exclude(kind="rest").order_by("staff", "place")
    found: dict[int, Missing] = {}
    for row in rows:
        member = book.members.get(row.staff_id)
        if member is not None and row.staff_id not in found:
            said = row.template or row.clock
            found[row.staff_id] = Missing(row.staff_id, member.code, member.name, said, str(away[row.staff_id]))
    return list(found.values())


def rostered_on(day: date, staff_ids: frozenset[int]) -> set[int]:
    """Who of them works on the day by what is written."""
    rows = ShiftAssignment.objects.filter(day=day, staff_id__in=staff_ids).exclude(kind="rest")
    return set(rows.values_list("staff_id", flat=True))


def proposals_for(staff_id: int, day: date, book: Book, allowed: frozenset[int] | None = None) -> Answer | None:
    """Who could take over from somebody on a day; None where the problem cannot be told (no need, no shift). `allowed`:
    whose shifts the asker may write; nobody else is proposed, though all count for the cover. None: everybody's."""
    from zuoxi.workforce.rostering.replan import replan

    month = day.replace(day=1)
    member, unit = book.members.get(staff_id), book.unit_on(staff_id, day)
    if member is None or unit is None:
        return None
    units: set[Unit] = {one for one in book.units() if one[0] == unit[0] and one[1] is not None} | {unit}
    units = (units & _published(month)) | {unit}
    stood = texts_between(month, month_end(month))
    try:
        site = problem_of(month, units, keep=False, first_free=max(day, month), book=book)
    except NothingToPlan:
        return None
    reading = site_handbook().on(day)
    problem = site.problem
    place = (day - month).days
    gone = {one.id for one in problem.people if place in one.away} - {member.code}
    present = _present(site.staff, month)
    for code in gone:
        present[code] = (*present[code][:place], "", *present[code][place + 1 :])
    still = {code for code, pk in site.staff.items() if allowed is not None and pk not in allowed}
    found = replan(
        problem, present, [(member.code, place)], touch=reading.whole("roster.replan.touched"),
        change=float(reading.number("roster.price.change")), fixed=frozenset(gone | still), days_off=True,
    )  # fmt: skip
    names = {one.code: one for one in book.members.values()}
    if found.without <= found.before:  # nobody has to be moved for somebody who is not missed
        return Answer([], found.before, found.without, found.without)
    return Answer(
        [_proposal(one, site, names[one.person].name, stood) for one in found.changes],
        found.before, found.without, found.after,
    )  # fmt: skip


def _proposal(one: Change, site: Site, name: str, stood: Mapping[tuple[int, date], str]) -> Proposal:
    staff, day = site.staff[one.person], site.problem.day(one.day)
    edits = [CellEdit(staff, day, one.after, stood.get((staff, day), ""))]
    rest_on, rest_before = None, ""
    if one.rest is not None:
        rest_on, rest_before = site.problem.day(one.rest[0]), one.rest[1]
        edits.append(CellEdit(staff, rest_on, site.rest, stood.get((staff, rest_on), "")))
    return Proposal(staff, one.person, name, one.before, one.after, one.saves, tuple(edits), rest_on, rest_before)


def _published(month: date) -> set[Unit]:
    """Units whose roster of the month is out: nobody is asked to change a day that he has not been told yet."""
    rows = Roster.objects.filter(month=month, state=Roster.State.PUBLISHED)
    return set(rows.values_list("project_id", "team_id"))


def _present(staff: dict[str, int], month: date) -> dict[str, tuple[str, ...]]:
    """Person → template of each day of the month, "" for a rest."""
    last = month_end(month)
    code_of = {pk: code for code, pk in staff.items()}
    length = (last - month).days + 1
    rows = ShiftAssignment.objects.filter(day__range=(month, last), place=0, staff_id__in=code_of).exclude(kind="rest")
    made = {code: [""] * length for code in staff}
    for pk, day, template in rows.values_list("staff_id", "day", "template"):
        made[code_of[pk]][(day - month).days] = template
    return {code: tuple(row) for code, row in made.items()}


@enforces("SCH-018")
def apply(
    chosen: list[Proposal], day: date, missing: int, *, by: str, now: datetime, allowed: frozenset[int]
) -> Edited:
    """Write the chosen changes, all or none: where a cell reads otherwise by now, it is told and nothing is written.
    Who is changed is told."""
    edits = [edit for one in chosen for edit in one.edits]
    try:
        with transaction.atomic():
            result = edit_cells(edits, by=by, now=now, allowed=allowed, cause=RosterChange.Cause.SUBSTITUTE)
            if result.told:
                raise _InPart(result)
            record(
                "workforce.roster.replanned", who=by, on=("staff", missing), at=now, day=day.isoformat(),
                cells=len(result.done),
            )  # fmt: skip
    except _InPart as part:
        return Edited(part.result.batch, told=part.result.told)
    return result


class _InPart(Exception):
    def __init__(self, result: Edited) -> None:
        super().__init__()
        self.result = result


def book_around(day: date) -> Book:
    month = day.replace(day=1)
    return Book(month, month_end(month))
