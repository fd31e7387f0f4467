# SPDX-License-Identifier: Apache-2.0
"""The judgements at their boundaries and beside them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from zuoxi.complaints.facts import ClockFacts, CloseFacts, PauseFacts, SeverityFacts, StageFacts
from zuoxi.complaints.rules import (
    judge_close,
    judge_deadline,
    judge_escalation,
    judge_pause,
    judge_severity,
)
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible

pytestmark = pytest.mark.once
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=ZONE)


def reading(pack="tv_shopping"):
    return handbook_of(pack).on(date(2026, 11, 16))


def severity(**more):
    facts = {"source": "call", "kind": "slow", "claim_yuan": None, "people": 1, "escalations": 0, "received_at": NOW}
    return judge_severity(SeverityFacts(**(facts | more)), reading())


@pytest.mark.clause("CMP-006")
@pytest.mark.parametrize(
    ("more", "grounds"),
    [
        ({}, []),
        ({"source": "letter"}, []),
        ({"source": "media"}, ["source"]),
        ({"source": "regulator"}, ["source"]),
        ({"claim_yuan": Decimal("4999.99")}, []),
        ({"claim_yuan": Decimal("5000")}, ["claim"]),
        ({"people": 4}, []),
        ({"people": 5}, ["people"]),
        ({"escalations": 1}, []),
        ({"escalations": 2}, ["escalations"]),
        ({"source": "media", "people": 9}, ["source", "people"]),
    ],
)
def test_one_ground_makes_it_grave_and_all_are_named(more, grounds):
    found = severity(**more)
    assert found.details["grounds"] == grounds
    assert found.outcome == ("grave" if grounds else "ordinary")


@pytest.mark.clause("ORG-014", "CMP-006")
@pytest.mark.parametrize("kind", ["against_rules", "fake_sign_up"])
def test_a_grave_violation_is_grave_by_itself_and_is_reported_before_the_day_ends(kind):
    found = severity(kind=kind)
    assert found.outcome == "grave" and {"CMP-006", "ORG-014"} <= set(found.clauses)
    assert found.details["report_due_at"] == "2026-11-16T23:59:59+08:00"


def test_a_kind_that_the_pack_has_not_and_an_impossible_number_are_refused():
    for wrong in ({"kind": "weather"}, {"people": 0}, {"claim_yuan": Decimal(-1)}, {"escalations": -1}):
        with pytest.raises(Impossible):
            severity(**wrong)


@pytest.mark.clause("CMP-002", "CMP-007")
def test_the_three_clocks_run_from_the_moment_it_was_received():
    found = judge_deadline(ClockFacts("ordinary", NOW), reading())
    assert found.details == {
        "response_due_at": "2026-11-16T12:00:00+08:00",
        "handling_due_at": "2026-11-17T06:00:00+08:00",
        "answer_due_at": "2026-11-17T10:00:00+08:00",
    }
    assert judge_deadline(ClockFacts("grave", NOW), reading()).details["response_due_at"].startswith("2026-11-16T11")
    with pytest.raises(Impossible):
        judge_deadline(ClockFacts("mild", NOW), reading())


def stage(level, minutes, paused=0):
    return judge_escalation(StageFacts(level, NOW - timedelta(minutes=minutes), NOW, paused), reading())


@pytest.mark.clause("CMP-003", "ORG-018", "ORG-019")
def test_four_hours_exactly_stay_and_a_minute_more_goes_up_the_chain():
    assert stage("AGENT", 240).outcome == "stays"
    assert stage("AGENT", 241).details["to"] == "TEAM_LEADER"
    assert stage("TEAM_LEADER", 241).details["to"] == "SUPERVISOR"
    assert stage("SUPERVISOR", 241).details["to"] == "DEPUTY_OPERATIONS_MANAGER"
    assert stage("DEPUTY_OPERATIONS_MANAGER", 241).details["to"] == "OPERATIONS_MANAGER"
    top = stage("OPERATIONS_MANAGER", 241)
    assert top.outcome == "top" and top.details["to"] is None


def test_time_that_waited_for_the_customer_does_not_count_at_a_step():
    assert stage("AGENT", 300, paused=60).outcome == "stays"
    assert stage("AGENT", 300, paused=59).outcome == "escalate"


def test_a_step_that_is_not_of_the_chain_and_a_clock_that_runs_back_are_refused():
    with pytest.raises(Impossible):
        stage("DIRECTOR", 10)
    with pytest.raises(Impossible):
        stage("AGENT", -1)


@pytest.mark.clause("CMP-002")
def test_the_clocks_stand_twice_for_the_customer_and_never_for_ourselves():
    judged = [judge_pause(PauseFacts(True, before), reading()).outcome for before in (0, 1, 2)]
    assert judged == ["allowed", "allowed", "refused"]
    assert judge_pause(PauseFacts(False, 0), reading()).outcome == "refused"


def close(**more):
    facts = {
        "severity": "ordinary",
        "about_person": False,
        "answered_at": NOW,
        "verified_at": None,
        "plan_agreed_at": None,
    }
    return judge_close(CloseFacts(**(facts | more)), reading()).details["missing"]


@pytest.mark.clause("CMP-004", "CMP-006", "CMP-007")
def test_what_is_missing_before_it_may_be_closed():
    assert close() == []
    assert close(answered_at=None) == ["answer"]
    assert close(about_person=True) == ["verification"]
    assert close(about_person=True, verified_at=NOW) == []
    assert close(severity="grave") == ["plan"]
    assert close(severity="grave", plan_agreed_at=NOW) == []


@pytest.mark.clause("CMP-010")
def test_a_hospital_passes_complaints_to_the_directors_office():
    assert reading("hospital").text("complaint.office") == "院长室"
    assert reading("hospital").whole("complaint.office_minutes") == 30
    assert reading("heating").text("complaint.office") == "运营管理部"
