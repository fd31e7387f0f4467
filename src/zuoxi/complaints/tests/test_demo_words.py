# SPDX-License-Identifier: Apache-2.0
"""What the demo's customers complain of is among the kinds of their trade."""

import pytest

from zuoxi.complaints.demo_words import words_of
from zuoxi.complaints.handbook import kinds_of
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.packs import pack, pack_codes

pytestmark = pytest.mark.once


@pytest.mark.parametrize("code", [code for code in pack_codes() if pack(code).body.kind == "trade"])
def test_a_trade_complains_of_kinds_it_has(code):
    assert set(words_of(code)) <= set(kinds_of(handbook_of(code)))
