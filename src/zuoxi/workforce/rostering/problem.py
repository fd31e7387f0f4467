# SPDX-License-Identifier: Apache-2.0
"""The rostering problem: what is needed in each half hour, who may work how, and what breaks a wish or a limit.

Times are minutes from the midnight with which a day begins; 1470 is half past midnight of the next day. Days are
counted from `start`, the first is 0. The same dataclasses read the problem file of `zuoxi roster solve`.
"""

from __future__ import annotations

import json
import math
from dataclasses import field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

DAY = 24 * 60
SLOT = 30
SLOTS = DAY // SLOT
HANDOVER = 5
"""Minutes that a half hour may lack at a shift's beginning or end and yet count as worked."""
NEVER = -(10**6)
_STRICT = ConfigDict(extra="forbid", ignored_types=(cached_property,))


class Unreadable(ValueError):
    """What is wrong with a problem, in which field, and at which row of its list (0 is the first)."""

    def __init__(self, field: str, message: str, row: int | None = None) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message, self.row = field, message, row

    def as_json(self) -> dict[str, Any]:
        return {"error": {"field": self.field, "message": self.message, "row": self.row}}


@dataclass(frozen=True, config=_STRICT)
class Pattern:
    """A shift that can be given on a day. `reserve`: stands by and takes no calls of its own; `not_on`: days on which
    it is had only where it is fixed."""

    id: str
    spans: tuple[tuple[int, int], ...]
    meal_minutes: int = 0
    reserve: bool = False
    night: bool = False
    not_on: tuple[int, ...] = ()

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]

    @property
    def worked(self) -> int:
        """Paid minutes: the spans without the meal."""
        return max(sum(end - start for start, end in self.spans) - self.meal_minutes, 0)

    @property
    def slots(self) -> tuple[int, ...]:
        """Half hours of its day that are worked as a whole, but for what a hand-over takes; 48 and more lie on the next
        day."""
        return tuple(
            slot
            for start, end in self.spans
            for slot in range(-(-(start - HANDOVER) // SLOT), (end + HANDOVER) // SLOT)
        )


@dataclass(frozen=True, config=_STRICT)
class Contract:
    """What one may be asked to work. Minutes are paid ones; `patterns` empty: every pattern.

    All are hard but `minutes_least` and `row_least`, which are kept at a high price: leave can make them impossible.
    """

    id: str
    minutes_most: int
    minutes_least: int = 0
    week_most: int = 7 * DAY
    rest_least: int = 0
    row_most: int = 7
    row_least: int = 1
    nights_most: int = 99
    weekends_most: int = 99
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class Fixed:
    """What a person has to have on a day; `pattern` "" is a rest."""

    day: int
    pattern: str = ""
    skill: str = ""


@dataclass(frozen=True, config=_STRICT)
class Wish:
    """`want` "off", "work" or a pattern; `weight` is what it costs not to grant it."""

    day: int
    want: str
    weight: float = 1.0


@dataclass(frozen=True, config=_STRICT)
class Before:
    """How the days before the first ended: days in a row worked up to its eve, the end of the last shift (minutes from
    the first day's midnight, mostly negative), minutes already worked in the week that the first day lies in."""

    row: int = 0
    end: int = NEVER
    week_minutes: int = 0


@dataclass(frozen=True, config=_STRICT)
class Person:
    """`minutes_least` and `minutes_most` replace those of the contract (leave shortens a month)."""

    id: str
    contract: str
    skills: tuple[str, ...]
    team: str = ""
    leader: bool = False
    away: tuple[int, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    wishes: tuple[Wish, ...] = ()
    before: Before = field(default_factory=Before)
    minutes_least: int | None = None
    minutes_most: int | None = None


@dataclass(frozen=True, config=_STRICT)
class Demand:
    """People needed in every half hour of every day, for those who serve `skill`."""

    skill: str
    need: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, config=_STRICT)
class Weights:
    """Prices a planner can read, of one person for one half hour where nothing else is said.

    `under` up to `slack_percent` of the need, `under_far` beyond it; `over` likewise. `leader`: a half hour without a
    leader; `reserve`: one missing on the reserve shift for a day; `night` and `weekend`: each beyond the even share;
    `hours`: half an hour short of the contract; `row`: a stretch of work shorter than the least; `change`: a cell that
    is not as in the roster given.
    """

    under: float = 10
    under_far: float = 20
    over: float = 2
    over_far: float = 5
    slack_percent: int = 10
    wish: float = 15
    leader: float = 10
    reserve: float = 60
    night: float = 20
    weekend: float = 10
    hours: float = 30
    row: float = 100
    change: float = 0


@dataclass(frozen=True, config=_STRICT)
class Breaks:
    """Short breaks: `minutes` for each `every` minutes of a span, none in the first `not_before` minutes of a shift;
    at most `away_percent` of those on shift are away at once, meals included."""

    minutes: int = 5
    every: int = 60
    not_before: int = 30
    away_percent: int = 25


@dataclass(frozen=True, config=_STRICT)
class Problem:
    """Everything that is asked.

    `reserve_least`: people on a reserve pattern each day; `leaders_least`: leaders on shift in each half hour that
    needs anybody; `present`: the roster in force, person → pattern of each day ("" is a rest).
    """

    start: date
    days: int
    patterns: tuple[Pattern, ...]
    contracts: tuple[Contract, ...]
    people: tuple[Person, ...]
    demand: tuple[Demand, ...]
    reserve_least: int = 0
    leaders_least: int = 0
    weights: Weights = field(default_factory=Weights)
    breaks: Breaks = field(default_factory=Breaks)
    present: dict[str, tuple[str, ...]] = field(default_factory=dict)
    format: Literal["zuoxi-roster-1"] = "zuoxi-roster-1"

    @cached_property
    def pattern(self) -> dict[str, Pattern]:
        return {one.id: one for one in self.patterns}

    @cached_property
    def contract(self) -> dict[str, Contract]:
        return {one.id: one for one in self.contracts}

    def day(self, number: int) -> date:
        return self.start + timedelta(days=number)

    def week(self, number: int) -> int:
        """The week of a day, Monday first; the one the first day lies in is 0."""
        return (number + self.start.weekday()) // 7

    def weekend(self, number: int) -> bool:
        return self.day(number).weekday() >= 5


_ADAPTER = TypeAdapter(Problem)


def read(text: str | bytes) -> Problem:
    """The problem of a file. Raises Unreadable with the first thing that is wrong."""
    try:
        found = _ADAPTER.validate_json(text)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        place = [one for one in first["loc"] if one != "__args__"]
        row = next((one for one in place if isinstance(one, int)), None)
        raise Unreadable(".".join(map(str, place)) or "file", first["msg"], row) from wrong
    look_over(found)
    return found


def schema() -> dict[str, Any]:
    """JSON schema of the problem file."""
    return _ADAPTER.json_schema()


def dump(problem: Problem) -> str:
    return json.dumps(_ADAPTER.dump_python(problem, mode="json"), ensure_ascii=False)


def look_over(problem: Problem) -> None:
    """What the types cannot say. Raises Unreadable."""
    if problem.days < 1:
        raise Unreadable("days", "a roster has at least one day")
    for name, rows in (("patterns", problem.patterns), ("contracts", problem.contracts), ("people", problem.people)):
        _unique(name, [one.id for one in rows])
    _unique("demand", [one.skill for one in problem.demand])
    if not problem.patterns:
        raise Unreadable("patterns", "a roster has at least one shift pattern")
    _prices(problem)
    for row, pattern in enumerate(problem.patterns):
        _spans(row, pattern)
    for row, line in enumerate(problem.demand):
        if len(line.need) != problem.days or any(len(day) != SLOTS for day in line.need):
            raise Unreadable("demand.need", f"{problem.days} days of {SLOTS} half hours are expected", row)
        if any(one < 0 for day in line.need for one in day):
            raise Unreadable("demand.need", f"{line.skill}: people needed cannot be fewer than none", row)
    for row, contract in enumerate(problem.contracts):
        _contract(problem, row, contract)
    skills = {line.skill for line in problem.demand}
    for row, person in enumerate(problem.people):
        _person(problem, row, person, skills)


def _contract(problem: Problem, row: int, contract: Contract) -> None:
    for key in contract.patterns:
        if key not in problem.pattern:
            raise Unreadable("contracts.patterns", f"{contract.id}: there is no pattern {key!r}", row)
    for key, value in vars(contract).items():
        if isinstance(value, int) and value < 0:
            raise Unreadable(f"contracts.{key}", f"{contract.id}: cannot be below nought", row)
    if contract.minutes_least > contract.minutes_most:
        raise Unreadable("contracts.minutes_least", f"{contract.id}: is above minutes_most", row)


def _prices(problem: Problem) -> None:
    """Prices are finite and not below nought, and far from the need not lower than near it."""
    for key, value in vars(problem.weights).items():
        if not 0 <= value < math.inf:
            raise Unreadable(f"weights.{key}", f"{value} is no price")
    for near, far in (("under", "under_far"), ("over", "over_far")):
        if getattr(problem.weights, far) < getattr(problem.weights, near):
            raise Unreadable(f"weights.{far}", f"is below weights.{near}")
    for field_name in ("reserve_least", "leaders_least"):
        if getattr(problem, field_name) < 0:
            raise Unreadable(field_name, "cannot be below nought")


def _unique(name: str, keys: list[str]) -> None:
    seen: set[str] = set()
    for row, key in enumerate(keys):
        if key in seen or not key:
            raise Unreadable(name, f"{key!r} stands twice" if key else "has no name", row)
        seen.add(key)


def _spans(row: int, pattern: Pattern) -> None:
    last = -1
    for start, end in pattern.spans:
        if start <= last or end <= start or end > 2 * DAY or start < 0:
            raise Unreadable("patterns.spans", f"{pattern.id}: spans have a length and follow each other", row)
        last = end
    if not 0 <= pattern.meal_minutes <= sum(end - start for start, end in pattern.spans):
        raise Unreadable("patterns.meal_minutes", f"{pattern.id}: a meal lies within the shift", row)
    if not pattern.spans or pattern.start >= DAY:
        raise Unreadable("patterns.spans", f"{pattern.id}: a shift begins on its own day", row)


def _person(problem: Problem, row: int, person: Person, skills: set[str]) -> None:
    if person.contract not in problem.contract:
        raise Unreadable("people.contract", f"{person.id}: there is no contract {person.contract!r}", row)
    if unknown := set(person.skills) - skills:
        raise Unreadable("people.skills", f"{person.id}: nothing is needed of {sorted(unknown)[0]!r}", row)
    for day in (*person.away, *(one.day for one in person.fixed), *(one.day for one in person.wishes)):
        if not 0 <= day < problem.days:
            raise Unreadable("people", f"{person.id}: day {day} is not among the {problem.days}", row)
    for one in person.fixed:
        if one.pattern and one.pattern not in problem.pattern:
            raise Unreadable("people.fixed", f"{person.id}: there is no pattern {one.pattern!r}", row)
    for wish in person.wishes:
        if wish.want not in ("off", "work") and wish.want not in problem.pattern:
            raise Unreadable("people.wishes", f"{person.id}: there is no pattern {wish.want!r}", row)
        if not 0 <= wish.weight < math.inf:
            raise Unreadable("people.wishes", f"{person.id}: {wish.weight} is no weight", row)
    present = problem.present.get(person.id)
    if present is not None and len(present) != problem.days:
        raise Unreadable("present", f"{person.id}: {problem.days} days are expected", row)
