# SPDX-License-Identifier: Apache-2.0
"""One by one, in batches, rebuilt, restarted in the middle, told twice, told late: always the same rows."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from importlib import import_module

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zuoxi.events.models import Event
from zuoxi.telephony import projections
from zuoxi.telephony.facts import SwitchFact
from zuoxi.telephony.ingest import Ingest
from zuoxi.telephony.models import Leg
from zuoxi.telephony.rebuild import rebuild
from zuoxi.telephony.verify import verify

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def fact(kind, seconds, subject="", party="", source="ami", **data):
    key = blake2b(f"{kind}{seconds}{subject}{party}{source}{sorted(data.items())}".encode(), digest_size=16).digest()
    return SwitchFact(kind, START + timedelta(seconds=seconds), subject, party, data, source, key)


def shift(agent, rng):
    yield fact("member.added", rng.uniform(0, 5), party=agent, queue="sales")
    yield fact("member.added", rng.uniform(5, 6), party=agent, queue="service")
    at = 10.0
    for _ in range(rng.randint(0, 3)):
        at += rng.uniform(1, 300)
        reason = rng.choice(["break", "meal", "nr:toilet", "wrapup"])
        yield fact("member.paused", at, party=agent, queue="sales", reason=reason)
        at += rng.uniform(0.1, 300)
        yield fact("member.unpaused", at, party=agent, queue="sales")
    if rng.random() < 0.7:
        yield fact("member.removed", at + 500, party=agent, queue="sales")
        yield fact("member.removed", at + 500.4, party=agent, queue="service")


def call(number, agents, rng):
    uid = f"lab-1/{number}.0"
    at = rng.uniform(20, 900)
    queue = rng.choice(["sales", "service"])
    yield fact("call.started", at, uid, direction="inbound", caller=f"1380000{number:04}", number="8000")
    yield fact("queue.joined", at + 0.1, uid, queue=queue, position=1, caller=f"1380000{number:04}")
    wait = rng.uniform(0.2, 40)
    if rng.random() < 0.25:
        yield fact("queue.abandoned", at + wait, uid, queue=queue, position=1, wait=int(wait))
        yield fact("call.ended", at + wait + 0.01, uid, cause="16", channel="trunk")
        return
    agent = rng.choice(agents)
    yield fact("agent.ringing", at + 0.2, uid, agent, queue=queue)
    yield fact("agent.connected", at + wait, uid, agent, queue=queue, wait=int(wait), ring=int(wait), channel="a")
    yield fact("leg.joined", at + wait + 0.01, uid, agent, channel="a", bridge="b1")
    talk = rng.uniform(1, 200)
    if rng.random() < 0.4:
        yield fact("call.held", at + wait + talk / 3, uid, agent, channel="a")
        yield fact("call.resumed", at + wait + talk / 2, uid, agent, channel="a")
    if rng.random() < 0.2:  # somebody takes the caller over: the queue hears of it when the caller goes
        left, taker = at + wait + talk * 0.6, rng.choice(["3001", *agents])
        yield fact("leg.left", left, uid, agent, channel="a", bridge="b1")
        yield fact("leg.ended", left + 0.01, uid, agent, channel="a")
        yield fact("leg.joined", left + 0.02, uid, taker, channel="t", bridge="b1")
        yield fact("leg.left", at + wait + talk + 0.01, uid, taker, channel="t", bridge="b1")
    yield fact(
        "agent.completed", at + wait + talk, uid, agent, queue=queue, wait=int(wait), talk=int(talk), ended_by="caller"
    )
    yield fact("leg.left", at + wait + talk + 0.01, uid, agent, channel="a", bridge="b1")
    yield fact("call.ended", at + wait + talk + 0.02, uid, cause="16", channel="trunk")


def centre(seed):
    rng = random.Random(seed)
    agents = [str(1001 + n) for n in range(rng.randint(1, 4))]
    facts = [one for agent in agents for one in shift(agent, rng)]
    facts += [one for number in range(rng.randint(0, 8)) for one in call(number, agents, rng)]
    return sorted(facts, key=lambda one: one.at)


def tables_now():
    rows = {}
    with connection.cursor() as cursor:
        for table, columns in (
            ("call", [c for c in projections.CALL_COLUMNS if c not in ("id", "applied_through")]),
            ("stateinterval", projections.STATE_COLUMNS),
        ):
            cursor.execute(f"SELECT {', '.join(columns)} FROM telephony_{table}")
            rows[table] = sorted(map(str, cursor.fetchall()))
        for table, columns in (
            ("queuevisit", projections.VISIT_COLUMNS),
            ("leg", projections.LEG_COLUMNS),
            ("attempt", projections.ATTEMPT_COLUMNS),
        ):
            named = ", ".join(f"t.{c}" for c in columns if c != "call_id")
            cursor.execute(f"SELECT c.uid, {named} FROM telephony_{table} t JOIN telephony_call c ON c.id = t.call_id")
            rows[table] = sorted(map(str, cursor.fetchall()))
    return rows


def clear():
    with connection.cursor() as cursor:
        for table in ("call", "queuevisit", "leg", "attempt", "stateinterval", "recording"):
            cursor.execute(f"DELETE FROM telephony_{table}")
        cursor.execute("DELETE FROM events_event")


def told(batches):
    """What stands after the batches; `None` in the list is a restart of the process."""
    clear()
    ingest = Ingest("lab")
    for batch in batches:
        if batch is None:
            ingest = Ingest("lab")
        else:
            ingest.store(batch)
    verdict = verify()
    assert verdict.sound, verdict.samples[:5]
    return tables_now()


def cut(facts, rng):
    batches, rest = [], list(facts)
    while rest:
        size = rng.randint(1, 12)
        batches.append(rest[:size])
        rest = rest[size:]
        if rng.random() < 0.2:
            batches.append(None)
    return batches


@pytest.mark.django_db
@pytest.mark.clause("CALL-001", "CALL-003")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_one_by_one_in_batches_and_rebuilt_are_the_same(seed):
    facts = centre(seed)
    at_once = told([facts])
    assert told([[one] for one in facts]) == at_once
    assert told(cut(facts, random.Random(seed))) == at_once


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_duplicates_and_late_facts_change_nothing(seed):
    facts, rng = centre(seed), random.Random(seed)
    expected = told([facts])
    late = [one for one in facts if rng.random() < 0.2]
    early = [one for one in facts if one not in late]
    again = [rng.choice(facts) for _ in range(len(facts) // 2)] if facts else []
    rng.shuffle(late)
    assert told([*cut(early, rng), None, *cut(late, rng), again]) == expected


@pytest.mark.django_db
def test_the_same_fact_is_stored_once():
    facts = centre(7)
    ingest = Ingest("lab")
    assert len(ingest.store(facts)) == len(facts)
    assert ingest.store(facts) == []
    assert Event.objects.count() == len(facts)
    assert list(Event.objects.order_by("id").values_list("id", flat=True)) == list(range(1, len(facts) + 1))


@pytest.mark.django_db
def test_rebuilding_mends_rows_that_do_not_follow_and_keeps_what_is_known_of_files():
    clear()
    facts = [*centre(11), fact("recording.started", 950, "lab-1/0.0", "1001", path="a.wav", channel="a", leg="1001")]
    Ingest("lab").store(facts)
    expected = tables_now()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE telephony_call SET talk_seconds = 9999, agent = 'nobody'")
        cursor.execute("DELETE FROM telephony_stateinterval")
        cursor.execute("UPDATE telephony_recording SET status = 'complete'")
    assert not verify().sound
    assert rebuild() == len(facts)
    assert verify().sound
    assert tables_now() == expected
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM telephony_recording")
        assert cursor.fetchall() == [("complete",)]


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_parts_in_others_calls_that_stood_before_are_marked_as_those_told_since(seed):
    told([centre(seed)])
    since = sorted(Leg.objects.values_list("call_id", "seq", "aside_at"))
    Leg.objects.update(aside_at=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("zuoxi.telephony.migrations.0008_found_by_agent").MARK_WHAT_STANDS)
    assert sorted(Leg.objects.values_list("call_id", "seq", "aside_at")) == since
