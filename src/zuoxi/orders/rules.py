# SPDX-License-Identifier: Apache-2.0
"""Judgements on orders: exchanges, refunds, and who grants bonus points."""

from __future__ import annotations

from zuoxi.orders.facts import ExchangeFacts, PointsFacts, RefundFacts
from zuoxi.policy.entries import SCALES
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule
from zuoxi.policy.vocabulary import role_words

_REFUNDS = {"pending": "refused", "failed": "refused", "partial": "partial", "passed": "allowed"}


@rule(
    "orders.exchange",
    outcomes=("direct", "inspect_first"),
    needs=("figures:orders.exchange.direct_yuan",),
    clauses=("ORD-002", "VAR-001"),
)
def judge_exchange(facts: ExchangeFacts, reading: Reading) -> Finding:
    """Whether new goods go out at once; the figure itself still does."""
    limit = reading.figure("orders.exchange.direct_yuan")
    outcome = "direct" if limit.within(facts.order_total) else "inspect_first"
    return reading.finding("orders.exchange", outcome, total=as_text(facts.order_total), limit=limit.text)


@rule(
    "orders.refund",
    outcomes=("allowed", "partial", "refused"),
    needs=("figures:orders.refund.needs_inspection",),
    clauses=("ORD-001",),
)
def judge_refund(facts: RefundFacts, reading: Reading) -> Finding:
    """No refund before the goods are back and have passed; what passed in part is paid in part."""
    if not reading.flag("orders.refund.needs_inspection"):
        return reading.finding("orders.refund", "allowed", say="without_inspection")
    outcome = _REFUNDS[facts.inspection]
    say = "pending" if facts.inspection == "pending" else outcome
    return reading.finding("orders.refund", outcome, say=say)


@rule(
    "points.approval",
    outcomes=("route", "unknown"),
    needs=("scales:points.approval",),
    clauses=("ORD-007",),
)
def judge_points(facts: PointsFacts, reading: Reading) -> Finding:
    """Everybody from the leader's review up to whoever may grant as much, this month's points counted in."""
    ladder = [step.outcome for step in reading.handbook.entry(SCALES, "points.approval").steps]
    known = facts.points + (facts.granted_this_month or 0)
    reached = reading.step("points.approval", known).outcome
    if facts.granted_this_month is None and reached != ladder[-1]:
        return reading.unknown("points.approval", ("granted_this_month",))
    approvers = ladder[: ladder.index(reached) + 1]
    titles = [role_words()[one].title for one in approvers]
    return reading.finding(
        "points.approval",
        "route",
        details={"approvers": approvers},
        total=known,
        chain_zh="→".join(one.zh for one in titles),
        chain_en=" → ".join(one.en for one in titles),
    )
