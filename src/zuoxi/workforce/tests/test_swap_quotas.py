# SPDX-License-Identifier: Apache-2.0
"""How often one may swap, pack by pack."""

from datetime import date
from decimal import Decimal

import pytest

from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.packs import pack_codes
from zuoxi.policy.rulebook import Impossible, judge
from zuoxi.workforce.facts import SwapFacts
from zuoxi.workforce.swaps import SWAP_QUOTAS

pytestmark = pytest.mark.once
PACKS = [code for code in pack_codes() if handbook_of(code).has("swap_quotas", "peer")]


def swap(pack, kind, used, other, days="1"):
    counterpart = None if other is None else Decimal(other)
    return judge(
        "shift.swap", SwapFacts(kind, Decimal(used), counterpart, Decimal(days)), handbook_of(pack), date(2026, 11, 2)
    )


@pytest.mark.parametrize("pack", PACKS)
def test_a_quota_names_a_figure_that_exists(pack):
    handbook = handbook_of(pack)
    assert not [one for one in handbook.entries(SWAP_QUOTAS).values() if not handbook.has("figures", one.limit)]


@pytest.mark.clause("SCH-005")
def test_what_is_left_is_said():
    assert swap("tv_shopping", "peer", "0.5", "0").details == {"left": "1.5"}
    assert swap("tv_shopping", "peer", "3", "0").details == {"left": "0"}


@pytest.mark.clause("SCH-005")
def test_a_colleague_who_has_none_left_is_named_as_the_reason():
    found = swap("tv_shopping", "peer", "0", "2")
    assert found.outcome == "refused"
    assert "对方" in found.why.zh


@pytest.mark.clause("SCH-004", "SCH-005")
def test_halves_of_a_day_add_up():
    assert swap("tv_shopping", "self", "0.5", None, "0.5").outcome == "allowed"
    assert swap("tv_shopping", "self", "0.5", None, "1").outcome == "refused"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (("with_a_friend", "0", "0", "1"), "kind"),
        (("self", "-1", "0", "1"), "used_by_applicant"),
        (("peer", "0", "-1", "1"), "used_by_counterpart"),
        (("peer", "0", "0", "0"), "days"),
        (("peer", "0", "0", "NaN"), "days"),
    ],
)
def test_a_swap_that_cannot_be_is_refused_by_its_field(facts, field):
    kind, used, other, days = facts
    with pytest.raises(Impossible) as wrong:
        SwapFacts(kind, Decimal(used), Decimal(other), Decimal(days))
    assert wrong.value.field == field
