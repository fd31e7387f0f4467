# SPDX-License-Identifier: Apache-2.0
"""The picture: read whole, or read early and brought on by the tail, in any batches – always the same."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zuoxi.events import selectors as ledger
from zuoxi.floor.board import Board, touched
from zuoxi.floor.facts import NOTHING, QueueTerms, Seen, StateSeen, Tally, VisitSeen
from zuoxi.floor.reading import seen_of, whole_board
from zuoxi.telephony.ingest import Ingest
from zuoxi.telephony.tests.test_ledger_properties import START, centre, clear

TERMS = {"sales": QueueTerms(20, 5), "service": QueueTerms(20, 5)}
DAY = datetime(2026, 11, 2, tzinfo=UTC)


def board() -> Board:
    return Board(date(2026, 11, 2), DAY, DAY + timedelta(days=1), TERMS)


def wait(outcome: str, seconds: int | None, call: int = 1, minute: int = 0, queue: str = "sales") -> VisitSeen:
    return VisitSeen(call, 1, queue, DAY + timedelta(hours=9, minutes=minute), outcome, seconds)


@pytest.mark.django_db
@pytest.mark.clause("CALL-004")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_a_snapshot_at_any_event_and_its_tail_are_the_picture_read_whole(seed):
    rng = random.Random(seed)
    facts = centre(seed)
    clear()
    ingest = Ingest("lab")
    cut = rng.randint(0, len(facts))
    now = START + timedelta(hours=2)
    ingest.store(facts[:cut])
    early = whole_board(now, TERMS)
    rest = facts[cut:]
    while rest:
        size = rng.randint(1, 9)
        ingest.store(rest[:size])
        rest = rest[size:]
        if rng.random() < 0.5 or not rest:
            events = ledger.after(max(0, early.through - rng.choice([0, 0, 3])))  # at least once: some come again
            early.take(seen_of(touched(events)))
    assert early.shown() == whole_board(now, TERMS).shown()
    assert early.through == ledger.last_id()


STATES = st.sampled_from(["ready", "on_call", "break", "signed_out"])


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.sampled_from(["open", "answered", "abandoned"]), st.integers(0, 60)),
        max_size=30,
    ),
    st.lists(st.tuples(st.sampled_from(["1001", "1002"]), STATES), max_size=20),
)
def test_counts_are_those_of_the_last_word_about_each_call(visits, states):
    one_by_one = board()
    for number, (call, outcome, seconds) in enumerate(visits):
        one_by_one.take(Seen(number, calls={call: (wait(outcome, seconds, call),)}))
    for agent, state in states:
        one_by_one.take(Seen(99, agents={agent: StateSeen(agent, state, "", "", "", "", DAY, "")}))
    at_once = board()
    last_visits = {call: (wait(outcome, seconds, call),) for call, outcome, seconds in visits}
    last_states = {agent: StateSeen(agent, state, "", "", "", "", DAY, "") for agent, state in states}
    at_once.take(Seen(99, agents=last_states, calls=last_visits))
    assert one_by_one.shown() == at_once.shown()


def test_the_service_level_leaves_out_short_abandons_and_those_who_still_wait():
    kept = board()
    rows = [("answered", 20), ("answered", 21), ("abandoned", 4), ("abandoned", 5), ("open", None)]
    kept.take(Seen(5, calls={n: (wait(outcome, s, n),) for n, (outcome, s) in enumerate(rows)}))
    assert kept.today("sales") == Tally(offered=5, settled=4, answered=2, abandoned=2, short=1, within=1)
    assert kept.today("sales").service_level == pytest.approx(1 / 3)


@pytest.mark.clause("CALL-004")
def test_without_calls_a_ratio_is_unknown_and_neither_nought_nor_full():
    assert board().today("sales") == NOTHING
    assert NOTHING.service_level is None and NOTHING.answer_rate is None


def test_yesterdays_caller_who_waits_over_midnight_is_shown_but_not_counted_today():
    kept = board()
    late = VisitSeen(1, 1, "sales", DAY - timedelta(minutes=1), "open", None, "13800138000")
    kept.take(Seen(1, calls={1: (late,)}))
    assert kept.waiting_in("sales") == [late]
    assert kept.today("sales") == NOTHING


def test_half_hours_add_up_to_the_day():
    kept = board()
    kept.take(Seen(9, calls={n: (wait("answered", 3, n, minute=n * 7),) for n in range(12)}))
    assert len(kept.curve(["sales"])) == 3
    assert sum(kept.curve(["sales"]).values(), NOTHING) == kept.today("sales")


def test_the_longest_waiting_caller_stands_first():
    kept = board()
    kept.take(Seen(3, calls={n: (wait("open", None, n, minute=10 - n),) for n in range(3)}))
    assert [visit.call for visit in kept.waiting_in("sales")] == [2, 1, 0]


def test_a_switch_that_was_lost_and_came_back_is_no_longer_lost():
    kept = board()
    kept.take(Seen(1, lost={"lab": DAY}))
    assert kept.lost == {"lab": DAY}
    kept.take(Seen(2, lost={"lab": None}))
    assert kept.lost == {}


def test_rows_that_were_read_early_are_marked_again_by_their_own_event():
    kept = board()
    ready = StateSeen("1001", "ready", "", "", "", "sales", DAY, "")
    kept.take(Seen(4, agents={"1001": ready}))
    kept.take(Seen(9, agents={"1001": ready}))
    assert kept.agent_versions["1001"] == 9
