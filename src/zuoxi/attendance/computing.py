# SPDX-License-Identifier: Apache-2.0
"""From the facts of a month to its judgements, for one person or for thousands; nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zuoxi.attendance.judging import Circumstances, Judges, judge_day, judge_month, unrostered
from zuoxi.attendance.ledger import Facts
from zuoxi.attendance.matching import Due, Match, match
from zuoxi.attendance.verdicts import DayVerdict, MonthVerdict
from zuoxi.policy.beside import Beside
from zuoxi.policy.handbook import Handbook

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """What one person's month comes to."""

    staff_id: int
    days: tuple[DayVerdict, ...]
    month: MonthVerdict


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY


def month_before(month: date) -> date:
    return (month.replace(day=1) - _DAY).replace(day=1)


def month_after(month: date) -> date:
    return month_end(month) + _DAY


def days_of(staff_id: int, facts: Facts, judges: Judges, now: datetime) -> list[DayVerdict]:
    """One person's days among those of the facts, in order."""
    person = _Person(staff_id, facts, judges, now)
    person.go()
    return sorted(person.verdicts, key=_day_and_part)


def _day_and_part(verdict: DayVerdict) -> tuple[date, int]:
    return verdict.day, verdict.part


class _Person:
    """One person on the way through the days; `parts` says how many shifts each day has."""

    def __init__(self, staff_id: int, facts: Facts, judges: Judges, now: datetime) -> None:
        self.staff_id, self.facts, self.judges, self.now = staff_id, facts, judges, now
        self.dues = facts.dues.get(staff_id, [])
        self.parts = Counter(one.day for one in self.dues)
        self.verdicts: list[DayVerdict] = []
        self._counted: Counter[date] = Counter()
        self._excuses = [one for one in facts.excuses if one.staff_id in (None, staff_id)]

    def go(self) -> None:
        for found in match(self.dues, self.facts.records.get(self.staff_id, []), self.judges.reach(self.facts.last)):
            self.judge(found)

    def judge(self, found: Match) -> None:
        zone = self.judges.handbook.zone
        day = found.due.day if found.due else found.records[0].at.astimezone(zone).date()
        if not self.facts.first <= day <= self.facts.last:
            return
        part = self._counted[day]
        if found.due is None:
            verdict: DayVerdict | None = unrostered(found, self.staff_id, part, zone)
        else:
            verdict = self.shift(found, part, self._about(found.due))
        if verdict is not None:
            self._counted[day] += 1
            self.verdicts.append(verdict)

    def shift(self, found: Match, part: int, about: Circumstances) -> DayVerdict | None:
        return judge_day(found, part, about, self.judges, self.now)

    def _about(self, due: Due) -> Circumstances:
        facts, key = self.facts, (self.staff_id, due.day)
        return Circumstances(
            facts.leaves.get(key, ()),
            [one.span for one in self._excuses if one.holds_for(self.staff_id, due.team_id)],
            self.parts[due.day],
            facts.meals.get(due.shift_id, 0),
            facts.positions.get(self.staff_id, ""),
            key in facts.untrue,
            key in facts.lapsed,
        )


class _Twice(_Person):
    """One person's days under a second handbook too; `others` has those that it may judge otherwise."""

    def __init__(self, staff_id: int, facts: Facts, both: tuple[Judges, Judges], now: datetime) -> None:
        super().__init__(staff_id, facts, both[0], now)
        self._second = both[1]
        self.others: dict[tuple[date, int], DayVerdict] = {}

    def shift(self, found: Match, part: int, about: Circumstances) -> DayVerdict | None:
        self.judges.touched = False
        verdict = super().shift(found, part, about)
        if self.judges.touched and verdict is not None:
            other = judge_day(found, part, about, self._second, self.now)
            if other is not None:
                self.others[_day_and_part(verdict)] = other
        return verdict


def compute(
    facts: Facts, month: date, judges: Judges, open_runs: Mapping[int, int], now: datetime
) -> Iterator[PersonMonth]:
    """Everybody's month, by staff id. `open_runs`: days absent in a row at the end of the month before."""
    outside = leave_outside(judges.handbook, month)
    for staff_id in facts.staff_ids:
        days = days_of(staff_id, facts, judges, now)
        if days:
            told = judge_month(days, open_runs.get(staff_id, 0), outside, judges, month)
            yield PersonMonth(staff_id, tuple(days), told)


def leave_outside(handbook: Handbook, month: date) -> frozenset[str]:
    """Kinds of leave that are no time due in that month."""
    key = "attendance.team_rate.leave_outside"
    reading = handbook.on(month_end(month))
    return frozenset(reading.words(key)) if reading.has(key) else frozenset()


def compute_twice(
    facts: Facts, month: date, both: tuple[Handbook, Handbook], open_runs: Mapping[int, int], now: datetime
) -> Iterator[tuple[PersonMonth, PersonMonth]]:
    """Everybody's month under both handbooks, of those people whom the second could judge otherwise.

    What the second would judge from the same figures is taken over from the first.
    """
    first, second = Judges(both[0], Beside(*both)), Judges(both[1])
    if not _read_alike(first, second, month):
        others = {one.staff_id: one for one in compute(facts, month, second, open_runs, now)}
        for one in compute(facts, month, first, open_runs, now):
            if one.staff_id in others:
                yield one, others[one.staff_id]
        return
    outside = leave_outside(both[0], month)
    for staff_id in facts.staff_ids:
        person = _Twice(staff_id, facts, (first, second), now)
        person.go()
        if not person.verdicts:
            continue
        days = sorted(person.verdicts, key=_day_and_part)
        run = open_runs.get(staff_id, 0)
        first.touched = False
        told = judge_month(days, run, outside, first, month)
        if first.touched or person.others:
            other_days = [person.others.get(_day_and_part(one), one) for one in days]
            other = judge_month(other_days, run, outside, second, month)
            yield PersonMonth(staff_id, tuple(days), told), PersonMonth(staff_id, tuple(other_days), other)


def _read_alike(first: Judges, second: Judges, month: date) -> bool:
    """Whether both handbooks match records to shifts, and choose what to judge, by the same figures."""
    days = [month + _DAY * step for step in range((month_end(month) - month).days + 1)]
    return (
        first.reach(days[-1]) == second.reach(days[-1])
        and leave_outside(first.handbook, month) == leave_outside(second.handbook, month)
        and all(first.early_posts(day) == second.early_posts(day) for day in days)
    )
