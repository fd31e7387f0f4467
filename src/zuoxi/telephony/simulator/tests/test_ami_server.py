# SPDX-License-Identifier: Apache-2.0
"""The live switch answers Zuoxi's own client as Asterisk does, at any speed, and goes wrong when asked to."""

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import pairwise

import pytest

from zuoxi.telephony.asterisk.client import Account, Link, SwitchLost, SwitchRefused
from zuoxi.telephony.asterisk.frames import Frame, Rejected
from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.asterisk.translate import translate
from zuoxi.telephony.simulator.ami_server import SimulatedSwitch
from zuoxi.telephony.simulator.centre import ZONE, demo_centre, load_centre
from zuoxi.telephony.simulator.history import facts_of

EVENING = datetime(2026, 11, 3, 19, 40, tzinfo=ZONE)
NIGHT = datetime(2026, 11, 3, 5, 0, tzinfo=ZONE)
SECRET = "quiet-water"
CENTRE = demo_centre(7, 60, calls=700)


class Hand:
    """A clock that is moved by hand, so that no test depends on how busy the machine is."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@asynccontextmanager
async def switch_and_link(**options):
    heard = []
    options = {"ticking": Hand(), "start": EVENING, "system_name": "bamboo", "accounts": {"zuoxi": SECRET}, **options}
    async with SimulatedSwitch(CENTRE, **options) as switch:
        switch.hand = options["ticking"]
        link = await Link.open(Account("127.0.0.1", switch.port, "zuoxi", SECRET), heard.append)
        try:
            yield switch, link, heard
        finally:
            link.close()


async def until(switch, condition, minutes=60):
    """Let simulated time pass, half a second at a time, until the condition holds; gives what it gave."""
    for _ in range(minutes * 120):
        if found := condition():
            return found
        switch.hand.seconds += 0.5
        switch.play_to(switch.clock.now())
        for _ in range(3):
            await asyncio.sleep(0)
    raise AssertionError("it never came to that")


def events(heard, name, **fields):
    return [f for f in heard if isinstance(f, Frame) and f.event == name and fields.items() <= f.fields.items()]


def in_queued_calls(switch):
    return [a for a in switch.engine.world.agents.values() if a.leg and a.leg.queue and a.leg.answered]


def rung_by_queues(switch):
    return [a for a in switch.engine.world.agents.values() if a.status == 6 and a.leg.queue]


async def test_a_client_logs_in_and_learns_the_system_name():
    async with switch_and_link() as (_, link, _):
        assert link.system_name == "bamboo"
        status = await link.ask("CoreStatus")
        assert status.fields["CoreStartupDate"] == "2026-11-02" and status.fields["CoreStartupTime"] == "20:00:00"


async def test_a_wrong_secret_is_refused():
    async with SimulatedSwitch(CENTRE, start=NIGHT, accounts={"zuoxi": SECRET}) as switch:
        with pytest.raises((SwitchRefused, SwitchLost)):
            await Link.open(Account("127.0.0.1", switch.port, "zuoxi", "wrong"), lambda item: None)


async def test_the_evening_finds_members_and_callers_in_the_queues():
    async with switch_and_link() as (switch, link, _):
        rows = await link.collect("QueueStatus", "QueueStatusComplete")
        members = [row for row in rows if row.event == "QueueMember"]
        assert {row.fields["Queue"] for row in members} == {"sales", "service", "aftersales", "vip"}
        waiting = sum(len(queue.waiting) for queue in switch.engine.world.queues.values())
        assert len([row for row in rows if row.event == "QueueEntry"]) == waiting
        channels = await link.collect("CoreShowChannels", "CoreShowChannelsComplete")
        assert len(channels) - 1 == len(switch.engine.world.channels) > 0


async def test_one_queue_may_be_asked_for():
    async with switch_and_link() as (_, link, _):
        rows = await link.collect("QueueStatus", "QueueStatusComplete", Queue="vip")
        assert {row.fields["Queue"] for row in rows[:-1]} == {"vip"}


@pytest.mark.parametrize(
    ("action", "headers", "complaint"),
    [
        ("QueueAdd", {"Queue": "nosuch", "Interface": "PJSIP/1001"}, "Unable to add interface to queue: No such queue"),
        ("QueueAdd", {"Queue": "sales"}, "'Interface' not specified."),
        ("QueueRemove", {"Queue": "sales", "Interface": "PJSIP/1999"}, "Unable to remove interface: Not there"),
        ("QueuePause", {"Interface": "PJSIP/1999", "Paused": "true"}, "Interface not found"),
        ("QueuePause", {"Interface": "PJSIP/1001"}, "Need 'Interface' and 'Paused' parameters."),
        ("Hangup", {"Channel": "PJSIP/none"}, "No such channel"),
        ("Redirect", {"Channel": "PJSIP/x", "Exten": "1"}, "Channel does not exist: PJSIP/x"),
        ("BlindTransfer", {"Channel": "PJSIP/x", "Exten": "1"}, "Channel specified does not exist"),
        ("Atxfer", {"Channel": "PJSIP/x", "Exten": "1"}, "Channel specified does not exist"),
        ("Bridge", {"Channel1": "PJSIP/no", "Channel2": "PJSIP/x"}, "Channel1 does not exist: PJSIP/no"),
        ("Originate", {}, "Channel not specified"),
        ("Getvar", {"Channel": "PJSIP/x", "Variable": "X"}, "No such channel"),
        ("MuteAudio", {"Channel": "PJSIP/x"}, "No such channel"),
        ("ZuoxiFault", {"Fault": "drop"}, "Permission denied"),
    ],
)
async def test_errors_are_worded_as_asterisk_words_them(action, headers, complaint):
    async with switch_and_link(start=NIGHT) as (_, link, _):
        with pytest.raises(SwitchRefused, match=complaint.replace(".", r"\.")):
            await link.ask(action, **headers)


async def test_signing_in_pausing_and_signing_out_answer_and_show_as_events():
    async with switch_and_link(start=NIGHT) as (switch, link, heard):
        agent = switch.engine.world.agent("1999")
        await link.ask("QueueAdd", Queue="sales", Interface="PJSIP/1999", MemberName="1999")
        await until(switch, lambda: events(heard, "QueueMemberAdded", Interface="PJSIP/1999", Queue="sales"))
        with pytest.raises(SwitchRefused, match="Already there"):
            await link.ask("QueueAdd", Queue="sales", Interface="PJSIP/1999")
        await link.ask("QueuePause", Interface="PJSIP/1999", Paused="true", Reason="break")
        await until(switch, lambda: events(heard, "QueueMemberPause", Paused="1", PausedReason="break"))
        await link.ask("QueuePause", Interface="PJSIP/1999", Paused="false")
        await until(switch, lambda: events(heard, "QueueMemberPause", Interface="PJSIP/1999", Paused="0"))
        await link.ask("QueueRemove", Queue="sales", Interface="PJSIP/1999")
        await until(switch, lambda: events(heard, "QueueMemberRemoved", Interface="PJSIP/1999"))
        assert agent.queues == []


async def test_a_person_at_the_desk_is_rung_and_answered_for_after_three_seconds():
    async with switch_and_link() as (switch, link, heard):
        await link.ask("QueueAdd", Queue="sales", Interface="PJSIP/1999")
        connect = (await until(switch, lambda: events(heard, "AgentConnect", Interface="PJSIP/1999")))[0]
        assert connect.fields["RingTime"] == "3"
        await until(switch, lambda: events(heard, "AgentComplete", Interface="PJSIP/1999"))


async def test_a_simulated_agent_yields_to_the_person_who_signs_in_as_him():
    async with switch_and_link() as (switch, link, _):
        agent = next(one for one in switch.engine.world.agents.values() if one.idle())
        with pytest.raises(SwitchRefused, match="Already there"):
            await link.ask("QueueAdd", Queue=agent.queues[0], Interface=f"PJSIP/{agent.code}")
        assert agent.driven
        for queue in list(agent.queues):
            await link.ask("QueueRemove", Queue=queue, Interface=f"PJSIP/{agent.code}")
        assert not agent.driven


async def test_the_listener_s_own_pauses_do_not_take_an_agent_over():
    async with switch_and_link() as (switch, link, heard):
        connect = (await until(switch, lambda: events(heard, "AgentConnect")))[0]
        interface = connect.fields["Interface"]
        await link.ask("QueuePause", Interface=interface, Paused="true", Reason="oncall")
        agent = switch.engine.world.agents[interface.removeprefix("PJSIP/")]
        assert not agent.driven
        assert not switch.engine.pauses_itself
        heard.clear()
        await until(switch, lambda: events(heard, "QueueMemberPause", Interface=interface, Paused="0"))


async def test_click_to_call_rings_the_agent_first_and_then_the_customer():
    async with switch_and_link(start=NIGHT) as (switch, link, heard):
        await link.ask(
            "Originate", Channel="PJSIP/1999", Context="from-agent", Exten="13900000002", Priority="1", Async="true",
            Variable=["ZUOXI_AGENT=1999", "ZUOXI_PRESENT=4008201000"],
        )  # fmt: skip
        await until(switch, lambda: events(heard, "DialEnd", DialStatus="ANSWER") and events(heard, "BridgeEnter"))
        kinds = [item.event for item in heard if isinstance(item, Frame) and item.event != "QueueMemberStatus"]
        order = [kind for kind in kinds if kind in ("DialBegin", "OriginateResponse", "UserEvent", "BridgeEnter")]
        assert order[:4] == ["DialBegin", "OriginateResponse", "UserEvent", "DialBegin"]
        assert events(heard, "DialBegin", DialString="13900000002@trunk")


async def test_a_dialler_s_call_leaves_a_simulated_agent_his_own_ways():
    async with switch_and_link() as (switch, link, _):
        agent = next(one for one in switch.engine.world.agents.values() if one.idle())
        await link.ask(
            "Originate", Channel=f"PJSIP/{agent.code}", Context="from-agent", Exten="13900000002", Priority="1",
            Async="true", Variable=[f"ZUOXI_AGENT={agent.code}", "ZUOXI_MACHINE=1"],
        )  # fmt: skip
        assert agent.leg is not None
        assert not agent.driven


async def test_originate_at_a_busy_telephone_fails_as_asterisk_says_it():
    async with switch_and_link() as (switch, link, _):
        busy = next(one for one in switch.engine.world.agents.values() if one.leg is not None)
        rows = await link.collect(
            "Originate", "OriginateResponse", Channel=f"PJSIP/{busy.code}", Context="from-agent", Exten="1002"
        )
        assert rows[-1].fields["Response"] == "Failure"


async def test_a_supervisor_listens_until_the_call_ends():
    async with switch_and_link() as (switch, link, heard):
        busy = await until(switch, lambda: in_queued_calls(switch))
        asked = asyncio.create_task(link.collect(
            "Originate", "OriginateResponse", Channel="PJSIP/9001", Context="zuoxi-spy", Exten="listen", Priority="1",
            Variable=f"ZUOXI_TARGET={busy[0].code}", Async="true",
        ))  # fmt: skip
        await until(switch, asked.done)
        rows = asked.result()
        channel = rows[-1].fields["Channel"]
        assert rows[-1].fields["Response"] == "Success"
        await until(switch, lambda: events(heard, "Hangup", Channel=channel))


async def test_a_supervisor_takes_a_call_over_and_the_agent_is_let_go():
    async with switch_and_link() as (switch, link, heard):
        busy = await until(switch, lambda: in_queued_calls(switch))
        agent = busy[0]
        channel = agent.leg.channel
        await link.ask(
            "Originate", Channel="PJSIP/9001", Context="zuoxi-spy", Exten="takeover", Priority="1",
            Variable=f"ZUOXI_TARGET={agent.code}", Async="true",
        )  # fmt: skip
        await until(switch, lambda: events(heard, "Hangup", Channel=channel))
        entered = [f for f in events(heard, "BridgeEnter") if f.fields["Channel"].startswith("PJSIP/9001-")]
        assert entered and agent.leg is None
        assert not events(heard, "AgentComplete", DestChannel=channel)
        await link.ask("Hangup", Channel=entered[0].fields["Channel"])
        (ended,) = await until(switch, lambda: events(heard, "AgentComplete", DestChannel=channel))
        assert ended.fields["Reason"] == "caller"


async def test_an_outgoing_call_cannot_be_taken_over_and_the_supervisor_is_let_go():
    async with switch_and_link(start=NIGHT) as (switch, link, heard):
        await link.ask("Originate", Channel="PJSIP/1999", Context="from-agent", Exten="13900000002", Priority="1")
        agent = switch.engine.world.agent("1999")
        await until(switch, lambda: agent.leg and agent.leg.answered)
        await link.ask(
            "Originate", Channel="PJSIP/9001", Context="zuoxi-spy", Exten="takeover", Variable="ZUOXI_TARGET=1999"
        )
        await until(
            switch, lambda: [f for f in events(heard, "Hangup") if f.fields["Channel"].startswith("PJSIP/9001")]
        )
        assert switch.engine.world.agent("9001").leg is None and agent.leg is not None


async def test_hanging_up_an_agent_ends_the_call_and_a_ringing_one_only_stops_ringing():
    async with switch_and_link() as (switch, link, heard):
        ringing = await until(switch, lambda: rung_by_queues(switch))
        await link.ask("Hangup", Channel=ringing[0].leg.channel)
        await until(switch, lambda: events(heard, "AgentRingNoAnswer", Interface=f"PJSIP/{ringing[0].code}"))
        talking = in_queued_calls(switch)[0]
        channel = talking.leg.channel
        await link.ask("Hangup", Channel=channel)
        await until(switch, lambda: events(heard, "AgentComplete", DestChannel=channel, Reason="caller"))


async def test_a_call_is_passed_on_blind_to_another_queue():
    async with switch_and_link() as (switch, link, heard):
        talking = in_queued_calls(switch)[0]
        number = switch.centre.queue("aftersales").number
        await link.ask("BlindTransfer", Channel=talking.leg.channel, Context="zuoxi-transfer", Exten=number)
        await until(switch, lambda: events(heard, "BlindTransfer", Extension=number))
        await until(switch, lambda: events(heard, "AgentComplete", Reason="transfer"))
        await until(switch, lambda: events(heard, "QueueCallerJoin", Queue="aftersales"))


async def test_a_call_is_passed_on_after_a_word_with_a_colleague():
    async with switch_and_link() as (switch, link, heard):
        talking = in_queued_calls(switch)[0]
        mate = next(a for a in switch.engine.world.agents.values() if a.idle())
        await link.ask("Atxfer", Channel=talking.leg.channel, Context="zuoxi-transfer", Exten=mate.code)
        await until(switch, lambda: events(heard, "Hold", Channel=talking.leg.channel) if talking.leg else True)
        await until(switch, lambda: events(heard, "AttendedTransfer"))


async def _consultation(switch, link, heard):
    """An agent of a queue's call, his channel, and the colleague with whom he speaks meanwhile."""
    agent = in_queued_calls(switch)[0]
    mate = next(a for a in switch.engine.world.agents.values() if a.idle())
    switch.engine.floor.take_over(agent)
    channel = agent.leg.channel
    await link.ask("Atxfer", Channel=channel, Context="from-agent", Exten=mate.code)
    await until(switch, lambda: mate.leg and events(heard, "BridgeEnter", Channel=mate.leg.channel))
    return agent, channel, mate


async def test_an_agent_who_hangs_up_in_a_consultation_has_passed_the_call_on():
    async with switch_and_link() as (switch, link, heard):
        _, channel, mate = await _consultation(switch, link, heard)
        await link.ask("Hangup", Channel=channel)
        await until(switch, lambda: events(heard, "AttendedTransfer", TransferTargetChannel=mate.leg.channel))
        await until(switch, lambda: events(heard, "AgentComplete", DestChannel=channel, Reason="transfer"))


async def test_all_three_talk_after_star_three_and_the_agent_may_leave_them():
    async with switch_and_link() as (switch, link, heard):
        _, channel, mate = await _consultation(switch, link, heard)
        for digit in "*3":
            await link.ask("PlayDTMF", Channel=channel, Digit=digit, Receive="true")
        call = switch.engine.world.channels[channel][0]
        assert len(events(heard, "BridgeEnter", BridgeUniqueid=call.bridge)) >= 2
        await link.ask("Hangup", Channel=channel)
        await until(switch, lambda: events(heard, "Hangup", Channel=call.channel))
        assert mate.leg is None and call.linkedid not in switch.engine.world.calls


async def test_a_consultation_may_be_given_up():
    async with switch_and_link() as (switch, link, heard):
        agent, channel, mate = await _consultation(switch, link, heard)
        await link.ask("CancelAtxfer", Channel=channel)
        await until(switch, lambda: events(heard, "Unhold", Channel=channel))
        assert mate.leg is None and agent.leg is not None


async def test_a_desk_s_keys_hold_and_resume():
    async with switch_and_link() as (switch, link, heard):
        talking = in_queued_calls(switch)[0]
        if talking.leg.held:
            await link.ask("PJSIPNotify", Endpoint=talking.code, Variable="Event=talk")
        await link.ask("PJSIPNotify", Endpoint=talking.code, Variable="Event=hold")
        await until(switch, lambda: events(heard, "Hold", Channel=talking.leg.channel))
        await link.ask("UserEvent", UserEvent="ZuoxiDesk", Agent=talking.code, Key="resume")
        await until(switch, lambda: events(heard, "Unhold", Channel=talking.leg.channel))


async def test_at_a_thousand_times_the_speed_the_live_facts_are_those_of_history():
    start = datetime(2026, 11, 3, 19, 30, tzinfo=ZONE)
    async with switch_and_link(start=start, speed=1_000, pauses="switch") as (switch, link, heard):
        begun = switch.engine.world.moment
        for _ in range(200):
            switch.hand.seconds += 0.01
            await asyncio.sleep(0)
        ended = (await link.ask("Ping")).fields["Timestamp"]
        boot = Boot("sim", switch.boot, "bamboo")
    assert not [item for item in heard if isinstance(item, Rejected)]
    live = {_told(fact) for item in heard if (fact := translate(item, boot)) and not fact.kind.startswith("device.")}
    past = [
        _told(fact)
        for fact in facts_of(CENTRE, start.date())
        if begun < fact.at.timestamp() * 1e6 < float(ended) * 1e6
        and not fact.kind.startswith(("device.", "queue.exited"))
    ]
    assert float(ended) - begun / 1e6 > 1_990 and len(past) > 100
    assert set(past) <= live


def _told(fact):
    return fact.kind, fact.at, fact.subject, fact.party, tuple(sorted(fact.data.items()))


async def test_faults_on_the_wire_reach_the_parser():
    async with switch_and_link(control=True) as (switch, link, heard):
        await link.ask("ZuoxiFault", Fault="garbage", Amount="2")
        await until(switch, lambda: [item for item in heard if isinstance(item, Rejected)])
        heard.clear()
        await link.ask("ZuoxiFault", Fault="duplicate", Amount="3")
        await until(switch, lambda: [a for a, b in pairwise(heard) if a.raw == b.raw])
        heard.clear()
        await link.ask("ZuoxiFault", Fault="truncate")
        await until(switch, lambda: [item for item in heard if isinstance(item, Rejected)])


async def test_a_dropped_connection_and_a_dead_one_are_noticed():
    async with switch_and_link() as (switch, link, _):
        switch.fault("drop")
        await asyncio.wait_for(asyncio.shield(link.closed), 20)
    async with switch_and_link() as (switch, link, _):
        switch.fault("half_open")
        with pytest.raises(SwitchLost):
            await link.ask("Ping", patience=0.3)


async def test_a_restart_is_a_new_boot_without_calls_and_with_its_members(tmp_path):
    async with switch_and_link(logs=tmp_path) as (switch, link, _):
        switch.hand.seconds += 1
        before, members = switch.boot, {a.code for a in switch.engine.world.agents.values() if a.queues}
        switch.fault("restart")
        await asyncio.wait_for(asyncio.shield(link.closed), 20)
        assert switch.boot > before and not switch.engine.world.calls
        assert {a.code for a in switch.engine.world.agents.values() if a.queues} == members
        again = await Link.open(Account("127.0.0.1", switch.port, "zuoxi", SECRET), lambda item: None)
        rows = await again.collect("QueueStatus", "QueueStatusComplete")
        assert not [row for row in rows if row.event == "QueueEntry"]
        again.close()
    assert (tmp_path / "queue_log").read_text().count("QUEUESTART") == 2


async def test_a_clock_jump_shows_in_timestamps_and_talk_times():
    async with switch_and_link() as (switch, _, heard):
        switch.fault("clock", 3600)
        complete = (await until(switch, lambda: events(heard, "AgentComplete")))[0]
        assert int(complete.fields["TalkTime"]) > 3_000
        assert float(complete.fields["Timestamp"]) > EVENING.timestamp() + 3_000


async def test_the_files_hold_the_day_so_far_and_a_second_run_goes_on_as_another_boot(tmp_path):
    async with SimulatedSwitch(CENTRE, start=EVENING, logs=tmp_path) as switch:
        first = switch.boot
    lines = (tmp_path / "queue_log").read_text().splitlines()
    assert lines[0] == f"{first}|NONE|NONE|NONE|QUEUESTART|" and len(lines) > 1_000
    assert (tmp_path / "cel" / "Master.csv").stat().st_size > 100_000
    async with SimulatedSwitch(CENTRE, start=EVENING, logs=tmp_path) as switch:
        second = switch.boot
    added = (tmp_path / "queue_log").read_text().splitlines()[len(lines) :]
    assert second > first and added[0] == f"{second}|NONE|NONE|NONE|QUEUESTART|"
    assert len(added) < 50


async def test_at_four_in_the_morning_a_new_day_and_a_new_boot_begin():
    start = datetime(2026, 11, 4, 3, 59, 50, tzinfo=ZONE)
    async with switch_and_link(start=start) as (switch, link, heard):
        first = switch.boot
        switch.hand.seconds += 20
        await asyncio.wait_for(asyncio.shield(link.closed), 30)
        assert switch.boot == first + 86_400
        assert events(heard, "Shutdown", Shutdown="Cleanly")


async def test_the_load_profile_is_at_full_strength_from_the_start():
    async with SimulatedSwitch(load_centre(7), start=EVENING) as switch:
        assert 120 <= len(switch.engine.world.calls) <= 260
        before = switch.engine.world.opened
        switch.play_to(switch.engine.world.now + 60_000_000)
        assert 500 < switch.engine.world.opened - before < 750
        assert 120 <= len(switch.engine.world.calls) <= 260
