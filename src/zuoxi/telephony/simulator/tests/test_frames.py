# SPDX-License-Identifier: Apache-2.0
"""What the simulator says over AMI is what Asterisk would say: the strict parser believes all of it."""

from collections import Counter
from datetime import date

import pytest

from zuoxi.telephony.asterisk import frames as asterisk
from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.asterisk.schemas import HEARD
from zuoxi.telephony.asterisk.translate import translate
from zuoxi.telephony.simulator.centre import demo_centre
from zuoxi.telephony.simulator.day import MICRO, day_start
from zuoxi.telephony.simulator.engine import Engine
from zuoxi.telephony.simulator.frames import Frames
from zuoxi.telephony.simulator.history import facts_of

CENTRE = demo_centre(7, 60, calls=700)
DAY = date(2026, 11, 5)
NAME = "bamboo"


@pytest.fixture(scope="module")
def spoken():
    pieces = []
    Engine(CENTRE, DAY, Frames(lambda name, raw: pieces.append(raw), NAME)).run()
    return pieces


@pytest.fixture(scope="module")
def heard(spoken):
    parser = asterisk.Parser()
    parser.expect(NAME)
    return parser.feed(b"Asterisk Call Manager/11.0.0\r\n" + b"".join(spoken))


def _told(fact):
    return fact.kind, fact.at, fact.subject, fact.party, tuple(sorted(fact.data.items()))


def test_the_strict_parser_believes_every_frame(spoken, heard):
    rejected = [item for item in heard if isinstance(item, asterisk.Rejected)]
    assert not rejected, rejected[0]
    assert len(heard) == len(spoken)


def test_only_events_that_the_listener_may_hear_are_spoken(heard):
    assert {item.event for item in heard} <= set(HEARD)


def test_the_frames_translated_are_the_facts_of_history_one_by_one(heard):
    boot = Boot("sim", day_start(DAY) // MICRO, NAME)
    facts = [fact for item in heard if (fact := translate(item, boot)) is not None]
    beside = ("device.", "leg.ended")  # history knows, as the listener's clerk, which of these are news
    live = Counter(_told(fact) for fact in facts if not fact.kind.startswith(beside))
    past = facts_of(CENTRE, DAY)
    exits = {(fact.at, fact.subject) for fact in past if fact.kind == "queue.exited"}
    history = Counter(_told(fact) for fact in past if not fact.kind.startswith(("device.", "queue.exited")))
    for told in list(live):
        if told[0] == "queue.abandoned" and told[1:3] in exits:  # AMI's word for it, see history
            del live[told]
    assert live - history == Counter()
    assert history - live == Counter()


def test_a_telephone_out_of_reach_is_told_by_the_frames_as_history_tells_it(heard):
    boot = Boot("sim", day_start(DAY) // MICRO, NAME)
    state, changes = {}, []
    for item in heard:
        fact = translate(item, boot)
        if (
            fact is not None
            and fact.kind.startswith("device.")
            and state.get(fact.party, "device.reachable") != fact.kind
        ):
            state[fact.party] = fact.kind
            changes.append((fact.kind, fact.at, fact.party))
    past = [fact for fact in facts_of(CENTRE, DAY) if fact.kind.startswith("device.")]
    assert changes == [(fact.kind, fact.at, fact.party) for fact in past]
