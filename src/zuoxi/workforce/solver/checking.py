# SPDX-License-Identifier: Apache-2.0
"""A finished roster beside its instance: what it breaks and what it costs. Shares no code with what makes rosters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from zuoxi.workforce.solver.instances import Instance, Person, Unreadable

SATURDAY, SUNDAY, WEEK = 5, 6, 7


@dataclass(frozen=True, slots=True)
class Breach:
    """A hard rule that is broken: which, by whom, on which day (None: over the whole horizon)."""

    constraint: str
    person: str
    day: int | None
    message: str


@dataclass(slots=True)
class Checked:
    """`by_constraint` tells what each soft rule costs and how often each hard one is broken."""

    objective: int = 0
    breaches: list[Breach] = field(default_factory=list)
    by_constraint: Counter[str] = field(default_factory=Counter)


def check(instance: Instance, roster: Mapping[str, Sequence[str]]) -> Checked:
    """`roster`: for each person a shift or "" for every day. Raises Unreadable when it is not of that shape."""
    _shape(instance, roster)
    found = Checked()
    for person in instance.people.values():
        found.breaches += _breaches(instance, person, roster[person.name])
    found.by_constraint.update(one.constraint for one in found.breaches)
    for name, cost in _costs(instance, roster):
        found.by_constraint[name] += cost
        found.objective += cost
    return found


def _shape(instance: Instance, roster: Mapping[str, Sequence[str]]) -> None:
    for name in roster:
        if name not in instance.people:
            raise Unreadable(name, "is nobody of the instance")
    for name in instance.people:
        days = roster.get(name)
        if not isinstance(days, list | tuple) or len(days) != instance.days:
            raise Unreadable(name, f"has to have {instance.days} days")
        for day, shift in enumerate(days):
            if shift != "" and (not isinstance(shift, str) or shift not in instance.shifts):
                raise Unreadable(name, f"day {day}: {shift!r} is no shift of the instance")


def _breaches(instance: Instance, person: Person, days: Sequence[str]) -> Iterator[Breach]:
    yield from _days(instance, person, days)
    yield from _totals(instance, person, days)
    yield from _runs(instance, person, days)


def _days(instance: Instance, person: Person, days: Sequence[str]) -> Iterator[Breach]:
    for day in sorted(instance.days_off.get(person.name, ())):
        if days[day]:
            yield Breach("day_off", person.name, day, f"works {days[day]} on a day off")
    for day in range(1, instance.days):
        before, after = days[day - 1], days[day]
        if before and after and after in instance.shifts[before].never_before:
            yield Breach("succession", person.name, day, f"{after} must not follow {before}")


def _totals(instance: Instance, person: Person, days: Sequence[str]) -> Iterator[Breach]:
    worked = Counter(shift for shift in days if shift)
    for shift, count in sorted(worked.items()):
        if count > (most := person.most_of.get(shift, 0)):
            yield Breach("max_shifts", person.name, None, f"{count} of {shift}, at most {most}")
    minutes = sum(instance.shifts[shift].minutes * count for shift, count in worked.items())
    if minutes > person.most_minutes:
        yield Breach("max_minutes", person.name, None, f"{minutes} minutes, at most {person.most_minutes}")
    if minutes < person.least_minutes:
        yield Breach("min_minutes", person.name, None, f"{minutes} minutes, at least {person.least_minutes}")
    weekends = {day // WEEK for day, shift in enumerate(days) if shift and day % WEEK in (SATURDAY, SUNDAY)}
    if len(weekends) > person.most_weekends:
        yield Breach("max_weekends", person.name, None, f"{len(weekends)} weekends, at most {person.most_weekends}")


def _runs(instance: Instance, person: Person, days: Sequence[str]) -> Iterator[Breach]:
    """A run that touches an end of the horizon may have begun before it or go on after it."""
    first = 0
    for works, run in groupby(bool(shift) for shift in days):
        length = len(list(run))
        inside = first > 0 and first + length < instance.days
        if works and length > person.longest_work:
            yield Breach("max_consecutive", person.name, first, f"{length} days of work, at most {person.longest_work}")
        elif works and inside and length < person.shortest_work:
            yield Breach(
                "min_consecutive", person.name, first, f"{length} days of work, at least {person.shortest_work}"
            )
        elif not works and inside and length < person.shortest_rest:
            yield Breach("min_days_off", person.name, first, f"{length} days off, at least {person.shortest_rest}")
        first += length


def _costs(instance: Instance, roster: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int]]:
    for wish in instance.wanted:
        if roster[wish.person][wish.day] != wish.shift:
            yield "shift_on_requests", wish.weight
    for wish in instance.unwanted:
        if roster[wish.person][wish.day] == wish.shift:
            yield "shift_off_requests", wish.weight
    there = Counter((day, shift) for days in roster.values() for day, shift in enumerate(days) if shift)
    for one in instance.cover:
        count = there[one.day, one.shift]
        if count < one.wanted:
            yield "under_cover", (one.wanted - count) * one.under
        elif count > one.wanted:
            yield "over_cover", (count - one.wanted) * one.over
