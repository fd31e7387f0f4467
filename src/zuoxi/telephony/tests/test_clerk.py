# SPDX-License-Identifier: Apache-2.0
"""Whose call an end belongs to that names none."""

from __future__ import annotations

from typing import Any, cast

import pytest

from zuoxi.telephony.asterisk.clerk import Clerk
from zuoxi.telephony.asterisk.frames import Parser
from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.asterisk.schemas import channel
from zuoxi.telephony.asterisk.spool import Heard
from zuoxi.telephony.tests.fake_switch import SYSTEM_NAME, frame

pytestmark = pytest.mark.once
BOOT = Boot("lab", 1795336489, SYSTEM_NAME)
TRACED = "lab-1795336489/1795336536.6"
OTHER = f"{SYSTEM_NAME}-1795336600.1"
NEXT = "lab-1795336489/1795336600.1"
LEG = {"Channel": "PJSIP/1002-00000005", "Uniqueid": f"{SYSTEM_NAME}-1795336536.7"}


def clerk() -> Clerk:
    return Clerk(cast(Any, None), cast(Any, None))


def heard(one: Clerk, *frames: bytes) -> list[tuple[str, str]]:
    """Kind and call of the facts that the clerk makes of them."""
    items = Parser(SYSTEM_NAME).feed(b"Asterisk Call Manager/11.0.0\r\n" + b"".join(frames))
    return [(fact.kind, fact.subject) for fact in one.interpret([Heard(item, BOOT, 0.0) for item in items])[0]]


def connected(**changed: str) -> bytes:
    return frame("AgentConnect", "queued_call.txt", **changed)


def hung_up() -> bytes:
    return frame("Hangup", "queued_call.txt", **LEG)


def nameless_end() -> bytes:
    gone = {header for prefix in ("", "Dest") for header in channel(prefix)}
    lines = frame("AgentComplete", "queued_call.txt").removesuffix(b"\r\n\r\n").decode().split("\r\n")
    return "\r\n".join(line for line in lines if line.partition(": ")[0] not in gone).encode() + b"\r\n\r\n"


def test_of_two_calls_the_one_that_was_taken_over_first_ends_first() -> None:
    one = clerk()
    heard(one, connected(), hung_up(), connected(Linkedid=OTHER, DestLinkedid=OTHER))
    assert heard(one, nameless_end(), nameless_end()) == [("agent.completed", TRACED), ("agent.completed", NEXT)]


def test_a_colleague_who_was_asked_about_a_call_is_owed_no_end_of_it() -> None:
    one = clerk()
    assert heard(one, hung_up()) == [("leg.ended", TRACED)]  # he was rung by the one who asked, and by no queue
    heard(one, connected(Linkedid=OTHER, DestLinkedid=OTHER))
    assert heard(one, nameless_end()) == [("agent.completed", NEXT)]


def test_an_end_that_went_unheard_is_waited_for_no_more_once_the_ledger_has_it() -> None:
    one = clerk()
    heard(one, connected(), hung_up(), connected(Linkedid=OTHER, DestLinkedid=OTHER))
    one.adopt([NEXT])
    assert heard(one, nameless_end()) == [("agent.completed", NEXT)]
