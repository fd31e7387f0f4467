# SPDX-License-Identifier: Apache-2.0
"""Lines of a real queue log as facts; what is torn, forged or garbage is not believed, and nothing is counted twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.asterisk.queue_log import Disbelieved, Reader, boot_at
from zuoxi.telephony.facts import DATA_KEYS, SwitchFact
from zuoxi.telephony.tests.fake_switch import TRACES

LINES = (TRACES / "queue_log.txt").read_bytes().splitlines()
BOOT = Boot("lab", 1795336089)


def outcomes(
    *lines: str | bytes, boot: Boot = BOOT, known: dict[int, str] | None = None
) -> list[SwitchFact | Disbelieved]:
    reader = Reader(boot, known or {})
    told = [one for line in lines for one in reader.read(line.encode() if isinstance(line, str) else line)]
    flat: list[SwitchFact | Disbelieved] = []
    for one in told + reader.settle():
        flat += [one] if isinstance(one, Disbelieved) else one
    return flat


def only(line: str, boot: Boot = BOOT) -> SwitchFact:
    (fact,) = outcomes(line, boot=boot)
    assert isinstance(fact, SwitchFact), fact
    return fact


def test_every_line_of_a_real_log_is_believed() -> None:
    told = outcomes(*LINES, known={1795336089: "", 1795336489: "zx-5f1d9c27"})
    assert len(told) > 40
    assert not [one for one in told if isinstance(one, Disbelieved)]
    for fact in told:
        assert fact.data.keys() <= DATA_KEYS[fact.kind]
        assert fact.source == "queue_log"


@pytest.mark.parametrize(
    ("line", "kind", "party", "data"),
    [
        ("ENTERQUEUE||13800001111|2", "queue.joined", "", {"caller": "13800001111", "position": 2}),
        ("ENTERQUEUE||anonymous|1", "queue.joined", "", {"caller": "", "position": 1}),
        ("CONNECT|8|1795336378.12|3", "agent.connected", "1002", {"wait": 8, "ring": 3}),
        ("COMPLETEAGENT|8|64|1", "agent.completed", "1002", {"wait": 8, "talk": 64, "ended_by": "agent"}),
        ("COMPLETECALLER|8|64|1", "agent.completed", "1002", {"wait": 8, "talk": 64, "ended_by": "caller"}),
        (
            "ATTENDEDTRANSFER|BRIDGE|1ec1|1|7|1",
            "agent.completed",
            "1002",
            {"wait": 1, "talk": 7, "ended_by": "transfer"},
        ),
        ("ATTENDEDTRANSFER|LINK|a|b|1|7|1", "agent.completed", "1002", {"wait": 1, "talk": 7, "ended_by": "transfer"}),
        ("ABANDON|1|1|41", "queue.abandoned", "", {"position": 1, "wait": 41}),
        ("EXITWITHTIMEOUT|1|1|300", "queue.exited", "", {"reason": "timeout", "wait": 300}),
        ("EXITWITHKEY|1|2|3|5", "queue.exited", "", {"reason": "key", "wait": 5}),
        ("EXITEMPTY|1|1|0", "queue.exited", "", {"reason": "empty", "wait": 0}),
        ("RINGNOANSWER|15000", "agent.no_answer", "1002", {"ring": 15}),
    ],
)
def test_what_a_line_of_a_call_tells(line: str, kind: str, party: str, data: dict[str, object]) -> None:
    member = "1002" if party else "NONE"
    fact = only(f"1795336371|1795336371.11|sales|{member}|{line}")
    assert (fact.kind, fact.party, fact.subject) == (kind, party, "lab-1795336089/1795336371.11")
    assert fact.data == {"queue": "sales", **data}
    assert fact.at == datetime(2026, 11, 22, 8, 32, 51, tzinfo=UTC)


def test_a_ring_that_the_caller_cut_short_is_no_missed_call() -> None:
    fact = only("1795336371|1795336371.11|sales|1002|RINGCANCELED|498")
    assert (fact.kind, fact.data) == ("call.dial_ended", {"status": "CANCEL"})


def test_a_blind_transfer_ends_the_agents_part_and_names_the_target() -> None:
    completed, transferred = outcomes("1795336371|1795336368.8|sales|1002|BLINDTRANSFER|1003|from-agent|1|2|1")
    assert completed.data == {"queue": "sales", "wait": 1, "talk": 2, "ended_by": "transfer"}
    assert (transferred.kind, transferred.data) == ("call.transferred", {"how": "blind", "to": "1003"})
    assert completed.key != transferred.key


@pytest.mark.parametrize(
    ("line", "kind", "data"),
    [
        ("ADDMEMBER|", "member.added", {}),
        ("ADDMEMBER|PAUSED", "member.added", {}),
        ("REMOVEMEMBER|", "member.removed", {}),
        ("PAUSE|nr:training_room", "member.paused", {"reason": "nr:training_room"}),
        ("UNPAUSE|", "member.unpaused", {"reason": ""}),
    ],
)
def test_what_a_line_of_a_member_tells(line: str, kind: str, data: dict[str, object]) -> None:
    fact = only(f"1795336371|NONE|sales|1002|{line}")
    assert (fact.kind, fact.party, fact.subject, fact.data) == (kind, "1002", "", {"queue": "sales", **data})


@pytest.mark.parametrize(
    "line",
    [
        "",
        "garbage",
        "1795336371|1795336371.11|sales|NONE|ENTERQUEUE||138",
        "1795336371|1795336371.11|sales|NONE|ENTERQUEUE||138|1|2",
        "1795336371|1795336371.11|sales|NONE|ENTERQUEUE||138|one",
        "1795336371|NONE|sales|NONE|ENTERQUEUE||138|1",
        "1795336371|1795336371.11|sales|Agent/7|CONNECT|1|2|3",
        "1795336371|1795336371.11|sales|1002|COMPLETEAGENT|1|-5|1",
        "1795336371|1795336371.11|sales|1002|COMPLETEAGENT|1|٣|1",
        "1795336371|1795336371.11|sales|1002|DANCE|1",
        "x795336371|1795336371.11|sales|1002|RINGNOANSWER|1000",
        "1795336371|NONE|sales|1002|PAUSE|1",
        "1795336371|NONE|NONE|NONE|QUEUESTART|1",
        "1795336371|1795336371.11|sa\x1bles|1002|RINGNOANSWER|1000",
    ],
)
def test_what_asterisk_does_not_write_is_not_believed(line: str) -> None:
    (outcome,) = outcomes(line)
    assert isinstance(outcome, Disbelieved)
    assert outcome.raw == line.encode()


def test_bytes_that_are_not_text_are_not_believed() -> None:
    (outcome,) = outcomes(b"1795336371|1795336371.11|\xff\xfe|1002|RINGNOANSWER|1000")
    assert isinstance(outcome, Disbelieved)
    assert outcome.reason == "not UTF-8"


def test_the_same_line_twice_in_a_second_is_two_facts_and_read_again_the_same_two() -> None:
    line = "1795336371|NONE|sales|1002|PAUSE|break"
    first = [fact.key for fact in outcomes(line, line)]
    assert len(set(first)) == 2
    assert [fact.key for fact in outcomes(line, line)] == first


def test_the_same_line_under_another_boot_is_another_fact() -> None:
    line = "1795336371|1795336371.0|sales|1002|RINGNOANSWER|1000"
    assert only(line).key != only(line, Boot("lab", 1795336370)).key


def test_a_start_of_the_switch_begins_a_new_count_of_calls() -> None:
    call = "1795336490.0|sales|NONE|ABANDON|1|1|3"
    before, after = outcomes(f"1795336480|{call}", "1795336489|NONE|NONE|NONE|QUEUESTART|", f"1795336495|{call}")
    assert before.subject == "lab-1795336089/1795336490.0"
    assert after.subject == "lab-1795336489/1795336490.0"


def test_a_start_near_the_one_that_the_switch_tells_itself_is_that_one() -> None:
    (fact,) = outcomes(
        "1795336491|NONE|NONE|NONE|QUEUESTART|",
        "1795336495|1795336495.0|sales|NONE|ABANDON|1|1|3",
        known={1795336489: ""},
    )
    assert fact.subject == "lab-1795336489/1795336495.0"


def test_a_line_cut_short_by_a_kill_is_doubted_and_the_start_behind_it_is_seen() -> None:
    torn = "1795336471|1795336471.11|sales|1002|CONN1795336489|NONE|NONE|NONE|QUEUESTART|"
    doubt, fact = outcomes(
        torn, "1795336495|1795336495.0|sales|NONE|ABANDON|1|1|3", known={1795336089: "", 1795336489: ""}
    )
    assert isinstance(doubt, Disbelieved)
    assert fact.subject == "lab-1795336489/1795336495.0"


def test_a_member_line_after_a_broken_line_is_doubted_until_a_call_is_believed() -> None:
    told = outcomes(
        "1795336371|1795336371.11|sales|NONE|ENTERQUEUE||555",
        "1795336371|NONE|sales|1002|PAUSE|meal",
        "1795336371|1795336371.12|sales|NONE|ENTERQUEUE||556|1",
        "1795336372|NONE|sales|1002|PAUSE|meal",
    )
    kinds = [one.reason if isinstance(one, Disbelieved) else one.kind for one in told]
    assert kinds == ["ENTERQUEUE with 2 fields", "follows a broken line", "queue.joined", "member.paused"]


def test_a_call_that_is_not_numbered_under_the_system_name_is_not_believed() -> None:
    named = Boot("lab", 1795336089, "zx-5f1d9c27")
    (doubt,) = outcomes("1795336371|1795336371.11|sales|NONE|ABANDON|1|1|3", boot=named)
    assert isinstance(doubt, Disbelieved)
    fact = only("1795336371|zx-5f1d9c27-1795336371.11|sales|NONE|ABANDON|1|1|3", named)
    assert fact.subject == "lab-1795336089/1795336371.11"


def test_the_boot_of_a_log_is_the_last_known_start_before_its_first_line() -> None:
    assert boot_at("lab", 1795336200, {1795336089: "", 1795336489: ""}).since == 1795336089
    assert boot_at("lab", 1795336000, {1795336089: ""}).since == 1795336000


@given(st.lists(st.binary(max_size=120), max_size=12))
@settings(max_examples=200, deadline=None)
def test_garbage_between_lines_invents_nothing(garbage: list[bytes]) -> None:
    told = outcomes(*[line.replace(b"\n", b"") for line in garbage])
    assert not [one for one in told if isinstance(one, SwitchFact)]


@given(st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=40)), max_size=30))
@settings(max_examples=100, deadline=None)
def test_each_line_has_one_outcome_in_the_order_of_lines(lines: list[bytes]) -> None:
    reader = Reader(BOOT, {1795336089: "", 1795336489: "zx-5f1d9c27"})
    told = [outcome for line in lines for outcome in reader.read(line)] + reader.settle()
    assert len(told) == len(lines)
    doubted = [(line, one) for line, one in zip(lines, told, strict=True) if isinstance(one, Disbelieved)]
    assert all(one.raw == line for line, one in doubted)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_reading_again_from_the_start_of_any_second_gives_the_same_keys(data: st.DataObject) -> None:
    start = next(i for i, line in enumerate(LINES) if line.endswith(b"1795336489|NONE|NONE|NONE|QUEUESTART|"))
    lines = LINES[start + 1 :]
    boot = Boot("lab", 1795336489, "zx-5f1d9c27")
    starts = [i for i in range(1, len(lines)) if lines[i][:10] != lines[i - 1][:10]]
    cut = data.draw(st.sampled_from(starts))
    whole = [fact.key for fact in outcomes(*lines, boot=boot)]
    again = [fact.key for fact in outcomes(*lines[cut:], boot=boot)]
    assert whole[len(whole) - len(again) :] == again
