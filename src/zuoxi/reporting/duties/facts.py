# SPDX-License-Identifier: Apache-2.0
"""What the scheduler knows of a centre, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from zuoxi.policy.calendars import WorkCalendar
from zuoxi.policy.handbook import Handbook
from zuoxi.reporting.handbook import DutyBody


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of the handbook under its key."""

    key: str
    body: DutyBody


@dataclass(frozen=True, slots=True)
class Holding:
    """A post that somebody holds from a day on; `until` is the first day without it (leaving included)."""

    staff: int
    code: str
    position: str
    team: str
    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift that somebody is rostered for; it belongs to the day on which it starts."""

    staff: int
    day: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that somebody recorded; `team` where it concerns one, `staff` who recorded it."""

    id: int
    kind: str
    day: date
    at: datetime
    staff: int
    team: str = ""


@dataclass(frozen=True)
class Centre:
    """Posts, people, rosters and events. `lines`: position → the position above it. `handbook`: for duties that ask
    the figures of a day; without one they do not come round."""

    zone: ZoneInfo
    calendar: WorkCalendar
    lines: Mapping[str, str | None]
    holdings: tuple[Holding, ...]
    shifts: tuple[Shift, ...] = ()
    happenings: tuple[Happening, ...] = ()
    handbook: Handbook | None = None
    _days: dict[date, PostsOfDay] = field(default_factory=dict, repr=False, compare=False)

    def posts_on(self, day: date) -> PostsOfDay:
        held = self._days.get(day)
        if held is None:
            held = self._days[day] = PostsOfDay(self, [one for one in self.holdings if one.on(day)])
        return held

    @cached_property
    def established(self) -> frozenset[str]:
        """Posts that somebody holds or has held; one that nobody ever had is none of this centre's."""
        return frozenset(one.position for one in self.holdings)

    @cached_property
    def shifts_by_day(self) -> dict[date, list[Shift]]:
        found: dict[date, list[Shift]] = {}
        for one in self.shifts:
            found.setdefault(one.day, []).append(one)
        return found

    def above(self, position: str) -> list[str]:
        """The posts above one, nearest first; a circle ends where it began."""
        found: list[str] = []
        here = self.lines.get(position)
        while here is not None and here not in found:
            found.append(here)
            here = self.lines.get(here)
        return found

    @cached_property
    def below(self) -> dict[str, frozenset[str]]:
        """Position → every position under it."""
        found: dict[str, set[str]] = {}
        for position in self.lines:
            for upper in self.above(position):
                found.setdefault(upper, set()).add(position)
        return {position: frozenset(under) for position, under in found.items()}


class PostsOfDay:
    """Who holds what on one day."""

    def __init__(self, centre: Centre, holdings: list[Holding]) -> None:
        self.centre = centre
        self.by_position: dict[str, list[Holding]] = {}
        self.by_staff: dict[int, list[Holding]] = {}
        for one in sorted(holdings, key=lambda held: (held.code, held.team)):
            self.by_position.setdefault(one.position, []).append(one)
            self.by_staff.setdefault(one.staff, []).append(one)

    def holders(self, position: str, team: str = "") -> list[Holding]:
        """Who holds the post, once each, by staff number; with a team only those who hold it there or without any."""
        rows = self.by_position.get(position, [])
        if team:
            rows = [one for one in rows if one.team == team] or [one for one in rows if not one.team]
        return list({one.staff: one for one in rows}.values())

    def stand_in(self, position: str, team: str = "") -> list[Holding]:
        """Who holds the nearest filled post above."""
        for upper in self.centre.above(position):
            found = self.holders(upper, team)
            if found:
                return found
        return []

    def teams_under(self, position: str) -> list[str]:
        """Teams in which somebody holds a post below this one."""
        under = self.centre.below.get(position, frozenset())
        return sorted({one.team for rows in map(self._rows, sorted(under)) for one in rows if one.team})

    def _rows(self, position: str) -> list[Holding]:
        return self.by_position.get(position, [])

    def people_under(self, position: str, teams: frozenset[str] | None = None) -> frozenset[int]:
        """Who holds a post below this one, of all teams or of some."""
        under = self.centre.below.get(position, frozenset())
        return frozenset(one.staff for here in under for one in self._rows(here) if teams is None or one.team in teams)

    def reach(self, staff: int, position: str) -> frozenset[int]:
        """The people under somebody in a post: of his teams, or of all where the post has none."""
        teams = frozenset(one.team for one in self.by_staff.get(staff, []) if one.position == position)
        return self.people_under(position, None if "" in teams or not teams else teams)


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing that is owed once. `day` is the day it counts for; `occasion` and `slot` tell it from the others.

    `vacant`: nobody holds `position`, so whoever is next above does it. `people`: of the shift it speaks of.
    """

    duty: str
    day: date
    occasion: str
    slot: str
    position: str
    holders: tuple[int, ...]
    vacant: bool
    team: str
    about_first: date
    about_last: date
    opens_at: datetime
    earliest_at: datetime | None
    due_at: datetime
    inclusive: bool
    people: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        return self.duty, self.occasion, self.slot
