# SPDX-License-Identifier: Apache-2.0
"""Judgements on quality: has everybody been listened to often enough this week."""

from __future__ import annotations

from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import rule
from zuoxi.quality.facts import QuotaFacts


@rule(
    "quality.quota",
    outcomes=("met", "due"),
    needs=("figures:quality.quota.week_calls",),
    clauses=("QA-002",),
)
def judge_quota(facts: QuotaFacts, reading: Reading) -> Finding:
    """How many evaluated calls the week still lacks; more than asked is as good as enough."""
    asked = reading.whole("quality.quota.week_calls")
    missing = max(asked - facts.evaluated_this_week, 0)
    say = "met" if not missing else "overdue" if facts.days_left == 0 else "due"
    return reading.finding(
        "quality.quota",
        "due" if missing else "met",
        details={"missing": missing},
        say=say,
        done=facts.evaluated_this_week,
        asked=asked,
        missing=missing,
        days="—" if facts.days_left is None else facts.days_left,
    )
