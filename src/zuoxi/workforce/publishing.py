# SPDX-License-Identifier: Apache-2.0
"""Publishing rosters: what stands in the way, the version that is kept, who is told, who has read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zuoxi.approvals.services import Sentence, notify
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of, staff_by_id
from zuoxi.policy.marks import enforces, records
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault.services import record
from zuoxi.web.roles import Role
from zuoxi.workforce.board import board_of
from zuoxi.workforce.cells import cell_text
from zuoxi.workforce.conflicts import BAD, spoken
from zuoxi.workforce.models import Roster, RosterChange, RosterReading, RosterVersion, ShiftAssignment
from zuoxi.workforce.units import book_of

HARD = frozenset({"overlap", "training"})
"""Conflicts with which nothing is published: nobody can be in two places."""
PUBLISHED = gettext_lazy("Your roster of %(month)s is published: %(shifts)s shifts, %(hours)s h")
RECEIVED = gettext_lazy("The roster %(roster)s is published and waits to be received")


class Refused(ValueError):
    """The roster cannot be published; the message says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a roster looks like before it is published. `empty`: days of people for whom nothing is written."""

    hard: int
    bad: int
    warnings: int
    empty: int
    late_by: int | None


def check(roster: Roster, today: date) -> Check:
    """Count what is wrong; a rest counts as written. `late_by`: days past the deadline, None while there is time."""
    board = board_of(roster.month, staff_ids=None, units={(roster.project_id, roster.team_id)}, book=book_of(roster))
    conflicts = [one for _row, one in board.conflicts()]
    cells = [cell for unit in board.units for row in unit.rows for cell in row.cells]
    late = (today - roster.due_on).days if roster.due_on and today > roster.due_on else None
    return Check(
        sum(one.code in HARD for one in conflicts),
        sum(one.level == BAD and one.code not in HARD for one in conflicts),
        sum(one.level != BAD for one in conflicts),
        sum(not cell.text for cell in cells),
        late,
    )


@enforces("SCH-002", "SCH-017", "SCH-027")
@transaction.atomic
def publish(roster: Roster, *, by: Staff, now: datetime, despite: bool = False) -> Roster:
    """Publish the roster, or its present state as a new version; tell everybody on it, and who receives it.

    With conflicts that are no clash, `despite` must be said. Raises Refused.
    """
    roster = Roster.objects.select_for_update().get(pk=roster.pk)
    found = check(roster, now.astimezone(site_handbook().zone).date())
    if found.hard:
        raise Refused(
            ngettext(
                "%(count)s shift overlaps another or a training; nobody can be in two places.",
                "%(count)s shifts overlap others or trainings; nobody can be in two places.",
                found.hard,
            )
            % {"count": found.hard}
        )
    if found.bad and not despite:
        raise Refused(
            _("%(count)s cells are against the limits. Correct them, or publish despite them.") % {"count": found.bad}
        )
    shifts = list(ShiftAssignment.objects.filter(roster=roster).select_related("staff").order_by("day", "place"))
    if not shifts:
        raise Refused(_("Nothing is written in this roster yet."))
    latest = roster.versions.first()
    cells = cells_of(shifts)
    if roster.published and latest is not None and latest.cells == cells:
        raise Refused(_("Nothing has changed since version %(number)s.") % {"number": latest.number})
    roster.version += 1
    roster.state, roster.published_at, roster.published_by = Roster.State.PUBLISHED, now, by
    roster.first_published_at = roster.first_published_at or now
    roster.filed_at = roster.filed_by = None
    roster.save()
    RosterVersion.objects.create(roster=roster, number=roster.version, at=now, by=by.code, cells=cells)
    record(
        "workforce.roster.published", who=by.code, on=("roster", roster.pk), at=now, version=roster.version,
        despite=found.bad,
    )  # fmt: skip
    _tell(roster, shifts, latest.cells if latest else {})
    return roster


def cells_of(shifts: list[ShiftAssignment]) -> dict[str, dict[str, str]]:
    """Staff number → day → what stands in the cell, as versions keep it."""
    held: dict[str, dict[str, list[ShiftAssignment]]] = {}
    for one in shifts:
        held.setdefault(one.staff.code, {}).setdefault(one.day.isoformat(), []).append(one)
    return {code: {day: cell_text(rows) for day, rows in days.items()} for code, days in sorted(held.items())}


def _tell(roster: Roster, shifts: list[ShiftAssignment], before: dict[str, dict[str, str]]) -> None:
    """Everybody at first; later only those whose cells differ. The operations and support managers receive it."""
    now = cells_of(shifts)
    worked: dict[int, list[ShiftAssignment]] = {}
    for one in shifts:
        if not before or now.get(one.staff.code) != before.get(one.staff.code):
            worked.setdefault(one.staff_id, []).append(one)
    people = staff_by_id(worked)
    for staff_id, rows in worked.items():
        count = sum(row.kind != ShiftAssignment.Kind.REST for row in rows)
        text = Sentence(PUBLISHED, month=f"{roster.month:%Y-%m}", shifts=count, hours=spoken(_worked(rows)))
        url = reverse("workforce:mine") + f"?month={roster.month:%Y-%m}"
        notify(people[staff_id], text, url, f"roster:{roster.pk}:{roster.version}")
    for post in (Role.OM, Role.SM):
        for receiver in holders_of(post, roster.published_at.date() if roster.published_at else roster.month):
            text = Sentence(RECEIVED, roster=str(roster))
            notify(
                receiver, text, reverse("workforce:roster", args=[roster.pk]), f"roster:{roster.pk}:{roster.version}:r"
            )


def _worked(rows: list[ShiftAssignment]) -> int:
    """Minutes of work without the meals, as the board and the person's own calendar count them."""
    return sum(
        max(int((row.ends_at - row.starts_at) / timedelta(minutes=1)) - row.meal_minutes, 0)
        for row in rows
        if row.starts_at and row.ends_at
    )


@records("SCH-002", "SCH-017")
@transaction.atomic
def file_roster(roster: Roster, *, by: Staff, now: datetime) -> bool:
    """Say that the published roster was received and filed; False when it was already or is a draft."""
    done = Roster.objects.filter(pk=roster.pk, state=Roster.State.PUBLISHED, filed_at__isnull=True).update(
        filed_at=now, filed_by=by
    )
    if done:
        record("workforce.roster.filed", who=by.code, on=("roster", roster.pk), at=now, version=roster.version)
    return bool(done)


@records("SCH-002")
def read_rosters(staff: Staff, months: Collection[date], now: datetime) -> int:
    """Write down that the person has seen the published versions of those months he stands in; how many are new."""
    rows = Roster.objects.filter(month__in=months, state=Roster.State.PUBLISHED, shifts__staff=staff).distinct()
    known = set(RosterReading.objects.filter(staff=staff, roster__in=rows).values_list("roster_id", "version"))
    fresh = [one for one in rows if (one.pk, one.version) not in known]
    RosterReading.objects.bulk_create(
        [RosterReading(roster=one, version=one.version, staff=staff, read_at=now) for one in fresh],
        ignore_conflicts=True,
    )
    return len(fresh)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that two versions tell differently."""

    code: str
    name: str
    day: date
    before: str
    after: str


def differences(older: RosterVersion, newer: RosterVersion, names: dict[str, str]) -> list[Difference]:
    """Cells that differ, by person and day."""
    found = []
    for code in sorted(set(older.cells) | set(newer.cells)):
        before, after = older.cells.get(code, {}), newer.cells.get(code, {})
        for day in sorted(set(before) | set(after)):
            if before.get(day, "") != after.get(day, ""):
                found.append(
                    Difference(
                        code, names.get(code, code), date.fromisoformat(day), before.get(day, ""), after.get(day, "")
                    )
                )
    return found


@transaction.atomic
def undo_last(*, by: str, now: datetime, month: date, allowed: Collection[int] | None) -> int:
    """Take back the writer's last batch of edits in that month; how many cells were given back.

    A cell that somebody changed since is left alone. Nought when there is nothing to take back.
    """
    from zuoxi.workforce.editing import CellEdit, edit_cells

    last = (
        RosterChange.objects.filter(by=by, undone=False, roster__month=month)
        .filter(cause__in=[RosterChange.Cause.EDIT, RosterChange.Cause.COPY])
        .values_list("batch", flat=True)
        .first()
    )
    if last is None:
        return 0
    changes = list(RosterChange.objects.filter(batch=last))
    edits = [CellEdit(one.staff_id, one.day, one.before, one.after) for one in changes]
    result = edit_cells(edits, by=by, now=now, allowed=allowed, cause=RosterChange.Cause.UNDO)
    RosterChange.objects.filter(batch=last).update(undone=True)
    return len(result.done)


@transaction.atomic
def copy_week(
    staff_ids: Collection[int], source: date, target: date, *, by: str, now: datetime, allowed: Collection[int] | None
) -> tuple[int, list[str]]:
    """Write the week that begins on `source` (a Monday) into the one that begins on `target`; cells written and what
    was said of those that were not. Empty days of the source leave the target alone."""
    from zuoxi.telephony.selectors import seats_by_staff
    from zuoxi.workforce.editing import CellEdit, edit_cells, shown

    rows = ShiftAssignment.objects.filter(
        staff_id__in=staff_ids, day__range=(source, source + timedelta(days=6))
    ).order_by("place")
    held: dict[tuple[int, date], list[ShiftAssignment]] = {}
    for row in rows:
        held.setdefault((row.staff_id, row.day), []).append(row)
    seats = seats_by_staff()
    edits = [
        CellEdit(staff, target + (day - source), shown(cell, seats.get(staff, "")))
        for (staff, day), cell in held.items()
    ]
    result = edit_cells(edits, by=by, now=now, allowed=allowed, cause=RosterChange.Cause.COPY)
    return len(result.done), [one.message for one in result.told]
