# SPDX-License-Identifier: Apache-2.0
"""Judgements on the roster: whether a month still has room for a swap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule
from zuoxi.workforce import staffing_rules as _staffing  # noqa: F401  (registers its rule)
from zuoxi.workforce import wish_rules as _wishes  # noqa: F401  (registers its rule)
from zuoxi.workforce.facts import OvertimeNoticeFacts, SwapFacts, SwapFitFacts
from zuoxi.workforce.swaps import SWAP_QUOTAS
from zuoxi.workforce.today import rules as _today  # noqa: F401  (registers its rule)

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


@rule(
    "shift.swap_fit",
    outcomes=("fits", "refused"),
    needs=("figures:swap.notice_days", "figures:roster.rest.minimum_hours"),
    clauses=("SCH-005", "SCH-006", "SCH-008"),
)
def judge_swap_fit(facts: SwapFitFacts, reading: Reading) -> Finding:
    """Whether the swapped shifts can be worked: asked in time, nobody twice at once, rest kept, skills there."""
    rest = reading.figure("roster.rest.minimum_hours")
    notice = reading.figure("swap.notice_days")
    words: dict[str, Any] = {
        "notice": notice.text,
        "rest": rest.text,
        "ahead": facts.days_ahead,
        "hours": facts.rest_hours or "",
    }
    say = ""
    if facts.days_ahead < 0:
        say = "past"
    elif not notice.beyond(facts.days_ahead):
        say = "notice"
    elif facts.on_leave:
        say = "leave"
    elif facts.overlaps:
        say = "overlap"
    elif facts.rest_hours is not None and not rest.beyond(facts.rest_hours):
        say = "rest"
    elif facts.skills_match is False:
        say = "skills"
    elif reading.has("swap.most_in_shift") and reading.beyond("swap.most_in_shift", facts.others_in_shift):
        say = "shift"
    return reading.finding("shift.swap_fit", "refused" if say else "fits", say=say or "fits", **words)


@rule(
    "overtime.notice",
    outcomes=("in_time", "late", "afterwards"),
    needs=("figures:overtime.notice_hours",),
    clauses=("SCH-009",),
)
def judge_overtime_notice(facts: OvertimeNoticeFacts, reading: Reading) -> Finding:
    """Whether a list of overtime was announced early enough; what has begun is entered afterwards."""
    notice = reading.figure("overtime.notice_hours")
    outcome = "in_time" if notice.beyond(facts.hours_ahead) else "late" if facts.hours_ahead >= 0 else "afterwards"
    ahead = as_text(facts.hours_ahead.quantize(Decimal("0.1")))
    return reading.finding("overtime.notice", outcome, hours=notice.text, ahead=ahead)
