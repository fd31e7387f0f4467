# SPDX-License-Identifier: Apache-2.0
"""Judgements on outbound calls as they are made: may this number be called now, was the call effective, does the
dialler annoy people, is a callback overdue."""

from __future__ import annotations

from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zuoxi.outbound.facts import CallbackFacts, DialFacts, EffectiveFacts, GuardFacts
from zuoxi.outbound.handbook import DIAL_RULES, DialRuleBody
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule

MAY_DIAL = "outbound.may_dial"


def spans_of(body: DialRuleBody, reading: Reading) -> list[tuple[time, time]]:
    """The stretches of the day in which is called; each holds from its first moment to before its last."""
    return [(reading.time(since), reading.time(until)) for since, until in body.hours]


def hours_refusal(key: str, at: datetime, reading: Reading) -> Finding | None:
    """Why nobody is called under that dial rule now, whoever it is; None: calls may be made."""
    body = reading.entry(DIAL_RULES, key)
    now = reading.local(at)
    if body.days == "working" and not calendar_of(reading.handbook).is_working_day(now.date()):
        return reading.finding(MAY_DIAL, "rest_day")
    spans = spans_of(body, reading)
    if any(since <= now.time() < until for since, until in spans):
        return None
    hours = ", ".join(f"{since:%H:%M}–{until:%H:%M}" for since, until in spans)
    return reading.finding(MAY_DIAL, "outside_hours", details={"hours": hours}, now=f"{now:%H:%M}", hours=hours)


@rule(
    MAY_DIAL,
    outcomes=(
        "allowed", "outside_hours", "rest_day", "do_not_call", "no_consent", "too_soon", "enough_today", "enough",
        UNKNOWN,
    ),
    needs=("dial_rules:ordinary", "figures:outbound.hours.morning_from"),
    clauses=("FUP-009",),
    day="at",
    protects=True,
)  # fmt: skip
def judge_may_dial(facts: DialFacts, reading: Reading) -> Finding:
    """Whether a number may be called now. Who must not be called is told so first, whatever the hour."""
    if not reading.handbook.has(DIAL_RULES.name, facts.rule):
        return reading.unknown(MAY_DIAL, ("rule",))
    body = reading.entry(DIAL_RULES, facts.rule)
    if facts.do_not_call:
        return reading.finding(MAY_DIAL, "do_not_call")
    if body.consent and facts.consent is False:
        return reading.finding(MAY_DIAL, "no_consent")
    missing = [
        name
        for name, lacks in (
            ("do_not_call", facts.do_not_call is None),
            ("consent", body.consent and facts.consent is None),
            ("last_at", facts.attempts > 0 and facts.last_at is None),
        )
        if lacks
    ]
    if missing:
        return reading.unknown(MAY_DIAL, missing)
    return hours_refusal(facts.rule, facts.at, reading) or _often(facts, body, reading)


def _often(facts: DialFacts, body: DialRuleBody, reading: Reading) -> Finding:
    """A limit of two calls, inclusive, still allows the second."""
    counted: dict[str, Any] = {"today": facts.attempts_today, "total": facts.attempts}
    for outcome, figure, made in (
        ("enough", body.total, facts.attempts),
        ("enough_today", body.a_day, facts.attempts_today),
    ):
        if not reading.within(figure, made + 1):
            return reading.finding(MAY_DIAL, outcome, details=counted, most=reading.whole(figure), **counted)
    if facts.last_at is not None:
        minutes = int((facts.at - facts.last_at).total_seconds() // 60)
        if not reading.beyond(body.spacing, minutes):
            spacing = reading.whole(body.spacing)
            return reading.finding(MAY_DIAL, "too_soon", details=counted, minutes=minutes, spacing=spacing)
    return reading.finding(MAY_DIAL, "allowed", details=counted, **counted)


@rule(
    "outbound.effective",
    outcomes=("effective", "too_short", "no_result", UNKNOWN),
    needs=("figures:telesales.effective.seconds",),
    clauses=("CALL-017",),
)
def judge_effective(facts: EffectiveFacts, reading: Reading) -> Finding:
    """An effective call is long enough and ends in a result that counts."""
    if facts.talk_seconds is None:
        return reading.unknown("outbound.effective", ("talk_seconds",))
    least = reading.whole("telesales.effective.seconds")
    if not reading.beyond("telesales.effective.seconds", facts.talk_seconds):
        return reading.finding("outbound.effective", "too_short", seconds=facts.talk_seconds, least=least)
    outcome = "effective" if facts.result_counts else "no_result"
    return reading.finding("outbound.effective", outcome, seconds=facts.talk_seconds, least=least)


@rule(
    "outbound.guard",
    outcomes=("runs", "pause", "too_few"),
    needs=("figures:outbound.guard.percent", "figures:outbound.guard.least_answers"),
)
def judge_guard(facts: GuardFacts, reading: Reading) -> Finding:
    """Whether too many who answered found no agent; a handful of answers is not judged."""
    least, most = reading.whole("outbound.guard.least_answers"), reading.number("outbound.guard.percent")
    if not reading.beyond("outbound.guard.least_answers", facts.answers):
        return reading.finding("outbound.guard", "too_few", answers=facts.answers, least=least)
    exact = Decimal(facts.without_agent) * 100 / facts.answers
    shown = as_text(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))
    outcome = "pause" if reading.beyond("outbound.guard.percent", exact) else "runs"
    return reading.finding(
        "outbound.guard",
        outcome,
        details={"percent": shown},
        percent=shown,
        without=facts.without_agent,
        answers=facts.answers,
        most=as_text(most),
    )


@rule(
    "outbound.callback",
    outcomes=("in_time", "overdue", "escalate"),
    needs=("figures:outbound.callback.escalate_minutes",),
    clauses=("CUS-014", "CALL-021"),
    day="at",
)
def judge_callback(facts: CallbackFacts, reading: Reading) -> Finding:
    """Whether a callback is late, and so late that the leader hears of it. The moment itself is still in time."""
    due = f"{reading.local(facts.due_at):%m-%d %H:%M}"
    if facts.at <= facts.due_at:
        return reading.finding("outbound.callback", "in_time", due=due)
    minutes = int((facts.at - facts.due_at).total_seconds() // 60)
    outcome = "escalate" if reading.beyond("outbound.callback.escalate_minutes", minutes) else "overdue"
    return reading.finding("outbound.callback", outcome, details={"minutes": minutes}, due=due, minutes=minutes)
