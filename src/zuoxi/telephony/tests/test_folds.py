# SPDX-License-Identifier: Apache-2.0
"""A call's facts, written as a person would tell them, and the rows they make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zuoxi.events.facts import Stored
from zuoxi.telephony.facts import AgentState, Outcome
from zuoxi.telephony.folds import fold_call
from zuoxi.telephony.states import fold_states

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
UID = "lab-1/1.0"
STATUSES = {
    "agent": str,
    "queue": str,
    "wait": int,
    "talk": int,
    "ring": int,
    "seconds": int,
    "score": int,
    "position": int,
    "question": int,
    "questions": int,
}


def story(text, source="ami"):
    """`+12.5 agent.connected @1001 queue=sales wait=12` a line; `#uid` names another call than the usual one."""
    events = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        moment, kind, *words = line.split()
        party = next((word[1:] for word in words if word.startswith("@")), "")
        told = next((word[1:] for word in words if word.startswith("!")), source)
        pairs = (word.split("=", 1) for word in words if "=" in word)
        data = {name: STATUSES.get(name, str)(value) for name, value in pairs}
        subject = "" if kind.startswith(("member", "device")) else UID
        at = START + timedelta(seconds=float(moment))
        events.append(Stored(number, "switch:lab", kind, at, told, subject, party, data))
    return events


def call(text):
    return fold_call(UID, story(text))


ANSWERED = """
    +0    call.started direction=inbound caller=13800001111 number=8000
    +0.2  queue.joined queue=sales position=1 caller=13800001111
    +1    agent.ringing @1001 queue=sales
    +7.4  agent.connected @1001 queue=sales wait=7 ring=6 channel=a
    +7.5  leg.joined @1001 channel=a bridge=b
"""


@pytest.mark.clause("CALL-001")
def test_an_answered_call_has_its_wait_its_talk_and_one_leg():
    row = call(
        ANSWERED
        + """
    +67.4 agent.completed @1001 queue=sales wait=7 talk=60 ended_by=caller
    +67.5 leg.left @1001 channel=a bridge=b
    +67.6 call.ended cause=16 channel=trunk
    """
    )
    assert (row.outcome, row.agent, row.queue) == (Outcome.ANSWERED, "1001", "sales")
    assert (row.wait_seconds, row.talk_seconds, row.hold_seconds) == (7, 60, 0)
    assert [(leg.agent, leg.kind, leg.talk_seconds) for leg in row.legs] == [("1001", "answered", 60)]
    assert row.doubts == ()


def test_a_call_still_up_is_open_or_answered_without_an_end():
    row = call(ANSWERED)
    assert row.outcome is Outcome.ANSWERED
    assert row.ended_at is None
    assert row.talk_seconds is None


def test_a_caller_who_gives_up_is_abandoned_with_his_wait():
    row = call("+0 queue.joined queue=sales\n+9.9 queue.abandoned queue=sales position=1 wait=9")
    assert (row.outcome, row.wait_seconds, row.ended_at) == (Outcome.ABANDONED, 9, START + timedelta(seconds=9))


QUEUED = "+0 queue.joined queue=sales position=1"


def test_a_caller_whom_the_queue_sends_on_has_not_abandoned_though_the_switch_says_so_too():
    row = call(QUEUED + "\n+20.8 queue.abandoned queue=sales wait=20\n+20.9 call.diverted outcome=overflow to=care")
    assert (row.outcome, row.wait_seconds, row.doubts) == (Outcome.OVERFLOW, 20, ())


def test_the_queue_log_decides_whether_a_caller_left_or_was_sent_on():
    exited = "+20 queue.exited queue=sales reason=timeout wait=20 !queue_log"
    row = call(QUEUED + "\n+20.8 queue.abandoned queue=sales wait=20\n" + exited)
    assert (row.outcome, row.wait_seconds, row.doubts) == (Outcome.OVERFLOW, 20, ())


@pytest.mark.parametrize("second", ["20", "21"])
def test_who_pressed_the_key_has_not_given_up_whoever_tells_of_it_first(second):
    told = f"+20.5 call.diverted outcome=callback to=13900000001\n+{second} queue.exited queue=sales reason=key wait=20"
    row = call(f"{QUEUED}\n{told} !queue_log\n+22 call.ended")
    assert (row.outcome, row.wait_seconds, row.diverted_to, row.doubts) == (Outcome.OVERFLOW, 20, "13900000001", ())


def test_hold_is_counted_apart_and_ends_with_the_leg_when_nobody_resumed():
    row = call(
        ANSWERED
        + """
    +10   call.held @1001 channel=a
    +15   call.resumed @1001 channel=a
    +50   call.held @1001 channel=a
    +67   agent.completed @1001 queue=sales wait=7 talk=60 ended_by=caller
    +67.1 call.ended cause=16
    """
    )
    assert row.hold_seconds == 5 + 17


def test_a_blind_transfer_to_another_queue_is_two_legs_and_the_first_agent_keeps_the_answer():
    row = call(
        ANSWERED
        + """
    +27   call.transferred @1001 how=blind to=8003
    +27.1 agent.completed @1001 queue=sales wait=7 talk=20 ended_by=transfer
    +27.2 leg.left @1001 channel=a bridge=b
    +28   queue.joined queue=vip position=1
    +33   agent.connected @1009 queue=vip wait=5 ring=3 channel=c
    +33.1 leg.joined @1009 channel=c bridge=b2
    +63   agent.completed @1009 queue=vip wait=5 talk=30 ended_by=agent
    +63.1 call.ended cause=16
    """
    )
    assert row.agent == "1001"
    assert [(leg.agent, leg.kind, leg.talk_seconds) for leg in row.legs] == [
        ("1001", "answered", 20),
        ("1009", "transferred", 30),
    ]
    assert [visit.outcome for visit in row.visits] == [Outcome.ANSWERED, Outcome.ANSWERED]
    assert row.talk_seconds == 50


def test_an_attended_transfer_shows_the_consultation_as_a_leg_that_took_over():
    row = call(
        ANSWERED
        + """
    +20   leg.joined @1002 channel=d bridge=b9
    +30   call.transferred @1001 how=attended to=1002
    +30.1 agent.completed @1001 queue=sales wait=7 talk=22 ended_by=transfer
    +90   leg.left @1002 channel=d bridge=b
    +90.1 call.ended cause=16
    """
    )
    assert [(leg.agent, leg.kind) for leg in row.legs] == [("1001", "answered"), ("1002", "transferred")]


def test_a_call_that_a_leader_took_over_is_talked_once_though_the_queue_counts_on():
    row = call(
        ANSWERED
        + """
    +43   leg.left @1001 channel=a bridge=b
    +43.1 leg.joined @2001 channel=e bridge=b9
    +56   leg.left @2001 channel=e bridge=b9
    +56.1 agent.completed @1001 queue=sales wait=7 talk=49 ended_by=caller
    +56.2 call.ended cause=16
    """
    )
    assert [(leg.agent, leg.kind, leg.talk_seconds) for leg in row.legs] == [
        ("1001", "answered", 36),
        ("2001", "transferred", 13),
    ]
    assert (row.visits[0].talk_seconds, row.talk_seconds) == (36, 49)


def test_a_third_in_the_same_bridge_is_a_conference():
    row = call(ANSWERED + "+20 leg.joined @1002 channel=d bridge=b\n+40 leg.left @1002 channel=d bridge=b")
    assert [leg.kind for leg in row.legs] == ["answered", "conferenced"]


def test_when_two_answer_the_same_caller_the_first_is_believed_and_the_second_doubted():
    row = call(
        ANSWERED
        + """
    +7.6  agent.connected @1002 queue=sales wait=7 ring=6 channel=x
    +67.4 agent.completed @1001 queue=sales wait=7 talk=60 ended_by=caller
    +67.6 call.ended cause=16
    """
    )
    assert (row.agent, row.talk_seconds) == ("1001", 60)
    assert row.doubts == ("answered twice",)
    assert len(row.legs) == 1


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("+3 agent.completed @1001 queue=sales wait=1 talk=3600 ended_by=agent", "completed without answer"),
        ("+3 agent.connected @1001 queue=other wait=1", "answered without wait"),
        ("+3 queue.abandoned queue=other wait=1", "queue.abandoned without wait"),
    ],
)
def test_an_effect_without_its_cause_is_not_believed(line, doubt):
    row = call(f"+0 queue.joined queue=sales\n{line}\n+9 queue.abandoned queue=sales wait=9")
    assert row.outcome is Outcome.ABANDONED
    assert row.talk_seconds is None
    assert row.doubts == (doubt,)


def test_the_queue_log_and_the_manager_interface_telling_the_same_make_one_call():
    ami = """
    +0.2  queue.joined queue=sales position=1 caller=13800001111
    +7.4  agent.connected @1001 queue=sales wait=7 ring=6 channel=a
    +67.4 agent.completed @1001 queue=sales wait=7 talk=60 ended_by=caller
    """
    log = """
    +0   queue.joined queue=sales position=1 !queue_log
    +7   agent.connected @1001 queue=sales wait=7 ring=6 !queue_log
    +67  agent.completed @1001 queue=sales wait=7 talk=60 ended_by=caller !queue_log
    """
    alone, both = call(ami), call(ami + log)
    for row in (alone, both):
        row.applied_through = row.first_event = 0
    assert both == alone
    assert call(log).talk_seconds == 60


def test_a_call_across_midnight_keeps_one_row_and_its_full_talk():
    row = call(
        """
    +53990 queue.joined queue=sales
    +53995 agent.connected @1001 queue=sales wait=5
    +54100 agent.completed @1001 queue=sales wait=5 talk=105 ended_by=caller
    +54100.1 call.ended cause=16
    """
    )
    assert (row.offered_at.date(), row.ended_at.date()) == (START.date(), (START + timedelta(days=1)).date())
    assert row.talk_seconds == 105


def test_a_clock_that_ran_backwards_gives_no_duration_at_all():
    row = call("+0 call.started direction=outbound agent=1001 number=138 @1001\n+5 call.answered @1001\n+5 call.ended")
    assert row.talk_seconds == 0
    events = story("+3600 queue.joined queue=sales\n+0 queue.abandoned queue=sales")
    assert fold_call(UID, events).wait_seconds is None


@pytest.mark.parametrize("hour", [3600, -3600])
def test_a_clock_that_was_set_in_a_call_changes_none_of_its_durations(hour):
    text = f"""
    +0    call.started direction=inbound caller=13800001111 number=8000
    +0.2  queue.joined queue=sales position=1 caller=13800001111
    +7.4  agent.connected @1001 queue=sales wait=7 ring=6 channel=a
    {60 + hour} call.clock_changed seconds={hour}
    {107.4 + hour} agent.completed @1001 queue=sales wait=7 talk={100 + hour} ended_by=caller
    {107.6 + hour} call.ended cause=16
    """
    row = call(text)
    assert (row.outcome, row.agent, row.wait_seconds, row.talk_seconds) == ("answered", "1001", 7, 100)
    assert int((row.ended_at - START).total_seconds()) == 107
    assert row.doubts == ("clock",)


def test_a_closed_line_is_closed_and_a_hang_up_in_the_menu_has_failed():
    assert call("+0 call.started direction=inbound\n+1 call.diverted outcome=closed\n+2 call.ended").outcome == "closed"
    assert call("+0 call.started direction=inbound\n+2 call.ended").outcome == "failed"


def states(text):
    return [
        (interval.state, int((interval.from_at - START).total_seconds()), interval.reason)
        for interval in fold_states("1001", story(text))
    ]


def test_a_ring_that_the_caller_broke_off_leaves_the_agent_ready():
    text = """
    +0   member.added @1001 queue=sales
    +10  agent.ringing @1001 queue=sales
    +13  call.dial_ended @1001 status=CANCEL
    """
    assert states(text) == [(AgentState.READY, 0, ""), (AgentState.RINGING, 10, ""), (AgentState.READY, 13, "")]


def test_a_shift_is_a_row_of_states_without_gaps():
    text = """
    +0   member.added @1001 queue=sales
    +10  agent.ringing @1001 queue=sales
    +14  agent.connected @1001 queue=sales wait=4
    +14.1 member.paused @1001 queue=sales reason=oncall
    +74  agent.completed @1001 queue=sales talk=60 wait=4 ended_by=caller
    +74.2 member.paused @1001 queue=sales reason=wrapup
    +104 member.unpaused @1001 queue=sales
    +200 member.paused @1001 queue=sales reason=nr:coaching
    +260 member.paused @1001 queue=sales reason=break
    +500 member.removed @1001 queue=sales
    """
    assert states(text) == [
        (AgentState.READY, 0, ""),
        (AgentState.RINGING, 10, ""),
        (AgentState.ON_CALL, 14, ""),
        (AgentState.WRAP_UP, 74, ""),
        (AgentState.READY, 104, ""),
        (AgentState.NOT_READY, 200, "coaching"),
        (AgentState.BREAK, 260, ""),
        (AgentState.SIGNED_OUT, 500, ""),
    ]


def test_a_ring_that_is_not_answered_returns_to_ready():
    text = """
    +0   member.added @1001 queue=sales
    +5   agent.ringing @1001 queue=sales
    +20  agent.no_answer @1001 queue=sales ring=15
    """
    assert [state for state, _, _ in states(text)] == [AgentState.READY, AgentState.RINGING, AgentState.READY]


def test_a_browser_that_fell_asleep_is_unreachable_and_not_blamed():
    text = "+0 member.added @1001 queue=sales\n+5 device.unreachable @1001\n+60 device.reachable @1001"
    assert [state for state, _, _ in states(text)] == [AgentState.READY, AgentState.UNREACHABLE, AgentState.READY]


def test_whoever_talks_is_rung_by_nobody_else():
    text = """
    +0   member.added @1001 queue=sales
    +5   agent.ringing @1001 queue=sales
    """
    another = "+9 agent.connected @1001 queue=sales\n+30 agent.completed @1001 queue=sales"
    other = [event._replace(subject="lab-1/2.0", id=event.id + 10) for event in story(another)]
    found = [interval.state for interval in fold_states("1001", [*story(text), *other])]
    assert found == [AgentState.READY, AgentState.RINGING, AgentState.ON_CALL, AgentState.READY]


def test_a_state_names_all_the_queues_that_the_agent_came_to_serve():
    text = "+0 member.added @1001 queue=sales\n+1 member.added @1001 queue=vip"
    (ready,) = fold_states("1001", story(text))
    assert ready.queues == "sales,vip"


TAKEN_OVER = """
    +0    member.added @1001 queue=sales
    +10   agent.ringing @1001 queue=sales
    +14   agent.connected @1001 queue=sales wait=4 channel=a
    +14.1 member.paused @1001 queue=sales reason=oncall
    +14.2 leg.joined @1001 channel=a bridge=b
    +60   leg.left @1001 channel=a bridge=b
    +60.1 leg.ended @1001 channel=a
"""


def taken_over(text, others=""):
    """States and calls of 1001; `others` is what his next call tells."""
    later = [event._replace(subject="lab-1/2.0", id=event.id + 50) for event in story(others)]
    found = fold_states("1001", [*story(TAKEN_OVER + text), *later])
    return [(one.state, int((one.from_at - START).total_seconds()), one.subject) for one in found]


def test_whose_caller_was_taken_over_is_in_his_wrap_up_while_the_queue_counts_on():
    assert taken_over("") == [
        (AgentState.READY, 0, ""),
        (AgentState.RINGING, 10, UID),
        (AgentState.ON_CALL, 14, UID),
        (AgentState.WRAP_UP, 60, UID),
    ]


def test_the_late_end_of_a_call_that_was_taken_over_disturbs_no_later_call():
    text = """
    +90  member.unpaused @1001 queue=sales
    +130 agent.completed @1001 queue=sales talk=116 wait=4 ended_by=caller
    """
    others = """
    +100 agent.connected @1001 queue=sales wait=4 channel=c
    +101 leg.joined @1001 channel=c bridge=d
    +150 agent.completed @1001 queue=sales talk=50 wait=4 ended_by=agent
    +150.1 leg.left @1001 channel=c bridge=d
    """
    assert taken_over(text, others)[3:] == [
        (AgentState.WRAP_UP, 60, UID),
        (AgentState.READY, 90, ""),
        (AgentState.ON_CALL, 100, "lab-1/2.0"),
        (AgentState.READY, 150, ""),
    ]


def test_the_late_end_of_a_call_that_was_taken_over_is_not_the_call_that_is_written_up():
    text = "+130 agent.completed @1001 queue=sales talk=116 wait=4 ended_by=caller\n"
    text += "+131 member.paused @1001 queue=sales reason=wrapup"
    others = """
    +100 agent.connected @1001 queue=sales wait=4 channel=c
    +120 agent.completed @1001 queue=sales talk=20 wait=4 ended_by=agent
    """
    assert taken_over(text, others)[-1] == (AgentState.WRAP_UP, 120, "lab-1/2.0")


def test_a_telephone_that_hangs_up_out_of_one_bridge_of_two_is_still_in_the_call():
    text = """
    +0   leg.joined @1001 channel=a bridge=b
    +5   leg.joined @1001 channel=c bridge=d
    +9   leg.ended @1001 channel=a
    """
    assert states(text) == [(AgentState.ON_CALL, 0, "")]
