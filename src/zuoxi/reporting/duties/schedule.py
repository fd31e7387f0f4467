# SPDX-License-Identifier: Apache-2.0
"""When duties fall due and for whom: pure, so that any range of days gives the same as its parts together.

An occasion belongs to its own day (a shift to the day it starts), wherever the deadline lies; the holder is whoever has
the post on the day of the shift, or on the day on which a periodic duty is due.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from zuoxi.policy.calendars import WorkCalendar
from zuoxi.policy.handbook import Handbook
from zuoxi.reporting.duties.facts import Centre, DueItem, Duty, PostsOfDay, Shift
from zuoxi.reporting.handbook import MONTHS, OF_SHIFTS, Due, When
from zuoxi.web.marks import enforces

_DAY = timedelta(days=1)


def days_between(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield first + _DAY * step


def month_day(year: int, month: int, day: int | str) -> date:
    """That day of the month, or its last where the month is shorter (the 30th in February: the 28th or 29th)."""
    end = monthrange(year, month)[1]
    return date(year, month, end if day == "last" else min(int(day), end))


@enforces("RPT-026", "TRN-029")
def falls_on(when: When, day: date, calendar: WorkCalendar) -> bool:
    """Whether a periodic duty comes round on that day (before a day off moves it)."""
    match when.every:
        case "day":
            return True
        case "working_day":
            return calendar.is_working_day(day)
        case "week":
            return day.isoweekday() in when.weekdays
        case "month" | "quarter" | "half_year" | "year":
            return (day.month - when.month) % MONTHS[when.every] == 0 and day == month_day(
                day.year, day.month, when.day
            )
    return False


@enforces("ORG-038", "TRN-036", "VAR-004")
def in_season(when: When, day: date, handbook: Handbook | None) -> bool:
    """Whether the day of the month lies within the duty's season, by the figures of that day."""
    if not when.within:
        return True
    if handbook is None:
        return False
    reading, (first, last) = handbook.on(day), when.within
    return reading.beyond(first, day.day) and reading.within(last, day.day)


@enforces("TRN-030", "SCH-017")
def moved(when: When, day: date, calendar: WorkCalendar) -> date:
    """The day itself, or the working day before or after it where a day off is given way to."""
    if when.rest_day == "keep" or calendar.is_working_day(day):
        return day
    if when.rest_day == "before":
        return calendar.working_day_on_or_before(day)
    return calendar.add_working_days(day, 1)


def covered(when: When, covers: str, day: date) -> tuple[date, date]:
    """First and last day that a report of that day is about."""
    if when.every == "week":
        monday = day - timedelta(days=day.isoweekday() - 1)
        back = timedelta(days=7 if covers == "previous" else 0)
        return monday - back, monday - back + timedelta(days=6)
    months = MONTHS.get(when.every)
    if months is None:
        shifted = day - _DAY if covers == "previous" else day
        return shifted, shifted
    count = day.year * 12 + (day.month - 1) // months * months - (months if covers == "previous" else 0)
    after = count + months
    return date(count // 12, count % 12 + 1, 1), date(after // 12, after % 12 + 1, 1) - _DAY


@enforces("RPT-001", "TRN-003", "RPT-025")
def deadline(due: Due, day: date, centre: Centre) -> datetime:
    """The moment by which an occasion of that day is due, counted in days."""
    last = day + _DAY * due.days
    if due.working_days:
        last = centre.calendar.add_working_days(day, due.working_days)
    return datetime.combine(last, due.time, tzinfo=centre.zone)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """Something that begins a duty: its day, its name, and the moments it gives."""

    day: date
    name: str
    about: tuple[date, date]
    opens_at: datetime
    earliest_at: datetime | None
    due_at: datetime
    owed_on: date


def due_items(duty: Duty, first: date, last: date, centre: Centre) -> list[DueItem]:
    """Everything that the duty brings on occasions from `first` to `last`, both included, by deadline."""
    found: list[DueItem] = []
    if duty.body.when.every in OF_SHIFTS:
        for day in days_between(first, last):
            found += _of_shifts(duty, day, centre)
    elif duty.body.when.every == "event":
        for one in centre.happenings:
            if one.kind == duty.body.when.event and first <= one.day <= last:
                occasion = _of_event(duty, one.day, one.at, f"event:{one.id}", centre)
                found += _for_holders(duty, occasion, centre, one.team)
    else:
        for day in days_between(first, last):
            if falls_on(duty.body.when, day, centre.calendar) and in_season(duty.body.when, day, centre.handbook):
                found += _for_holders(duty, _periodic(duty, day, centre), centre)
    return sorted(found, key=lambda item: (item.due_at, item.occasion, item.slot))


def _periodic(duty: Duty, day: date, centre: Centre) -> _Occasion:
    body = duty.body
    there = moved(body.when, day, centre.calendar)
    due_at = deadline(body.due, there, centre)
    opens = due_at.astimezone(centre.zone).date() - _DAY * body.opens
    about = covered(body.when, body.covers, day)
    midnight = datetime.combine(min(opens, there) if body.due.working_days else opens, datetime.min.time(), centre.zone)
    return _Occasion(day, day.isoformat(), about, midnight, None, due_at, due_at.astimezone(centre.zone).date())


def _of_event(duty: Duty, day: date, at: datetime, name: str, centre: Centre) -> _Occasion:
    due = duty.body.due
    due_at = deadline(due, day, centre) if due.minutes is None else at + timedelta(minutes=due.minutes)
    return _Occasion(day, name, (day, day), at, None, due_at, day)


@dataclass(frozen=True, slots=True)
class _Slot:
    """One place that owes: a person in a post, a team's leaders, or whoever stands in for a vacant post."""

    name: str
    position: str
    holders: tuple[int, ...]
    vacant: bool = False
    team: str = ""


def _for_holders(duty: Duty, occasion: _Occasion, centre: Centre, team: str = "") -> list[DueItem]:
    posts = centre.posts_on(occasion.owed_on)
    return [_item(duty, occasion, slot) for slot in _slots(duty, posts, team)]


def _slots(duty: Duty, posts: PostsOfDay, team: str = "") -> Iterator[_Slot]:
    """Who owes: by team, by person, or any of all. A post that nobody ever had owes nothing."""
    positions = [one for one in duty.body.positions if one in posts.centre.established]
    if duty.body.per == "team":
        for position in positions:
            yield from (_of_team(posts, position, here) for here in ([team] if team else posts.teams_under(position)))
    elif duty.body.holders == "any":
        if positions:
            yield _any_of(positions, posts, team)
    else:
        for position in positions:
            yield from _each_of(position, posts, team)


def _of_team(posts: PostsOfDay, position: str, team: str) -> _Slot:
    held = [one for one in posts.holders(position, team) if one.team == team]
    people = tuple(one.staff for one in held or posts.stand_in(position, team))
    return _Slot(f"{position}:{team}", position, people, not held, team)


def _any_of(positions: list[str], posts: PostsOfDay, team: str) -> _Slot:
    holders = [held.staff for one in positions for held in posts.holders(one, team)]
    people = tuple(dict.fromkeys(holders)) or tuple(one.staff for one in posts.stand_in(positions[0], team))
    return _Slot("any", positions[0], people, not holders, team)


def _each_of(position: str, posts: PostsOfDay, team: str) -> Iterator[_Slot]:
    held = posts.holders(position, team)
    for one in held:
        yield _Slot(f"{position}:{one.code}", position, (one.staff,), team=team)
    if not held:
        people = tuple(one.staff for one in posts.stand_in(position, team))
        yield _Slot(f"{position}:vacant", position, people, vacant=True, team=team)


def _item(duty: Duty, occasion: _Occasion, slot: _Slot, people: tuple[int, ...] = ()) -> DueItem:
    return DueItem(
        duty.key,
        occasion.day,
        occasion.name,
        slot.name,
        slot.position,
        slot.holders,
        slot.vacant,
        slot.team,
        *occasion.about,
        occasion.opens_at,
        occasion.earliest_at,
        occasion.due_at,
        duty.body.due.boundary == "inclusive",
        people,
    )


def _of_shifts(duty: Duty, day: date, centre: Centre) -> Iterator[DueItem]:
    shifts = centre.shifts_by_day.get(day, [])
    if not shifts:
        return
    posts = centre.posts_on(day)
    own = duty.body.when.whose == "own"
    for slot in _slots(duty, posts):
        who = frozenset() if own and slot.vacant else frozenset(slot.holders) if own else _under(posts, slot)
        those = [one for one in shifts if one.staff in who]
        for occasion, people in _moments(duty, those, centre):
            yield _item(duty, occasion, slot, () if own else people)


def _under(posts: PostsOfDay, slot: _Slot) -> frozenset[int]:
    """The people whose shifts the slot answers for."""
    if slot.team:
        return posts.people_under(slot.position, frozenset({slot.team}))
    if slot.vacant or not slot.holders:
        return posts.people_under(slot.position)
    return frozenset().union(*(posts.reach(one, slot.position) for one in slot.holders))


def _moments(duty: Duty, shifts: list[Shift], centre: Centre) -> Iterator[tuple[_Occasion, tuple[int, ...]]]:
    """Each distinct start or end of the shifts, with who has it; only the last where the duty asks once a day."""
    end = duty.body.when.every == "shift_end"

    def moment(one: Shift) -> datetime:
        return one.ends_at if end else one.starts_at

    rows = sorted(shifts, key=lambda one: (moment(one), one.staff))
    groups = [(at, list(group)) for at, group in groupby(rows, key=moment)]
    for at, group in groups[-1:] if duty.body.when.once else groups:
        yield _at_shift(duty, group[0].day, at, centre), tuple(dict.fromkeys(one.staff for one in group))


@enforces("RPT-002", "RPT-011")
def _at_shift(duty: Duty, day: date, at: datetime, centre: Centre) -> _Occasion:
    """Not before `earliest` minutes after the shift's end, and until `due.minutes` after (before, if negative)."""
    body = duty.body
    minutes = body.due.minutes
    due_at = deadline(body.due, day, centre) if minutes is None else at + timedelta(minutes=minutes)
    earliest = None if body.earliest is None else at + timedelta(minutes=body.earliest)
    opens = at if body.when.every == "shift_end" else datetime.combine(day, datetime.min.time(), centre.zone)
    local = at.astimezone(centre.zone)
    return _Occasion(
        day, f"{day.isoformat()} {local:%m-%d %H:%M}", (day, day), min(opens, due_at), earliest, due_at, day
    )
