# SPDX-License-Identifier: Apache-2.0
"""Callers who put more into their name and number than names and numbers.

The payloads are made here from classes of characters; nothing ready-made is kept.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from tests.telephony.sipp import Caller

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]

_ESCAPED = {"line ends": range(0x0A, 0x0E), "controls": range(0x01, 0x20), "delete and C1": range(0x7F, 0xA0)}
_PLAIN = {"separators": '|,;"\\', "dial plan": "${}[]()", "shell": "`$&<>"}


def _word(rng: random.Random, alphabet: str = "abcdefghij0123456789") -> str:
    return "".join(rng.choices(alphabet, k=6))


def _escapes(rng: random.Random, codes: range) -> str:
    return "".join(f"%{code:02x}" for code in rng.sample(list(codes), k=min(4, len(codes))))


def _number(kind: str) -> str:
    rng = random.Random(kind)
    return f"1{_word(rng, '0123456789')}{_escapes(rng, _ESCAPED[kind])}{_word(rng)}"


def _display(kind: str) -> str:
    rng = random.Random(kind)
    marks = "".join(rng.choices([c for c in _PLAIN[kind] if c not in '"\\'], k=5)) if kind in _PLAIN else ""
    quoted = '\\"' if '"' in _PLAIN.get(kind, "") else ""
    return f'"{_word(rng)}{marks}{quoted}{_word(rng)}" '


def _lines_of(lab, name: str) -> list[str]:
    return (
        Path(lab.line()[name]).read_text(errors="surrogateescape").splitlines()
        if Path(lab.line()[name]).exists()
        else []
    )


_QUEUE_LINE = re.compile(r"\d{10}\|(NONE|[\w.-]+)\|[\w-]+\|[\w/]+\|[A-Z]+\|[ -~]*")


@pytest.mark.parametrize("kind", list(_ESCAPED))
def test_encoded_control_characters_in_a_number_write_no_line_of_their_own(lab, field, manager, kind):
    before = len(_lines_of(lab, "queue_log"))
    field.call(Caller("8000", hold_seconds=1, caller=_number(kind))).end()
    event = manager.until("UserEvent", UserEvent="ZuoxiCall")
    assert re.fullmatch(r"[0-9+*]*", event["Caller"])
    manager.until("QueueCallerAbandon")
    lines = _lines_of(lab, "queue_log")[before:]
    assert [line.split("|")[4] for line in lines] == ["ENTERQUEUE", "ABANDON"]
    assert all(_QUEUE_LINE.fullmatch(line) for line in lines)
    assert all(line.startswith('"') and line.endswith('"') for line in _lines_of(lab, "cel"))


@pytest.mark.parametrize("kind", list(_PLAIN))
def test_marks_in_a_name_reach_neither_log_nor_event(lab, field, manager, kind):
    before = len(_lines_of(lab, "queue_log"))
    field.call(Caller("8000", hold_seconds=1, display=_display(kind))).end()
    event = manager.until("UserEvent", UserEvent="ZuoxiCall")
    assert re.fullmatch(r"[0-9A-Za-z ]*", event["CallerIDName"].replace("<unknown>", ""))
    manager.until("QueueCallerAbandon")
    assert len(_lines_of(lab, "queue_log")) - before == 2


def test_every_frame_of_a_hostile_call_is_whole_and_known(lab, field, manager):
    """What the listener's account hears of such a call holds no header that Asterisk does not write."""
    for kind in _ESCAPED:
        field.call(Caller("8001", hold_seconds=1, caller=_number(kind), display=_display("separators"))).end()
    manager.drain(1)
    text = manager.raw.decode(errors="surrogateescape")
    assert not re.search(r"(?<!\r)\n", text)
    for line in text.split("\r\n")[1:]:
        assert line == "" or re.fullmatch(r"[A-Za-z0-9_-]+: ?[^\x00-\x1f\x7f]*", line), repr(line)


def test_a_number_that_does_not_exist_cannot_be_dialled_into_the_logs(lab, field, manager):
    before = _lines_of(lab, "queue_log")
    done = field.call(Caller("8000" + _escapes(random.Random(3), range(0x0A, 0x0E)), hold_seconds=1)).end(20)
    assert done["successful"] == 0
    manager.drain(0.5)
    assert not [one for one in manager.events if one["Event"] == "UserEvent"]
    assert _lines_of(lab, "queue_log") == before
