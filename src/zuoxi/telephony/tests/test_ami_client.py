# SPDX-License-Identifier: Apache-2.0
"""The connection to the manager interface: asking, hearing, and knowing when nobody is there any more."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import islice

import pytest

from zuoxi.telephony.asterisk.client import (
    Account,
    Link,
    SwitchLost,
    SwitchRefused,
    Unsendable,
    back_off,
    written,
)
from zuoxi.telephony.asterisk.frames import Frame, Item, Rejected
from zuoxi.telephony.tests.fake_switch import FakeSwitch, frame, frames_of, trace


@pytest.fixture
async def switch() -> AsyncIterator[FakeSwitch]:
    async with FakeSwitch().running() as switch:
        yield switch


async def until(condition: object, seconds: float = 3.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_logging_in_never_sends_the_secret(switch: FakeSwitch) -> None:
    link = await Link.open(switch.account, lambda item: None)
    login = next(action for action in switch.asked if action["Action"] == "Login")
    assert "Secret" not in login
    assert re.fullmatch(r"[0-9a-f]{32}", login["Key"])
    assert link.system_name == switch.system_name
    assert link.uptime is not None
    link.close()


async def test_a_wrong_secret_is_told_in_the_switchs_words(switch: FakeSwitch) -> None:
    with pytest.raises(SwitchRefused, match="Authentication failed"):
        await Link.open(Account("127.0.0.1", switch.port, "zuoxi", "wrong"), lambda item: None)


async def test_nobody_at_the_port_is_a_lost_switch() -> None:
    with pytest.raises(SwitchLost):
        await Link.open(Account("127.0.0.1", 9, "zuoxi", "x"), lambda item: None)


async def test_a_switch_that_does_not_answer_the_log_in_is_given_up(switch: FakeSwitch) -> None:
    switch.mute = True
    with pytest.raises(SwitchLost, match="no answer"):
        await Link.open(switch.account, lambda item: None, patience=0.2)


async def test_events_are_handed_over_as_they_come(switch: FakeSwitch) -> None:
    heard: list[Item] = []
    link = await Link.open(switch.account, heard.append)
    switch.emit_trace("queued_call.txt")
    await until(lambda: len(heard) == len(frames_of("queued_call.txt")))
    assert all(isinstance(item, Frame) for item in heard)
    link.close()


async def test_what_is_not_believed_is_handed_over_too(switch: FakeSwitch) -> None:
    heard: list[Item] = []
    link = await Link.open(switch.account, heard.append)
    switch.emit(frame("Hangup", "queued_call.txt").replace(b"Cause-txt", b"Cause-text"))
    await until(lambda: heard)
    assert isinstance(heard[0], Rejected)
    link.close()


async def test_answers_that_are_lists_are_collected_to_their_end(switch: FakeSwitch) -> None:
    switch.members = {"sales": {"1001": "", "1002": "meal"}}
    link = await Link.open(switch.account, lambda item: None)
    frames = await link.collect("QueueStatus", "QueueStatusComplete")
    assert [one.event for one in frames] == ["QueueMember", "QueueMember", "QueueStatusComplete"]
    assert frames[1].fields["PausedReason"] == "meal"
    link.close()


async def test_answers_of_actions_under_way_together_are_not_mixed_up(switch: FakeSwitch) -> None:
    switch.members = {"sales": {"1001": "", "1002": ""}}
    switch.channels = ["PJSIP/1001-0000000a"]
    link = await Link.open(switch.account, lambda item: None)
    queues, channels, pong = await asyncio.gather(
        link.collect("QueueStatus", "QueueStatusComplete"),
        link.collect("CoreShowChannels", "CoreShowChannelsComplete"),
        link.ask("Ping"),
    )
    assert {one.event for one in queues} == {"QueueMember", "QueueStatusComplete"}
    assert {one.event for one in channels} == {"CoreShowChannel", "CoreShowChannelsComplete"}
    assert pong.fields["Ping"] == "Pong"
    link.close()


async def test_an_action_that_the_switch_refuses_raises_its_words(switch: FakeSwitch) -> None:
    switch.refused["QueuePause"] = "Interface not found"
    link = await Link.open(switch.account, lambda item: None)
    with pytest.raises(SwitchRefused, match="Interface not found"):
        await link.ask("QueuePause", Interface="PJSIP/1001", Paused="true")
    link.close()


@pytest.mark.parametrize("text", ["x\r\nAction: Logoff", "x\ny", "x\ry", "x\x00y", "x\x85y", "x\u2028y"])
def test_a_value_that_would_begin_another_line_is_not_sent(text: str) -> None:
    with pytest.raises(Unsendable):
        written({"Action": "Hangup", "Channel": text})


@pytest.mark.parametrize("name", ["", "A: b\r\nAction", "Chan nel", "1x", "Größe"])
def test_a_header_name_that_is_none_is_not_sent(name: str) -> None:
    with pytest.raises(Unsendable):
        written({"Action": "Hangup", name: "x"})


def test_a_list_repeats_its_header() -> None:
    assert written({"Action": "Originate", "Variable": ["A=1", "B=二"]}) == (
        "Action: Originate\r\nVariable: A=1\r\nVariable: B=二\r\n\r\n".encode()
    )


async def test_a_half_open_connection_is_found_out(switch: FakeSwitch) -> None:
    link = await Link.open(switch.account, lambda item: None, silence=0.1)
    switch.mute = True
    why = await asyncio.wait_for(link.closed, 2)
    assert why == "silent: no answer to a ping"


async def test_a_quiet_switch_that_answers_is_kept(switch: FakeSwitch) -> None:
    link = await Link.open(switch.account, lambda item: None, silence=0.05)
    await asyncio.sleep(0.4)
    assert not link.closed.done()
    assert sum(action["Action"] == "Ping" for action in switch.asked) >= 3
    link.close()


async def test_who_waits_for_an_answer_is_told_when_the_switch_goes(switch: FakeSwitch) -> None:
    link = await Link.open(switch.account, lambda item: None)
    switch.mute = True
    waiting = asyncio.create_task(link.ask("CoreStatus"))
    await until(lambda: switch.asked[-1]["Action"] == "CoreStatus")
    switch.drop()
    with pytest.raises(SwitchLost):
        await waiting
    with pytest.raises(SwitchLost):
        await link.ask("Ping")


async def test_reading_never_waits_for_whoever_takes_the_events(switch: FakeSwitch) -> None:
    """A switch cuts off a listener that stops reading: 20,000 events arrive while an answer is awaited."""
    heard: list[Item] = []
    link = await Link.open(switch.account, heard.append)
    burst = trace("queued_call.txt") * 1200
    switch.emit(burst)
    await link.ask("Ping", patience=20)
    await until(lambda: len(heard) == 1200 * len(frames_of("queued_call.txt")), 20)
    link.close()


async def test_what_comes_before_the_log_in_is_complete_is_not_believed(switch: FakeSwitch) -> None:
    """Its system name could not be checked yet; the survey that follows every log-in tells what stands."""
    heard: list[Item] = []
    corestatus = switch._coresettings

    def early(action, reply, writer) -> None:
        writer.write(frame("Hangup", "blind_transfer.txt"))
        corestatus(action, reply, writer)

    switch._coresettings = early
    link = await Link.open(switch.account, heard.append)
    await link.ask("Ping")
    assert heard == []
    link.close()


def test_waits_between_tries_grow_to_a_quarter_of_a_minute() -> None:
    waits = list(islice(back_off(), 12))
    assert waits[0] < 0.3
    assert 11.9 < waits[-1] < 18.1
