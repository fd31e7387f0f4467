# SPDX-License-Identifier: Apache-2.0
"""Why something was not believed, in the language of the page."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from zuoxi.telephony import asterisk
from zuoxi.telephony.doubt_words import in_words

_WRITTEN = re.compile(r'(?:Untold|Disbelieved|Rejected)\((?:[\w.]+(?:\[:\w+\])?, )?(f?)"((?:[^"\\]|\\.)*)"')


def told():
    """Every reason that the code of the switch writes, with something in the places of its values."""
    for file in sorted(Path(asterisk.__file__).parent.glob("*.py")):
        for formatted, text in _WRITTEN.findall(file.read_text(encoding="utf-8")):
            yield re.sub(r"\{[^}]*!r\}", "'x1'", re.sub(r"\{(?:len|\w+)[^}!]*\}", "7", text)) if formatted else text


@pytest.mark.once
def test_every_reason_that_the_switch_code_writes_has_words_of_its_own():
    reasons = [one.replace("7 with", "DID with").replace("7 of", "DID of") for one in told()]
    assert len(reasons) > 25
    with translation.override("zh-hans"):
        assert [one for one in reasons if one != "not CSV" and in_words(one) == one] == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("reason", "zh"),
    [
        ("longer than 4 KiB", "超过 4 KiB"),
        ("unknown verb 'HACK 100%'", "队列日志中的未知事件 'HACK 100%'"),
        ("call.started: unknown keys ['x']", "call.started 含有未知部分 ['x']"),
        ("switch restarted", "交换机重新启动"),
        ("something nobody thought of", "something nobody thought of"),
    ],
)
def test_a_reason_is_told_in_chinese_and_an_unknown_one_as_it_is(reason, zh):
    with translation.override("zh-hans"):
        assert in_words(reason) == zh
