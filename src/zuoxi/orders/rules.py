# SPDX-License-Identifier: Apache-2.0
"""Judgements on orders: exchanges, refunds, reships, verification, what looks invented, and who grants points."""

from __future__ import annotations

from decimal import Decimal

from zuoxi.orders.facts import (
    ExchangeFacts,
    FakeFacts,
    MoneyBackFacts,
    PointsFacts,
    ProxyFeeFacts,
    RefundFacts,
    ReshipFacts,
    ReturnWindowFacts,
    VerifyCallFacts,
    VerifyFacts,
    WardPriceFacts,
)
from zuoxi.policy.entries import SCALES
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule
from zuoxi.policy.vocabulary import role_words

# Why an order is marked, in both languages; keys of the details.
_MARKS = {
    "amount": ("金额达到核单线", "the amount"),
    "first_cod": ("首次货到付款", "the first cash on delivery"),
    "address": ("地址不全", "an incomplete address"),
    "orders_today": ("同一人当天多单", "several orders of one person in a day"),
    "tags": ("客户标签提示核单", "a tag of the customer"),
    "phones_differ": ("下单与收货电话不一致", "two different telephone numbers"),
}
_DOUBTS = {
    "phone": ("一个号码登记了多位顾客", "several customers on one number"),
    "address": ("同一地址登记了多位顾客", "several customers at one address"),
    "denied": ("回访时顾客否认订购", "the customer denies the order"),
    "return": ("签收后很快退货", "returned right after delivery"),
}
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


@rule(
    "orders.verify",
    outcomes=("needed", "not_needed"),
    needs=("figures:orders.verify.amount_yuan", "figures:orders.verify.orders_a_day"),
    clauses=("ORD-004",),
)
def judge_verification(facts: VerifyFacts, reading: Reading) -> Finding:
    """Whether somebody calls the customer before anything leaves; `details.reasons` are all that apply."""
    found = {
        "amount": reading.beyond("orders.verify.amount_yuan", facts.total),
        "first_cod": bool(facts.first_cod) and reading.flag("orders.verify.first_cod"),
        "address": facts.address_length < reading.whole("orders.verify.address_signs"),
        "orders_today": reading.beyond("orders.verify.orders_a_day", facts.orders_today),
        "tags": bool(set(facts.tags) & set(reading.words("orders.verify.tags"))),
        "phones_differ": facts.phones_differ,
    }
    reasons = [key for key, holds in found.items() if holds]
    return reading.finding(
        "orders.verify",
        "needed" if reasons else "not_needed",
        details={"reasons": reasons},
        reasons_zh="、".join(_MARKS[key][0] for key in reasons),
        reasons_en=", ".join(_MARKS[key][1] for key in reasons),
    )


@rule(
    "orders.verify_call",
    outcomes=("allowed", "too_soon", "used_up"),
    needs=("figures:orders.verify.calls", "figures:orders.verify.pause_hours"),
    clauses=("ORD-004",),
)
def judge_verify_call(facts: VerifyCallFacts, reading: Reading) -> Finding:
    """Whether to call now; after so many calls in vain a text message goes out instead."""
    most = reading.whole("orders.verify.calls")
    if facts.calls >= most:
        hours = reading.whole("orders.verify.void_hours")
        return reading.finding("orders.verify_call", "used_up", most=most, hours=hours)
    if facts.calls and facts.hours_since is None:
        return reading.unknown("orders.verify_call", ("hours_since",))
    pause = reading.figure("orders.verify.pause_hours")
    if facts.hours_since is not None and facts.calls and not pause.beyond(facts.hours_since):
        return reading.finding("orders.verify_call", "too_soon", pause=pause.text)
    return reading.finding("orders.verify_call", "allowed", nth=facts.calls + 1, most=most)


@rule(
    "orders.return_window",
    outcomes=("within", "over", "unknown"),
    needs=("figures:orders.return.days",),
    clauses=("ORD-003",),
)
def judge_return_window(facts: ReturnWindowFacts, reading: Reading) -> Finding:
    """Whether goods are returned in time; the last day still counts."""
    if facts.days is None:
        return reading.unknown("orders.return_window", ("days",))
    limit = reading.figure("orders.return.days")
    outcome = "within" if limit.within(facts.days) else "over"
    return reading.finding("orders.return_window", outcome, days=facts.days, limit=limit.text)


@rule(
    "orders.reship",
    outcomes=("allowed", "used_up", "refunded"),
    needs=("figures:orders.reship.most",),
    clauses=("ORD-006",),
)
def judge_reship(facts: ReshipFacts, reading: Reading) -> Finding:
    """Whether goods may be sent once more: so many times at most, and never what was refunded."""
    if facts.refunded:
        reading.note("ORD-006", gap="FJ-12")
        return reading.finding("orders.reship", "refunded")
    most = reading.whole("orders.reship.most")
    outcome = "allowed" if facts.reships < most else "used_up"
    return reading.finding("orders.reship", outcome, nth=facts.reships + 1, most=most)


@rule(
    "orders.money_back",
    outcomes=("owed", "nothing_owed", "return_first"),
    needs=("figures:orders.refund.needs_inspection",),
    clauses=("ORD-001",),
)
def judge_money_back(facts: MoneyBackFacts, reading: Reading) -> Finding:
    """What is owed without goods coming back: of an order that never left, or beyond what it costs."""
    amount = max(facts.paid - facts.given_back - facts.costs, Decimal(0))
    if not amount:
        return reading.finding("orders.money_back", "nothing_owed", details={"amount": "0"})
    if facts.shipped and not facts.costs and reading.flag("orders.refund.needs_inspection"):
        return reading.finding("orders.money_back", "return_first", details={"amount": "0"})
    told = as_text(amount)
    return reading.finding("orders.money_back", "owed", details={"amount": told}, amount=told)


@rule(
    "orders.fake",
    outcomes=("suspect", "fine"),
    needs=("figures:orders.fake.customers_a_phone", "figures:orders.fake.return_hours"),
    clauses=("ORD-009",),
)
def judge_fake(facts: FakeFacts, reading: Reading) -> Finding:
    """Whether an order looks like an invented registration; a person judges it afterwards."""
    returned = facts.hours_to_return
    found = {
        "phone": reading.beyond("orders.fake.customers_a_phone", facts.customers_on_phone),
        "address": reading.beyond("orders.fake.customers_an_address", facts.customers_at_address),
        "denied": bool(facts.denied),
        "return": returned is not None and reading.within("orders.fake.return_hours", returned),
    }
    reasons = [key for key, holds in found.items() if holds]
    return reading.finding(
        "orders.fake",
        "suspect" if reasons else "fine",
        details={"reasons": reasons},
        reasons_zh="、".join(_DOUBTS[key][0] for key in reasons),
        reasons_en=", ".join(_DOUBTS[key][1] for key in reasons),
    )


@rule(
    "orders.proxy_fee",
    outcomes=("allowed", "refused"),
    needs=("figures:orders.proxy.extra_yuan",),
    clauses=("ORD-011",),
)
def judge_proxy_fee(facts: ProxyFeeFacts, reading: Reading) -> Finding:
    """Nothing is charged on top of the statutory fees."""
    extra = max(facts.fee - facts.statutory, Decimal(0))
    outcome = "allowed" if reading.within("orders.proxy.extra_yuan", extra) else "refused"
    return reading.finding("orders.proxy_fee", outcome, fee=as_text(facts.fee), statutory=as_text(facts.statutory))


@rule(
    "orders.ward_price",
    outcomes=("allowed", "refused"),
    needs=("figures:orders.ward.listed_price",),
    clauses=("ORD-012",),
)
def judge_ward_price(facts: WardPriceFacts, reading: Reading) -> Finding:
    """The ward shop charges what the hospital sets, neither more nor less."""
    same = facts.price == facts.listed or not reading.flag("orders.ward.listed_price")
    outcome = "allowed" if same else "refused"
    return reading.finding("orders.ward_price", outcome, price=as_text(facts.price), listed=as_text(facts.listed))
