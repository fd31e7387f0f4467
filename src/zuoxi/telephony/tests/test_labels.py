# SPDX-License-Identifier: Apache-2.0
"""Words for what people read."""

import inspect
import re

import pytest

from zuoxi.telephony import labels, states

pytestmark = pytest.mark.once


def test_whatever_may_begin_a_state_has_words():
    kinds = set(re.findall(r'"((?:agent|call|device|leg|member|window|switch)\.[a-z_]+)"', inspect.getsource(states)))
    assert kinds
    assert not kinds - set(labels.CAUSES)
