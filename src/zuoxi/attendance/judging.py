# SPDX-License-Identifier: Apache-2.0
"""From matched records, leave and excuses to a day, and from days to a month. Pure: a handbook, facts, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from zuoxi.attendance.day_rules import EarlyArrivalFacts, PresenceFacts
from zuoxi.attendance.facts import ArrivalFacts, DepartureFacts, MonthFacts
from zuoxi.attendance.matching import OUT_BEFORE_IN, Due, Match, Reach, Span, minutes_in, rest_of, worked
from zuoxi.attendance.models import DayRecord, Status
from zuoxi.attendance.verdicts import NOUGHT, DayVerdict, ExcuseSpan, LeaveSpan, MonthVerdict
from zuoxi.policy.beside import Beside
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Handbook, Reading
from zuoxi.policy.rulebook import rules

HALF: Final = Decimal("0.5")
WHOLE: Final = Decimal(1)
RESERVE: Final = "flex"
"""A reserve shift is due only when it is called for: who does not come is not absent."""

ABSENCES: Final = {"absent_half_day": HALF, "absent_full_day": WHOLE}
TAKEN_AS_LEAVE: Final = {"leave_half_day": HALF, "leave_full_day": WHOLE}
MISSED: Final = {"late", "early", *TAKEN_AS_LEAVE}
PERSONAL: Final = "personal"


class Judges:
    """The rules of one handbook, looked up once; a rule that the pack does not have judges nothing.

    With another handbook `beside`, `touched` becomes true when a judgement could come out otherwise under that one.
    """

    def __init__(self, handbook: Handbook, beside: Beside | None = None) -> None:
        self.handbook = handbook
        self.touched = False
        self._beside = beside
        own = "attendance."
        self._rules = {
            name.removeprefix(own): one
            for name, one in rules().items()
            if name.startswith(own) and one.in_pack(handbook)
        }
        self._reaches: dict[date, Reach] = {}
        self._early_posts: dict[date, frozenset[str]] = {}

    def ask(self, name: str, facts: Any, day: date) -> Finding | None:
        found = self._rules.get(name)
        if found is None:
            return None
        reading = self.handbook.on(day)
        finding = found.judge(facts, reading)
        if self._beside is not None and not self.touched:
            self.touched = self._beside.touches(reading)
        return finding

    def reach(self, day: date) -> Reach:
        """How records are read on that day."""
        held = self._reaches.get(day)
        if held is None:
            held = self._reaches[day] = _reach(self.handbook.on(day))
        return held

    def comes_early(self, position: str, day: date) -> bool:
        return position in self.early_posts(day)

    def early_posts(self, day: date) -> frozenset[str]:
        """Posts whose holders prepare the day."""
        held = self._early_posts.get(day)
        if held is None:
            key = "attendance.early_arrival.positions"
            reading = self.handbook.on(day)
            held = self._early_posts[day] = frozenset(reading.words(key)) if reading.has(key) else frozenset()
        return held


def _reach(reading: Reading) -> Reach:
    def minutes(key: str) -> timedelta:
        return timedelta(minutes=reading.whole(f"attendance.ledger.{key}"))

    return Reach(
        minutes("before_minutes"),
        minutes("after_minutes"),
        timedelta(seconds=reading.whole("attendance.ledger.same_seconds")),
        minutes("silence_minutes"),
        reading.words("attendance.ledger.sources"),
    )


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else is known of the shift. `parts`: how many shifts the person has that day. `meal`: minutes of the spans
    that are a meal. `untrue_leave`: leave for the day was found to rest on a false reason; `lapsed_leave`: its papers
    did not come."""

    leaves: Sequence[LeaveSpan] = ()
    excuses: Sequence[ExcuseSpan] = ()
    parts: int = 1
    meal: int = 0
    position: str = ""
    untrue_leave: bool = False
    lapsed_leave: bool = False


def judge_day(match: Match, part: int, about: Circumstances, judges: Judges, now: datetime) -> DayVerdict | None:
    """One rostered shift as judged at `now`; None for a reserve shift that nobody called for."""
    due = match.due
    if due is None:
        raise ValueError("a stay without a shift is told by `unrostered`")
    if due.kind == RESERVE and not match.seen:
        return None
    rest = rest_of(due.spans, ((one.starts_at, one.ends_at) for one in about.leaves))
    owed = max(minutes_in(due.spans) - about.meal, 0)
    left = max(minutes_in(rest) - about.meal, 0) if rest else 0
    share = min(sum((one.share for one in about.leaves), NOUGHT), WHOLE)
    findings: dict[str, Finding] = {}
    day = _Day(due, part, rest, owed, left, share, match, about, judges, findings)
    return day.verdict(now)


@dataclass(slots=True)
class _Day:
    """A shift on the way to its verdict."""

    due: Due
    part: int
    rest: tuple[Span, ...]
    owed: int
    left: int
    share: Decimal
    match: Match
    about: Circumstances
    judges: Judges
    findings: dict[str, Finding]

    def verdict(self, now: datetime) -> DayVerdict:
        if not self.rest:
            self._presence(now, on_leave=True)
            return self._told(Status.LEAVE)
        start, end = self.rest[0][0], self.rest[-1][1]
        over = now >= end
        if not self.match.seen:
            return self._without_record(start, end, now, over=over)
        if self.due.kind == RESERVE:
            return self._called(start, end, now, over=over)
        arrival, start_excused = self._arrival(start)
        departure, end_excused = self._departure(end) if over or self.match.last_out else (None, False)
        self._early_arrival()
        return self._weighed(arrival, departure, (start, end), over=over, excused=start_excused or end_excused)

    def _called(self, start: datetime, end: datetime, now: datetime, *, over: bool) -> DayVerdict:
        """In reserve and there: neither late nor early, and no more is due than was worked."""
        self._presence(now)
        seen = worked(self.rest, self.match.first_in, self.match.last_out) if over else None
        if seen is not None:
            away, seen = self.owed - self.left, min(seen, self.left)
            self.owed, self.left = seen + away, seen
        return self._told(Status.NORMAL, (start, end), worked_minutes=seen)

    def _presence(self, now: datetime, *, on_leave: bool = False, excused: bool = False) -> Finding | None:
        untrue = self.about.untrue_leave or any(one.untrue for one in self.about.excuses)
        asked_on = now.astimezone(self.judges.handbook.zone).date()
        lapsed = self.about.lapsed_leave
        facts = PresenceFacts(self.due.day, self.match.seen, on_leave, untrue, lapsed, excused, asked_on)
        found = self.judges.ask("presence", facts, self.due.day)
        if found:
            self.findings["presence"] = found
        return found

    def _without_record(self, start: datetime, end: datetime, now: datetime, *, over: bool) -> DayVerdict:
        if not over:
            return self._told(Status.OPEN, (start, end))
        excused = any(one.missing and not one.untrue and one.covers(start) for one in self.about.excuses)
        found = self._presence(now, excused=excused)
        outcome = found.outcome if found else UNKNOWN
        status = {"absent_full_day": Status.ABSENT, "excused": Status.EXCUSED}.get(outcome, Status.UNKNOWN)
        absence = WHOLE - self.share if status is Status.ABSENT else NOUGHT
        seen = self.left if status is Status.EXCUSED else 0 if status is Status.ABSENT else None
        return self._told(status, (start, end), absence=absence, worked_minutes=seen)

    def _cause(self, moment: datetime) -> ExcuseSpan | None:
        return next((one for one in self.about.excuses if not one.untrue and one.covers(moment)), None)

    def _arrival(self, start: datetime) -> tuple[Finding | None, bool]:
        """A cause that ends before somebody comes moves the time he is due to its end."""
        cause, came = self._cause(start), self.match.first_in
        if came is None and cause is not None and cause.missing:
            return None, True
        due, excused = start, cause is not None
        if cause is not None and came is not None and came > cause.ends_at:
            due, excused = max(start, cause.ends_at), False
        found = self.judges.ask("arrival", ArrivalFacts(due, came, excused), self.due.day)
        if found:
            self.findings["arrival"] = found
        return found, bool(found and found.outcome == "excused")

    def _departure(self, end: datetime) -> tuple[Finding | None, bool]:
        cause, went = self._cause(end), self.match.last_out
        if went is None and cause is not None and cause.missing:
            return None, True
        due, excused = end, cause is not None
        if cause is not None and went is not None and went < cause.starts_at:
            due, excused = min(end, cause.starts_at), False
        found = self.judges.ask("departure", DepartureFacts(due, went, excused), self.due.day)
        if found:
            self.findings["departure"] = found
        return found, bool(found and found.outcome == "excused")

    def _early_arrival(self) -> None:
        if self.about.position and self.judges.comes_early(self.about.position, self.due.day):
            facts = EarlyArrivalFacts(self.about.position, self.due.starts_at, self.match.first_in)
            found = self.judges.ask("early_arrival", facts, self.due.day)
            if found:
                self.findings["early_arrival"] = found

    def _weighed(
        self, arrival: Finding | None, departure: Finding | None, ends: Span, *, over: bool, excused: bool
    ) -> DayVerdict:
        outcomes = [one.outcome for one in (arrival, departure) if one is not None]
        absence = min(sum((ABSENCES.get(one, NOUGHT) for one in outcomes), NOUGHT), WHOLE - self.share)
        as_leave = min(sum((TAKEN_AS_LEAVE.get(one, NOUGHT) for one in outcomes), NOUGHT), WHOLE)
        late = bool(arrival and arrival.outcome in MISSED)
        early = bool(departure and departure.outcome in MISSED)
        if absence >= WHOLE - self.share and absence > NOUGHT:
            status = Status.ABSENT
        elif absence:
            status = Status.HALF_ABSENT
        elif OUT_BEFORE_IN in self.match.doubts:
            status = Status.ERROR
        elif not over:
            status = Status.OPEN
        elif UNKNOWN in outcomes:
            status = Status.UNKNOWN
        elif late and early:
            status = Status.LATE_EARLY
        elif late or early:
            status = Status.LATE if late else Status.EARLY
        else:
            status = Status.EXCUSED if excused else Status.NORMAL
        seen = worked(self.rest, self.match.first_in, self.match.last_out)
        seen = None if seen is None else max(min(seen, self.left), 0)
        if not over:
            seen = None
        return self._told(status, ends, late=late, early=early, absence=absence, as_leave=as_leave, worked_minutes=seen)

    def _told(
        self,
        status: Status,
        ends: Span | tuple[None, None] = (None, None),
        *,
        late: bool = False,
        early: bool = False,
        absence: Decimal = NOUGHT,
        as_leave: Decimal = NOUGHT,
        worked_minutes: int | None = None,
    ) -> DayVerdict:
        weight = self.about.parts
        leave_kind = self.about.leaves[0].kind if self.about.leaves else PERSONAL if as_leave else ""
        return DayVerdict(
            self.due.staff_id,
            self.due.day,
            self.part,
            str(status),
            self.due.team_id,
            self.due.template,
            ends[0],
            ends[1],
            self.match.first_in,
            self.match.last_out,
            late,
            early,
            absence if weight == 1 else absence / weight,
            leave_kind,
            min(self.share + as_leave, WHOLE),
            self.owed,
            self.owed - self.left,
            worked_minutes,
            self.findings,
            self.match.doubts,
        )


def unrostered(match: Match, staff_id: int, part: int, zone: Any) -> DayVerdict:
    """A stay that nobody rostered; it is shown, nothing is judged."""
    came, went = match.first_in, match.last_out
    seen = minutes_in([(came, went)]) if came is not None and went is not None else None
    return DayVerdict(
        staff_id,
        match.records[0].at.astimezone(zone).date(),
        part,
        str(Status.UNROSTERED),
        first_in=came,
        last_out=went,
        worked_minutes=seen,
        doubts=match.doubts,
    )


def judge_month(
    days: Sequence[DayVerdict], open_run: int, outside: frozenset[str], judges: Judges, month: date
) -> MonthVerdict:
    """One person's counts and finding. `open_run`: rostered days absent in a row at the end of the month before.
    `outside`: kinds of leave that are no time due."""
    by_day: dict[date, list[DayVerdict]] = {}
    for one in days:
        by_day.setdefault(one.day, []).append(one)
    count = Count(open_run)
    for day in sorted(by_day):
        count.add(by_day[day], outside)
    facts = MonthFacts(count.late, count.early, count.absence, count.longest)
    finding = judges.ask("month", facts, _last_of(month))
    return MonthVerdict(
        days[0].staff_id,
        month,
        count.due_days,
        count.present,
        count.late,
        count.early,
        count.absence,
        count.unknown,
        count.excused,
        count.unrostered,
        count.longest,
        count.run,
        {kind: str(days) for kind, days in count.leave.items()},
        count.due_minutes,
        count.worked_minutes,
        finding,
    )


def _last_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(slots=True)
class Count:
    """A month's counts, grown day by day. `run`: rostered days absent in a row so far."""

    run: int
    longest: int = 0
    due_days: int = 0
    present: int = 0
    late: int = 0
    early: int = 0
    absence: Decimal = NOUGHT
    unknown: int = 0
    excused: int = 0
    unrostered: int = 0
    leave: dict[str, Decimal] = field(default_factory=dict)
    due_minutes: int = 0
    worked_minutes: int = 0

    def add(self, parts: Sequence[DayVerdict] | Sequence[DayRecord], outside: frozenset[str]) -> None:
        """One day; a reserve or unrostered stay does not interrupt a run, a day of leave or at work does."""
        rostered = [one for one in parts if one.status != Status.UNROSTERED]
        self.unrostered += bool(len(rostered) < len(parts))
        if not rostered or all(one.status == Status.OPEN for one in rostered):
            return
        states = {one.status for one in rostered}
        self.due_days += 1
        self.present += any(one.first_in or one.last_out for one in rostered) or states == {Status.EXCUSED}
        self.late += sum(one.late for one in rostered if one.status != Status.OPEN)
        self.early += sum(one.early for one in rostered if one.status != Status.OPEN)
        self.unknown += bool(states & {Status.UNKNOWN, Status.ERROR})
        self.excused += Status.EXCUSED in states
        absence = in_halves(sum((one.absence_days for one in rostered), NOUGHT))
        self.absence += absence
        self.run = self.run + 1 if absence >= WHOLE else 0
        self.longest = max(self.longest, self.run)  # what was absent before this month alone is not this month's
        taken = NOUGHT
        for one in rostered:
            if one.leave_days and taken < WHOLE:
                share = min(one.leave_days, WHOLE - taken)
                taken += share
                self.leave[one.leave_kind] = self.leave.get(one.leave_kind, NOUGHT) + share
            if one.worked_minutes is not None or one.status == Status.LEAVE:
                away = one.leave_minutes if one.leave_kind in outside else 0
                self.due_minutes += one.due_minutes - away
                self.worked_minutes += one.worked_minutes or 0


_THIRDS = Decimal("0.02")


def in_halves(days: Decimal) -> Decimal:
    """Days of absence as the month counts them: in halves, the smaller in doubt, but never nothing for something.

    A day of three shifts keeps thirds, which never add up to the whole exactly.
    """
    if days <= NOUGHT:
        return NOUGHT
    return min(max((days + _THIRDS) * 2 // 1 / 2, HALF), WHOLE)
