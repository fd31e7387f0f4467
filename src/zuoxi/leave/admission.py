# SPDX-License-Identifier: Apache-2.0
"""Whether leave of a kind can be asked for at all, before anybody is asked to sign. No clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zuoxi.leave.kinds import LEAVE_KINDS, LeaveKindBody
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule

RULE = "leave.admission"


@dataclass(frozen=True, slots=True)
class AdmissionFacts:
    """`notice_days`: days from asking to the first day; `hours_late`: since the absence began (None: it has not begun).

    `channel` is system, in_person, phone or sms. `service_years`, `balance` None: not known. `taken` are days of the
    kind already taken in the year, `times` how often in the month of the first day. `stand_in_away` None: nobody named.
    """

    kind: str
    days: Decimal
    channel: str
    emergency: bool
    notice_days: int
    hours_late: Decimal | None
    service_years: Decimal | None
    balance: Decimal | None
    taken: Decimal
    times: int
    stand_in_away: bool | None

    def __post_init__(self) -> None:
        if self.days <= 0:
            raise Impossible("days", "leave takes more than no time")
        if self.taken < 0:
            raise Impossible("taken", "days are not negative")
        if self.times < 0:
            raise Impossible("times", "a count is not negative")


@rule(
    RULE,
    outcomes=("allowed", "refused", UNKNOWN),
    needs=("leave_kinds:personal", "figures:leave.supplement.oldest_days"),
    clauses=("ATT-013", "ATT-015", "ATT-026", "ATT-032", "ATT-035", "ATT-036", "SCH-003", "SCH-024"),
)
def judge_admission(facts: AdmissionFacts, reading: Reading) -> Finding:
    """The first thing that stands in the way, with its remedy; else allowed."""
    kind = reading.entry(LEAVE_KINDS, facts.kind)
    for check in (_channel, _time, _service, _length, _balance, _times, _stand_in):
        finding = check(facts, kind, reading)
        if finding is not None:
            return finding
    return reading.finding(RULE, "allowed", kind=kind.label)


def _no(reading: Reading, say: str, **words: object) -> Finding:
    return reading.finding(RULE, "refused", details={"because": say}, say=say, **words)


def _channel(facts: AdmissionFacts, kind: LeaveKindBody, reading: Reading) -> Finding | None:
    if facts.channel in kind.channels:
        return None
    reading.note("ATT-013")
    return _no(reading, "sms" if facts.channel == "sms" else "channel")


def _time(facts: AdmissionFacts, kind: LeaveKindBody, reading: Reading) -> Finding | None:
    if facts.hours_late is not None and facts.hours_late > 0:
        return _late(facts, facts.hours_late, kind, reading)
    if kind.notice_days and not facts.emergency:
        need = reading.number(kind.notice_days)
        if facts.notice_days < need:
            return _no(reading, "notice", need=reading.figure(kind.notice_days).text)
    return None


def _late(facts: AdmissionFacts, hours: Decimal, kind: LeaveKindBody, reading: Reading) -> Finding | None:
    """After the fact: by telephone in an emergency some days back, else within the hours of the pack (ATT-026)."""
    if kind.phone_first and facts.channel == "phone":
        oldest = reading.figure("leave.supplement.oldest_days")
        return _no(reading, "phone_late", days=oldest.text) if hours > oldest.value * 24 else None
    if not kind.supplement_hours:
        return _no(reading, "past", kind_zh=kind.label.zh, kind_en=kind.label.en)
    if reading.within(kind.supplement_hours, hours):
        return None
    return _no(reading, "late", hours=reading.figure(kind.supplement_hours).text)


def _service(facts: AdmissionFacts, kind: LeaveKindBody, reading: Reading) -> Finding | None:
    if not kind.after_years:
        return None
    if facts.service_years is None:
        return reading.unknown(RULE, ("service_years",))
    if reading.beyond(kind.after_years, facts.service_years):
        return None
    return _no(reading, "service", years=reading.figure(kind.after_years).text)


def _length(facts: AdmissionFacts, kind: LeaveKindBody, reading: Reading) -> Finding | None:
    if not kind.most_days:
        return None
    taken = facts.taken if kind.most_days_in == "year" else Decimal(0)
    if reading.within(kind.most_days, facts.days + taken):
        return None
    left = max(reading.number(kind.most_days) - taken, Decimal(0))
    return _no(reading, "length", most=reading.figure(kind.most_days).text, left=left)


def _balance(facts: AdmissionFacts, kind: LeaveKindBody, reading: Reading) -> Finding | None:
    if not kind.balance:
        return None
    if facts.balance is None:
        return reading.unknown(RULE, ("balance",))
    return _no(reading, "balance", left=facts.balance, days=facts.days) if facts.days > facts.balance else None


def _times(facts: AdmissionFacts, kind: LeaveKindBody, reading: Reading) -> Finding | None:
    if not kind.times_a_month or reading.within(kind.times_a_month, facts.times + 1):
        return None
    return _no(reading, "times", most=reading.figure(kind.times_a_month).text)


def _stand_in(facts: AdmissionFacts, kind: LeaveKindBody, reading: Reading) -> Finding | None:
    if not kind.stand_in:
        return None
    reading.note("SCH-024")
    if facts.stand_in_away is None:
        return _no(reading, "stand_in")
    return _no(reading, "stand_in_away") if facts.stand_in_away else None
