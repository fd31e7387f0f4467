# SPDX-License-Identifier: Apache-2.0
"""Judgements on a day's records beyond the two ends of a shift: was somebody there at all, does a cause excuse, does a
manager come early enough, does a team reach its rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PresenceFacts:
    """A rostered day. `recorded`: any clock record; `on_leave`: granted leave takes the whole of it; `untrue`: a leave
    or excuse for it was found to rest on a false reason; `lapsed`: leave for it lapsed, its papers did not come;
    `excused`: an accepted cause explains that there is no record; `asked_on`: the day on which this is judged."""

    day: date
    recorded: bool
    on_leave: bool
    untrue: bool
    lapsed: bool
    excused: bool
    asked_on: date


def note_deadline(day: date, reading: Reading) -> date:
    """The last day for a written note about a missing record: so many days after the end of its month (ATT-024)."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1) + timedelta(days=reading.whole("attendance.note.days_after_month"))


@rule(
    "attendance.presence",
    outcomes=("present", "on_leave", "excused", "absent_full_day", UNKNOWN),
    needs=("figures:attendance.note.days_after_month",),
    clauses=("ATT-005", "ATT-013", "ATT-015", "ATT-016", "ATT-024"),
    day="day",
)
def judge_presence(facts: PresenceFacts, reading: Reading) -> Finding:
    """Absence needs a roster, no record, no leave and no note in time; until then nothing is said."""
    reading.note("ATT-005")
    if facts.on_leave and not facts.untrue:
        return reading.finding("attendance.presence", "on_leave")
    if facts.recorded:
        return reading.finding("attendance.presence", "present")
    if facts.untrue:
        reading.note("ATT-016")
        return reading.finding("attendance.presence", "absent_full_day", say="untrue")
    if facts.lapsed:
        reading.note("ATT-015")
        return reading.finding("attendance.presence", "absent_full_day", say="lapsed")
    if facts.excused:
        reading.note("ATT-024")
        return reading.finding("attendance.presence", "excused")
    deadline = note_deadline(facts.day, reading)
    if facts.asked_on <= deadline:
        return reading.finding("attendance.presence", UNKNOWN, until=f"{deadline:%Y-%m-%d}")
    return reading.finding("attendance.presence", "absent_full_day", until=f"{deadline:%Y-%m-%d}")


@dataclass(frozen=True, slots=True)
class ExcuseFacts:
    """A cause put forward. `told_at`: when the superior was told (None: not told); `recorded`: the proof that the cause
    needs is there; `due_at`: when the person should have been there."""

    cause: str
    due_at: datetime
    told_at: datetime | None
    recorded: bool


@rule(
    "attendance.excuse",
    outcomes=("accepted", "refused"),
    needs=("figures:attendance.excuse.notice_minutes",),
    clauses=("ATT-002", "ATT-030", "ATT-037"),
    day="due_at",
)
def judge_excuse(facts: ExcuseFacts, reading: Reading) -> Finding:
    """Whether a cause may be put to the supervisor at all: a known cause, told in time, with its record."""
    from zuoxi.attendance.handbook import CAUSES

    if not reading.handbook.has(CAUSES.name, facts.cause):
        raise Impossible("cause", f"no such cause: {facts.cause}")
    cause = reading.entry(CAUSES, facts.cause)
    words: dict[str, Any] = {"zh": cause.label.zh, "en": cause.label.en}
    if cause.notice:
        if facts.told_at is None:
            return reading.finding("attendance.excuse", "refused", say="not_told", **words)
        late = reading.local(facts.told_at) - reading.local(facts.due_at)
        if not reading.within("attendance.excuse.notice_minutes", Decimal(late // timedelta(seconds=1)) / 60):
            limit = reading.figure("attendance.excuse.notice_minutes").text
            return reading.finding("attendance.excuse", "refused", say="told_late", limit=limit, **words)
    if cause.record is not None and not facts.recorded:
        words |= {"record_zh": cause.record.zh, "record_en": cause.record.en}
        return reading.finding("attendance.excuse", "refused", say="no_record", **words)
    return reading.finding("attendance.excuse", "accepted", **words)


@dataclass(frozen=True, slots=True)
class EarlyArrivalFacts:
    """`position`: code of the post held that day."""

    position: str
    rostered_start: datetime
    signed_in_at: datetime | None


@rule(
    "attendance.early_arrival",
    outcomes=("in_time", "prompt", "not_asked", UNKNOWN),
    needs=("figures:attendance.early_arrival.minutes", "figures:attendance.early_arrival.positions"),
    clauses=("ATT-001",),
    day="rostered_start",
)
def judge_early_arrival(facts: EarlyArrivalFacts, reading: Reading) -> Finding:
    """Whether somebody who prepares the day came early enough; a prompt, never a lateness (C-06)."""
    if facts.position not in reading.words("attendance.early_arrival.positions"):
        return reading.finding("attendance.early_arrival", "not_asked")
    lead = reading.figure("attendance.early_arrival.minutes")
    if facts.signed_in_at is None:
        return reading.unknown("attendance.early_arrival", ("signed_in_at",))
    due = reading.local(facts.rostered_start) - int(lead.value) * _MINUTE
    at = reading.local(facts.signed_in_at)
    outcome = "in_time" if at <= due else "prompt"
    return reading.finding("attendance.early_arrival", outcome, at=f"{at:%H:%M:%S}", due=f"{due:%H:%M}")


@dataclass(frozen=True, slots=True)
class TeamRateFacts:
    """Minutes of a team in a period; `due` without the leave that does not count, `worked` what was worked of it."""

    on: date
    due_minutes: int
    worked_minutes: int

    def __post_init__(self) -> None:
        if self.due_minutes < 0:
            raise Impossible("due_minutes", "cannot be negative")
        if not 0 <= self.worked_minutes <= self.due_minutes:
            raise Impossible("worked_minutes", "must lie between nought and what was due")


@rule(
    "attendance.team_rate",
    outcomes=("reached", "below", UNKNOWN),
    needs=("figures:attendance.team_rate.target_percent",),
    clauses=("ATT-018",),
    day="on",
)
def judge_team_rate(facts: TeamRateFacts, reading: Reading) -> Finding:
    """Time worked against time due; nothing due says nothing."""
    if facts.due_minutes == 0:
        return reading.unknown("attendance.team_rate", ("due_minutes",))
    rate = Decimal(facts.worked_minutes) * 100 / facts.due_minutes
    # The percentage people read has one decimal; 94.96 reads as 95.0 and is still below.
    outcome = "reached" if rate >= reading.number("attendance.team_rate.target_percent") else "below"
    target = reading.figure("attendance.team_rate.target_percent").text
    details = {"percent": f"{rate:.2f}", "due_minutes": facts.due_minutes, "worked_minutes": facts.worked_minutes}
    return reading.finding("attendance.team_rate", outcome, details=details, percent=f"{rate:.1f}", target=target)
