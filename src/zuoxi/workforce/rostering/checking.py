# SPDX-License-Identifier: Apache-2.0
"""A finished roster beside its problem: what it breaks, what it costs by constraint. Shares no code with the solver
but the reading of the problem; counts with sets and sums, cell by cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from zuoxi.workforce.rostering.problem import Person, Problem

Rows = dict[str, list[tuple[str, str]]]
"""Person → (pattern, skill) of each day; two empty texts are a rest."""


@dataclass(frozen=True, slots=True)
class Breach:
    """`rule` is a name of the contract's limits, or "away", "fixed", "pattern", "skill", "row"."""

    person: str
    rule: str
    day: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    breaches: list[Breach]
    by_constraint: dict[str, float]

    @property
    def objective(self) -> float:
        return sum(self.by_constraint.values())


def rows_of(problem: Problem, assignments: list[dict[str, Any]]) -> Rows:
    """The cells of a roster file; who is not named rests."""
    made: Rows = {one.id: [("", "")] * problem.days for one in problem.people}
    for one in assignments:
        made[str(one["person"])][int(one["day"])] = (str(one["pattern"]), str(one.get("skill", "")))
    return made


def check(problem: Problem, rows: Rows) -> Checked:
    breaches: list[Breach] = []
    for person in problem.people:
        row = rows.get(person.id, [])
        if len(row) != problem.days:
            breaches.append(Breach(person.id, "row", None, f"{len(row)} days instead of {problem.days}"))
            continue
        breaches += _person(problem, person, row)
    return Checked(breaches, _costs(problem, rows))


def _person(  # noqa: PLR0912
    problem: Problem, person: Person, row: list[tuple[str, str]]
) -> list[Breach]:
    contract = problem.contract[person.contract]
    found: list[Breach] = []

    def say(rule: str, day: int | None, message: str) -> None:
        found.append(Breach(person.id, rule, day, message))

    for one in person.fixed:
        given, served = row[one.day]
        if given != one.pattern or (one.skill and one.pattern and served != one.skill):
            say("fixed", one.day, f"{one.pattern or 'rest'} was fixed")
    worked = [(day, problem.pattern[name], skill) for day, (name, skill) in enumerate(row) if name]
    last_end, run, last_day = person.before.end, person.before.row, -1
    for day, pattern, skill in worked:
        if day in person.away:
            say("away", day, "is away")
        if contract.patterns and pattern.id not in contract.patterns:
            say("pattern", day, f"{pattern.id} is not in the contract")
        if not pattern.reserve and skill not in person.skills and (skill or person.skills):
            say("skill", day, f"does not serve {skill!r}")
        if day in pattern.not_on and all(one.day != day for one in person.fixed):
            say("not_on", day, f"{pattern.id} is not given on this day")
        gap = day * 1440 + pattern.start - last_end
        if gap < contract.rest_least:
            say("rest_least", day, f"{gap} minutes of rest, at least {contract.rest_least}")
        last_end = day * 1440 + pattern.end
        run = run + 1 if day == last_day + 1 else 1
        last_day = day
        if run > contract.row_most:
            say("row_most", day, f"day {run} in a row, at most {contract.row_most}")
    weeks: Counter[int] = Counter({0: person.before.week_minutes})
    for day, pattern, _skill in worked:
        weeks[problem.week(day)] += pattern.worked
    for week, minutes in weeks.items():
        if minutes > contract.week_most and any(problem.week(day) == week for day, _one, _skill in worked):
            say("week_most", None, f"{minutes} minutes in week {week}, at most {contract.week_most}")
    total = sum(pattern.worked for _day, pattern, _skill in worked)
    most = contract.minutes_most if person.minutes_most is None else person.minutes_most
    if total > most:
        say("minutes_most", None, f"{total} minutes, at most {most}")
    nights = sum(pattern.night for _day, pattern, _skill in worked)
    if nights > contract.nights_most:
        say("nights_most", None, f"{nights} nights, at most {contract.nights_most}")
    weekends = len({problem.week(day) for day, _one, _skill in worked if problem.weekend(day)})
    if weekends > contract.weekends_most:
        say("weekends_most", None, f"{weekends} weekends, at most {contract.weekends_most}")
    return found


def _costs(problem: Problem, rows: Rows) -> dict[str, float]:  # noqa: PLR0912
    prices = problem.weights
    cost: dict[str, float] = dict.fromkeys(("under", "over", "wishes", "hours", "rows", "nights", "weekends"), 0.0)
    serving: dict[str, Counter[int]] = {one.skill: Counter() for one in problem.demand}
    leaders: Counter[int] = Counter()
    reserve: Counter[int] = Counter()
    tallies: dict[str, list[tuple[int, int]]] = {}
    for person in problem.people:
        nights = weekends = total = 0
        run = person.before.row
        least = problem.contract[person.contract].row_least
        for day, (name, skill) in enumerate(rows[person.id]):
            if not name:
                cost["rows"] += prices.row * (0 < run < least)
                run = 0
                continue
            run += 1
            pattern = problem.pattern[name]
            total += pattern.worked
            nights += pattern.night
            weekends += problem.weekend(day)
            if pattern.reserve:
                reserve[day] += 1
                continue
            for slot in pattern.slots:
                if skill in serving:
                    serving[skill][day * 48 + slot] += 1
                leaders[day * 48 + slot] += person.leader
        tallies.setdefault(person.contract, []).append((nights, weekends))
        floor = (
            problem.contract[person.contract].minutes_least if person.minutes_least is None else person.minutes_least
        )
        cost["hours"] += prices.hours * max(floor - total, 0) / 30
        cost["wishes"] += _wishes(problem, person, rows[person.id])
    for line in problem.demand:
        for slot, need in enumerate(one for day in line.need for one in day):
            missing = need - serving[line.skill][slot]
            slack = need * prices.slack_percent / 100
            if missing > 0:
                cost["under"] += prices.under * missing + (prices.under_far - prices.under) * max(missing - slack, 0)
            else:
                cost["over"] += -prices.over * missing + (prices.over_far - prices.over) * max(-missing - slack, 0)
    if problem.leaders_least:
        wanted = {
            day * 48 + slot
            for line in problem.demand for day, half in enumerate(line.need) for slot, need in enumerate(half) if need
        }  # fmt: skip
        cost["leader"] = sum(prices.leader * max(problem.leaders_least - leaders[slot], 0) for slot in wanted)
    if problem.reserve_least:
        cost["reserve"] = sum(
            prices.reserve * max(problem.reserve_least - reserve[day], 0) for day in range(problem.days)
        )
    for held in tallies.values():
        for place, key, price in ((0, "nights", prices.night), (1, "weekends", prices.weekend)):
            even = -(-sum(one[place] for one in held) // len(held))
            cost[key] += price * sum(max(one[place] - even, 0) for one in held)
    return {key: round(value, 6) for key, value in cost.items()}


def _wishes(problem: Problem, person: Person, row: list[tuple[str, str]]) -> float:
    lost = 0.0
    for wish in person.wishes:
        pattern = row[wish.day][0]
        granted = not pattern if wish.want == "off" else bool(pattern) if wish.want == "work" else pattern == wish.want
        lost += 0 if granted else problem.weights.wish * wish.weight
    present = problem.present.get(person.id)
    if present:
        changed = sum(row[day][0] != was for day, was in enumerate(present) if day not in person.away)
        lost += problem.weights.change * changed
    return lost
