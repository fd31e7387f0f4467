# SPDX-License-Identifier: Apache-2.0
"""Judgements on a seat: signed in in time, may it be left, not ready for too long. Seconds and less count."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from zuoxi.floor.facts import NotReadyFacts, SeatLeaveFacts, SeatSignInFacts
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule
from zuoxi.policy.vocabulary import role_words


def _minutes(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / 60_000_000


def _spoken(span: timedelta) -> str:
    """Minutes and seconds; 0:00 for a span that has not begun."""
    seconds = max(span // timedelta(seconds=1), 0)
    return f"{seconds // 60}:{seconds % 60:02}"


@rule(
    "seat.sign_in",
    outcomes=("in_time", "overdue", UNKNOWN),
    needs=("figures:seat.sign_in.limit_minutes",),
    clauses=("CALL-005", "MTG-004"),
    day="handover_at",
)
def judge_sign_in(facts: SeatSignInFacts, reading: Reading) -> Finding:
    """Whether the seat was taken within the limit after the handover; the limit itself is in time."""
    if facts.signed_in_at is None:
        return reading.unknown("seat.sign_in", ("signed_in_at",))
    taken = reading.local(facts.signed_in_at) - reading.local(facts.handover_at)
    limit = reading.figure("seat.sign_in.limit_minutes")
    outcome = "in_time" if limit.within(_minutes(taken)) else "overdue"
    return reading.finding("seat.sign_in", outcome, minutes=_spoken(taken), limit=limit.text)


@rule(
    "seat.leave",
    outcomes=("allowed", "refused"),
    needs=("figures:seat.leave.locked_minutes",),
    clauses=("CALL-006",),
    day="signed_in_at",
)
def judge_leave(facts: SeatLeaveFacts, reading: Reading) -> Finding:
    """Whether the first stretch after signing in is over; from the full minute on it is (C-21)."""
    held = reading.local(facts.at) - reading.local(facts.signed_in_at)
    if held < timedelta():
        raise Impossible("at", "cannot lie before the sign-in")
    lock = reading.figure("seat.leave.locked_minutes")
    outcome = "allowed" if lock.beyond(_minutes(held)) else "refused"
    free_at = reading.local(facts.signed_in_at) + timedelta(minutes=float(lock.value))
    return reading.finding("seat.leave", outcome, minutes=_spoken(held), limit=lock.text, free_at=f"{free_at:%H:%M:%S}")


@rule(
    "seat.not_ready",
    outcomes=("within_limit", "escalate"),
    needs=("figures:seat.not_ready.limit_minutes", "figures:seat.not_ready.report_to"),
    clauses=("CALL-008",),
    day="since",
)
def judge_not_ready(facts: NotReadyFacts, reading: Reading) -> Finding:
    """Whether somebody has to find a stand-in by now; the limit itself is still within (C-12)."""
    away = reading.local(facts.now) - reading.local(facts.since)
    if away < timedelta():
        raise Impossible("now", "cannot lie before the beginning")
    limit = reading.figure("seat.not_ready.limit_minutes")
    spent = {"minutes": _spoken(away), "limit": limit.text}
    if not limit.beyond(_minutes(away)):
        return reading.finding("seat.not_ready", "within_limit", details={"to": None}, **spent)
    to = reading.text("seat.not_ready.report_to")
    title = role_words()[to].title
    return reading.finding("seat.not_ready", "escalate", details={"to": to}, to_zh=title.zh, to_en=title.en, **spent)
