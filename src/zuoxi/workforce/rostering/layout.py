# SPDX-License-Identifier: Apache-2.0
"""The problem as arrays: people of one kind are a class, what a class can be given on a day are its options.

Option 0 is a day without work; every other is a pattern and the lines that it serves. A line is something that is
needed by half hour: a skill, a leader on the floor, or the reserve (which is counted once a day, at its first half
hour). Whoever has several skills serves one of them in a shift.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from zuoxi.workforce.rostering.problem import SLOTS, Contract, Person, Problem

LEADER, RESERVE = "leader", "reserve"
NOT_TODAY = 1e7
"""Price of a pattern on a day on which it is not given: above everything else together."""
Array = np.ndarray[Any, np.dtype[Any]]


class Tables(NamedTuple):
    """What the kernels read. Letters: p pattern, k class, o option, l line, i person, d day, t half hour."""

    p_start: Array
    p_end: Array
    p_worked: Array
    p_night: Array
    p_count: Array
    p_slots: Array
    p_spans: Array  # [p, span, 2] half hours from and until; equal where there are fewer spans
    o_pattern: Array  # [k, o]
    o_lines: Array  # [k, o, 2], -1 where there is none
    o_count: Array  # [k]
    need: Array  # [l, t]
    slack: Array  # [l, t]
    price: Array  # [l, 4]: under, far under, over, far over
    kind: Array  # [i] class
    limits: Array  # [i, 8]: least, most, week, rest, row most, row least, nights, weekends
    before: Array  # [i, 3]: row, end, week minutes
    free: Array  # [i, d] 1 where a cell may be changed
    wish: Array  # [i, d, o] what an option costs the person
    share: Array  # [i, 2] even share of nights and of weekend days
    week: Array  # [d]
    weekend: Array  # [d] number of the weekend, -1 on working days
    soft: Array  # [4]: hours by half hour, row, night, weekend


@dataclass(frozen=True, slots=True)
class Kind:
    """A class: contract, skills, leader; with its people and options (pattern index, skill or "")."""

    contract: Contract
    skills: tuple[str, ...]
    leader: bool
    members: tuple[int, ...]
    options: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    problem: Problem
    kinds: tuple[Kind, ...]
    lines: tuple[str, ...]
    tables: Tables
    start: Array
    """[i, d] options of the fixed assignments, nought elsewhere."""

    @property
    def slots(self) -> int:
        return self.problem.days * SLOTS


def most_of(problem: Problem, person: Person) -> int:
    return problem.contract[person.contract].minutes_most if person.minutes_most is None else person.minutes_most


def least_of(problem: Problem, person: Person) -> int:
    return problem.contract[person.contract].minutes_least if person.minutes_least is None else person.minutes_least


def lay_out(problem: Problem) -> Layout:
    kinds = _kinds(problem)
    lines = [one.skill for one in problem.demand]
    lines += [LEADER] * bool(problem.leaders_least) + [RESERVE] * bool(problem.reserve_least)
    tables, start = _tables(problem, kinds, lines)
    return Layout(problem, kinds, tuple(lines), tables, start)


def _kinds(problem: Problem) -> tuple[Kind, ...]:
    members: dict[tuple[str, tuple[str, ...], bool], list[int]] = {}
    for place, person in enumerate(problem.people):
        key = (person.contract, tuple(sorted(person.skills)), person.leader and problem.leaders_least > 0)
        members.setdefault(key, []).append(place)
    made = []
    for (name, skills, leader), held in members.items():
        contract = problem.contract[name]
        options: list[tuple[int, str]] = []
        for place, pattern in enumerate(problem.patterns):
            if contract.patterns and pattern.id not in contract.patterns:
                continue
            options += [(place, "")] if pattern.reserve or not skills else [(place, skill) for skill in skills]
        made.append(Kind(contract, skills, leader, tuple(held), tuple(options)))
    return tuple(made)


def _tables(problem: Problem, kinds: Sequence[Kind], lines: list[str]) -> tuple[Tables, Array]:
    days, people = problem.days, len(problem.people)
    need, slack, price = _needs(problem, lines)
    o_pattern, o_lines, o_count = _options(problem, kinds, lines)
    kind = np.zeros(people, np.int64)
    for place, one in enumerate(kinds):
        kind[list(one.members)] = place
    index = [{(problem.patterns[p].id, skill): o for o, (p, skill) in enumerate(one.options, start=1)} for one in kinds]
    free = np.ones((people, days), np.int8)
    wish = np.zeros((people, days, int(o_count.max(initial=1))), np.float32)
    start = np.zeros((people, days), np.int16)
    for i, person in enumerate(problem.people):
        _person(problem, person, index[kind[i]], (free[i], wish[i], start[i]))
    width = max((len(one.slots) for one in problem.patterns), default=1)
    p_slots = np.zeros((len(problem.patterns), max(width, 1)), np.int64)
    p_spans = np.zeros(
        (len(problem.patterns), max((len(one.spans) for one in problem.patterns), default=1), 2), np.int64
    )
    p_count = np.zeros(len(problem.patterns), np.int64)
    for place, pattern in enumerate(problem.patterns):
        slots = (0,) if pattern.reserve else pattern.slots
        p_count[place] = len(slots)
        p_slots[place, : len(slots)] = slots
        stretches = _stretches(slots)
        p_spans[place, : len(stretches)] = stretches
    weights = problem.weights
    tables = Tables(
        np.array([one.start for one in problem.patterns], np.int64),
        np.array([one.end for one in problem.patterns], np.int64),
        np.array([one.worked for one in problem.patterns], np.int64),
        np.array([one.night for one in problem.patterns], np.int64),
        p_count, p_slots, p_spans, o_pattern, o_lines, o_count, need, slack, price, kind,
        np.array([_limits(problem, one) for one in problem.people], np.int64).reshape(people, 8),
        np.array([(one.before.row, one.before.end, one.before.week_minutes) for one in problem.people], np.int64)
        .reshape(people, 3),
        free, wish, np.full((people, 2), 10.0**6),
        np.array([problem.week(day) for day in range(days)], np.int64),
        np.array([problem.week(day) if problem.weekend(day) else -1 for day in range(days)], np.int64),
        np.array([weights.hours, weights.row, weights.night, weights.weekend], np.float64),
    )  # fmt: skip
    return tables, start


def _stretches(slots: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of half hours, as from and until."""
    found: list[tuple[int, int]] = []
    for slot in slots:
        if found and found[-1][1] == slot:
            found[-1] = (found[-1][0], slot + 1)
        else:
            found.append((slot, slot + 1))
    return found


def _needs(problem: Problem, lines: list[str]) -> tuple[Array, Array, Array]:
    weights = problem.weights
    need = np.zeros((len(lines), problem.days * SLOTS), np.int64)
    price = np.zeros((len(lines), 4))
    for place, one in enumerate(problem.demand):
        need[place] = np.array(one.need, np.int64).reshape(-1)
        price[place] = weights.under, weights.under_far, weights.over, weights.over_far
    slack = need * (weights.slack_percent / 100)
    wanted = need.sum(axis=0) > 0
    if LEADER in lines:
        place = lines.index(LEADER)
        need[place] = np.where(wanted, problem.leaders_least, 0)
        price[place] = weights.leader, weights.leader, 0, 0
    if RESERVE in lines:
        place = lines.index(RESERVE)
        need[place, ::SLOTS] = problem.reserve_least
        price[place] = weights.reserve, weights.reserve, 0, 0
    return need, slack, price


def _options(problem: Problem, kinds: Sequence[Kind], lines: list[str]) -> tuple[Array, Array, Array]:
    most = max((len(one.options) for one in kinds), default=0) + 1
    o_pattern = np.full((len(kinds), most), -1, np.int64)
    o_lines = np.full((len(kinds), most, 2), -1, np.int64)
    for k, one in enumerate(kinds):
        for o, (p, skill) in enumerate(one.options, start=1):
            o_pattern[k, o] = p
            held = []
            if problem.patterns[p].reserve:
                held = [lines.index(RESERVE)] if RESERVE in lines else []
            elif skill:
                held = [lines.index(skill)]
            if one.leader and not problem.patterns[p].reserve:
                held.append(lines.index(LEADER))
            o_lines[k, o, : len(held)] = held
    return o_pattern, o_lines, np.array([len(one.options) + 1 for one in kinds], np.int64)


def _limits(problem: Problem, person: Person) -> tuple[int, ...]:
    one = problem.contract[person.contract]
    return (
        least_of(problem, person), most_of(problem, person), one.week_most, one.rest_least, one.row_most,
        one.row_least, one.nights_most, one.weekends_most,
    )  # fmt: skip


def _person(
    problem: Problem, person: Person, index: Mapping[tuple[str, str], int], rows: tuple[Array, Array, Array]
) -> None:
    """Fill the person's rows: what may be changed, what his options cost him, what is fixed."""
    free, wish, start = rows
    free[list(person.away)] = 0
    for one in person.fixed:
        free[one.day] = 0
        start[one.day] = option_of(index, one.pattern, one.skill) if one.pattern else 0
    pattern_of = {option: pattern for (pattern, _skill), option in index.items()}
    for option, name in pattern_of.items():
        for day in problem.pattern[name].not_on:
            if start[day] != option or free[day]:
                wish[day, option] += NOT_TODAY
    for want in person.wishes:
        price = problem.weights.wish * want.weight
        for option in range(len(pattern_of) + 1):
            granted = option == 0 if want.want == "off" else option > 0
            if want.want not in ("off", "work"):
                granted = pattern_of.get(option) == want.want
            wish[want.day, option] += 0 if granted else price
    present = problem.present.get(person.id)
    if present and problem.weights.change:
        for day, said in enumerate(present):
            for option in range(len(pattern_of) + 1):
                if pattern_of.get(option, "") != said and day not in person.away:
                    wish[day, option] += problem.weights.change


def option_of(index: Mapping[tuple[str, str], int], pattern: str, skill: str) -> int:
    """The option of a pattern, with the first skill where none is said."""
    found = index.get((pattern, skill))
    return found if found is not None else next(option for (key, _skill), option in index.items() if key == pattern)


def duties(layout: Layout) -> tuple[Array, Array]:
    """What counts alike for the cover, by [class, option] as a number (0 is a rest), and back: the option of a class by
    [class, number], -1 where the class has none."""
    shape = (len(layout.kinds), int(layout.tables.o_count.max(initial=1)))
    numbers: dict[tuple[int, ...], int] = {}
    duty = np.zeros(shape, np.int64)
    for k, kind in enumerate(layout.kinds):
        for o, (place, _skill) in enumerate(kind.options, start=1):
            alike = (place, *(int(line) for line in layout.tables.o_lines[k, o]))
            duty[k, o] = numbers.setdefault(alike, len(numbers) + 1)
    back = np.full((shape[0], len(numbers) + 1), -1, np.int64)
    for k, kind in enumerate(layout.kinds):
        back[k, duty[k, : len(kind.options) + 1]] = np.arange(len(kind.options) + 1)
    return duty, back
