# SPDX-License-Identifier: Apache-2.0
"""Judgements on follow-ups and surveys: a satisfaction rate worked out from its answers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from zuoxi.followups.facts import SatisfactionFacts
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule


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
