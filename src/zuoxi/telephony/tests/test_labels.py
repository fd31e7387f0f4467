# SPDX-License-Identifier: Apache-2.0
"""Words for what people read."""

import inspect
import re

import pytest

from zuoxi.telephony import labels, states
from zuoxi.telephony.remarks import in_words

pytestmark = pytest.mark.once


def test_whatever_may_begin_a_state_has_words():
    kinds = set(re.findall(r'"((?:agent|call|device|leg|member|window|switch)\.[a-z_]+)"', inspect.getsource(states)))
    assert kinds
    assert not kinds - set(labels.CAUSES)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("belongs to no call", "不属于任何通话"),
        ("3.4 s of 9 s", "应有 9 秒，只录到 3.4 秒"),
        ("unreadable: no header", "无法读取: no header"),
        ("", ""),
        ("kept by hand", "kept by hand"),
    ],
)
def test_what_the_check_wrote_beside_a_recording_is_said_in_the_readers_words(written, said):
    assert in_words(written) == said
