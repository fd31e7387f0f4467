# SPDX-License-Identifier: Apache-2.0
"""The files of the simulated switch tell the same day as its facts do."""

from collections import Counter
from datetime import date

import pytest

from zuoxi.telephony.asterisk import cel, queue_log
from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.simulator.cel import cel_rows
from zuoxi.telephony.simulator.centre import demo_centre
from zuoxi.telephony.simulator.day import MICRO, day_start
from zuoxi.telephony.simulator.history import facts_of
from zuoxi.telephony.simulator.queue_log import queue_log_lines

CENTRE = demo_centre(7, 60, calls=700)
DAY = date(2026, 11, 4)
BOOT = Boot("sim", day_start(DAY) // MICRO, "bamboo")


@pytest.fixture(scope="module")
def told():
    return facts_of(CENTRE, DAY)


def _second(fact, keys):
    data = {key: fact.data[key] for key in keys if key in fact.data}
    return fact.kind, fact.at.replace(microsecond=0), fact.subject, fact.party, tuple(sorted(data.items()))


QUEUE_KINDS = (
    "queue.joined queue.abandoned queue.exited agent.connected agent.completed agent.no_answer "
    "member.added member.removed member.paused member.unpaused"
).split()
QUEUE_KEYS = "queue position wait talk ended_by ring reason caller".split()


def test_the_queue_log_read_back_is_the_queue_s_part_of_the_facts_row_by_row(told):
    reader = queue_log.Reader(BOOT)
    outcomes = []
    for line in queue_log_lines(CENTRE, DAY, system_name="bamboo"):
        outcomes += reader.read(line.rstrip("\n").encode())
    outcomes += reader.settle()
    assert all(isinstance(outcome, list) for outcome in outcomes)
    read = [_second(fact, QUEUE_KEYS) for facts in outcomes for fact in facts if fact.kind in QUEUE_KINDS]
    assert Counter(read) == Counter(_second(fact, QUEUE_KEYS) for fact in told if fact.kind in QUEUE_KINDS)


def test_the_channel_log_read_back_is_the_legs_part_of_the_facts_row_by_row(told):
    kinds = ("leg.joined", "leg.left", "call.transferred")
    keys = ("channel", "bridge", "how", "to")
    read = []
    for row in cel_rows(CENTRE, DAY, system_name="bamboo"):
        fact = cel.read(row.rstrip("\n").encode(), BOOT)
        if fact is not None and fact.kind in kinds:
            read.append((fact.at, *_second(fact, keys)))
    assert Counter(read) == Counter((fact.at, *_second(fact, keys)) for fact in told if fact.kind in kinds)


def test_every_call_ends_once_in_the_channel_log(told):
    read = [cel.read(row.rstrip("\n").encode(), BOOT) for row in cel_rows(CENTRE, DAY, system_name="bamboo")]
    ended = Counter(fact.subject for fact in read if fact is not None and fact.kind == "call.ended")
    assert ended == Counter({fact.subject: 1 for fact in told if fact.subject})


def test_a_day_begins_with_the_start_of_the_switch():
    first = next(iter(queue_log_lines(CENTRE, DAY)))
    assert first == f"{day_start(DAY) // MICRO}|NONE|NONE|NONE|QUEUESTART|\n"
