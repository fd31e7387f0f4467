# SPDX-License-Identifier: Apache-2.0
"""The generated configuration on a real Asterisk: what happens to callers, agents and recordings."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import wave
from array import array
from pathlib import Path

import pytest
from tests.telephony.sipp import Caller, Phones

from zuoxi.telephony.asterisk.audio import measure

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]


def told(manager, name):
    """The user events of that name so far, only the headers our dial plan wrote."""
    manager.drain(0.5)
    own = {
        "Direction",
        "Caller",
        "Called",
        "Number",
        "Agent",
        "Outcome",
        "To",
        "Status",
        "State",
        "Path",
        "Leg",
        "Score",
        "Question",
        "Questions",
        "Means",
        "Queue",
    }
    events = [one for one in manager.events if one.get("UserEvent") == name]
    return [{key: value for key, value in one.items() if key in own} for one in events]


def recordings(lab) -> Path:
    return Path(lab.line()["recordings"])


def recorded(lab, manager) -> list[Path]:
    """Files of the recordings that this test's calls made, waiting for the switch to finish them."""
    paths = [recordings(lab) / one["Path"] for one in told(manager, "ZuoxiRecording") if one["State"] == "stopped"]
    edge = time.monotonic() + 60
    while not all(path.exists() for path in paths) and time.monotonic() < edge:
        time.sleep(0.1)
    return paths


def sides(path: Path) -> tuple[float, float]:
    """Mean loudness left and right."""
    with wave.open(str(path)) as file:
        assert file.getnchannels() == 2
        samples = array("h", file.readframes(file.getnframes()))
    return tuple(sum(map(abs, side)) / max(1, len(side)) for side in (samples[0::2], samples[1::2]))


def talked(manager, agent: str) -> float:
    """Seconds between entering and leaving the bridge, by the switch's microseconds."""
    manager.until("AgentComplete")
    manager.drain(0.5)
    prefix = f"PJSIP/{agent}-"
    moments = {
        one["Event"]: float(one["Timestamp"]) for one in manager.events if one.get("Channel", "").startswith(prefix)
    }
    return moments["BridgeLeave"] - moments["BridgeEnter"]


def channel_of(manager, agent: str) -> str:
    found = [
        one["Channel"]
        for one in manager.events
        if one["Event"] == "BridgeEnter" and one["Channel"].startswith(f"PJSIP/{agent}-")
    ]
    return found[-1]


def test_a_caller_hears_the_queue_talks_and_is_recorded_with_himself_on_the_left(lab, field, manager, sign_in, tone):
    sign_in("1001")
    field.phones(Phones())
    assert field.call(Caller("8000", hold_seconds=5, sound=tone)).end()["successful"] == 1
    assert told(manager, "ZuoxiCall") == [
        {"Direction": "inbound", "Caller": "13900001", "Called": "8000", "Number": "8000"}
    ]
    talk = talked(manager, "1001")
    (file,) = recorded(lab, manager)
    assert file.name.endswith("-1001.wav")
    assert measure(file).sound
    assert measure(file).seconds >= 0.98 * talk
    left, right = sides(file)
    assert left > 1000
    assert right < 10


def test_a_caller_who_gives_up_leaves_an_abandonment_with_his_wait(field, manager):
    field.call(Caller("8000", hold_seconds=2)).end()
    assert int(manager.until("QueueCallerAbandon")["HoldTime"]) in range(1, 8)  # whole seconds of two clocks


def test_a_telephone_that_refuses_is_passed_over_for_the_next_agent(field, manager, sign_in):
    sign_in("1001", "1002")
    field.phones(Phones(ring_seconds=0.2, talk_seconds=1, refuse=("1001",)))
    assert field.call(Caller("8000", hold_seconds=20), calls=2, rate=0.5).end()["successful"] == 2
    manager.drain()
    connected = [one["MemberName"] for one in manager.events if one["Event"] == "AgentConnect"]
    assert connected == ["1002", "1002"]


@pytest.mark.parametrize(("key", "queue"), [("1", "sales"), ("2", "support"), ("9", "sales"), ("", "sales")])
def test_a_menu_key_leads_to_its_queue_and_anything_else_to_the_usual_one(field, manager, key, queue):
    field.call(Caller("8001", hold_seconds=13 if key in ("", "9") else 3, keys=key)).end()
    assert manager.until("QueueCallerJoin")["Queue"] == queue


def test_a_closed_number_says_so_and_rings_nobody(field, manager, sign_in):
    sign_in("1001")
    field.phones(Phones())
    assert field.call(Caller("8002", hold_seconds=20)).end()["successful"] == 1
    assert told(manager, "ZuoxiDivert") == [{"Outcome": "closed"}]
    assert not any(one["Event"] == "QueueCallerJoin" for one in manager.events)


ASKED = [{"Questions": "2", "Queue": "rated", "Agent": "1001"}]


def test_after_the_agent_hangs_up_the_caller_answers_two_questions_by_key(field, manager, sign_in):
    sign_in("1001", queue="rated")
    field.phones(Phones(ring_seconds=0.2, talk_seconds=1))
    field.call(Caller("8003", hold_seconds=20, keys="41", key_after_seconds=4)).end()
    assert told(manager, "ZuoxiAsked") == ASKED
    assert told(manager, "ZuoxiSurvey") == [
        {"Question": "1", "Score": "4", "Means": "satisfied", "Agent": "1001"},
        {"Question": "2", "Score": "1", "Agent": "1001"},
    ]


@pytest.mark.parametrize(("keys", "hold"), [("9", 20), ("", 20), ("", 6)], ids=["wrong key", "no key", "hangs up"])
def test_a_caller_who_presses_nothing_that_counts_was_asked_and_gave_no_mark(field, manager, sign_in, keys, hold):
    sign_in("1001", queue="rated")
    field.phones(Phones(ring_seconds=0.2, talk_seconds=1))
    field.call(Caller("8003", hold_seconds=hold, keys=keys, key_after_seconds=4)).end()
    assert told(manager, "ZuoxiAsked") == ASKED
    assert told(manager, "ZuoxiSurvey") == []


def test_a_caller_who_hangs_up_on_the_agent_is_not_asked(field, manager, sign_in):
    sign_in("1001", queue="rated")
    field.phones(Phones(ring_seconds=0.2))
    field.call(Caller("8003", hold_seconds=3)).end()
    manager.until("AgentComplete")
    assert told(manager, "ZuoxiAsked") == []


def test_a_customer_who_was_passed_on_is_asked_about_the_one_who_took_him_over(field, manager, sign_in):
    sign_in("1001", queue="rated")
    field.phones(Phones(ring_seconds=0.2, talk_seconds=4))
    field.call(Caller("8003", hold_seconds=60))
    manager.until("AgentConnect")
    manager.drain(1)
    manager.ask("BlindTransfer", Channel=channel_of(manager, "1001"), Context="zuoxi-transfer", Exten="1009")
    manager.until("UserEvent", UserEvent="ZuoxiAsked")
    assert told(manager, "ZuoxiAsked") == [{"Questions": "2", "Queue": "rated", "Agent": "1009"}]


def test_a_full_queue_overflows_once_and_then_takes_a_message(lab, field, manager):
    callers = [field.call(Caller("8004", hold_seconds=25)) for _ in range(2)]
    for caller in callers:
        caller.end(40)
    outcomes = [(one["Outcome"], one.get("To", "").split("/")[0]) for one in told(manager, "ZuoxiDivert")]
    assert outcomes.count(("overflow", "support")) == 2
    assert [outcome for outcome, _ in outcomes].count("voicemail") == 2


def test_who_waits_too_long_may_ask_to_be_called_back(field, manager):
    field.call(Caller("8005", hold_seconds=20, keys="1", key_after_seconds=6.5)).end(40)
    assert told(manager, "ZuoxiDivert")[-1] == {"Outcome": "callback", "To": "13900001"}


def test_who_waits_presses_the_key_and_leaves_the_queue_to_be_called_back(field, manager):
    field.call(Caller("8006", hold_seconds=20, keys="1", key_after_seconds=3)).end(40)
    assert told(manager, "ZuoxiDivert") == [{"Outcome": "callback", "To": "13900001"}]
    names = [one["Event"] for one in manager.events]
    assert "QueueCallerJoin" in names and "QueueCallerAbandon" not in names


def test_an_outbound_call_shows_the_number_it_was_told_to_show(lab, field, manager, tone):
    field.phones(Phones(ring_seconds=0.2, echo=True))
    field.customers(Phones(ring_seconds=0.5, talk_seconds=3, echo=True))
    words = {"Channel": "PJSIP/1002", "Context": "from-agent", "Exten": "13912345678", "Priority": "1"}
    manager.ask("Originate", Variable="ZUOXI_PRESENT=4001112222", Async="true", **words)
    manager.until("UserEvent", UserEvent="ZuoxiRecording", State="stopped")
    assert told(manager, "ZuoxiCall") == [
        {
            "Direction": "outbound",
            "Caller": "4001112222",
            "Called": "13912345678",
            "Number": "13912345678",
            "Agent": "1002",
        }
    ]
    started, stopped = told(manager, "ZuoxiRecording")
    assert started["Path"] == stopped["Path"]
    assert started["Leg"] == "1002"


def test_a_blind_transfer_is_one_call_with_a_recording_for_each_agent(
    lab, field, manager, sign_in, tone, everybody_hangs_up
):
    sign_in("1001")
    field.phones(Phones(ring_seconds=0.2))
    call = field.call(Caller("8000", hold_seconds=90, sound=tone))
    manager.until("AgentConnect")
    manager.drain(1.5)
    channel = channel_of(manager, "1001")
    done = manager.ask("BlindTransfer", Channel=channel, Context="zuoxi-transfer", Exten="1009")
    assert done["Response"] == "Success"
    manager.until("UserEvent", UserEvent="ZuoxiRecording", State="started", Leg="1009")
    manager.drain(2)
    everybody_hangs_up()
    assert call.end()["successful"] == 1
    assert len(told(manager, "ZuoxiCall")) == 1
    files = recorded(lab, manager)
    assert [path.stem.rpartition("-")[2] for path in files] == ["1001", "1009"]
    assert len({one["Linkedid"] for one in manager.events if one.get("UserEvent")}) == 1
    assert all(sides(path)[0] > 1000 for path in files)


def test_an_attended_transfer_keeps_the_call_and_records_the_consultation(
    lab, field, manager, sign_in, tone, everybody_hangs_up
):
    sign_in("1001")
    field.phones(Phones(ring_seconds=0.2))
    call = field.call(Caller("8000", hold_seconds=90, sound=tone))
    manager.until("AgentConnect")
    manager.drain(1)
    channel = channel_of(manager, "1001")
    manager.ask("Atxfer", Channel=channel, Context="zuoxi-transfer", Exten="1009")
    manager.until("UserEvent", UserEvent="ZuoxiRecording", State="started", Leg="1009")
    manager.drain(1.5)
    manager.ask("Hangup", Channel=channel)
    manager.until("AttendedTransfer", Result="Success")
    manager.drain(1.5)
    everybody_hangs_up()
    assert call.end()["successful"] == 1
    assert len(told(manager, "ZuoxiCall")) == 1
    files = recorded(lab, manager)
    assert [path.stem.rpartition("-")[2] for path in files] == ["1001", "1009"]


def test_a_supervisor_listens_without_entering_the_call_and_then_takes_it_over(
    lab, laboratory, field, manager, sign_in, tone, everybody_hangs_up
):
    sign_in("1001")
    field.phones(Phones(ring_seconds=0.2))
    call = field.call(Caller("8000", hold_seconds=90, sound=tone))
    manager.until("AgentConnect")
    words = {"Channel": "PJSIP/1020", "Context": "zuoxi-spy", "Priority": "1", "Async": "true"}
    manager.ask("Originate", Exten="listen", Variable="ZUOXI_TARGET=1001", **words)
    assert manager.soon(lambda: "!ChanSpy!PJSIP/1001-" in laboratory.command("core show channels concise"))
    manager.drain(1)
    assert not [e for e in manager.events if e["Event"] == "BridgeEnter" and "/1020-" in e["Channel"]]
    laboratory.command("channel request hangup " + _channel(laboratory, "PJSIP/1020-"))
    manager.ask("Originate", Exten="takeover", Variable="ZUOXI_TARGET=1001", **words)
    manager.until("Hangup", CallerIDNum="1001")
    manager.drain(2)
    everybody_hangs_up()
    assert call.end()["successful"] == 1
    files = recorded(lab, manager)
    assert [path.stem.rpartition("-")[2] for path in files] == ["1001", "1020"]
    assert len({path.name.partition("-")[0] for path in files}) == 1


def test_whose_caller_was_taken_over_gets_the_next_one_while_the_queue_counts_the_first_on(
    lab, field, manager, sign_in, tone, everybody_hangs_up
):
    sign_in("1001")
    field.phones(Phones(ring_seconds=0.2))
    first = field.call(Caller("8000", hold_seconds=90, sound=tone))
    manager.until("AgentConnect")
    words = {"Context": "zuoxi-spy", "Exten": "takeover", "Variable": "ZUOXI_TARGET=1001", "Priority": "1"}
    manager.ask("Originate", Channel="PJSIP/1020", Async="true", **words)
    left = manager.until("Hangup", CallerIDNum="1001")
    assert left["ChannelState"] == "6" and left["Uniqueid"] != left["Linkedid"]
    assert manager.soon(lambda: [e for e in manager.events if e["Event"] == "BridgeEnter" and "/1020-" in e["Channel"]])
    second = field.call(Caller("8000", hold_seconds=90, sound=tone))
    connects = manager.soon(lambda: [e for e in manager.events if e["Event"] == "AgentConnect"][1:])
    assert connects, "the queue offers him nobody"
    (again,) = connects
    assert again["MemberName"] == "1001" and again["Linkedid"] != left["Linkedid"]
    assert not [e for e in manager.events if e["Event"] == "AgentComplete"]
    everybody_hangs_up()
    assert first.end()["successful"] == second.end()["successful"] == 1
    manager.drain(1)
    ends = [e["Linkedid"] for e in manager.events if e["Event"] == "AgentComplete"]
    assert sorted(ends) == sorted([left["Linkedid"], again["Linkedid"]])


def _channel(laboratory, prefix: str) -> str:
    lines = laboratory.command("core show channels concise").splitlines()
    return next(line.split("!")[0] for line in lines if line.startswith(prefix))


def test_a_third_party_joins_a_running_call(lab, laboratory, field, manager, sign_in, tone):
    sign_in("1001")
    field.phones(Phones(ring_seconds=0.2))
    field.call(Caller("8000", hold_seconds=90, sound=tone))
    manager.until("AgentConnect")
    words = {"Channel": "PJSIP/1021", "Context": "zuoxi-spy", "Priority": "1", "Async": "true"}
    manager.ask("Originate", Exten="join", Variable="ZUOXI_TARGET=1001", **words)

    def three() -> bool:
        bridges = laboratory.command("bridge show all")
        return "softmix" in bridges and bridges.split("softmix")[0].split()[-2:] == ["3", "basic"]

    assert manager.soon(three), laboratory.command("bridge show all")


def test_signed_in_agents_stay_signed_in_when_the_switch_starts_again(laboratory, lab, sign_in, field):
    sign_in("1003")
    laboratory.stop()
    state = laboratory.up(agents=40)
    assert "PJSIP/1003" in laboratory.command("queue show sales")
    field.phones(Phones(ring_seconds=0.2, talk_seconds=1))
    assert field.call(Caller("8000", hold_seconds=10)).end()["successful"] == 1
    assert state.passwords == lab.passwords


def test_a_killed_switch_leaves_a_recording_that_is_made_whole_by_itself(lab, field, manager, sign_in, tone):
    sign_in("1001")
    field.phones(Phones(ring_seconds=0.2))
    field.call(Caller("8000", hold_seconds=60, sound=tone))
    started = manager.until("UserEvent", UserEvent="ZuoxiRecording", State="started")
    manager.drain(5)
    os.kill(lab.pid, signal.SIGKILL)
    file = recordings(lab) / started["Path"]
    edge = time.monotonic() + 60
    while not file.exists() and time.monotonic() < edge:
        time.sleep(0.2)
    assert measure(file).sound
    assert measure(file).seconds >= 4
    assert sides(file)[0] > 1000
    last = Path(lab.line()["queue_log"]).read_text().splitlines()[-1]
    assert "|CONNECT|" in last


def test_two_labs_stand_beside_each_other(laboratory, lab, tmp_path):
    other = type(laboratory)("zuoxi-tests-b", laboratory.directory.with_name("zuoxi-tests-b"))
    try:
        second = other.up(agents=2, browser=())
        assert second.pid != lab.pid
        assert laboratory.running(lab)
        assert "1001" in other.command("pjsip show endpoints")
        inside = subprocess.run(["ip", "netns", "pids", "zuoxi-tests-b"], capture_output=True, text=True, check=True)
        assert inside.stdout.split() == [str(second.pid)]
    finally:
        other.down(purge=True)
    assert laboratory.running(lab)
