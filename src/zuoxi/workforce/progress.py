# SPDX-License-Identifier: Apache-2.0
"""How far the rosters of a month are, and who has read his."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from zuoxi.people.models import Staff
from zuoxi.people.selectors import working_staff
from zuoxi.policy.marks import enforces
from zuoxi.workforce.models import Roster, RosterReading, ShiftAssignment
from zuoxi.workforce.units import Book, Unit, month_end


@dataclass(frozen=True, slots=True)
class Progress:
    """One unit of a month. `written` is the share of its people's days that something is written for, 0 to 1. `read`
    of `readers`: who has left since is neither."""

    unit: Unit
    title: str
    roster: Roster | None
    people: int
    written: float
    read: int
    readers: int
    late: bool

    @property
    def unit_key(self) -> str:
        return f"{self.unit[0]}-{self.unit[1] or 'posts'}"


@enforces("SCH-014", "SCH-017", "SCH-015")
def is_late(roster: Roster | None, due_on: date, today: date) -> bool:
    """Whether the roster was not published on its due day at the latest, or is still missing after it."""
    published = roster.first_published_at if roster else None
    if published is not None:
        from django.utils import timezone

        return timezone.localtime(published).date() > due_on
    return today > due_on


def progress_of(month: date, staff_ids: Collection[int], today: date) -> list[Progress]:
    """Every unit with anybody in reach; function posts come after the teams they depend on (SCH-015)."""
    from zuoxi.workforce.editing import due_day

    book = Book(month, month_end(month))
    units = book.units(staff_ids)
    rosters, due = book.rosters(units, month), due_day(month)
    ids = [one.pk for one in rosters.values()]
    rows = ShiftAssignment.objects.filter(roster__in=ids).order_by().values("roster_id")
    filled = {one["roster_id"]: one["days"] for one in rows.annotate(days=Count("pk"))}
    still = _still_there(month, today)
    named = rows.filter(staff__in=still).annotate(people=Count("staff", distinct=True))
    people = {one["roster_id"]: one["people"] for one in named}
    read: dict[tuple[int, int], int] = {
        (one["roster_id"], one["version"]): one["count"]
        for one in RosterReading.objects.filter(roster__in=ids, staff__in=still)
        .order_by()
        .values("roster_id", "version")
        .annotate(count=Count("pk"))
    }
    length = (month_end(month) - month).days + 1
    found = []
    for unit, members in units.items():
        roster = rosters.get(unit)
        pk = roster.pk if roster else 0
        found.append(
            Progress(
                unit,
                book.title(unit),
                roster,
                len(members),
                min(filled.get(pk, 0) / (len(members) * length), 1.0) if members else 0.0,
                read.get((pk, roster.version), 0) if roster else 0,
                people.get(pk, 0),
                is_late(roster, due, today),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Reader:
    staff: Staff
    read_at: datetime | None


def _still_there(month: date, today: date) -> QuerySet[Staff]:
    """Who has not left by today, or for a month that is over or to come by its last or first day."""
    return working_staff(min(max(today, month), month_end(month)))


def readers_of(roster: Roster, today: date) -> list[Reader]:
    """Everybody on the published roster who is still there, those who have not read it first."""
    if not roster.published:
        return []
    ids = ShiftAssignment.objects.filter(roster=roster).order_by().values("staff_id")
    read = dict(RosterReading.objects.filter(roster=roster, version=roster.version).values_list("staff_id", "read_at"))
    people = _still_there(roster.month, today).filter(pk__in=ids)
    return sorted(
        (Reader(one, read.get(one.pk)) for one in people), key=lambda one: (one.read_at is not None, one.staff.code)
    )
