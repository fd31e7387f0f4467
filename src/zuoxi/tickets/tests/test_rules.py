# SPDX-License-Identifier: Apache-2.0
"""The rules of tickets at and beside each boundary, and deadlines of every trade."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible, judge
from zuoxi.tickets.facts import DeadlineFacts, EscalationFacts, ExtensionFacts, JointFacts, PapersFacts

pytestmark = pytest.mark.once
SITE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 9, 0, tzinfo=SITE)
TRADES = ("heating", "tax_hotline", "power_95598", "gov_window", "community", "hospital", "property")


def judged(pack, rule, facts, on=START):
    return judge(rule, facts, handbook_of(pack), on.date())


def due(pack, kind, received):
    return judged(pack, "service.deadline", DeadlineFacts(kind, received), received).details["due_at"]


@pytest.mark.clause("CUS-012", "CUS-014")
@pytest.mark.parametrize("pack", TRADES)
def test_every_trade_that_passes_work_on_knows_how_long_it_may_take(pack):
    friday = datetime(2026, 11, 20, 17, 0, tzinfo=SITE)
    assert due(pack, "transfer", friday) == "2026-11-25T23:59:59+08:00"
    assert due(pack, "first_response", friday) == "2026-11-21T17:00:00+08:00"
    assert due(pack, "callback", friday) == "2026-11-20T17:30:00+08:00"


@pytest.mark.clause("CUS-007", "CUS-012")
def test_before_national_day_working_days_wait_for_the_holidays_and_the_make_up_days():
    assert due("gov_window", "transfer", datetime(2025, 9, 30, 17, 0, tzinfo=SITE)) == "2025-10-11T23:59:59+08:00"
    assert due("community", "village", datetime(2025, 9, 26, 17, 0, tzinfo=SITE)) == "2025-09-28T23:59:59+08:00"


def test_a_kind_that_the_pack_does_not_know_is_refused_with_those_it_knows():
    with pytest.raises(Impossible, match="transfer"):
        due("gov_window", "nonsense", START)


@pytest.mark.clause("CUS-013")
@pytest.mark.parametrize(
    ("minutes", "outcome", "level"),
    [
        (0, "in_time", 0),
        (74, "in_time", 0),
        (75, "near", 1),
        (99, "near", 1),
        (100, "breached", 2),
        (219, "breached", 2),
        (220, "breached", 3),
        (579, "breached", 3),
        (580, "breached", 4),
    ],
)
def test_the_ladder_begins_at_three_quarters_and_climbs_with_the_delay(minutes, outcome, level):
    facts = EscalationFacts(START, START + timedelta(minutes=100), START + timedelta(minutes=minutes))
    found = judged("power_95598", "ticket.escalation", facts)
    assert (found.outcome, found.details["level"]) == (outcome, level)


def test_naive_times_are_the_sites():
    facts = EscalationFacts(datetime(2026, 3, 2, 9, 0), datetime(2026, 3, 2, 10, 0), START)  # noqa: DTZ001
    assert judged("power_95598", "ticket.escalation", facts).outcome == "in_time"


@pytest.mark.clause("CUS-006")
@pytest.mark.parametrize(
    ("turn", "law_changed", "outcome"),
    [(1, None, "first"), (1, False, "first"), (2, False, "violation"), (2, True, "allowed"), (2, None, "unknown")],
)
def test_papers_are_asked_for_once(turn, law_changed, outcome):
    assert judged("gov_window", "papers.notice", PapersFacts(turn, law_changed)).outcome == outcome


@pytest.mark.clause("CUS-013")
@pytest.mark.parametrize(("late", "outcome"), [(timedelta(0), "granted"), (timedelta(microseconds=1), "granted_late")])
def test_more_time_is_explained_before_the_time_is_up(late, outcome):
    facts = ExtensionFacts("等配件", True, True, START, START + late)
    assert judged("gov_window", "ticket.extension", facts).outcome == outcome


@pytest.mark.clause("CUS-009")
@pytest.mark.parametrize(("matters", "outcome"), [(1, "single"), (2, "joint"), (5, "joint")])
def test_two_matters_are_seen_through_by_one_agent(matters, outcome):
    assert judged("community", "service.joint", JointFacts(matters)).outcome == outcome


@pytest.mark.parametrize("make", [lambda: PapersFacts(0, None), lambda: JointFacts(0), lambda: JointFacts(-1)])
def test_what_cannot_be_counted_is_refused(make):
    with pytest.raises(Impossible):
        make()
