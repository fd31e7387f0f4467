# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the shifts of one person, and with the cover of a day. Plain Python, no clock, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.workforce.clock import DAY, Clock, gap_between, overlap
from zuoxi.workforce.rostering.problem import HANDOVER

BAD, WARN, NOTE = "bad", "warn", "note"
"""How grave: against a limit, to be looked at, or no conflict at all but worth knowing."""
_DAY = timedelta(days=1)
HALF = 30


class Planned(NamedTuple):
    """One shift of a cell as it is judged; a rest has no spans."""

    day: date
    template: str
    kind: str
    clock: Clock
    meal_minutes: int = 0

    @property
    def worked(self) -> int:
        return max(self.clock.minutes - self.meal_minutes, 0)


class Away(NamedTuple):
    """Leave as days and minutes from their midnight: `start` on `day`, `end` may lie beyond midnight."""

    day: date
    start: int
    end: int
    label: str


class Conflict(NamedTuple):
    """`code` names the kind, `amount` and `limit` what is said of it; `law` where the statutory floor is meant."""

    day: date
    code: str
    level: str
    amount: str = ""
    limit: str = ""
    law: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """In minutes and days, from the handbook of the month; None where the pack has no such figure."""

    rest: int
    day: int
    week: int
    month: int
    consecutive: int
    continuous: int | None
    law_day: int | None = None
    law_week: int | None = None
    law_overtime_month: int | None = None
    law_consecutive: int | None = None


@enforces("SCH-006", "SCH-026", "ORG-037")
def limits_on(handbook: Handbook, law: Handbook | None, day: date) -> Limits:
    """The limits in force on a day."""
    reading, floor = handbook.on(day), law.on(day) if law else None

    def hours(key: str) -> int:
        return int(reading.number(key) * 60)

    def lawful(key: str, unit: int = 60) -> int | None:
        return int(floor.number(key) * unit) if floor is not None and floor.has(key) else None

    return Limits(
        hours("roster.rest.minimum_hours"),
        hours("roster.hours.day_maximum"),
        hours("roster.hours.week_maximum"),
        hours("roster.hours.month_maximum"),
        reading.whole("roster.days.consecutive_maximum"),
        reading.whole("roster.days.continuous_minimum") if reading.has("roster.days.continuous_minimum") else None,
        lawful("law.roster.hours_day"),
        lawful("law.roster.hours_week"),
        lawful("law.roster.overtime_month"),
        lawful("law.roster.consecutive_days", 1),
    )


def spoken(minutes: int) -> str:
    """Minutes as hours: 7.5, 40."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def conflicts_of(
    shifts: Sequence[Planned],
    limits: Limits,
    first: date,
    last: date,
    *,
    away: Sequence[Away] = (),
    published: bool = False,
    fits: Callable[[str], bool] | None = None,
    free: Callable[[date], bool] | None = None,
) -> list[Conflict]:
    """Everything wrong on the days from `first` to `last`; `shifts` are one person's, by day, with some days around.

    `fits` says whether the person's post may have a template, `free` whether a day is a day off by the calendar. In a
    `published` roster a granted leave lies over the shift and is only told; in a draft nobody should be planned there.
    """
    worked = [one for one in shifts if one.kind != "rest"]
    found: list[Conflict] = []
    found.extend(_between(worked, limits))
    found.extend(_absent(worked, away, NOTE if published else BAD))
    found.extend(_by_day(worked, limits))
    found.extend(_by_week(worked, limits))
    found.extend(_in_a_row(worked, limits))
    found.extend(_in_all(worked, limits, first, last))
    for one in worked:
        if fits is not None and one.template and not fits(one.template):
            found.append(Conflict(one.day, "post", BAD, one.template))
        if free is not None and one.template and free(one.day) and first <= one.day <= last:
            found.append(Conflict(one.day, "holiday", WARN, one.template))
    return [one for one in found if first <= one.day <= last]


@enforces("SCH-006", "SCH-026", "SCH-027")
def _between(worked: Sequence[Planned], limits: Limits) -> Iterator[Conflict]:
    for place, one in enumerate(worked):
        for other in worked[place + 1 : place + 4]:
            if (other.day - one.day).days > 1:
                break
            shared = overlap(one.clock, one.day, other.clock, other.day)
            if shared:
                training = (one.kind == "training") != (other.kind == "training")
                yield Conflict(other.day, "training" if training else "overlap", BAD, spoken(shared))
                continue
            gap = gap_between(one.clock, one.day, other.clock, other.day)
            if other.day != one.day and 0 <= gap < limits.rest:
                yield Conflict(other.day, "rest", BAD, spoken(gap), spoken(limits.rest))


def _absent(worked: Sequence[Planned], away: Sequence[Away], level: str) -> Iterator[Conflict]:
    for one in worked if away else ():
        for leave in away:
            if present(one, (leave,)).clock != one.clock:
                yield Conflict(one.day, "leave", level, leave.label)


def present(shift: Planned, away: Iterable[Away]) -> Planned:
    """What is left of a shift when the leave is taken out of it; without spans where nothing is left."""
    spans = list(shift.clock.spans)
    for leave in away:
        offset = (leave.day - shift.day).days * DAY
        low, high = leave.start + offset, leave.end + offset
        cut = ((a, b) for start, end in spans for a, b in ((start, min(end, low)), (max(start, high), end)) if a < b)
        spans = list(cut)
    return shift._replace(clock=Clock(tuple(spans)))


def _by_day(worked: Sequence[Planned], limits: Limits) -> Iterator[Conflict]:
    held: dict[date, int] = {}
    for one in worked:
        held[one.day] = held.get(one.day, 0) + one.worked
    for day, minutes in held.items():
        if minutes > limits.day:
            yield Conflict(day, "day", BAD, spoken(minutes), spoken(limits.day))
        elif limits.law_day is not None and minutes > limits.law_day:
            yield Conflict(day, "day", WARN, spoken(minutes), spoken(limits.law_day), True)


def _by_week(worked: Sequence[Planned], limits: Limits) -> Iterator[Conflict]:
    """Weeks begin on Monday; what is too much is told on the day that goes beyond."""
    held: dict[date, int] = {}
    told: set[tuple[date, bool]] = set()
    for one in worked:
        monday = one.day - _DAY * one.day.weekday()
        held[monday] = held.get(monday, 0) + one.worked
        if held[monday] > limits.week and (monday, False) not in told:
            told.add((monday, False))
            yield Conflict(one.day, "week", BAD, spoken(held[monday]), spoken(limits.week))
        elif limits.law_week is not None and limits.law_week < held[monday] and (monday, True) not in told:
            told.add((monday, True))
            yield Conflict(one.day, "week", WARN, spoken(held[monday]), spoken(limits.law_week), True)


@enforces("ORG-037")
def _in_a_row(worked: Sequence[Planned], limits: Limits) -> Iterator[Conflict]:
    days = sorted({one.day for one in worked})
    run: list[date] = []
    for day in [*days, None]:
        if run and (day is None or day - run[-1] != _DAY):
            if limits.continuous is not None and len(run) < limits.continuous and day is not None and run[0] != days[0]:
                yield Conflict(run[0], "continuous", WARN, str(len(run)), str(limits.continuous))
            run = []
        if day is not None:
            run.append(day)
            if len(run) == limits.consecutive + 1:
                yield Conflict(day, "consecutive", BAD, str(len(run)), str(limits.consecutive))
            elif limits.law_consecutive is not None and len(run) == limits.law_consecutive + 1:
                yield Conflict(day, "consecutive", WARN, str(len(run)), str(limits.law_consecutive), True)


def _in_all(worked: Sequence[Planned], limits: Limits, first: date, last: date) -> Iterator[Conflict]:
    minutes, told = 0, False
    for one in worked:
        if first <= one.day <= last:
            minutes += one.worked
            if minutes > limits.month and not told:
                told = True
                yield Conflict(one.day, "month", BAD, spoken(minutes), spoken(limits.month))


def half_hours(shifts: Iterable[Planned], day: date) -> list[int]:
    """How many work in each of the 48 half hours of a day, by shifts of that day and of the day before; trainings and
    rests give no hands. A half hour counts only where it is worked as a whole, but for what a hand-over takes."""
    steps = [0] * 49
    for one in shifts:
        if one.kind in ("rest", "training"):
            continue
        offset = (one.day - day).days * DAY
        for start, end in one.clock.spans:
            low = -(-max(start + offset - HANDOVER, 0) // HALF)
            high = min(end + offset + HANDOVER, DAY) // HALF
            if low < high:
                steps[low] += 1
                steps[high] -= 1
    total, made = 0, []
    for step in steps[:48]:
        total += step
        made.append(total)
    return made


@enforces("SCH-022", "SCH-026")
def short_templates(counts: dict[str, int], wanted: dict[str, int]) -> dict[str, int]:
    """Template → how many are missing to what the pack asks for each day."""
    return {key: least - counts.get(key, 0) for key, least in wanted.items() if counts.get(key, 0) < least}


def texts() -> dict[str, Any]:
    """Sentences by code; filled with amount and limit."""
    from django.utils.translation import gettext as _

    return {
        "overlap": _("Overlaps another shift for %(amount)s h"),
        "training": _("Clashes with training for %(amount)s h"),
        "rest": _("Only %(amount)s h of rest after the shift before, at least %(limit)s h"),
        "leave": _("Is on leave: %(amount)s"),
        "day": _("%(amount)s h in a day, at most %(limit)s h"),
        "week": _("%(amount)s h in a week, at most %(limit)s h"),
        "month": _("%(amount)s h in the month, at most %(limit)s h"),
        "consecutive": _("Day %(amount)s in a row, at most %(limit)s"),
        "continuous": _("Only %(amount)s days in a row, at least %(limit)s without the manager's consent"),
        "post": _("%(amount)s is not for this post"),
        "holiday": _("%(amount)s is not worked on days off"),
        "law": _("by law"),
    }


def text_of(conflict: Conflict, said: dict[str, Any]) -> str:
    sentence = said[conflict.code] % {"amount": conflict.amount, "limit": conflict.limit}
    return f"{sentence} ({said['law']})" if conflict.law else str(sentence)
