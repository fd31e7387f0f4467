# SPDX-License-Identifier: Apache-2.0
"""What a change of the day has to keep: the share away at once, and the limits of the roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import seats_by_staff
from zuoxi.workforce.board import MARGIN, Planning
from zuoxi.workforce.cells import CellError, menu_on
from zuoxi.workforce.clock import clock_from
from zuoxi.workforce.conflicts import BAD, Planned
from zuoxi.workforce.facts import PlannedPause, RosteredShift
from zuoxi.workforce.models import ShiftAssignment
from zuoxi.workforce.today.reading import Picture
from zuoxi.workforce.units import Member

FEW = 300
"""People up to whom the database is asked by number rather than for everybody."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose breaks and overtime somebody may touch (`floor`), and whose shifts he may write."""

    floor: Collection[int]
    written: Collection[int]


def length_of(pause: PlannedPause) -> int:
    """In slots of five minutes."""
    return max(round((pause.ends_at - pause.starts_at).total_seconds() / 300), 1)


class Away:
    """How many of those on shift are on break or meal, by slot of five minutes, while breaks are moved about."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.on, self.away = defaultdict(int), defaultdict(int)  # type: ignore[var-annotated]
        for seat in picture.seats:
            for first, until in seat.shift.spans:
                for slot in range(picture.fine(first), picture.fine(until)):
                    self.on[slot] += 1
        for pause in picture.pauses:
            self._count(picture.fine(pause.starts_at), length_of(pause), 1)

    def _count(self, first: int, length: int, step: int) -> None:
        for slot in range(first, first + length):
            self.away[slot] += step

    def room(self, first: int, length: int, percent: int) -> bool:
        """Whether one more may be away; never more than the share of those on shift, one at least."""
        return all(
            self.away[slot] + 1 <= max(self.on[slot] * percent // 100, 1) for slot in range(first, first + length)
        )

    def move(self, pause: PlannedPause, start: datetime) -> None:
        length = length_of(pause)
        self._count(self.picture.fine(pause.starts_at), length, -1)
        self._count(self.picture.fine(start), length, 1)


class Limits:
    """What stands in the cells of the day, and whether a change would break a limit of the roster."""

    def __init__(self, picture: Picture, reach: Reach) -> None:
        self.picture, day = picture, picture.day
        staff = {one.staff_id for one in picture.shifts if one.day == day} & (set(reach.floor) | set(reach.written))
        self.planning = Planning(day.replace(day=1))
        self.rows: dict[int, list[ShiftAssignment]] = defaultdict(list)
        self.around: dict[int, list[Planned]] = defaultdict(list)
        rows = ShiftAssignment.objects.filter(day__range=(day - MARGIN, day + MARGIN)).order_by("day", "place")
        for row in rows.filter(staff_id__in=staff) if len(staff) < FEW else rows:
            if row.staff_id in staff:
                planned = Planned(row.day, row.template, row.kind, clock_from(row.clock), row.meal_minutes)
                self.around[row.staff_id].append(planned)
                if row.day == day:
                    self.rows[row.staff_id].append(row)
        self.seats = seats_by_staff()

    def stands(self, staff_id: int) -> str:
        """What the roster shows in the person's cell of the day."""
        own = self.seats.get(staff_id, "")
        return "+".join(
            f"{row.template or row.clock}@{row.seat}" if row.seat and row.seat != own else row.template or row.clock
            for row in self.rows[staff_id]
        )

    def rewritten(self, one: RosteredShift, text: str) -> tuple[int, str, str] | None:
        said = [text if row.pk == one.id else (row.template or row.clock) for row in self.rows[one.staff_id]]
        after = "+".join(part for part in said if part)
        return (one.staff_id, self.stands(one.staff_id), after) if self._allowed(one.staff_id, after) else None

    def bears(self, one: RosteredShift, clock: str, *, add: bool) -> bool:
        said = "+".join([*(row.template or row.clock for row in self.rows[one.staff_id]), *([clock] if add else [])])
        return self._allowed(one.staff_id, said)

    def _allowed(self, staff_id: int, text: str) -> bool:
        """Whether the cell can be read and no limit is broken that was kept before."""
        day, held = self.picture.day, self.around.get(staff_id, [])
        try:
            parts = menu_on(site_handbook(), day).parse(text)
        except CellError:
            return False
        others = [one for one in held if one.day != day]
        made = [Planned(day, one.template, one.kind, one.clock, one.meal_minutes) for one in parts]
        return self._wrong([*others, *made]) <= self._wrong(held)

    def _wrong(self, shifts: list[Planned]) -> set[tuple[date, str]]:
        member = Member(0, "", "", "", ())
        ordered = sorted(shifts, key=lambda one: (one.day, one.clock.spans))
        found = self.planning.judge(member, ordered, [], self.picture.day - MARGIN, self.picture.day + MARGIN)
        told = ("post", "role", "holiday")
        return {
            (day, one.code) for day, held in found.items() for one in held if one.level == BAD and one.code not in told
        }
