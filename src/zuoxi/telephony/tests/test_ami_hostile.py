# SPDX-License-Identifier: Apache-2.0
"""No fact that a caller could have forged is ever believed."""

from __future__ import annotations

import re
from random import Random

import pytest

from zuoxi.telephony.asterisk import queue_log
from zuoxi.telephony.asterisk.frames import Frame, Parser
from zuoxi.telephony.asterisk.identity import Boot, Untold
from zuoxi.telephony.asterisk.schemas import BY_EVENT
from zuoxi.telephony.asterisk.translate import translate
from zuoxi.telephony.facts import SwitchFact
from zuoxi.telephony.tests import hostile
from zuoxi.telephony.tests.fake_switch import STARTED, SYSTEM_NAME, TRACES, frames_of

BOOT = Boot("lab", STARTED, SYSTEM_NAME)
BANNER = b"Asterisk Call Manager/11.0.0\r\n"
CALLERS = 1000
FROM_THE_CALLER = ["CallerIDNum", "CallerIDName", "DestConnectedLineNum", "DestConnectedLineName"]


def facts_of(writes: list[bytes]) -> list[SwitchFact]:
    """What is believed when each write arrives as one read, as it does from a switch that keeps up."""
    parser = Parser(SYSTEM_NAME, "ours-")
    parser.feed(BANNER)
    facts = []
    for write in writes:
        for item in parser.feed(write):
            if isinstance(item, Frame):
                try:
                    fact = translate(item, BOOT)
                except Untold:
                    continue
                if fact is not None:
                    facts.append(fact)
    return facts


def statement(fact: SwitchFact) -> tuple[object, ...]:
    """The fact without what the caller may rightly choose: his number."""
    data = {key: value for key, value in fact.data.items() if key != "caller"}
    return fact.kind, fact.at, fact.subject, fact.party, sorted(data.items())


def attacked(raw: bytes, random: Random) -> bytes:
    """The frame with a hostile value in one or two of the headers that hold the caller's words."""
    event = raw[7 : raw.index(b"\r\n")].decode()
    lines = raw.decode().split("\r\n")
    places = [i for i, line in enumerate(lines) if line.partition(": ")[0] in FROM_THE_CALLER]
    for place in random.sample(places, min(len(places), random.randrange(1, 3))):
        header = lines[place].partition(": ")[0]
        lines[place] = f"{header}: {hostile.frame_text(random, BY_EVENT[event], header)}"
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


@pytest.mark.parametrize("name", ["queued_call.txt", "left_on_timeout.txt"])
def test_a_thousand_hostile_callers_forge_no_fact(name: str) -> None:
    genuine = [raw + b"\r\n\r\n" for raw in frames_of(name)]
    true_facts = {str(statement(fact)) for fact in facts_of(genuine)}
    believed = 0
    for seed in range(CALLERS):
        random = Random(seed)
        writes = [attacked(raw[:-4], random) if b"CallerIDNum: 138" in raw else raw for raw in genuine]
        for fact in facts_of(writes):
            assert str(statement(fact)) in true_facts, (seed, fact)
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", str(list(fact.data.values()))), (seed, fact)
            believed += 1
    assert believed > 0  # what the caller does not reach is believed all the same


def test_a_forged_frame_would_be_believed_if_the_system_name_were_known() -> None:
    """The test above can fail: the forgeries are perfect but for that word."""
    random = Random(1)
    forged = hostile.forged_frame(random, BY_EVENT["Hangup"], SYSTEM_NAME)
    forged = re.sub(r"Linkedid: [^\r]*", f"Linkedid: {SYSTEM_NAME}-1795336536.6", forged)
    forged = re.sub(r"Uniqueid: [^\r]*", f"Uniqueid: {SYSTEM_NAME}-1795336536.6", forged)
    assert [fact.kind for fact in facts_of([forged.encode() + b"\r\n\r\n"])] == ["call.ended"]


def test_a_thousand_hostile_callers_forge_no_line_of_the_queue_log() -> None:
    text = (TRACES / "queue_log.txt").read_text()
    genuine = text[text.index("1795336489|NONE|NONE|NONE|QUEUESTART") :]

    def read(log: str) -> list[SwitchFact]:
        reader = queue_log.Reader(BOOT, {STARTED: SYSTEM_NAME})
        outcomes = [outcome for line in log.split("\n") for outcome in reader.read(line.encode())] + reader.settle()
        return [fact for outcome in outcomes if isinstance(outcome, list) for fact in outcome]

    true_facts = {str(statement(fact)) for fact in read(genuine)}
    believed = 0
    for seed in range(CALLERS):
        random = Random(seed)
        log = re.sub(r"ENTERQUEUE\|\|\d*", lambda found, r=random: "ENTERQUEUE||" + hostile.line_text(r), genuine)
        for fact in read(log):
            assert str(statement(fact)) in true_facts, (seed, fact)
            believed += 1
    assert believed > CALLERS
