# SPDX-License-Identifier: Apache-2.0
"""What the parser believes of what comes over the wire, and that nothing is lost or invented on the way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zuoxi.telephony.asterisk.frames import MAX_FRAME, Frame, Parser, Rejected, Reply
from zuoxi.telephony.asterisk.schemas import BY_EVENT, HEARD
from zuoxi.telephony.tests.fake_switch import SYSTEM_NAME, TRACES, frame, frames_of, trace

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
NAMED = ["queued_call.txt", "attended_transfer.txt", "left_on_timeout.txt", "turned_away.txt"]
UNNAMED = ["not_answered_then_abandoned.txt", "blind_transfer.txt", "telephones.txt", "members.txt"]
STREAM = BANNER + b"".join(map(trace, NAMED))


def read(data: bytes, system_name: str = SYSTEM_NAME) -> list[object]:
    return Parser(system_name).feed(BANNER + data)


@pytest.mark.parametrize("name", NAMED)
def test_every_frame_of_a_real_call_is_believed(name: str) -> None:
    items = read(trace(name))
    assert [item for item in items if not isinstance(item, Frame)] == []
    assert len(items) == len(frames_of(name)) > 0


@pytest.mark.parametrize("name", UNNAMED)
def test_a_switch_without_a_system_name_is_believed_by_form_alone(name: str) -> None:
    items = read(trace(name), "")
    assert all(isinstance(item, Frame) for item in items)


def test_the_traces_hold_every_kind_of_event_that_the_account_hears() -> None:
    seen = {line for one in TRACES.glob("*.txt") for line in one.read_text().splitlines() if line.startswith("Event: ")}
    missing = set(HEARD) - {line.removeprefix("Event: ") for line in seen}
    # AgentDump needs an announcement to the agent, DeviceStateChange a module that our configuration does not load
    assert missing == {"AgentDump", "DeviceStateChange"}


def test_names_in_chinese_are_read_whole() -> None:
    raw = frame("QueueCallerJoin", "queued_call.txt", CallerIDNum="13800001111", CallerIDName="张三丰")
    (item,) = read(raw)
    assert isinstance(item, Frame)
    assert "张三丰".encode() in item.raw
    assert item.fields["CallerIDNum"] == "13800001111"


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_reads_split_anywhere_give_the_same_frames(cuts: list[int]) -> None:
    edges = sorted({0, *cuts, len(STREAM)})
    parser = Parser(SYSTEM_NAME)
    items = [item for a, b in pairwise(edges) for item in parser.feed(STREAM[a:b])]
    assert items == Parser(SYSTEM_NAME).feed(STREAM)


def test_reads_of_one_byte_give_the_same_frames() -> None:
    parser = Parser(SYSTEM_NAME)
    items = [item for i in range(len(STREAM)) for item in parser.feed(STREAM[i : i + 1])]
    assert items == Parser(SYSTEM_NAME).feed(STREAM)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_garbage_never_becomes_a_frame_and_never_stops_the_next_one(garbage: bytes) -> None:
    good = trace("left_on_timeout.txt")
    parser = Parser(SYSTEM_NAME)
    before = parser.feed(BANNER + garbage + b"\r\n\r\n")
    assert not [item for item in before if isinstance(item, Frame)]
    assert [type(item) for item in parser.feed(good)] == [Frame] * len(frames_of("left_on_timeout.txt"))


@given(st.integers(0, 16), st.data())
@settings(max_examples=100, deadline=None)
def test_a_truncated_frame_is_rejected_and_the_next_is_read(which: int, data: st.DataObject) -> None:
    frames = [one for one in frames_of("queued_call.txt") if b"DialString" not in one]  # its last header may be absent
    whole = frames[which % len(frames)]
    lines = whole.split(b"\r\n")
    kept = data.draw(st.integers(1, len(lines) - 1))
    items = read(b"\r\n".join(lines[:kept]) + b"\r\n\r\n" + frames[0] + b"\r\n\r\n")
    assert isinstance(items[0], Rejected)
    assert items[0].raw == b"\r\n".join(lines[:kept])
    assert isinstance(items[1], Frame)


@given(st.sampled_from(frames_of("queued_call.txt")), st.data())
@settings(max_examples=100, deadline=None)
def test_headers_in_another_order_are_rejected(whole: bytes, data: st.DataObject) -> None:
    lines = whole.split(b"\r\n")
    a = data.draw(st.integers(1, len(lines) - 1))
    b = data.draw(st.integers(1, len(lines) - 1).filter(lambda i: i != a))
    lines[a], lines[b] = lines[b], lines[a]
    (item,) = read(b"\r\n".join(lines) + b"\r\n\r\n")
    assert isinstance(item, Rejected)


@given(st.sampled_from(frames_of("queued_call.txt")), st.data())
@settings(max_examples=60, deadline=None)
def test_a_header_twice_is_rejected(whole: bytes, data: st.DataObject) -> None:
    lines = whole.split(b"\r\n")
    again = data.draw(st.integers(1, len(lines) - 1))
    (item,) = read(b"\r\n".join([*lines[: again + 1], lines[again], *lines[again + 1 :]]) + b"\r\n\r\n")
    assert isinstance(item, Rejected)
    assert item.reason.endswith("twice")


@pytest.mark.parametrize(
    "text", ["a\rb", "a\nb", "a\tb", "a\x00b", "a\x7fb", "a\x85b", "a\u2028b", "a\u2029b", "\x1b[2J"]
)
def test_a_control_character_in_a_value_is_rejected(text: str) -> None:
    (item, *_) = read(frame("QueueCallerJoin", "queued_call.txt", CallerIDName=text))
    assert isinstance(item, Rejected)


def test_text_that_is_not_utf8_is_rejected() -> None:
    raw = frame("QueueCallerJoin", "queued_call.txt").replace("张三".encode(), b"\xd5\xc5\xc8\xfd")
    (item,) = read(raw)
    assert item == Rejected(raw.removesuffix(b"\r\n\r\n"), "not UTF-8")


def test_an_unknown_header_is_named_in_the_reason() -> None:
    raw = frame("QueueCallerJoin", "queued_call.txt").replace(b"Queue: ", b"Surprise: x\r\nQueue: ")
    (item,) = read(raw)
    assert isinstance(item, Rejected)
    assert item.reason == "unknown header Surprise"


def test_the_headers_that_only_some_situations_have_are_accepted() -> None:
    raw = frame("Hangup", "queued_call.txt").removesuffix(b"\r\n\r\n") + b"\r\nTechCause: 603 Decline\r\n\r\n"
    (item,) = read(raw)
    assert isinstance(item, Frame)


def test_a_header_of_64_kib_is_rejected_once_and_the_next_frame_is_read() -> None:
    parser = Parser(SYSTEM_NAME)
    items = parser.feed(BANNER + b"Event: QueueCallerJoin\r\nCallerIDName: " + b"x" * MAX_FRAME)
    for _ in range(5):
        items += parser.feed(b"y" * 50_000)
    items += parser.feed(b"\r\n\r\n" + frame("QueueCallerJoin", "queued_call.txt"))
    assert [type(item) for item in items] == [Rejected, Frame]
    assert items[0].reason == "longer than 64 KiB"
    assert len(items[0].raw) <= MAX_FRAME


def test_unwanted_events_are_counted_and_passed_over() -> None:
    parser = Parser()
    quirk = b"Event: TestEvent\r\nPrivilege: reporting,all\r\nType: Assert\r\n\r\n\r\n"
    items = parser.feed(BANNER + quirk + frame("QueueMemberPause", "members.txt"))
    assert [type(item) for item in items] == [Frame]
    assert parser.skipped == 1


def test_an_event_without_the_system_name_was_not_written_by_the_switch() -> None:
    nameless = frame("QueueCallerJoin", "not_answered_then_abandoned.txt")
    unwanted = b"Event: Junk\r\nPrivilege: call,all\r\nX: y\r\n\r\n"
    assert [type(item) for item in read(nameless)] == [Rejected]
    assert [type(item) for item in read(unwanted)] == [Rejected]


def test_what_is_followed_by_stray_bytes_is_not_believed_either() -> None:
    complete = frame("Hangup", "queued_call.txt")
    items = read(complete + b"\r\nConnectedLineNum: 1\r\nLinkedid: 2\r\n\r\n" + complete)
    assert [type(item) for item in items] == [Rejected, Rejected, Frame]


def test_an_answer_to_somebody_elses_action_is_not_believed() -> None:
    parser = Parser(SYSTEM_NAME, "mine-")
    items = parser.feed(
        BANNER + b"Response: Success\r\nActionID: theirs-1\r\n\r\nResponse: Success\r\nActionID: mine-1\r\n\r\n"
    )
    assert [type(item) for item in items] == [Rejected, Reply]


def test_a_foreign_greeting_is_not_taken_for_a_frame() -> None:
    items = Parser().feed(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    assert [type(item) for item in items] == [Rejected]


@given(st.permutations(frames_of("queued_call.txt")))
@settings(max_examples=30, deadline=None)
def test_frames_in_any_order_and_twice_are_each_read_for_themselves(frames: list[bytes]) -> None:
    data = b"".join(one + b"\r\n\r\n" for one in [*frames, *frames])
    items = read(data)
    assert [item.raw for item in items if isinstance(item, Frame)] == [*frames, *frames]


def test_what_a_schema_reads_it_also_has() -> None:
    for schema in BY_EVENT.values():
        assert set(schema.read) <= set(schema.headers()), schema.event
