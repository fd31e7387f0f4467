# SPDX-License-Identifier: Apache-2.0
"""Judgements on outbound calls: the day's target, and a satisfaction rate worked out from its answers."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from zuoxi.outbound.facts import FollowUpFacts, SatisfactionFacts, ShortfallFacts, TargetFacts
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule

_FOLLOW_UP = ("contact", "phone", "content")  # in the order of the figure followup.must_state


@rule(
    "telesales.target",
    outcomes=("target",),
    needs=(
        "figures:telesales.target.calls",
        "figures:telesales.target.newcomer_calls",
        "figures:telesales.target.newcomer_days",
    ),
    clauses=("CALL-017", "VAR-002"),
    day="on",
)
def judge_target(facts: TargetFacts, reading: Reading) -> Finding:
    """Effective calls that the day asks for; half a month is so many calendar days, and then the full number holds."""
    days, settled, calls = _target(facts.joined_on, facts.on, reading)
    return reading.finding(
        "telesales.target",
        "target",
        details={"calls": calls},
        say="settled" if settled else "newcomer",
        days=days,
        calls=calls,
    )


def _target(joined_on: date, on: date, reading: Reading) -> tuple[int, bool, int]:
    """Days since joining, whether half a month is over, and the calls asked."""
    days = (on - joined_on).days
    settled = reading.beyond("telesales.target.newcomer_days", days)
    return days, settled, reading.whole("telesales.target.calls" if settled else "telesales.target.newcomer_calls")


@rule(
    "telesales.shortfall",
    outcomes=("met", "stay"),
    needs=("figures:telesales.target.calls", "figures:telesales.shortfall.supervised_by"),
    clauses=("CALL-018",),
    day="on",
)
def judge_shortfall(facts: ShortfallFacts, reading: Reading) -> Finding:
    """Whether somebody stays until the day's calls are made, and who watches over it (C-14)."""
    _days, _settled, calls = _target(facts.joined_on, facts.on, reading)
    missing = max(calls - facts.effective_calls, 0)
    by = list(reading.words("telesales.shortfall.supervised_by"))
    return reading.finding(
        "telesales.shortfall",
        "stay" if missing else "met",
        details={"missing": missing, "supervised_by": by if missing else []},
        done=facts.effective_calls,
        calls=calls,
        missing=missing,
    )


@rule(
    "followup.complete",
    outcomes=("complete", "incomplete"),
    needs=("figures:followup.must_state",),
    clauses=("CALL-019", "CUS-003"),
)
def judge_follow_up(facts: FollowUpFacts, reading: Reading) -> Finding:
    """A follow-up names whom, by which number, and what was said."""
    stated = dict(zip(_FOLLOW_UP, reading.words("followup.must_state"), strict=True))
    missing = [name for name in _FOLLOW_UP if not getattr(facts, name).strip()]
    return reading.finding(
        "followup.complete",
        "incomplete" if missing else "complete",
        details={"missing": missing},
        zh="、".join(stated[name] for name in missing),
        en=", ".join(missing),
    )


@rule(
    "survey.satisfaction",
    outcomes=("rate", "differs", UNKNOWN),
    needs=("figures:survey.satisfaction.decimals",),
    clauses=("FUP-006", "FUP-008", "VAR-008"),
)
def judge_satisfaction(facts: SatisfactionFacts, reading: Reading) -> Finding:
    """The rate from the answers, never typed; one that was typed and does not agree is shown as differing (C-24)."""
    answers = facts.satisfied + facts.fairly_satisfied + facts.dissatisfied
    if not answers:
        return reading.unknown("survey.satisfaction", ("satisfied", "fairly_satisfied", "dissatisfied"))
    step = Decimal(1).scaleb(-reading.whole("survey.satisfaction.decimals"))
    rate = _percent(facts.satisfied, answers, step)
    details = {
        "rate_percent": as_text(rate),
        "with_fairly_percent": as_text(_percent(facts.satisfied + facts.fairly_satisfied, answers, step)),
        "answers": answers,
        "stated_percent": None if facts.stated_percent is None else as_text(facts.stated_percent),
    }
    differs = facts.stated_percent is not None and not _agrees(facts.stated_percent, facts.satisfied, answers)
    stated = "" if facts.stated_percent is None else as_text(facts.stated_percent)
    outcome = "differs" if differs else "rate"
    return reading.finding(
        "survey.satisfaction", outcome, details=details, rate=as_text(rate), stated=stated, answers=answers
    )


def _percent(part: int, whole: int, step: Decimal) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(step, ROUND_HALF_UP)


def _agrees(stated: Decimal, part: int, whole: int) -> bool:
    """Whether the rate, rounded as the stated one is, is the stated one."""
    exponent = stated.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return _percent(part, whole, step) == stated
