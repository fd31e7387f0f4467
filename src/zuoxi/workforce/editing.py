# SPDX-License-Identifier: Apache-2.0
"""Writing cells of the roster: many at once, each checked against what its writer had before his eyes."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals.services import Sentence, notify
from zuoxi.people.selectors import names_of, staff_by_id
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import seats_by_staff
from zuoxi.vault.services import record
from zuoxi.workforce.cells import CellError, CellPart, cell_text, menu_on
from zuoxi.workforce.clock import moments_of, overlap
from zuoxi.workforce.handbook import ShiftTemplateBody
from zuoxi.workforce.models import PlannedBreak, Roster, RosterChange, ShiftAssignment
from zuoxi.workforce.units import Book, Unit

MOST = 3000
"""Cells in one go; more is refused, because somebody would have to wait for it."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CellEdit:
    """`was` is what the writer saw in the cell; None does not ask."""

    staff_id: int
    day: date
    text: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An edit that was not done, why, and what stands in the cell."""

    staff_id: int
    day: date
    text: str
    message: str


@dataclass(slots=True)
class Edited:
    """What came of a batch."""

    batch: uuid.UUID
    done: dict[tuple[int, date], str] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)


class _Cells:
    """The cells that a batch touches, as they stand: rows by person and day."""

    def __init__(self, edits: Iterable[CellEdit]) -> None:
        wanted = {(one.staff_id, one.day) for one in edits}
        days = [day for _staff, day in wanted]
        rows = ShiftAssignment.objects.filter(
            staff_id__in={staff for staff, _day in wanted}, day__range=(min(days), max(days))
        ).order_by("place")
        self.rows: dict[tuple[int, date], list[ShiftAssignment]] = {}
        for row in rows:
            if (row.staff_id, row.day) in wanted:
                self.rows.setdefault((row.staff_id, row.day), []).append(row)


def shown(rows: Iterable[ShiftAssignment], seat: str) -> str:
    """What stands in a cell; the person's own seat is not said."""
    rows = list(rows)
    for row in rows:
        row.seat = "" if row.seat == seat else row.seat
    return cell_text(rows)


def texts_between(first: date, last: date) -> dict[tuple[int, date], str]:
    """What stands in every written cell, by staff id and day, as `was` is compared with it. Two queries."""
    seats = seats_by_staff()
    cells: dict[tuple[int, date], list[ShiftAssignment]] = {}
    for row in ShiftAssignment.objects.filter(day__range=(first, last)).order_by("place"):
        cells.setdefault((row.staff_id, row.day), []).append(row)
    return {key: shown(rows, seats.get(key[0], "")) for key, rows in cells.items()}


@enforces("SCH-002", "SCH-026", "SCH-027")
@transaction.atomic
def edit_cells(
    edits: list[CellEdit],
    *,
    by: str,
    now: datetime,
    allowed: Collection[int] | None = None,
    cause: str = RosterChange.Cause.EDIT,
    tell: bool = True,
) -> Edited:
    """Write the cells that may be written; each of the others is told with what stands there.

    `allowed` are the staff ids that the writer may write (None: all). A published roster keeps every change, and who
    is changed is told. Raises ValueError for too many cells at once.
    """
    if len(edits) > MOST:
        raise ValueError(_("At most %(most)s cells at once.") % {"most": MOST})
    result = Edited(uuid.uuid4())
    if not edits:
        return result
    edits = list({(one.staff_id, one.day): one for one in edits}.values())
    days = [one.day for one in edits]
    book, handbook, seats = Book(min(days), max(days)), site_handbook(), seats_by_staff()
    rosters = _locked(book, edits)
    cells = _Cells(edits)
    work = _Work(handbook, by, now, cause, result.batch)
    for one in edits:
        rows = cells.rows.get((one.staff_id, one.day), [])
        seat = seats.get(one.staff_id, "")
        stands = shown([_copy(row) for row in rows], seat)
        roster = rosters.get((book.unit_on(one.staff_id, one.day), one.day.replace(day=1)))
        trouble = _trouble(one, stands, roster, allowed)
        if not trouble:
            try:
                parts = _parts(handbook, one)
            except CellError as wrong:
                trouble = str(wrong)
        if trouble or roster is None:
            result.told.append(Told(one.staff_id, one.day, stands, trouble))
            continue
        result.done[one.staff_id, one.day] = work.write(roster, one, rows, parts, seat=seat, stands=stands)
    work.store()
    if tell:
        work.tell()
    return result


def _copy(row: ShiftAssignment) -> ShiftAssignment:
    return ShiftAssignment(template=row.template, clock=row.clock, seat=row.seat)


def _locked(book: Book, edits: list[CellEdit]) -> dict[tuple[Unit | None, date], Roster]:
    """Every roster that is touched, made where it was not, locked in one order."""
    wanted = {(book.unit_on(one.staff_id, one.day), one.day.replace(day=1)) for one in edits}
    for unit, month in wanted:
        if unit is not None:
            roster_for(unit, month)
    rows = Roster.objects.select_for_update().filter(month__in={month for _unit, month in wanted}).order_by("pk")
    found: dict[tuple[Unit | None, date], Roster] = {((one.project_id, one.team_id), one.month): one for one in rows}
    return {key: roster for key, roster in found.items() if key in wanted}


def roster_for(unit: Unit, month: date) -> Roster:
    """The month's roster of a unit, begun where there is none."""
    project, team = unit
    rows = Roster.objects.filter(month=month, project_id=project)
    found = rows.filter(team__isnull=True).first() if team is None else rows.filter(team_id=team).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Roster.objects.create(month=month, project_id=project, team_id=team, due_on=due_day(month))
    except IntegrityError:
        return rows.get(team_id=team) if team is not None else rows.get(team__isnull=True)


@enforces("SCH-017", "SCH-002")
def due_day(month: date) -> date:
    """Until when the month's roster is to be published: that day of the month before, or the last working day ahead
    of it where it is a day off."""
    from zuoxi.policy.calendars import calendar_of

    handbook = site_handbook()
    before = month - _DAY
    number = min(handbook.on(before).whole("roster.publish.day"), before.day)
    return calendar_of(handbook).working_day_on_or_before(before.replace(day=number))


def _trouble(one: CellEdit, stands: str, roster: Roster | None, allowed: Collection[int] | None) -> str:
    if allowed is not None and one.staff_id not in allowed:
        return _("You may not write this person's shifts.")
    if roster is None:
        return _("The person has no post on this day.")
    if one.was is not None and one.was != stands:
        last = RosterChange.objects.filter(staff_id=one.staff_id, day=one.day).first()
        name = names_of([last.by]).get(last.by, last.by) if last else ""
        return _("Changed meanwhile by %(name)s; it now reads “%(text)s”. Yours was not written.") % {
            "name": name or _("somebody"), "text": stands or "—",
        }  # fmt: skip
    return ""


def _parts(handbook: Handbook, one: CellEdit) -> tuple[CellPart, ...]:
    parts = menu_on(handbook, one.day).parse(one.text)
    for place, part in enumerate(parts):
        for other in parts[place + 1 :]:
            if overlap(part.clock, one.day, other.clock, one.day):
                both = {"one": str(part), "other": str(other)}
                if "training" in (part.kind, other.kind):
                    raise CellError(_("%(one)s and %(other)s clash: the time of a training takes no calls.") % both)
                raise CellError(_("%(one)s and %(other)s overlap.") % both)
    return parts


def _takes_seat(part: CellPart, templates: Mapping[str, ShiftTemplateBody]) -> bool:
    """Own times take a seat; a training that ends early is as its template."""
    body = templates.get(part.template.partition("<")[0])
    return body is None or body.seat


class _Work:
    """Rows to be written at the end of a batch, and whom to tell."""

    def __init__(self, handbook: Handbook, by: str, now: datetime, cause: str, batch: uuid.UUID) -> None:
        self.handbook, self.by, self.now, self.cause, self.batch = handbook, by, now, cause, batch
        self.made: list[ShiftAssignment] = []
        self.changed: list[ShiftAssignment] = []
        self.gone: list[int] = []
        self.trail: list[RosterChange] = []

    def write(
        self,
        roster: Roster,
        edit: CellEdit,
        rows: list[ShiftAssignment],
        parts: tuple[CellPart, ...],
        *,
        seat: str,
        stands: str,
    ) -> str:
        templates = menu_on(self.handbook, edit.day).templates
        kept: list[ShiftAssignment] = []
        for place, part in enumerate(parts):
            row = rows[place] if place < len(rows) else ShiftAssignment(staff_id=edit.staff_id, day=edit.day)
            moments = moments_of(part.clock, edit.day, self.handbook.zone)
            takes_seat = part.kind != "rest" and _takes_seat(part, templates)
            row.roster, row.place, row.template, row.kind = roster, place, part.template, part.kind
            row.clock, row.meal_minutes = str(part.clock), part.meal_minutes
            row.starts_at, row.ends_at = (moments[0][0], moments[-1][1]) if moments else (None, None)
            row.seat = part.seat or (seat if takes_seat else "")
            row.version += 1
            kept.append(row)
        self.made += [row for row in kept if row.pk is None]
        self.changed += [row for row in kept if row.pk is not None]
        self.gone += [row.pk for row in rows[len(parts) :]]
        text = shown([_copy(row) for row in kept], seat)
        if text != stands:
            self.trail.append(
                RosterChange(
                    roster=roster,
                    staff_id=edit.staff_id,
                    day=edit.day,
                    before=stands,
                    after=text,
                    at=self.now,
                    by=self.by,
                    cause=self.cause,
                    batch=self.batch,
                    after_publication=roster.published,
                )
            )
        return text

    def store(self) -> None:
        if self.gone:
            ShiftAssignment.objects.filter(pk__in=self.gone).delete()
        if self.changed:
            PlannedBreak.objects.filter(shift__in=[row.pk for row in self.changed]).delete()
            fields = (
                "roster", "template", "kind", "clock", "starts_at", "ends_at", "meal_minutes", "seat", "version",
            )  # fmt: skip
            ShiftAssignment.objects.bulk_update(self.changed, fields, batch_size=200)
        ShiftAssignment.objects.bulk_create(self.made, batch_size=500)
        RosterChange.objects.bulk_create(self.trail, batch_size=500)

    def tell(self) -> None:
        """Tell who is changed in a published roster; earlier days are not news."""
        today = self.now.astimezone(self.handbook.zone).date()
        changed: dict[int, list[RosterChange]] = {}
        for one in self.trail:
            if one.after_publication and one.day >= today:
                changed.setdefault(one.staff_id, []).append(one)
        people = staff_by_id(changed)
        for staff_id, changes in changed.items():
            first = min(changes, key=lambda one: one.day)
            text = Sentence(
                CHANGED if len(changes) == 1 else CHANGED_MANY,
                day=f"{first.day:%m-%d}", before=first.before or "—", after=first.after or "—", count=len(changes),
            )  # fmt: skip
            notify(people[staff_id], text, reverse("workforce:mine") + f"?month={first.day:%Y-%m}")
        kept = [one for one in self.trail if one.after_publication]
        if kept:
            record(
                "workforce.roster.changed", who=self.by, on=("roster", kept[0].roster_id), at=self.now,
                cells=len(kept), cause=self.cause, first=f"{kept[0].day}: {kept[0].before} → {kept[0].after}",
            )  # fmt: skip


CHANGED = gettext_lazy("Your roster was changed: %(day)s from %(before)s to %(after)s")
CHANGED_MANY = gettext_lazy(
    "Your roster was changed on %(count)s days, the first %(day)s: from %(before)s to %(after)s"
)
