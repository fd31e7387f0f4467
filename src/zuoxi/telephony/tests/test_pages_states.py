# SPDX-License-Identifier: Apache-2.0
"""The state log: an agent's day and a team's, night shifts and gaps included."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from zuoxi.telephony.models import StateInterval
from zuoxi.telephony.state_days import days_of
from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
TEN_PM = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, tzinfo=UTC)


def day(agent="1001", on=DAY, now=LATER):
    return days_of(StateInterval.objects.all(), [agent], on, now)[0]


@pytest.fixture
def director(client):
    client.force_login(make.user("9001", "DIR"))


def night_shift(agent="1001"):
    """22:00 to 06:00 the next morning, a call across midnight."""
    make.state(agent, "ready", TEN_PM, 110)
    make.state(agent, "on_call", TEN_PM + timedelta(minutes=110), 20)
    make.state(agent, "ready", TEN_PM + timedelta(minutes=130), 350)
    make.state(agent, "signed_out", TEN_PM + timedelta(minutes=480), None)


def test_a_night_shift_is_one_spell_of_the_day_it_began_on():
    night_shift()
    first, second = day(on=DAY), day(on=DAY + timedelta(days=1))
    assert [(spell.seconds, spell.unknown) for spell in first.spells] == [(8 * 3600, 0)]
    assert second.spells == []


def test_midnight_cuts_the_sums_and_nothing_is_counted_twice():
    night_shift()
    first, second = day(on=DAY), day(on=DAY + timedelta(days=1))
    assert first.worked == 2 * 3600
    assert second.worked == 6 * 3600
    assert first.totals["on_call"] == second.totals["on_call"] == 600


def test_no_day_is_ever_worked_longer_than_it_is():
    make.state("1001", "ready", NOON - timedelta(days=1), None)
    assert day(now=LATER).worked == 24 * 3600


def test_what_was_not_seen_is_not_worked_and_does_not_end_the_spell():
    make.state("1001", "ready", NOON, 60)
    make.state("1001", "unknown", NOON + timedelta(minutes=60), 15)
    make.state("1001", "ready", NOON + timedelta(minutes=75), 45)
    make.state("1001", "signed_out", NOON + timedelta(minutes=120), None)
    one = day()
    assert one.worked == 105 * 60
    assert one.unknown == 15 * 60
    assert [(spell.seconds, spell.unknown) for spell in one.spells] == [(105 * 60, 15 * 60)]


def test_a_state_that_lasts_still_counts_until_now_and_not_into_the_future():
    make.state("1001", "ready", NOON, None)
    assert day(now=NOON + timedelta(minutes=5)).worked == 300


def test_unreachable_is_worked_time_because_the_agent_is_not_to_blame():
    make.state("1001", "unreachable", NOON, 10)
    assert day().worked == 600


def test_an_agent_without_states_has_a_day_with_nothing_on_it():
    one = day("7777")
    assert (one.worked, one.stretches, one.spells) == (0, [], [])


def test_the_team_day_shows_everybody_of_the_team_and_nobody_else(client, director):
    make.person("1001", "TSR", make.team("t1"))
    make.person("1002", "TSR", make.team("t2"))
    make.state("1001", "ready", NOON, 60)
    make.state("1002", "ready", NOON, 60)
    page = client.get("/states/", {"day": "2026-11-20", "team": "t1"})
    assert [one.agent for one, _name, _sums in page.context["rows"]] == ["1001"]


def test_a_leader_sees_his_own_team_only(client):
    ours = make.team("t1")
    make.person("1001", "TSR", ours)
    make.person("1002", "TSR", make.team("t2"))
    client.force_login(make.user("2001", "TSRL", ours))
    make.state("1001", "ready", NOON, 60)
    make.state("1002", "ready", NOON, 60)
    page = client.get("/states/", {"day": "2026-11-20"})
    assert [one.agent for one, _name, _sums in page.context["rows"]] == ["1001"]
    assert client.get(reverse("telephony:agent_day", args=["1002"])).status_code == 404


def test_an_empty_log_does_not_claim_that_nobody_worked(client):
    """Quality sees no states but its own, and others worked."""
    make.person("1001", "TSR", make.team("t1"))
    client.force_login(make.user("4001", "QA", None))
    make.state("1001", "ready", NOON, 60)
    assert "您可查看的人员当天无人签入。" in client.get("/states/", {"day": "2026-11-20"}).content.decode()


def test_the_agents_page_names_state_reason_and_cause(client, director):
    make.person("1001", "TSR", name="王芳")
    make.state("1001", "not_ready", NOON, 10, reason="equipment", cause="member.paused", queues="sales")
    body = client.get("/states/1001/?day=2026-11-20").content.decode()
    for words in ("示忙", "equipment", "置忙", "10:00"):
        assert words in body, words


def test_unknown_stretches_are_hatched_and_said_in_words(client, director):
    make.state("1001", "unknown", NOON, 10)
    body = client.get("/states/?day=2026-11-20").content.decode()
    assert "k-state-unknown" in body
    assert "部分时段未监听到" in body


def test_a_day_that_is_no_day_shows_today(client, director):
    assert client.get("/states/?day=2026-13-45").status_code == 200


@pytest.mark.parametrize("agents", [1, 30])
def test_the_team_day_asks_at_most_twelve_queries(client, director, django_assert_max_num_queries, agents):
    for n in range(agents):
        make.person(f"10{n:02d}")
        make.state(f"10{n:02d}", "ready", NOON, 60)
    with django_assert_max_num_queries(12):
        assert len(client.get("/states/?day=2026-11-20").context["rows"]) == agents


def test_every_sum_opens_the_intervals_it_was_made_of(client, director):
    make.state("1001", "ready", NOON, 30)
    make.state("1001", "break", NOON + timedelta(minutes=30), 5)
    make.state("1001", "ready", NOON + timedelta(minutes=35), 30)
    page = client.get("/states/1001/?day=2026-11-20&state=break")
    assert [row["stretch"].seconds for row in page.context["rows"]] == [page.context["one"].totals["break"]]
    assert len(client.get("/states/1001/?day=2026-11-20&state=nonsense").context["rows"]) == 3


def test_the_state_log_finds_an_agent_by_name_and_stays_within_ones_reach(client):
    ours = make.team("t1")
    make.person("1001", "TSR", ours, name="王芳")
    make.person("1002", "TSR", make.team("t2"), name="王强")
    client.force_login(make.user("2001", "TSRL", ours))
    for agent in ("1001", "1002"):
        make.state(agent, "ready", NOON, 60)
    page = client.get("/states/", {"day": "2026-11-20", "agent": "王"})
    assert [one.agent for one, _name, _sums in page.context["rows"]] == ["1001"]
