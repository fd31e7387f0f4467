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
    dues = facts.dues.get(staff_id, [])
    person = _Person(staff_id, facts, judges, now, Counter(one.day for one in dues))
    for found in match(dues, facts.records.get(staff_id, []), judges.reach(facts.last)):
        person.judge(found)
    return sorted(person.verdicts, key=lambda verdict: (verdict.day, verdict.part))


class _Person:
    """One person on the way through the days; `parts` says how many shifts each day has."""

    def __init__(self, staff_id: int, facts: Facts, judges: Judges, now: datetime, parts: Counter[date]) -> None:
        self.staff_id, self.facts, self.judges, self.now, self.parts = staff_id, facts, judges, now, parts
        self.verdicts: list[DayVerdict] = []
        self._counted: Counter[date] = Counter()
        self._excuses = [one for one in facts.excuses if one.staff_id in (None, staff_id)]

    def judge(self, found: Match) -> None:
        zone = self.judges.handbook.zone
        day = found.due.day if found.due else found.records[0].at.astimezone(zone).date()
        if not self.facts.first <= day <= self.facts.last:
            return
        part = self._counted[day]
        if found.due is None:
            verdict: DayVerdict | None = unrostered(found, self.staff_id, part, zone)
        else:
            verdict = judge_day(found, part, self._about(found.due), self.judges, self.now)
        if verdict is not None:
            self._counted[day] += 1
            self.verdicts.append(verdict)

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


def compute(
    facts: Facts, month: date, judges: Judges, open_runs: Mapping[int, int], now: datetime
) -> Iterator[PersonMonth]:
    """Everybody's month, by staff id. `open_runs`: days absent in a row at the end of the month before."""
    key = "attendance.team_rate.leave_outside"
    reading = judges.handbook.on(month_end(month))
    outside = frozenset(reading.words(key)) if reading.has(key) else frozenset()
    for staff_id in facts.staff_ids:
        days = days_of(staff_id, facts, judges, now)
        if days:
            told = judge_month(days, open_runs.get(staff_id, 0), outside, judges, month)
            yield PersonMonth(staff_id, tuple(days), told)
