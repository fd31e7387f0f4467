# SPDX-License-Identifier: Apache-2.0
"""Hours lent to another team count there, and nowhere twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zuoxi.reporting.compilation import Compiler, Membership
from zuoxi.reporting.dialects import BY_VENDOR
from zuoxi.reporting.facts import FigureQuery
from zuoxi.reporting.memberships import lent

pytestmark = [pytest.mark.once, pytest.mark.clause("ORG-011")]
OWN = Membership("1001", "a", 0, 100)


def loan(since, until, team="b", agent="1001"):
    return Membership(agent, team, since, until)


def team_at(spells, second, agent="1001"):
    teams = [one.team for one in spells if one.agent == agent and one.since <= second < one.until]
    assert len(teams) <= 1
    return teams[0] if teams else None


def test_a_loan_cuts_its_hours_out_of_ones_own_team():
    assert sorted(lent([OWN], [loan(20, 30)])) == [("1001", "a", 0, 20), ("1001", "a", 30, 100), ("1001", "b", 20, 30)]


@pytest.mark.parametrize(("second", "team"), [(19, "a"), (20, "b"), (29, "b"), (30, "a")])
def test_the_first_second_of_a_loan_counts_there_and_its_last_moment_no_more(second, team):
    assert team_at(lent([OWN], [loan(20, 30)]), second) == team


def test_a_loan_of_somebody_else_changes_nothing():
    assert OWN in lent([OWN], [loan(20, 30, agent="1002")])


def test_a_loan_across_a_change_of_team_takes_its_hours_out_of_both():
    spells = lent([Membership("1001", "a", 0, 50), Membership("1001", "c", 50, 100)], [loan(40, 60)])
    assert [team_at(spells, at) for at in (39, 40, 59, 60)] == ["a", "b", "b", "c"]


def test_somebody_without_a_team_counts_where_he_is_lent_to():
    assert lent([], [loan(20, 30)]) == [loan(20, 30)]


def test_a_day_takes_into_its_question_only_the_loans_that_touch_it():
    """A year of loans has more parameters than a database takes in one statement."""
    day = datetime(2026, 11, 18, tzinfo=UTC)
    noon = int(day.timestamp()) + 43_200
    loans = [loan(noon + n * 86_400, noon + n * 86_400 + 3_600) for n in range(-200, 200)]
    teams = lent([Membership("1001", "a", 0, 2**40)], loans)
    compiler = Compiler(BY_VENDOR["sqlite"], UTC, day, teams)
    told = compiler.compile(FigureQuery(day, day + timedelta(days=1), by=("team",))).params
    assert sorted(value for name, value in told.items() if name.startswith("tt")) == ["a", "a", "b"]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 30), st.sampled_from("bcd")), max_size=5))
def test_every_second_belongs_to_one_team(spans):
    spells = lent([OWN], [loan(since, since + length, team) for since, length, team in spans])
    assert all(team_at(spells, second) is not None for second in range(100))
