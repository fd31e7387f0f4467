# SPDX-License-Identifier: Apache-2.0
"""Judgements on calls as they are made, at and beside each boundary."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from zuoxi.outbound.dial_rules import judge_callback, judge_effective, judge_guard, judge_may_dial
from zuoxi.outbound.facts import CallbackFacts, DialFacts, EffectiveFacts, GuardFacts
from zuoxi.policy.handbook import handbook_of

pytestmark = pytest.mark.once
ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZONE)  # a Friday
TEN = NOON.replace(hour=10)


def reading(pack="tv_shopping", at=TEN):
    return handbook_of(pack).on(at.date())


def dial(at=TEN, pack="tv_shopping", **changed):
    facts = {
        "rule": "ordinary", "do_not_call": False, "consent": True, "attempts_today": 0, "attempts": 0, "last_at": None,
    } | changed  # fmt: skip
    return judge_may_dial(DialFacts(at=at, **facts), reading(pack, at)).outcome


@pytest.mark.clause("FUP-009")
@pytest.mark.parametrize(
    ("hour", "minute", "outcome"),
    [
        (8, 59, "outside_hours"), (9, 0, "allowed"), (11, 59, "allowed"), (12, 0, "outside_hours"),
        (13, 59, "outside_hours"), (14, 0, "allowed"), (19, 59, "allowed"), (20, 0, "outside_hours"),
    ],
)  # fmt: skip
def test_calls_are_made_from_the_first_minute_of_the_hours_to_before_their_last(hour, minute, outcome):
    assert dial(TEN.replace(hour=hour, minute=minute)) == outcome


@pytest.mark.clause("FUP-009")
def test_a_hospital_calls_neither_at_half_past_eleven_nor_before_three():
    assert dial(TEN.replace(hour=11, minute=29), "hospital") == "allowed"
    assert dial(TEN.replace(hour=11, minute=30), "hospital") == "outside_hours"
    assert dial(TEN.replace(hour=14, minute=59), "hospital") == "outside_hours"
    assert dial(TEN.replace(hour=15), "hospital") == "allowed"


def test_who_must_not_be_called_is_told_so_whatever_the_hour():
    assert dial(NOON, do_not_call=True) == "do_not_call"
    assert dial(consent=False) == "no_consent"
    assert dial(consent=False, rule="service") == "allowed"


def test_what_is_not_known_is_not_taken_for_leave():
    assert dial(consent=None) == "unknown"
    assert dial(do_not_call=None) == "unknown"
    assert dial(rule="nobody-wrote-it") == "unknown"


def test_the_second_call_of_a_day_is_allowed_and_the_third_is_not():
    before = TEN - timedelta(hours=3)
    assert dial(attempts_today=1, attempts=1, last_at=before) == "allowed"
    assert dial(attempts_today=2, attempts=2, last_at=before) == "enough_today"
    assert dial(attempts_today=0, attempts=4, last_at=before) == "allowed"
    assert dial(attempts_today=0, attempts=5, last_at=before) == "enough"


def test_two_hours_lie_between_two_calls():
    assert dial(attempts_today=1, attempts=1, last_at=TEN - timedelta(minutes=119, seconds=59)) == "too_soon"
    assert dial(attempts_today=1, attempts=1, last_at=TEN - timedelta(minutes=120)) == "allowed"


def test_service_calls_rest_on_a_saturday():
    saturday = TEN + timedelta(days=1)
    assert dial(saturday, rule="service") == "rest_day"
    assert dial(saturday) == "allowed"


@pytest.mark.clause("CALL-017")
@pytest.mark.parametrize(
    ("seconds", "counts", "outcome"),
    [
        (29, True, "too_short"),
        (30, True, "effective"),
        (30, False, "no_result"),
        (300, None, "no_result"),
        (None, True, "unknown"),
    ],
)  # fmt: skip
def test_thirty_seconds_and_a_result_make_an_effective_call(seconds, counts, outcome):
    assert judge_effective(EffectiveFacts(seconds, counts), reading()).outcome == outcome


@pytest.mark.parametrize(
    ("answers", "without", "outcome"),
    [
        (19, 19, "too_few"),
        (20, 0, "runs"),
        (100, 3, "runs"),
        (100, 4, "pause"),
        (1000, 31, "pause"),
        (1000, 30, "runs"),
    ],
)
def test_three_per_cent_exactly_is_not_yet_too_much(answers, without, outcome):
    assert judge_guard(GuardFacts(answers, without), reading()).outcome == outcome


@pytest.mark.clause("CUS-014", "CALL-021")
@pytest.mark.parametrize(
    ("late", "outcome"), [(0, "in_time"), (1, "overdue"), (14 * 60 + 59, "overdue"), (15 * 60, "escalate")]
)
def test_a_callback_is_late_after_its_moment_and_told_upwards_a_quarter_of_an_hour_later(late, outcome):
    assert judge_callback(CallbackFacts(TEN, TEN + timedelta(seconds=late)), reading()).outcome == outcome
