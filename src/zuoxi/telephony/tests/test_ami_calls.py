# SPDX-License-Identifier: Apache-2.0
"""Traces of a real switch as the rows of a call."""

from __future__ import annotations

import pytest

from zuoxi.events.facts import Stored
from zuoxi.telephony.asterisk.frames import Frame, Parser
from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.asterisk.translate import translate
from zuoxi.telephony.facts import CallRow, LegKind, Outcome
from zuoxi.telephony.folds import fold_call
from zuoxi.telephony.tests.fake_switch import SYSTEM_NAME, trace


def call(name: str, system_name: str = SYSTEM_NAME) -> CallRow:
    boot = Boot("lab", 1795336489, system_name)
    items = Parser(system_name).feed(b"Asterisk Call Manager/11.0.0\r\n" + trace(name))
    facts = [translate(item, boot) for item in items if isinstance(item, Frame)]
    events = [
        Stored(number, "switch:lab", fact.kind, fact.at, fact.source, fact.subject, fact.party, fact.data)
        for number, fact in enumerate(facts, start=1)
        if fact is not None and fact.subject
    ]
    return fold_call(events[0].subject, events)


@pytest.mark.clause("CALL-001")
def test_a_queued_call_is_answered_with_its_wait_and_talk() -> None:
    row = call("queued_call.txt")
    assert (row.outcome, row.agent, row.wait_seconds, row.talk_seconds) == (Outcome.ANSWERED, "1002", 1, 8)
    assert row.ended_by == "caller"
    assert row.doubts == ()


def test_the_agent_who_consults_and_the_one_who_takes_over_have_one_leg_each_and_no_second_counts_twice() -> None:
    """Held at :53, consulted from :55, taken over at :59, hung up at 35:06: 7 seconds of talk for either."""
    row = call("attended_transfer.txt")
    legs = [(leg.agent, leg.kind, leg.talk_seconds, leg.hold_seconds) for leg in row.legs]
    assert legs == [("1002", LegKind.ANSWERED, 7, 6), ("1003", LegKind.TRANSFERRED, 7, None)]
    assert row.talk_seconds == 14
    assert row.doubts == ()


def test_a_caller_whose_time_in_the_queue_was_over_is_not_one_who_gave_up() -> None:
    row = call("turned_away.txt")
    assert (row.outcome, row.wait_seconds, row.doubts) == (Outcome.OVERFLOW, 0, ())


def test_a_ring_that_nobody_answered_is_an_attempt_and_the_caller_gave_up() -> None:
    row = call("not_answered_then_abandoned.txt", "")
    assert (row.outcome, row.wait_seconds) == (Outcome.ABANDONED, 5)
    assert [(one.agent, one.ring_seconds) for one in row.attempts] == [("1003", 4)]
