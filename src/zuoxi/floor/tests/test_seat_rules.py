# SPDX-License-Identifier: Apache-2.0
"""A seat by the clock, to the microsecond and across midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest

from zuoxi.floor.facts import NotReadyFacts, SeatLeaveFacts, SeatSignInFacts
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible, judge

pytestmark = pytest.mark.once
START = datetime(2026, 11, 2, 15, 58, tzinfo=UTC)  # two minutes before midnight in Shanghai
TICK = timedelta(microseconds=1)


def outcome(rule, facts, pack="tv_shopping"):
    return judge(rule, facts, handbook_of(pack), date(2026, 11, 2)).outcome


@pytest.mark.clause("CALL-005")
@pytest.mark.parametrize(("late", "said"), [(-TICK, "in_time"), (timedelta(), "in_time"), (TICK, "overdue")])
def test_three_minutes_are_in_time_and_a_tick_more_is_not(late, said):
    assert outcome("seat.sign_in", SeatSignInFacts(START, START + timedelta(minutes=3) + late)) == said


@pytest.mark.clause("CALL-006")
@pytest.mark.parametrize(("more", "said"), [(-TICK, "refused"), (timedelta(), "allowed"), (TICK, "allowed")])
def test_the_full_half_hour_frees_the_seat(more, said):
    assert outcome("seat.leave", SeatLeaveFacts(START, START + timedelta(minutes=30) + more)) == said


@pytest.mark.clause("CALL-008")
@pytest.mark.parametrize(("more", "said"), [(-TICK, "within_limit"), (timedelta(), "within_limit"), (TICK, "escalate")])
def test_a_quarter_of_an_hour_not_ready_is_within(more, said):
    assert outcome("seat.not_ready", NotReadyFacts(START, START + timedelta(minutes=15) + more), "seat_rules") == said


@pytest.mark.clause("CALL-006")
def test_a_refusal_says_from_when_on_the_seat_is_free():
    facts = SeatLeaveFacts(START, START + timedelta(minutes=5))
    found = judge("seat.leave", facts, handbook_of("tv_shopping"), date(2026, 11, 2))
    assert "00:28:00" in found.why.zh


def test_the_end_before_the_beginning_is_impossible():
    with pytest.raises(Impossible):
        SeatLeaveFacts(START, START - TICK)
    with pytest.raises(Impossible):
        NotReadyFacts(START, START - TICK)


def test_a_time_without_a_zone_is_the_sites():
    naive = datetime(2026, 11, 2, 23, 57)  # noqa: DTZ001
    with pytest.raises(Impossible):
        outcome("seat.leave", SeatLeaveFacts(START, naive))
    assert outcome("seat.leave", SeatLeaveFacts(START, naive + timedelta(minutes=31))) == "allowed"
