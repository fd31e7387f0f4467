# SPDX-License-Identifier: Apache-2.0
"""Zuoxi's own listener at the simulated switch: what ends up in the books is what history says."""

import asyncio
from collections import defaultdict
from datetime import datetime

import pytest
from asgiref.sync import sync_to_async

from zuoxi.events.facts import Stored
from zuoxi.events.models import Quarantine
from zuoxi.telephony.asterisk.client import Account
from zuoxi.telephony.asterisk.listener import Duty, Listener
from zuoxi.telephony.folds import fold_call
from zuoxi.telephony.models import Call, Leg, QueueVisit, Switch
from zuoxi.telephony.simulator import actions
from zuoxi.telephony.simulator.ami_server import SimulatedSwitch
from zuoxi.telephony.simulator.centre import ZONE, demo_centre
from zuoxi.telephony.simulator.day import MICRO
from zuoxi.telephony.simulator.history import facts_of

pytestmark = pytest.mark.django_db(transaction=True)
CENTRE = demo_centre(7, 60, calls=700)
START = datetime(2026, 11, 3, 10, 0, tzinfo=ZONE)
SECRET = "quiet-water"


class Hand:
    """A clock moved by hand."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


async def _play(switch, hand, seconds):
    for _ in range(seconds):
        hand.seconds += 1
        switch.play_to(switch.clock.now())
        await asyncio.sleep(0.002)


async def _listened(tmp_path):
    """Twelve minutes of a morning, heard; when the listener began and when it ended (µs)."""
    hand = Hand()
    options = {"system_name": "bamboo", "accounts": {"zuoxi": SECRET}, "pauses": "switch", "logs": tmp_path}
    async with SimulatedSwitch(CENTRE, start=START, ticking=hand, **options) as switch:
        await sync_to_async(Switch.objects.create)(name="sim", host="127.0.0.1", port=switch.port)
        account = Account("127.0.0.1", switch.port, "zuoxi", SECRET)
        logs = {"queue_log": tmp_path / "queue_log", "cel": tmp_path / "cel" / "Master.csv"}
        listener = Listener(Duty("sim", account, tmp_path / "sim.spool", **logs))
        task = asyncio.create_task(listener.run())
        async with asyncio.timeout(60):
            while not any(session.hears("agent") for session in switch.sessions):
                await asyncio.sleep(0.01)
        begun = switch.engine.world.moment
        await _play(switch, hand, 720)
        await asyncio.sleep(2)  # the logs are followed a second behind
        ended = switch.engine.world.moment
        listener.stop()
        await asyncio.wait_for(task, 60)
    return begun, ended


def _rows(uid, facts):
    row = fold_call(uid, [Stored(n, "switch:sim", f.kind, f.at, f.source, uid, f.party, f.data) for n, f in facts])
    return _figures(row, [(leg.agent, leg.kind, leg.talk_seconds) for leg in row.legs])


def _figures(call, legs):
    figures = (call.direction, call.outcome, call.agent, call.queue, call.wait_seconds, call.talk_seconds)
    return (*figures, call.hold_seconds, call.ended_by, call.survey_score, legs)


async def test_calls_in_the_books_are_those_of_history_and_nothing_is_doubted(tmp_path, monkeypatch):
    # the listener ends wrap-ups that it finds; here it must not, or the morning takes another course
    monkeypatch.setitem(
        actions.ACTIONS, "queuepause", lambda switch, session, headers: session.answer(headers, "Success")
    )
    begun, ended = await _listened(tmp_path)
    by_call = defaultdict(list)
    for number, fact in enumerate(facts_of(CENTRE, START.date()), 1):
        if fact.subject:
            by_call[fact.subject].append((number, fact))

    @sync_to_async
    def compare():
        whole = 0
        for call in Call.objects.all():
            facts = by_call[call.uid]
            first, last = facts[0][1].at.timestamp() * MICRO, facts[-1][1].at.timestamp() * MICRO
            if first > begun and last < ended:
                legs = list(
                    Leg.objects.filter(call_id=call.pk).order_by("seq").values_list("agent", "kind", "talk_seconds")
                )
                assert _figures(call, legs) == _rows(call.uid, facts)
                whole += 1
        assert whole > 8
        assert not Quarantine.objects.exists()
        joined = sum(fact.kind == "queue.joined" and fact.at.timestamp() * MICRO <= ended
                     for facts in by_call.values() for _, fact in facts)  # fmt: skip
        assert abs(QueueVisit.objects.count() - joined) <= 1, "the day before the listener came is in the log"

    await compare()
