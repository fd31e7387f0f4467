# SPDX-License-Identifier: Apache-2.0
"""Judgements on the roster: whether a month still has room for a swap."""

from __future__ import annotations

from decimal import Decimal

from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule
from zuoxi.workforce.facts import SwapFacts
from zuoxi.workforce.swaps import SWAP_QUOTAS

_ONCE = Decimal(1)


@rule(
    "shift.swap",
    outcomes=("allowed", "refused", "unknown"),
    needs=("swap_quotas:self", "swap_quotas:peer", "swap_quotas:rest"),
    clauses=("SCH-003", "SCH-004", "SCH-005", "SCH-006"),
)
def judge_swap(facts: SwapFacts, reading: Reading) -> Finding:
    """Whether this swap still fits into the month of everybody in it."""
    quota = reading.entry(SWAP_QUOTAS, facts.kind)
    limit = reading.figure(quota.limit)
    more = facts.days if quota.counted == "days" else _ONCE
    own = limit.within(facts.used_by_applicant + more)
    words = {"zh": quota.label.zh, "en": quota.label.en, "limit": limit.text, "more": as_text(more)}
    details = {"left": as_text(max(limit.value - facts.used_by_applicant, Decimal(0)))}
    if not own:
        used = as_text(facts.used_by_applicant)
        return reading.finding("shift.swap", "refused", details=details, used=used, **words)
    if quota.both:
        if facts.used_by_counterpart is None:
            return reading.unknown("shift.swap", ("used_by_counterpart",))
        if not limit.within(facts.used_by_counterpart + more):
            used = as_text(facts.used_by_counterpart)
            return reading.finding("shift.swap", "refused", details=details, say="counterpart", used=used, **words)
    return reading.finding("shift.swap", "allowed", details=details, used=as_text(facts.used_by_applicant), **words)
