# SPDX-License-Identifier: Apache-2.0
"""The roster board: a month of some units as rows of people and columns of days, with what is wrong where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from zuoxi.policy.calendars import DayKind, WorkCalendar, calendar_of
from zuoxi.policy.handbook import Handbook, handbook_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words
from zuoxi.telephony.selectors import queues_by_staff, seat_count, seats_by_staff
from zuoxi.workforce.clock import DAY, clock_from
from zuoxi.workforce.conflicts import (
    BAD,
    NOTE,
    WARN,
    Away,
    Conflict,
    Limits,
    Planned,
    conflicts_of,
    half_hours,
    limits_on,
    present,
    short_templates,
    spoken,
)
from zuoxi.workforce.handbook import ShiftTemplateBody, templates_of
from zuoxi.workforce.models import Roster, ShiftAssignment, StaffingPlan
from zuoxi.workforce.selectors import absences_between
from zuoxi.workforce.staffing import need_of_day
from zuoxi.workforce.units import Book, Member, Unit, days_of, month_end

MARGIN = timedelta(days=7)
"""Days around the month that are looked at: a rest after the last shift before it, a week that began before it."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; `tone` is its colour, `conflicts` what is wrong there."""

    text: str
    tone: str
    conflicts: tuple[Conflict, ...] = ()

    @property
    def level(self) -> str:
        """The gravest of what is to be said; "note" is no conflict."""
        levels = {one.level for one in self.conflicts}
        return next((one for one in (BAD, WARN, NOTE) if one in levels), "")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """`minutes` of work in the month, `worked_days` of them."""

    staff_id: int
    code: str
    name: str
    position: str
    cells: tuple[Cell, ...]
    minutes: int
    worked_days: int
    writable: bool

    @property
    def hours(self) -> str:
        return spoken(self.minutes)


@dataclass(frozen=True, slots=True)
class UnitRows:
    """A roster's part of the board. `roster` None: nothing was written yet."""

    unit: Unit
    title: str
    roster: Roster | None
    rows: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class DayColumn:
    """A day: how many work, the half hours whose cover is under the need, templates with too few, seats too few."""

    day: date
    kind: DayKind
    people: int
    under: int
    missing: int
    short: dict[str, int]
    beyond_seats: int


@dataclass(slots=True)
class Board:
    month: date
    units: list[UnitRows] = field(default_factory=list)
    days: list[DayColumn] = field(default_factory=list)
    limits: Limits | None = None

    @property
    def people(self) -> int:
        return sum(len(unit.rows) for unit in self.units)

    def conflicts(self) -> Iterable[tuple[PersonRow, Conflict]]:
        for unit in self.units:
            for row in unit.rows:
                for cell in row.cells:
                    yield from ((row, one) for one in cell.conflicts if one.level != NOTE)


class Planning:
    """What every judgement of a month needs: handbooks, calendar, who may have which template."""

    def __init__(self, month: date) -> None:
        self.handbook: Handbook = site_handbook()
        self.month = month
        try:
            law = handbook_of("statutory")
        except LookupError:  # an installation may do without the statutory layer
            law = None
        self.limits = limits_on(self.handbook, law, month)
        self.calendar: WorkCalendar = calendar_of(self.handbook)
        self.templates = templates_of(self.handbook)
        self._positions = {key: _positions(body) for key, body in self.templates.items()}
        self._not_on_holidays = frozenset(key for key, body in self.templates.items() if not body.holidays)
        self._free: dict[date, bool] = {}

    def fits(self, position: str, template: str) -> bool:
        """Whether somebody in the position may have the template; a template nobody knows any more is let be."""
        wanted = self._positions.get(template, frozenset())
        return not wanted or position in wanted

    def free(self, day: date) -> bool:
        if day not in self._free:
            self._free[day] = not self.calendar.is_working_day(day)
        return self._free[day]

    def judge(
        self,
        member: Member,
        shifts: list[Planned],
        away: list[Away],
        first: date,
        last: date,
        *,
        published: bool = False,
    ) -> dict[date, tuple[Conflict, ...]]:
        found: dict[date, list[Conflict]] = {}
        closed = any(one.template in self._not_on_holidays for one in shifts)
        for one in conflicts_of(
            shifts,
            self.limits,
            first,
            last,
            away=away,
            published=published,
            fits=lambda template: self.fits(member.position, template),
        ):
            found.setdefault(one.day, []).append(one)
        for shift in shifts if closed else ():
            if shift.template in self._not_on_holidays and first <= shift.day <= last and self.free(shift.day):
                found.setdefault(shift.day, []).append(Conflict(shift.day, "holiday", "warn", shift.template))
        return {day: tuple(held) for day, held in found.items()}


def _positions(body: ShiftTemplateBody) -> frozenset[str]:
    words = role_words()
    return frozenset(post for role in body.roles for post in words[role].positions)


def tone_of(kind: str, start: int | None) -> str:
    """One letter for the colour of a shift: by its kind, else by the hour at which it starts."""
    if kind in ("rest", "training", "duty", "flex"):
        return {"rest": "r", "training": "t", "duty": "u", "flex": "f"}[kind]
    hour = (start or 0) // 60
    return "d" if hour < 6 else "e" if hour < 11 else "m" if hour < 15 else "l" if hour < 20 else "n"


def board_of(
    month: date,
    *,
    staff_ids: Collection[int] | None,
    writable: Collection[int] = frozenset(),
    units: Collection[Unit] | None = None,
    only: Collection[int] | None = None,
    book: Book | None = None,
) -> Board:
    """The board of the people given (None: all), of some units only; `only` narrows to people after an edit.

    `book`: that of the month, where it is in hand already.
    """
    last = month_end(month)
    book, planning = book or Book(month, last), Planning(month)
    members = {unit: held for unit, held in book.units(staff_ids).items() if units is None or unit in units}
    board = Board(month, limits=planning.limits)
    shifts = shifts_of(month - MARGIN, last + MARGIN, {one.staff_id for held in members.values() for one in held})
    away = _away(planning, month - MARGIN, last + MARGIN)
    rosters, seats = book.rosters(members, month), seats_by_staff()
    for unit, held in members.items():
        rows = tuple(
            _row(
                planning,
                one,
                shifts.get(one.staff_id, []),
                away.get(one.staff_id, []),
                seats=seats,
                writable=writable,
                published=bool((held_roster := rosters.get(unit)) and held_roster.published),
            )
            for one in held
            if only is None or one.staff_id in only
        )
        board.units.append(UnitRows(unit, book.title(unit), rosters.get(unit), rows))
    here = {
        staff: [(present(one, away[staff]), seat) for one, seat in held] if staff in away else held
        for staff, held in shifts.items()
    }
    board.days = _columns(planning, here, {unit[0] for unit in members}, whole=units is None)
    return board


def shifts_of(first: date, last: date, staff_ids: Collection[int]) -> dict[int, list[tuple[Planned, str]]]:
    """Staff id → shifts with their seats, by day and place. One query, without the ids where they are many."""
    rows = ShiftAssignment.objects.filter(day__range=(first, last)).order_by("day", "place")
    if len(staff_ids) < 300:
        rows = rows.filter(staff_id__in=staff_ids)
    fields = ("staff_id", "day", "template", "kind", "clock", "meal_minutes", "seat")
    found: dict[int, list[tuple[Planned, str]]] = {}
    for staff, day, template, kind, clock, meal, seat in rows.values_list(*fields).iterator(chunk_size=4000):
        if staff in staff_ids:
            found.setdefault(staff, []).append((Planned(day, template, kind, clock_from(clock), meal), seat))
    return found


def _away(planning: Planning, first: date, last: date) -> dict[int, list[Away]]:
    found: dict[int, list[Away]] = {}
    zone = planning.handbook.zone
    for one in absences_between(first, last, None):
        start, end = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        minutes = int((end - start).total_seconds() // 60)
        at = start.hour * 60 + start.minute
        found.setdefault(one.staff_id, []).append(Away(start.date(), at, at + minutes, one.label))
    return found


def _row(
    planning: Planning,
    member: Member,
    held: list[tuple[Planned, str]],
    away: list[Away],
    *,
    seats: dict[int, str],
    writable: Collection[int],
    published: bool,
) -> PersonRow:
    own = seats.get(member.staff_id, "")
    last = month_end(planning.month)
    wrong = planning.judge(member, [one for one, _seat in held], away, planning.month, last, published=published)
    texts: dict[date, list[str]] = {}
    tones: dict[date, str] = {}
    minutes, worked = 0, set()
    for one, seat in held:
        if not planning.month <= one.day <= last:
            continue
        said = one.template or str(one.clock)
        texts.setdefault(one.day, []).append(f"{said}@{seat}" if seat and seat != own else said)
        tones.setdefault(one.day, tone_of(one.kind, one.clock.start if one.clock.spans else None))
        minutes += one.worked
        if one.kind != "rest":
            worked.add(one.day)
    cells = tuple(
        Cell("+".join(texts.get(day, ())), tones.get(day, ""), wrong.get(day, ())) for day in days_of(planning.month)
    )
    return PersonRow(
        member.staff_id, member.code, member.name, member.position, cells, minutes, len(worked),
        member.staff_id in writable,
    )  # fmt: skip


def _columns(
    planning: Planning, shifts: dict[int, list[tuple[Planned, str]]], projects: set[int], *, whole: bool
) -> list[DayColumn]:
    """Cover of each day against the need, and seats against people, where the board shows whole projects.

    `shifts` without the time for which people are on leave: who is away all day does not count.
    """
    by_day: dict[date, list[Planned]] = {}
    calls: dict[date, list[Planned]] = {}
    serving = queues_by_staff() if whole else {}
    for staff, held in shifts.items():
        for one, _seat in held:
            if one.clock.spans:
                by_day.setdefault(one.day, []).append(one)
                if not serving or staff in serving:
                    calls.setdefault(one.day, []).append(one)
    plans = list(StaffingPlan.objects.filter(month=planning.month, project_id__in=projects)) if whole else []
    seats = seat_count() if whole else 0
    needs_people = {
        key: planning.handbook.on(planning.month).whole(body.minimum_people)
        for key, body in planning.templates.items()
        if body.minimum_people and whole
    }
    columns = []
    for day in days_of(planning.month):
        here = by_day.get(day, [])
        cover = half_hours([*calls.get(day, []), *calls.get(day - _DAY, [])], day)
        need = [sum(column) for column in zip(*(need_of_day(plan.result, day) for plan in plans), strict=True)]
        gaps = [wanted - have for wanted, have in zip(need, cover, strict=True) if wanted > have] if need else []
        counts = Counter(one.template for one in here)
        columns.append(
            DayColumn(
                day,
                planning.calendar.kind_of(day),
                sum(one.kind != "training" for one in here),
                len(gaps),
                max(gaps, default=0),
                short_templates(counts, needs_people) if here else {},
                max(_at_seats(here, by_day.get(day - _DAY, []), day, planning) - seats, 0) if seats else 0,
            )
        )
    return columns


def _at_seats(here: list[Planned], before: list[Planned], day: date, planning: Planning) -> int:
    """The most people who need a seat at once that day (ORG-009)."""
    seated = [
        one
        for one in (*here, *before)
        if one.kind in ("work", "flex") and (body := planning.templates.get(one.template)) is not None and body.seat
    ]
    return max(half_hours(seated, day), default=0)


__all__ = ["DAY", "Board", "Cell", "DayColumn", "PersonRow", "Planning", "UnitRows", "board_of", "shifts_of", "tone_of"]
