# SPDX-License-Identifier: Apache-2.0
"""Fixed assignments that cannot all stand: the smallest set of them that no roster can hold.

Every limit is one of "at most", so that more work never mends a breach: a person's fixed shifts can stand if and only
if they can stand alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from zuoxi.workforce.rostering.problem import DAY, Contract, Fixed, Pattern, Person, Problem


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`rule` is what binds; `items` the fewest fixed assignments that break it together."""

    person: str
    rule: str
    items: tuple[Fixed, ...]
    row: int

    def __str__(self) -> str:
        said = ", ".join(f"day {one.day}: {one.pattern or 'rest'}" for one in self.items)
        together = " together" if len(self.items) > 1 else ""
        return f"{self.person}: {said} cannot stand{together} ({self.rule})"


def contradictions(problem: Problem) -> list[Contradiction]:
    """For every person whose fixed assignments contradict, the smallest set; the smallest of all first."""
    found = []
    for row, person in enumerate(problem.people):
        if person.fixed:
            sets = sorted(_of(problem, person), key=lambda one: len(one[1]))
            if sets:
                found.append(Contradiction(person.id, sets[0][0], tuple(sets[0][1]), row))
    return sorted(found, key=lambda one: len(one.items))


def _of(problem: Problem, person: Person) -> Iterator[tuple[str, list[Fixed]]]:
    contract = problem.contract[person.contract]
    by_day: dict[int, list[Fixed]] = {}
    for one in person.fixed:
        by_day.setdefault(one.day, []).append(one)
    for held in by_day.values():
        if len({(one.pattern, one.skill) for one in held}) > 1:
            yield "one shift a day", held[:2]
    work = sorted((one for one in person.fixed if one.pattern), key=lambda one: one.day)
    for one in work:
        if one.day in person.away:
            yield "away", [one]
        elif contract.patterns and one.pattern not in contract.patterns:
            yield "pattern", [one]
        elif one.skill and one.skill not in person.skills:
            yield "skill", [one]
    yield from _rests(problem, person, contract, work)
    yield from _rows(person, contract, work)
    yield from _sums(problem, person, contract, work)


def _rests(
    problem: Problem, person: Person, contract: Contract, work: list[Fixed]
) -> Iterator[tuple[str, list[Fixed]]]:
    for one, other in pairwise(work):
        if one.day != other.day and _gap(problem.pattern, one, other) < contract.rest_least:
            yield "rest_least", [one, other]
    if work and work[0].day * DAY + problem.pattern[work[0].pattern].start - person.before.end < contract.rest_least:
        yield "rest_least", [work[0]]


def _gap(patterns: dict[str, Pattern], one: Fixed, other: Fixed) -> int:
    return (other.day - one.day) * DAY + patterns[other.pattern].start - patterns[one.pattern].end


def _rows(person: Person, contract: Contract, work: list[Fixed]) -> Iterator[tuple[str, list[Fixed]]]:
    run: list[Fixed] = []
    before = person.before.row
    for one in work:
        joined = one.day == run[-1].day + 1 if run else one.day == 0 and before > 0
        if not joined:
            run, before = [], 0 if one.day else before
        run.append(one)
        if len(run) + before > contract.row_most:
            yield "row_most", list(run)
            run, before = [], 0


def _sums(problem: Problem, person: Person, contract: Contract, work: list[Fixed]) -> Iterator[tuple[str, list[Fixed]]]:
    minutes = {one: problem.pattern[one.pattern].worked for one in work}
    most = contract.minutes_most if person.minutes_most is None else person.minutes_most
    yield from _beyond("minutes_most", work, minutes, most)
    for week in sorted({problem.week(one.day) for one in work}):
        here = [one for one in work if problem.week(one.day) == week]
        already = person.before.week_minutes if week == 0 else 0
        yield from _beyond("week_most", here, minutes, contract.week_most - already)
    nights = [one for one in work if problem.pattern[one.pattern].night]
    yield from _beyond("nights_most", nights, dict.fromkeys(nights, 1), contract.nights_most)
    weekends = {problem.week(one.day): one for one in work if problem.weekend(one.day)}
    held = list(weekends.values())
    yield from _beyond("weekends_most", held, dict.fromkeys(held, 1), contract.weekends_most)


def _beyond(rule: str, items: list[Fixed], size: dict[Fixed, int], most: int) -> Iterator[tuple[str, list[Fixed]]]:
    """The fewest of the items, the largest first, that pass the limit together."""
    taken: list[Fixed] = []
    total = 0
    for one in sorted(items, key=lambda item: (-size[item], item.day)):
        taken.append(one)
        total += size[one]
        if total > most:
            yield rule, sorted(taken, key=lambda item: item.day)
            return
