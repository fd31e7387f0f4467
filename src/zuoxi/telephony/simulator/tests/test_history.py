# SPDX-License-Identifier: Apache-2.0
"""A simulated day is the same every time, and nothing in it gets lost."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from zuoxi.telephony.facts import DATA_KEYS
from zuoxi.telephony.simulator.centre import ZONE, demo_centre
from zuoxi.telephony.simulator.day import calls_of_half_hour, day_start, simulated_day
from zuoxi.telephony.simulator.history import facts_of, history, instance_of

DAY = date(2026, 11, 3)


@pytest.fixture(scope="module")
def day():
    return facts_of(demo_centre(7), DAY)


def _of_calls(facts):
    calls = defaultdict(list)
    for fact in facts:
        if fact.subject:
            calls[fact.subject].append(fact)
    return calls


def test_the_same_seed_gives_the_same_day_to_the_last_byte(day):
    assert facts_of(demo_centre(7), DAY) == day


def test_another_seed_or_another_day_is_another_day(day):
    assert [fact.at for fact in facts_of(demo_centre(8), DAY)] != [fact.at for fact in day]
    assert len(facts_of(demo_centre(7), DAY + timedelta(days=1))) != len(day)


def test_a_day_does_not_depend_on_the_days_before_it(day):
    two = list(history(demo_centre(7), DAY - timedelta(days=1), 2))
    assert two[-len(day) :] == day


def test_a_day_cut_at_a_moment_is_the_beginning_of_the_whole_day(day):
    until = datetime(2026, 11, 3, 12, 0, tzinfo=ZONE)
    part = facts_of(demo_centre(7), DAY, until=until)
    assert part == day[: len(part)]
    assert part[-1].at <= until + timedelta(seconds=1) < day[len(part) + 50].at


def test_every_wait_ends_in_exactly_one_of_answer_abandonment_and_exit(day):
    ends = {"agent.connected", "queue.abandoned", "queue.exited"}
    for facts in _of_calls(day).values():
        kinds = Counter(fact.kind for fact in facts)
        assert kinds["queue.joined"] == sum(kinds[end] for end in ends)
        assert kinds["agent.connected"] == kinds["agent.completed"]


def test_some_of_the_impatient_press_the_key_and_are_to_be_called_back(day):
    asked = 0
    for facts in _of_calls(day).values():
        kinds = [fact.kind for fact in facts]
        for fact in facts:
            if fact.kind == "queue.exited" and fact.data["reason"] == "key":
                asked += 1
                told = facts[kinds.index("call.diverted")]
                assert told.data == {"outcome": "callback", "to": facts[0].data["caller"]}
                assert "queue.abandoned" not in kinds
                assert kinds[-1] == "call.ended"
    assert asked


def test_every_call_begins_once_ends_once_and_leaves_every_bridge_it_entered(day):
    for facts in _of_calls(day).values():
        kinds = Counter(fact.kind for fact in facts)
        if kinds["queue.joined"]:
            assert kinds["call.started"] == 1
        assert kinds["call.ended"] == 1
        assert kinds["leg.joined"] == kinds["leg.left"]
        assert kinds["recording.started"] == kinds["recording.stopped"]
        assert kinds["call.held"] == kinds["call.resumed"]


def test_an_agent_is_in_one_call_at_a_time(day):
    talking = {}
    for fact in day:
        if fact.kind == "agent.connected":
            assert fact.party not in talking, fact
            talking[fact.party] = fact.subject
        elif fact.kind == "agent.completed":
            assert talking.pop(fact.party) == fact.subject


def test_nobody_is_rung_while_paused_or_signed_out(day):
    queues, paused = defaultdict(set), set()
    for fact in day:
        if fact.kind == "member.added":
            queues[fact.party].add(fact.data["queue"])
        elif fact.kind == "member.removed":
            queues[fact.party].discard(fact.data["queue"])
            paused.discard((fact.party, fact.data["queue"]))
        elif fact.kind == "member.paused":
            paused.add((fact.party, fact.data["queue"]))
        elif fact.kind == "member.unpaused":
            paused.discard((fact.party, fact.data["queue"]))
        elif fact.kind == "agent.ringing" and fact.data["queue"]:
            assert fact.data["queue"] in queues[fact.party]
            assert (fact.party, fact.data["queue"]) not in paused


def test_everybody_has_gone_home_before_the_next_day_begins(day):
    members = Counter()
    for fact in day:
        members[fact.party] += {"member.added": 1, "member.removed": -1}.get(fact.kind, 0)
    assert not +members
    assert max(fact.at for fact in day) < datetime.fromtimestamp(day_start(DAY + timedelta(days=1)) / 1e6, UTC)


def test_times_never_run_backwards_and_keys_are_unique(day):
    assert all(one.at <= other.at for one, other in pairwise(day))
    assert len({fact.key for fact in day}) == len(day)


def test_facts_keep_to_the_vocabulary(day):
    for fact in day:
        assert fact.data.keys() <= DATA_KEYS[fact.kind]
        assert len(fact.key) == 16
        assert fact.at.tzinfo is UTC


def test_the_demo_has_about_fifteen_hundred_inbound_calls_a_day():
    week = [date(2026, 11, day) for day in range(2, 9)]
    calls = sum(len(calls_of_half_hour(demo_centre(7), day, half)) for day in week for half in range(48))
    assert 1_400 <= calls / 7 <= 1_650


def test_the_centre_is_neither_deserted_nor_overrun(day):
    kinds = Counter(fact.kind for fact in day)
    assert 0.05 < kinds["queue.abandoned"] / kinds["queue.joined"] < 0.25
    waits = [fact.data["wait"] for fact in day if fact.kind == "agent.connected"]
    assert 0.7 < sum(wait <= 20 for wait in waits) / len(waits) < 0.97


def test_agents_take_breaks_meals_and_other_pauses(day):
    reasons = {fact.data["reason"] for fact in day if fact.kind == "member.paused"}
    assert {"oncall", "wrapup", "break", "meal"} <= reasons
    assert any(reason.startswith("nr:") for reason in reasons)


def test_a_roster_decides_who_works():
    start, end = datetime(2026, 11, 3, 9, tzinfo=ZONE), datetime(2026, 11, 3, 18, tzinfo=ZONE)
    centre = demo_centre(7, roster=lambda code, day: (start, end) if code in ("1001", "1002") else None)
    agents = {fact.party for fact in facts_of(centre, DAY) if fact.kind == "member.added"}
    assert agents == {"1001", "1002"}


def test_a_moment_before_four_belongs_to_the_day_before():
    assert simulated_day(datetime(2026, 11, 4, 3, 59, tzinfo=ZONE)) == DAY
    assert simulated_day(datetime(2026, 11, 4, 4, 0, tzinfo=ZONE)) == DAY + timedelta(days=1)


def test_each_day_is_a_boot_of_its_own():
    assert instance_of("lab", DAY) == f"lab-{int(datetime(2026, 11, 3, 4, tzinfo=ZONE).timestamp())}"
