# SPDX-License-Identifier: Apache-2.0
"""Whatever people press while the centre is busy, calls stay whole."""

import random
from collections import Counter, defaultdict
from datetime import date

import pytest

from zuoxi.telephony.simulator.centre import demo_centre
from zuoxi.telephony.simulator.day import MICRO, day_start
from zuoxi.telephony.simulator.engine import Engine
from zuoxi.telephony.simulator.happenings import Everyone
from zuoxi.telephony.simulator.history import Facts
from zuoxi.telephony.simulator.queue_log import QueueLog

CENTRE = demo_centre(7, 60, calls=700)
DAY = date(2026, 11, 3)
RING_ENDS = {
    "agent.connected", "agent.no_answer", "call.dial_ended", "call.answered", "call.started", "call.ended",
}  # fmt: skip
KEYS = ("answer", "hold", "resume", "hangup", "transfer")


def _press(engine, draw):
    """One thing that somebody does, to somebody chosen at random."""
    world = engine.world
    agents = list(world.agents.values())
    pairs = list(world.channels.values())
    agent = draw.choice(agents)
    act = draw.randrange(12)
    if act == 0 and pairs:
        engine.hang_up(*draw.choice(pairs))
    elif act == 1:
        engine.press(agent, draw.choice(KEYS))
    elif act == 2 and pairs:
        engine.transfers.blind(draw.choice(pairs)[0], draw.choice([*world.by_number, agent.code]))
    elif act == 3 and pairs:
        engine.transfers.consult(draw.choice(pairs)[0], agent)
    elif act == 4 and pairs:
        engine.transfers.join(draw.choice(pairs)[0])
    elif act == 5 and pairs:
        engine.transfers.take_back(draw.choice(pairs)[0])
    elif act == 6 and pairs:
        call, _ = draw.choice(pairs)
        if call.direction == "inbound":
            engine.redirect(call, "zuoxi-transfer", draw.choice([*world.by_number, agent.code]))
    elif act == 7 and agent.queues:
        engine.floor.take_over(agent)
        engine.floor.pause(agent, draw.choice(["break", "oncall", "wrapup"]))
    elif act == 8 and agent.paused:
        engine.floor.unpause(agent)
    elif act == 9 and not agent.queues:
        engine.floor.take_over(agent)
        engine.floor.sign_in(agent, agent.profile.queues)
    elif act == 10 and agent.queues:
        engine.floor.sign_out(agent)
        engine.floor.give_back(agent)
    elif act == 11 and len(pairs) > 1:
        (call, _), (theirs, leg) = draw.sample(pairs, 2)
        if (
            leg is not None
            and leg is theirs.origin
            and leg.answered
            and theirs is not call
            and theirs.direction == "internal"
            and theirs.leg is None
        ):
            engine.transfers.take_over(call, theirs, leg)


@pytest.mark.parametrize("seed", range(6))
def test_calls_stay_whole_under_random_commands(seed):
    draw = random.Random(seed)
    facts, lines = Facts("sim-1"), []
    engine = Engine(CENTRE, DAY, Everyone([facts, QueueLog(lines.append)]), pauses_itself=seed % 2 == 0)
    at, end = day_start(DAY) + 14 * 3600 * MICRO, day_start(DAY) + 19 * 3600 * MICRO
    while at < end:
        at += draw.randrange(1, 8 * MICRO)
        engine.run(at)
        _press(engine, draw)
    engine.run()
    _assert_whole(engine, facts.told)


def _assert_every_ring_ends(told):
    """At a telephone in a call: taken up, not taken up, or called off; or the call itself is over."""
    ringing = Counter()
    for fact in told:
        place = fact.subject, fact.party
        if fact.kind == "agent.ringing":
            ringing[place] += 1
        elif fact.kind in ("agent.connected", "agent.no_answer", "call.dial_ended", "call.answered", "call.started"):
            ringing[place] = 0
        elif fact.kind == "call.ended":
            ringing = Counter(
                {place: count for place, count in ringing.items() if place[0] != fact.subject or place[1] != fact.party}
            )
    assert not +ringing


def _assert_whole(engine, told):
    _assert_every_ring_ends(told)
    assert not engine.world.calls and not engine.world.channels
    assert all(agent.leg is None for agent in engine.world.agents.values())
    assert all(not queue.waiting for queue in engine.world.queues.values())
    calls = defaultdict(Counter)
    for fact in told:
        if fact.subject:
            calls[fact.subject][fact.kind] += 1
            if fact.kind in ("leg.joined", "leg.left"):
                sign = 1 if fact.kind == "leg.joined" else -1
                calls[fact.subject][fact.data["channel"], fact.data["bridge"]] += sign
    for uid, kinds in calls.items():
        ends = kinds["agent.connected"] + kinds["queue.abandoned"] + kinds["queue.exited"]
        assert kinds["queue.joined"] == ends, uid
        assert kinds["agent.connected"] == kinds["agent.completed"], uid
        assert kinds["recording.started"] == kinds["recording.stopped"], uid
        assert all(count == 0 for key, count in kinds.items() if isinstance(key, tuple)), (uid, kinds)
