# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from zuoxi.attendance.day_rules import (
    EarlyArrivalFacts,
    ExcuseFacts,
    PresenceFacts,
    judge_early_arrival,
    judge_excuse,
    judge_presence,
    note_deadline,
)
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible

pytestmark = pytest.mark.once
DAY = date(2026, 10, 12)
LAST = date(2026, 10, 31)
START = datetime(2026, 10, 12, 0, 45, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTHING = PresenceFacts(DAY, recorded=False, on_leave=False, untrue=False, lapsed=False, excused=False, asked_on=LAST)


def presence(pack="tv_shopping", **facts):
    return judge_presence(replace(NOTHING, **facts), handbook_of(pack).on(DAY))


@pytest.mark.clause("ATT-005", "ATT-024")
@pytest.mark.parametrize("pack", ["tv_shopping", "chengdu"])
def test_the_last_day_of_the_month_is_the_last_for_a_note(pack):
    assert presence(pack, asked_on=LAST).outcome == "unknown"
    assert presence(pack, asked_on=LAST + timedelta(days=1)).outcome == "absent_full_day"


def test_the_deadline_of_february_is_its_own_last_day():
    reading = handbook_of("tv_shopping").on(date(2028, 2, 3))
    assert note_deadline(date(2028, 2, 3), reading) == date(2028, 2, 29)


@pytest.mark.clause("ATT-015", "ATT-016")
@pytest.mark.parametrize(("fact", "clause"), [("untrue", "ATT-016"), ("lapsed", "ATT-015")])
def test_a_false_reason_and_missing_papers_are_absence_at_once(fact, clause):
    found = presence(**{fact: True}, asked_on=DAY)
    assert found.outcome == "absent_full_day"
    assert clause in found.clauses


@pytest.mark.parametrize(
    ("fact", "outcome"), [("recorded", "present"), ("on_leave", "on_leave"), ("excused", "excused")]
)
def test_whoever_was_there_on_leave_or_excused_is_not_absent(fact, outcome):
    assert presence(**{fact: True}, asked_on=LAST + timedelta(days=5)).outcome == outcome


def excuse(cause="shuttle", told=START, recorded=True, pack="tv_shopping"):
    return judge_excuse(ExcuseFacts(cause, START, told, recorded), handbook_of(pack).on(DAY))


@pytest.mark.clause("ATT-030", "ATT-037")
@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (START - MINUTE, "accepted"),
        (START + 15 * MINUTE, "accepted"),
        (START + 16 * MINUTE, "refused"),
        (None, "refused"),
    ],
)
def test_word_must_come_in_time(told, outcome):
    assert excuse(told=told).outcome == outcome


@pytest.mark.clause("ATT-030")
def test_a_late_shuttle_needs_its_record_and_rests_on_the_decision():
    found = excuse(recorded=False)
    assert found.outcome == "refused"
    assert "C-13" in excuse().gaps


@pytest.mark.clause("ATT-024")
def test_official_duty_needs_its_note_and_no_word():
    assert excuse("duty", told=None).outcome == "accepted"
    assert excuse("duty", told=None, recorded=False).outcome == "refused"


def test_a_cause_that_nobody_knows_is_impossible():
    with pytest.raises(Impossible):
        excuse("moonlight")


@pytest.mark.clause("ATT-001")
@pytest.mark.parametrize(
    ("position", "before", "outcome"),
    [("TSRS", 30, "in_time"), ("TSRS", 29, "prompt"), ("FD", 31, "in_time"), ("TSR", 0, "not_asked")],
)
def test_fourteen_posts_come_thirty_minutes_early(position, before, outcome):
    facts = EarlyArrivalFacts(position, START, START - before * MINUTE)
    assert judge_early_arrival(facts, handbook_of("tv_shopping").on(DAY)).outcome == outcome


@pytest.mark.clause("ATT-001")
def test_there_are_fourteen_such_posts():
    assert len(handbook_of("tv_shopping").on(DAY).words("attendance.early_arrival.positions")) == 14


def test_no_sign_in_says_nothing_about_coming_early():
    facts = EarlyArrivalFacts("OM", START, None)
    assert not judge_early_arrival(facts, handbook_of("tv_shopping").on(DAY)).known
