# SPDX-License-Identifier: Apache-2.0
"""Published shift-scheduling instances, read from their text.

The format is that of T. Curtois and R. Qu, "Computational results on new staff scheduling benchmark instances", 2014:
sections of comma-separated lines, `#` comments, days numbered from 0, which is a Monday.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

SECTIONS = ("HORIZON", "SHIFTS", "STAFF", "DAYS_OFF", "SHIFT_ON_REQUESTS", "SHIFT_OFF_REQUESTS", "COVER")

LONGEST = 3660


class Unreadable(ValueError):
    """What is wrong, in which field, and in which line of the text (from 1)."""

    def __init__(self, field_name: str, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.field, self.message, self.row = field_name, message, row


@dataclass(frozen=True, slots=True)
class Shift:
    """`never_before`: shifts that must not follow it on the next day."""

    name: str
    minutes: int
    never_before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """Limits of one person over the horizon; a weekend counts when its Saturday or its Sunday is worked."""

    name: str
    most_of: dict[str, int]
    most_minutes: int
    least_minutes: int
    longest_work: int
    shortest_work: int
    shortest_rest: int
    most_weekends: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A shift wanted (or not wanted) by a person on a day; `weight` is what it costs not to grant it."""

    person: str
    day: int
    shift: str
    weight: int


@dataclass(frozen=True, slots=True)
class Cover:
    """People wanted in a shift on a day, and what each one below or above costs."""

    day: int
    shift: str
    wanted: int
    under: int
    over: int


@dataclass(slots=True)
class Instance:
    days: int = 0
    shifts: dict[str, Shift] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    days_off: dict[str, frozenset[int]] = field(default_factory=dict)
    wanted: list[Wish] = field(default_factory=list)
    unwanted: list[Wish] = field(default_factory=list)
    cover: list[Cover] = field(default_factory=list)


def read(lines: Iterable[str]) -> Instance:
    """Raises Unreadable with the line; every section has to be there, though some may be empty."""
    made, section, seen = Instance(), "", []
    for row, line in enumerate(lines, 1):
        text = line.strip().lstrip("\ufeff")
        if not text or text.startswith("#"):
            continue
        if text.startswith("SECTION_"):
            section = text.removeprefix("SECTION_")
            if section not in SECTIONS or section in seen:
                raise Unreadable("section", f"{text} is unknown or stands twice", row)
            seen.append(section)
        elif not section:
            raise Unreadable("section", "a line stands before the first section", row)
        else:
            _READERS[section](made, _Line([part.strip() for part in text.split(",")], row))
    if missing := [name for name in SECTIONS if name not in seen]:
        raise Unreadable("section", f"SECTION_{missing[0]} is missing")
    for name, there in (("horizon", made.days), ("shifts", made.shifts), ("staff", made.people)):
        if not there:
            raise Unreadable(name, f"SECTION_{name.upper()} says nothing; the file may be cut off")
    for shift in made.shifts.values():
        if unknown := sorted(shift.never_before - made.shifts.keys()):
            raise Unreadable("shifts", f"{shift.name} must not be followed by {unknown[0]!r}, which is no shift")
    return made


@dataclass(frozen=True, slots=True)
class _Line:
    parts: list[str]
    row: int

    def count(self, place: int, name: str) -> int:
        text = self.text(place, name)
        if not text.isdecimal():
            raise Unreadable(name, f"{text!r} is no whole number", self.row)
        return int(text)

    def text(self, place: int, name: str) -> str:
        if place >= len(self.parts):
            raise Unreadable(name, "the line is too short", self.row)
        return self.parts[place]

    def known(self, place: int, name: str, names: Iterable[str]) -> str:
        text = self.text(place, name)
        if text not in names:
            raise Unreadable(name, f"{text!r} is not known", self.row)
        return text

    def day(self, place: int, made: Instance) -> int:
        found = self.count(place, "day")
        if found >= made.days:
            raise Unreadable("day", f"day {found} lies beyond the horizon of {made.days} days", self.row)
        return found


def _horizon(made: Instance, line: _Line) -> None:
    made.days = line.count(0, "horizon")
    if made.days > LONGEST:
        raise Unreadable("horizon", f"{made.days} days are more than the {LONGEST} of ten years", line.row)


def _shift(made: Instance, line: _Line) -> None:
    name = line.text(0, "shift")
    if name in made.shifts or not name:
        raise Unreadable("shift", f"{name!r} stands twice" if name else "a shift has no name", line.row)
    after = line.parts[2] if len(line.parts) > 2 else ""
    made.shifts[name] = Shift(name, line.count(1, "minutes"), frozenset(one for one in after.split("|") if one))


def _person(made: Instance, line: _Line) -> None:
    name = line.text(0, "staff")
    if name in made.people or not name:
        raise Unreadable("staff", f"{name} stands twice" if name else "a person has no name", line.row)
    most: dict[str, int] = {}
    for one in filter(None, line.text(1, "max_shifts").split("|")):
        shift, _, number = one.partition("=")
        if shift not in made.shifts or not number.isdecimal():
            raise Unreadable("max_shifts", f"{one!r} is not of the form shift=number", line.row)
        most[shift] = int(number)
    limits = [line.count(place, "limits") for place in range(2, 8)]
    made.people[name] = Person(name, most, *limits)


def _day_off(made: Instance, line: _Line) -> None:
    name = line.known(0, "staff", made.people)
    days = frozenset(line.day(place, made) for place in range(1, len(line.parts)) if line.parts[place])
    made.days_off[name] = made.days_off.get(name, frozenset()) | days


def _wish(made: Instance, line: _Line) -> Wish:
    return Wish(
        line.known(0, "staff", made.people),
        line.day(1, made),
        line.known(2, "shift", made.shifts),
        line.count(3, "weight"),
    )


def _cover(made: Instance, line: _Line) -> None:
    made.cover.append(
        Cover(
            line.day(0, made),
            line.known(1, "shift", made.shifts),
            line.count(2, "requirement"),
            line.count(3, "weight_under"),
            line.count(4, "weight_over"),
        )
    )


_READERS: dict[str, Callable[[Instance, _Line], None]] = {
    "HORIZON": _horizon,
    "SHIFTS": _shift,
    "STAFF": _person,
    "DAYS_OFF": _day_off,
    "SHIFT_ON_REQUESTS": lambda made, line: made.wanted.append(_wish(made, line)),
    "SHIFT_OFF_REQUESTS": lambda made, line: made.unwanted.append(_wish(made, line)),
    "COVER": _cover,
}
