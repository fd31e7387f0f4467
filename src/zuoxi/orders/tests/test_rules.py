# SPDX-License-Identifier: Apache-2.0
"""The judgements on orders at and beside their figures."""

from datetime import date
from decimal import Decimal

import pytest

from zuoxi.orders import rules
from zuoxi.orders.facts import (
    FakeFacts,
    ProxyFeeFacts,
    ReshipFacts,
    ReturnWindowFacts,
    VerifyCallFacts,
    VerifyFacts,
    WardPriceFacts,
)
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible

pytestmark = pytest.mark.once
DAY = date(2026, 11, 20)


def on(pack="tv_shopping"):
    return handbook_of(pack).on(DAY)


@pytest.mark.clause("ORD-004")
@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        ({"total": Decimal("999.99")}, []),
        ({"total": Decimal(1000)}, ["amount"]),
        ({"first_cod": True}, ["first_cod"]),
        ({"address_length": 9}, []),
        ({"address_length": 8}, ["address"]),
        ({"orders_today": 2}, ["orders_today"]),
        ({"tags": ("黑名单",)}, ["tags"]),
        ({"phones_differ": True}, ["phones_differ"]),
    ],
)
def test_an_order_is_marked_for_every_reason_that_applies(change, reasons):
    facts = {
        "total": Decimal(100), "first_cod": False, "address_length": 20, "orders_today": 1, "tags": (),
        "phones_differ": False,
    } | change  # fmt: skip
    finding = rules.judge_verification(VerifyFacts(**facts), on())
    assert (finding.outcome, finding.details["reasons"]) == ("needed" if reasons else "not_needed", reasons)
    assert "ORD-004" in finding.clauses


@pytest.mark.clause("ORD-004")
@pytest.mark.parametrize(
    ("calls", "hours", "outcome"),
    [(0, None, "allowed"), (1, "1.99", "too_soon"), (1, "2", "allowed"), (2, "2", "allowed"), (3, "9", "used_up"),
     (1, None, "unknown")],
)  # fmt: skip
def test_calls_to_verify_lie_two_hours_apart_and_are_three(calls, hours, outcome):
    facts = VerifyCallFacts(calls, Decimal(hours) if hours else None)
    assert rules.judge_verify_call(facts, on()).outcome == outcome


@pytest.mark.clause("ORD-003")
@pytest.mark.parametrize(("days", "outcome"), [(0, "within"), (7, "within"), (8, "over"), (None, "unknown")])
def test_goods_are_returned_within_seven_days(days, outcome):
    assert rules.judge_return_window(ReturnWindowFacts(days), on()).outcome == outcome


@pytest.mark.clause("ORD-006")
@pytest.mark.parametrize(
    ("reships", "refunded", "outcome"),
    [(0, False, "allowed"), (1, False, "allowed"), (2, False, "used_up"), (0, True, "refunded")],
)
def test_goods_are_sent_again_twice_at_most_and_never_after_a_refund(reships, refunded, outcome):
    assert rules.judge_reship(ReshipFacts(reships, refunded), on()).outcome == outcome


@pytest.mark.clause("ORD-009")
@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (FakeFacts(2, 2, None, None), []),
        (FakeFacts(3, 1, None, None), ["phone"]),
        (FakeFacts(1, 3, None, None), ["address"]),
        (FakeFacts(1, 1, True, None), ["denied"]),
        (FakeFacts(1, 1, False, Decimal(24)), ["return"]),
        (FakeFacts(1, 1, False, Decimal("24.01")), []),
    ],
)
def test_what_looks_invented_is_found_by_four_signs(facts, reasons):
    finding = rules.judge_fake(facts, on())
    assert (finding.outcome, finding.details["reasons"]) == ("suspect" if reasons else "fine", reasons)


@pytest.mark.clause("ORD-011")
@pytest.mark.parametrize("pack", ["gov_window", "community"])
@pytest.mark.parametrize(("fee", "outcome"), [("10", "allowed"), ("9.5", "allowed"), ("10.01", "refused")])
def test_nothing_is_charged_on_top_of_the_statutory_fee(pack, fee, outcome):
    assert rules.judge_proxy_fee(ProxyFeeFacts(Decimal(fee), Decimal(10)), on(pack)).outcome == outcome


@pytest.mark.clause("ORD-012")
@pytest.mark.parametrize(("price", "outcome"), [("3.50", "allowed"), ("3.49", "refused"), ("3.51", "refused")])
def test_the_ward_shop_charges_what_the_hospital_sets(price, outcome):
    assert rules.judge_ward_price(WardPriceFacts(Decimal(price), Decimal("3.5")), on("hospital")).outcome == outcome


def test_facts_that_cannot_be_are_refused():
    with pytest.raises(Impossible):
        VerifyCallFacts(-1, None)
    with pytest.raises(Impossible):
        ProxyFeeFacts(Decimal(-1), Decimal(0))
