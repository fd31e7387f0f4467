# SPDX-License-Identifier: Apache-2.0
"""Traces of a real switch as facts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from zuoxi.telephony.asterisk.frames import Frame, Parser
from zuoxi.telephony.asterisk.identity import Boot, Untold, agent_of, number_of, target_of
from zuoxi.telephony.asterisk.schemas import channel
from zuoxi.telephony.asterisk.translate import translate
from zuoxi.telephony.facts import DATA_KEYS, SwitchFact
from zuoxi.telephony.tests.fake_switch import SYSTEM_NAME, frame, trace

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
NAMED = Boot("lab", 1795336489, SYSTEM_NAME)
UNNAMED = Boot("lab", 1795336089)


def facts(data: bytes, boot: Boot = NAMED) -> list[SwitchFact]:
    items = Parser(boot.system_name).feed(BANNER + data)
    assert all(isinstance(item, Frame) for item in items), items
    told = [translate(item, boot) for item in items if isinstance(item, Frame)]
    return [fact for fact in told if fact is not None]


def story(name: str, boot: Boot = NAMED) -> list[tuple[str, str]]:
    """Kind and party of what the trace tells."""
    return [(fact.kind, fact.party) for fact in facts(trace(name), boot) if not fact.kind.startswith("device.")]


def telephones(name: str, boot: Boot = NAMED) -> list[tuple[str, str]]:
    return [(fact.kind, fact.party) for fact in facts(trace(name), boot) if fact.kind.startswith("device.")]


def told(name: str, kind: str, boot: Boot = NAMED) -> list[dict[str, Any]]:
    return [fact.data for fact in facts(trace(name), boot) if fact.kind == kind]


def test_a_queued_call_from_join_to_hangup() -> None:
    assert story("queued_call.txt") == [
        ("member.added", "1002"),
        ("queue.joined", ""),
        ("agent.ringing", "1002"),
        ("call.answered", "1002"),
        ("agent.connected", "1002"),
        ("leg.joined", "1002"),
        ("leg.joined", ""),
        ("member.added", "1003"),
        ("agent.completed", "1002"),
        ("leg.left", ""),
        ("leg.left", "1002"),
        ("leg.ended", "1002"),
        ("call.ended", ""),
    ]


def test_the_figures_of_a_queued_call_are_the_switchs_own() -> None:
    joined, connected, completed = (
        told("queued_call.txt", kind)[0] for kind in ("queue.joined", "agent.connected", "agent.completed")
    )
    assert joined == {"queue": "emptyq", "position": 1, "caller": "13800001111"}
    assert connected == {"queue": "emptyq", "wait": 1, "ring": 1, "channel": "PJSIP/1002-00000005"}
    assert completed == {"queue": "emptyq", "wait": 1, "talk": 8, "ended_by": "caller"}


def test_a_call_is_known_by_its_linked_id_under_the_boot_and_without_the_secret_system_name() -> None:
    subjects = {fact.subject for fact in facts(trace("queued_call.txt")) if fact.subject}
    assert subjects == {"lab-1795336489/1795336536.6"}


def test_moments_are_utc_to_the_microsecond() -> None:
    first = facts(frame("QueueCallerJoin", "queued_call.txt"))[0]
    assert first.at == datetime(2026, 11, 22, 8, 35, 36, 857729, tzinfo=UTC)


def test_an_attended_transfer_is_one_call_with_a_consulted_agent() -> None:
    (transfer,) = told("attended_transfer.txt", "call.transferred")
    assert transfer == {"how": "attended", "to": "1003", "result": "Success"}
    assert ("agent.ringing", "1003") in story("attended_transfer.txt")
    assert told("attended_transfer.txt", "agent.completed")[0]["ended_by"] == "transfer"
    assert {fact.subject for fact in facts(trace("attended_transfer.txt"))} == {"lab-1795336489/1795336490.0"}


def test_hold_is_told_of_the_agent_who_held() -> None:
    assert ("call.held", "1002") in story("attended_transfer.txt")
    assert ("call.resumed", "1002") in story("blind_transfer.txt", UNNAMED)


def test_a_blind_transfer_names_its_target() -> None:
    (transfer,) = told("blind_transfer.txt", "call.transferred", UNNAMED)
    assert transfer == {"how": "blind", "to": "1002", "result": "Success"}


def test_a_ring_without_answer_is_told_in_seconds() -> None:
    """Asterisk gives this one ring time in milliseconds and all others in seconds."""
    assert told("not_answered_then_abandoned.txt", "agent.no_answer", UNNAMED) == [{"queue": "sales", "ring": 4}]


def test_an_abandoned_call_tells_how_long_it_waited() -> None:
    (data,) = told("not_answered_then_abandoned.txt", "queue.abandoned", UNNAMED)
    assert data == {"queue": "sales", "position": 1, "wait": 5}


def without_channels(raw: bytes, *prefixes: str) -> bytes:
    headers = {header for prefix in prefixes for header in channel(prefix)}
    lines = raw.removesuffix(b"\r\n\r\n").decode().split("\r\n")
    return "\r\n".join(line for line in lines if line.partition(": ")[0] not in headers).encode() + b"\r\n\r\n"


@pytest.mark.parametrize(("gone", "subject"), [(("",), "lab-1795336489/1795336536.6"), (("", "Dest"), "")])
def test_the_end_of_a_call_is_told_also_when_its_channels_are_gone(gone: tuple[str, ...], subject: str) -> None:
    (fact,) = facts(without_channels(frame("AgentComplete", "queued_call.txt"), *gone))
    assert (fact.kind, fact.party, fact.subject, fact.data["talk"]) == ("agent.completed", "1002", subject, 8)


def test_pause_tells_its_reason_and_ready_ends_it() -> None:
    kinds = [(f.kind, f.data) for f in facts(trace("members.txt"), UNNAMED) if "paused" in f.kind]
    assert ("member.paused", {"queue": "slow", "reason": "break"}) in kinds
    assert ("member.unpaused", {"queue": "sales", "reason": ""}) in kinds


def test_telephones_come_and_go_by_peer_status() -> None:
    assert telephones("telephones.txt", UNNAMED) == [("device.reachable", "1004"), ("device.unreachable", "1004")]


def test_the_dial_plans_own_events() -> None:
    (started,) = told("attended_transfer.txt", "call.started")
    assert started == {
        "direction": "inbound",
        "caller": "13800001111",
        "called": "8000",
        "number": "8000",
        "channel": "PJSIP/trunk-00000000",
    }
    assert told("turned_away.txt", "call.diverted") == [{"outcome": "full"}]


def user_event(name: str, *lines: str) -> bytes:
    raw = frame("UserEvent", "turned_away.txt", UserEvent=name).removesuffix(b"\r\n\r\n")
    head = raw[: raw.index(b"UserEvent: " + name.encode()) + len(b"UserEvent: " + name.encode())]
    return head + "".join(f"\r\n{line}" for line in lines).encode() + b"\r\n\r\n"


def test_recordings_are_told_by_path_and_leg() -> None:
    (fact,) = facts(
        user_event("ZuoxiRecording", "State: started", "Path: 2026-11-22/1795.0-1795.1-1002.wav", "Leg: 1002")
    )
    assert (fact.kind, fact.party, fact.data["path"]) == (
        "recording.started",
        "1002",
        "2026-11-22/1795.0-1795.1-1002.wav",
    )


def test_a_survey_answer_is_told_with_its_agent() -> None:
    (fact,) = facts(user_event("ZuoxiSurvey", "Score: 5", "Agent: 1002"))
    assert (fact.kind, fact.party, fact.data) == ("survey.answered", "1002", {"score": 5})


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("ZuoxiSurvey", ["Score: five"]),
        ("ZuoxiSurvey", ["Score: 5", "Score: 1"]),
        ("ZuoxiSurvey", []),
        ("ZuoxiSurvey", ["Score: 101"]),
        ("ZuoxiSurvey", ["Score: 5", "Question: 6"]),
        ("ZuoxiAsked", ["Questions: 32768"]),
        ("ZuoxiCall", ["Direction: sideways"]),
        ("ZuoxiCall", ["Direction: inbound", "Surprise: 1"]),
        ("ZuoxiRecording", ["State: started", "Path: ../../etc/passwd", "Leg: 1002"]),
        ("ZuoxiRecording", ["State: started", "Path: /etc/passwd", "Leg: 1002"]),
        ("ZuoxiDivert", ["Outcome: ", "To: x"]),
    ],
)
def test_our_own_events_are_held_to_their_shape(name: str, lines: list[str]) -> None:
    with pytest.raises(Untold):
        facts(user_event(name, *lines))


def test_user_events_of_somebody_elses_dial_plan_say_nothing() -> None:
    assert facts(user_event("Weather", "Sky: blue")) == []


@pytest.mark.parametrize("name", ["queued_call.txt", "attended_transfer.txt", "left_on_timeout.txt", "turned_away.txt"])
def test_facts_keep_to_the_vocabulary(name: str) -> None:
    for fact in facts(trace(name)):
        assert fact.data.keys() <= DATA_KEYS[fact.kind], fact
        assert len(fact.key) == 16


def test_the_same_frame_of_the_same_boot_is_the_same_fact_and_of_another_boot_another() -> None:
    raw = frame("QueueCallerJoin", "queued_call.txt")
    one, again = facts(raw)[0], facts(raw)[0]
    other = facts(raw, Boot("lab", 1795336490, SYSTEM_NAME))[0]
    assert one.key == again.key
    assert one.key != other.key
    assert one.subject != other.subject


@pytest.mark.parametrize(
    "linked_id",
    ["", "1795336536.6", "zx-5f1d9c27-", "zx-5f1d9c27-x.1", "zx-5f1d9c27-١٧٩٥٣٣٦٥٣٦.6", "zx-5f1d9c28-1795336536.6"],
)
def test_a_call_id_that_the_switch_would_not_give_is_no_call(linked_id: str) -> None:
    with pytest.raises(Untold):
        NAMED.call(linked_id)


@pytest.mark.parametrize(
    ("channel", "agent"),
    [
        ("PJSIP/1001", "1001"),
        ("PJSIP/1001-0000000a", "1001"),
        ("PJSIP/trunk-0000000a", ""),
        ("Local/1001@from-agent-00000001;2", ""),
        ("PJSIP/1001-extra-0000000a", ""),
        ("SIP/1001", ""),
        ("PJSIP/١٠٠١", ""),
        ("", ""),
    ],
)
def test_an_agent_is_a_telephone_with_a_number_for_a_name(channel: str, agent: str) -> None:
    assert agent_of(channel) == agent


def test_a_number_is_digits_or_nothing() -> None:
    assert number_of("+8613800001111") == "+8613800001111"
    assert number_of("anonymous") == number_of("<unknown>") == number_of("１３８") == ""


@pytest.mark.parametrize(
    ("dialled", "number"),
    [("1002", "1002"), ("13900002222@trunk", "13900002222"), ("Local/1003@from-agent-00000000;1", "1003"),
     ("PJSIP/1003-0000001a", "1003"), ("trunk/x", "")],
)  # fmt: skip
def test_what_was_dialled_is_read_from_any_form(dialled: str, number: str) -> None:
    assert target_of(dialled) == number


def test_only_a_telephone_that_was_taken_up_leaves_a_call_by_hanging_up() -> None:
    leg = {"Channel": "PJSIP/1002-00000005", "Uniqueid": f"{SYSTEM_NAME}-1795336536.7"}
    (hung_up,) = facts(frame("Hangup", "queued_call.txt", **leg), NAMED)
    assert (hung_up.kind, hung_up.party, hung_up.data) == ("leg.ended", "1002", {"channel": leg["Channel"]})
    assert facts(frame("Hangup", "queued_call.txt", **leg, ChannelState="5"), NAMED) == []
    assert facts(frame("Hangup", "queued_call.txt", **(leg | {"Channel": "PJSIP/trunk-00000005"})), NAMED) == []
