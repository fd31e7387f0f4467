# SPDX-License-Identifier: Apache-2.0
"""The site's month as a rostering problem: who stands in the units, what the handbook allows, what is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.telephony.selectors import queues_by_staff
from zuoxi.web.roles import LEADERS
from zuoxi.workforce.board import MARGIN, Planning, shifts_of
from zuoxi.workforce.clock import DAY, Clock
from zuoxi.workforce.conflicts import Planned, half_hours
from zuoxi.workforce.cover import need_on
from zuoxi.workforce.handbook import clocks_on
from zuoxi.workforce.rostering.layout import Array
from zuoxi.workforce.rostering.problem import (
    NEVER,
    Before,
    Breaks,
    Contract,
    Demand,
    Fixed,
    Pattern,
    Person,
    Problem,
    Weights,
    Wish,
)
from zuoxi.workforce.selectors import absences_between
from zuoxi.workforce.today.requirements import required_of
from zuoxi.workforce.units import Book, Member, Unit, days_of, month_end
from zuoxi.workforce.wish_models import RosterWish
from zuoxi.workforce.wishes import standing, weight_of

_DAY = timedelta(days=1)
POOL = "pool-"


@dataclass(frozen=True, slots=True)
class Site:
    """A problem and what its names stand for: person → staff id, and the texts that cells get."""

    problem: Problem
    staff: dict[str, int]
    rest: str
    queues: dict[str, tuple[str, ...]]
    """Pool → its queues: those that some people serve in common."""
    wished: frozenset[int] = frozenset()
    """Ids of the wishes that were read."""


class NothingToPlan(ValueError):
    """No people, no shifts to give or no need are known; the message says which."""


@enforces("SCH-002", "SCH-006", "SCH-011", "SCH-026", "SCH-027")
def problem_of(
    month: date, units: Collection[Unit], *, keep: bool, first_free: date | None = None, book: Book | None = None
) -> Site:
    """The month of these units. `keep` fixes what is written already; days before `first_free` stay as they are.

    Trainings, duties and own times that are written always stay: they are no shifts to choose from.
    """
    last = month_end(month)
    book, planning = book or Book(month, last), Planning(month)
    members = [one for unit, held in book.units().items() if unit in units for one in held]
    members = list({one.staff_id: one for one in members}.values())
    if not members:
        raise NothingToPlan("people")
    shifts = shifts_of(month - MARGIN, last + MARGIN, set(book.members))
    days = days_of(month)
    draft = _Draft(planning, month, days, keep=keep, first_free=first_free)
    patterns = draft.offered()
    if not patterns:
        raise NothingToPlan("shifts")
    people = [draft.person(one, [shift for shift, _seat in shifts.get(one.staff_id, [])]) for one in members]
    outside = {staff: [one for one, _seat in held] for staff, held in shifts.items() if staff not in draft.staff_ids}
    before = {
        staff: [one for one, _seat in held if one.day < month] for staff, held in shifts.items() if staff not in outside
    }
    demand, skills, queues = _demand(month, days, {one.staff_id for one in members}, outside | before)
    reading = planning.handbook.on(month)
    wished = _wished(month, set(draft.staff_ids), float(reading.number("roster.wish.strong_factor")))
    people = [
        replace(one, skills=skills.get(draft.staff[one.id], ()), wishes=draft.heard(one, wished[draft.staff[one.id]]))
        for one in people
    ]
    problem = Problem(
        month, len(days), tuple(draft.patterns.values()), tuple(draft.contracts.values()), tuple(people), demand,
        reserve_least=reading.whole("roster.reserve.minimum_people") if draft.has_reserve else 0,
        leaders_least=reading.whole("roster.leaders.minimum") if any(one.leader for one in people) else 0,
        weights=weights_on(reading), breaks=_breaks(reading),
    )  # fmt: skip
    rest = next((key for key, body in planning.templates.items() if body.kind == "rest"), "")
    read = frozenset(wish.pk for held in wished.values() for wish, _weight in held)
    return Site(problem, draft.staff, rest, queues, read)


def weights_on(reading: Reading) -> Weights:
    def price(name: str) -> float:
        return float(reading.number(f"roster.price.{name}"))

    return Weights(
        price("under"), price("under_far"), price("over"), price("over_far"), int(price("slack_percent")),
        price("wish"), price("leader"), price("reserve"), price("night"), price("weekend"), price("hours"),
        price("row"),
    )  # fmt: skip


def _breaks(reading: Reading) -> Breaks:
    return Breaks(
        reading.whole("break.minutes"), reading.whole("break.every_minutes"), reading.whole("break.not_before_minutes"),
        reading.whole("break.away_percent"),
    )  # fmt: skip


class _Draft:
    """Patterns, contracts and people as they are met."""

    def __init__(
        self, planning: Planning, month: date, days: list[date], *, keep: bool, first_free: date | None
    ) -> None:
        self.planning, self.month, self.days, self.keep = planning, month, days, keep
        self.first_free = first_free or month
        self.clocks = clocks_on(planning.handbook, month)
        self.patterns: dict[str, Pattern] = {}
        self.contracts: dict[str, Contract] = {}
        self.staff: dict[str, int] = {}
        self.away = _away_days(planning, month, days[-1])
        reading = planning.handbook.on(month)
        night_from, night_until = reading.time("roster.night.from"), reading.time("roster.night.until")
        self.night = (night_from.hour * 60 + night_from.minute, night_until.hour * 60 + night_until.minute + DAY)
        self.standard = int(reading.number("roster.hours.day_standard") * 60)
        self.least = float(reading.number("roster.hours.least_percent")) / 100
        self.nights_most = reading.whole("roster.nights.month_maximum")
        self.weekends_most = reading.whole("roster.weekends.month_maximum")

    @property
    def staff_ids(self) -> set[int]:
        return set(self.staff.values())

    @property
    def has_reserve(self) -> bool:
        return any(one.reserve and not one.not_on for one in self.patterns.values())

    def offered(self) -> list[str]:
        """The templates that may be given: work and reserve, on every day or but on working days."""
        off = tuple(place for place, day in enumerate(self.days) if self.planning.free(day))
        for key, body in self.planning.templates.items():
            clock = self.clocks[key]
            if body.kind in ("work", "flex") and clock.spans and (body.seat or body.kind == "flex" or self._alone()):
                self.patterns[key] = self._pattern(
                    key, clock, body.meal_minutes, reserve=body.kind == "flex", not_on=() if body.holidays else off
                )
        return list(self.patterns)

    def _alone(self) -> bool:
        """Whether the pack has no shift at a seat, so that office hours are what is worked."""
        return not any(body.kind == "work" and body.seat for body in self.planning.templates.values())

    def _pattern(self, key: str, clock: Clock, meal: int, *, reserve: bool, not_on: tuple[int, ...] = ()) -> Pattern:
        dark = sum(
            max(0, min(end, until) - max(start, since))
            for start, end in clock.spans
            for since, until in (self.night, (self.night[0] - DAY, self.night[1] - DAY))
        )
        return Pattern(key, clock.spans, meal, reserve, dark * 2 > clock.minutes, not_on)

    def person(self, member: Member, shifts: list[Planned]) -> Person:
        """The member with his leave, what is written for him and how the days before ended."""
        self.staff[member.code] = member.staff_id
        away = self.away.get(member.staff_id, set())
        fixed = self._fixed(shifts, away)
        working = sum(not self.planning.free(day) for day in self.days)
        gone = sum(not self.planning.free(self.days[place]) for place in away)
        agreed = max(working - gone, 0) * self.standard
        written = sum(self.patterns[one.pattern].worked for one in fixed if one.pattern)
        most = max(min(agreed, self.planning.limits.month), written)
        return Person(
            member.code, self._contract(member.position, fixed), (), str(member.posts[0].team_id or ""),
            member.position in {str(role) for role in LEADERS}, tuple(sorted(away)), tuple(fixed), (),
            self._before(shifts), min(int(agreed * self.least), most), most,
        )  # fmt: skip

    def heard(self, person: Person, wished: list[tuple[RosterWish, float]]) -> tuple[Wish, ...]:
        """His wishes that could be granted at all: a rest, or a shift that his contract has."""
        may = self.contracts[person.contract].patterns
        return tuple(
            Wish((one.day - self.month).days, one.want, weight)
            for one, weight in wished
            if one.want == RosterWish.OFF or one.want in may
        )

    def _contract(self, position: str, fixed: list[Fixed]) -> str:
        """One contract for each set of shifts that a position may have; what is fixed is allowed to all."""
        may = tuple(
            key for key, one in self.patterns.items()
            if len(one.not_on) < len(self.days) and self.planning.fits(position, key)
        )  # fmt: skip
        name = "+".join(may)
        limits = self.planning.limits
        before = self.contracts.get(name)
        allowed = tuple(
            dict.fromkeys([*(before.patterns if before else may), *(one.pattern for one in fixed if one.pattern)])
        )
        week = min(one for one in (limits.week, limits.law_week) if one is not None)
        row = min(one for one in (limits.consecutive, limits.law_consecutive) if one is not None)
        self.contracts[name] = Contract(
            name, limits.month, 0, week, limits.rest, row, limits.continuous or 1, self.nights_most, self.weekends_most,
            allowed,
        )  # fmt: skip
        return name

    def _fixed(self, shifts: Iterable[Planned], away: set[int]) -> list[Fixed]:
        held: dict[int, list[Planned]] = defaultdict(list)
        for one in shifts:
            if self.month <= one.day <= self.days[-1]:
                held[(one.day - self.month).days].append(one)
        found = []
        for place, parts in sorted(held.items()):
            work = [one for one in parts if one.kind != "rest"]
            offered = len(work) == 1 and work[0].template in self.patterns and not self._special(work[0].template)
            past = self.days[place] < self.first_free
            if not work:
                if self.keep or past:
                    found.append(Fixed(place))
            elif place not in away and (self.keep or past or not offered):
                found.append(Fixed(place, self._written(work)))
        known = {one.day for one in found}
        found += [
            Fixed(place) for place, day in enumerate(self.days) if day < self.first_free and place not in known | away
        ]
        return found

    def _special(self, key: str) -> bool:
        return len(self.patterns[key].not_on) == len(self.days)

    def _written(self, parts: list[Planned]) -> str:
        """The pattern of what is written in a cell, made where no template is it; such one is never given anew."""
        if len(parts) == 1 and parts[0].template in self.patterns:
            return parts[0].template
        key = "+".join(one.template or str(one.clock) for one in parts)
        if key not in self.patterns:
            spans = sorted({span for one in parts for span in one.clock.spans})
            joined: list[tuple[int, int]] = []
            for start, end in spans:
                if joined and start <= joined[-1][1]:
                    joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
                else:
                    joined.append((start, end))
            meal = sum(one.meal_minutes for one in parts)
            idle = all(one.kind in ("training", "duty") for one in parts)
            everyday = tuple(range(len(self.days)))
            self.patterns[key] = self._pattern(key, Clock(tuple(joined)), meal, reserve=idle, not_on=everyday)
        return key

    def _before(self, shifts: list[Planned]) -> Before:
        earlier = [one for one in shifts if one.day < self.month and one.kind != "rest" and one.clock.spans]
        days, row = {one.day for one in earlier}, 0
        while self.month - _DAY * (row + 1) in days:
            row += 1
        end = max(((one.day - self.month).days * DAY + one.clock.end for one in earlier), default=NEVER)
        monday = self.month - _DAY * self.month.weekday()
        return Before(row, end, sum(one.worked for one in earlier if one.day >= monday))


def _wished(month: date, staff: set[int], strong: float) -> dict[int, list[tuple[RosterWish, float]]]:
    """Staff id → wishes for the month with their weight."""
    found: dict[int, list[tuple[RosterWish, float]]] = defaultdict(list)
    for one in standing(month, staff):
        found[one.staff_id].append((one, weight_of(one, strong)))
    return found


def _away_days(planning: Planning, first: date, last: date) -> dict[int, set[int]]:
    """Staff id → days of the month on which leave takes any of the time."""
    zone = planning.handbook.zone
    found: dict[int, set[int]] = defaultdict(set)
    for one in absences_between(first, last, None):
        start, end = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone) - timedelta(seconds=1)
        day = max(start.date(), first)
        while day <= min(end.date(), last):
            found[one.staff_id].add((day - first).days)
            day += _DAY
    return found


def _demand(
    month: date, days: list[date], staff: set[int], outside: dict[int, list[Planned]]
) -> tuple[tuple[Demand, ...], dict[int, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Need by pool less what people outside the units give already, and what the shifts of the eve reach into the
    first day; staff id → his pools; pool → its queues.

    Queues that somebody serves in common make one pool: a person on shift serves all of his.
    """
    serving = {one: frozenset(queues) for one, queues in queues_by_staff().items()}
    pools = _pools([queues for queues in serving.values() if queues])
    pool_of = {queue: name for name, queues in pools.items() for queue in queues}
    need = {name: np.zeros((len(days), 48), np.int64) for name in pools}
    for one in required_of(days[0], days[-1]):
        local = _local(one.start)
        place = (local.date() - month).days
        if 0 <= place < len(days) and one.queue in pool_of:
            need[pool_of[one.queue]][place, local.hour * 2 + local.minute // 30] += one.positions
    mine = {one: tuple(sorted({pool_of[queue] for queue in serving.get(one, ())})) for one in staff}
    used = {name for held in mine.values() for name in held}
    if not used or not any(need[name].any() for name in used):
        need, used, mine = _plain(days, staff)
        pools = dict.fromkeys(used, ())
    for name in used:
        others = [
            shift
            for one, held in outside.items()
            if (set(mine[one]) if one in mine else {pool_of.get(q) for q in serving.get(one, ())}) == {name}
            for shift in held
        ]
        for place, day in enumerate(days) if others else ():
            near = [one for one in others if day - _DAY <= one.day <= day]
            need[name][place] = np.maximum(need[name][place] - half_hours(near, day), 0)
    if not any(need[name].any() for name in used):
        raise NothingToPlan("need")
    demand = tuple(Demand(name, tuple(tuple(int(n) for n in row) for row in need[name])) for name in sorted(used))
    return demand, mine, {name: pools[name] for name in sorted(used)}


def _plain(days: list[date], staff: set[int]) -> tuple[dict[str, Array], set[str], dict[int, tuple[str, ...]]]:
    """The plan of people needed as one pool, where no queue's need is known."""
    name = f"{POOL}1"
    return {name: np.array([need_on(day) for day in days], np.int64)}, {name}, dict.fromkeys(staff, (name,))


def _pools(groups: list[frozenset[str]]) -> dict[str, tuple[str, ...]]:
    joined: list[set[str]] = []
    for queues in set(groups):
        touching = [one for one in joined if one & queues]
        joined = [one for one in joined if not one & queues] + [set(queues).union(*touching)]
    return {f"{POOL}{number}": tuple(sorted(one)) for number, one in enumerate(sorted(joined, key=sorted), start=1)}


def _local(moment: datetime) -> datetime:
    from zuoxi.policy.selectors import site_handbook

    return moment.astimezone(site_handbook().zone)
