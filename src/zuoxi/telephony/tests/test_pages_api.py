# SPDX-License-Identifier: Apache-2.0
"""Calls, recordings and states for programs."""

from datetime import timedelta

import pytest

from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db
BASE = "/api/v1/telephony"


@pytest.fixture
def director(client):
    client.force_login(make.user("9001", "DIR"))


def test_a_stranger_gets_a_401_and_no_page(client):
    assert client.get(f"{BASE}/calls").status_code == 401


def test_who_may_not_see_calls_is_refused(client):
    client.force_login(make.user("9100", "FD"))
    assert client.get(f"{BASE}/calls").status_code == 403
    assert client.get(f"{BASE}/recordings").status_code == 403


def test_a_cursor_walks_over_every_call_once(client, director):
    made = [make.call(make.MORNING + timedelta(seconds=n // 2)).id for n in range(25)]
    walked, after = [], ""
    while after is not None:
        answer = client.get(f"{BASE}/calls", {"limit": 10, "after": after}).json()
        walked += [one["id"] for one in answer["items"]]
        after = answer["next"]
    assert walked == sorted(made, reverse=True)


def test_a_call_comes_masked_with_all_of_its_parts(client, director):
    made = make.call(caller="13812345678", doubts="clock; answered twice")
    make.attempt(made, "1002")
    answer = client.get(f"{BASE}/calls/{made.id}")
    whole = answer.json()
    assert "13812345678" not in answer.content.decode()
    assert whole["number"] == "138****5678"
    assert [leg["agent"] for leg in whole["legs"]] == ["1001"]
    assert [one["agent"] for one in whole["attempts"]] == ["1002"]
    assert [one["queue"] for one in whole["visits"]] == ["sales"]
    assert whole["doubts"] == ["clock", "answered twice"]


def test_an_agent_gets_his_own_calls_and_a_404_for_others(client):
    client.force_login(make.user("1001", "TSR", make.team()))
    mine, other = make.call(agent="1001"), make.call(agent="1002")
    assert [one["id"] for one in client.get(f"{BASE}/calls").json()["items"]] == [mine.id]
    assert client.get(f"{BASE}/calls/{other.id}").status_code == 404


def test_filters_narrow_like_on_the_page(client, director):
    make.call()
    lost = make.call(outcome="abandoned")
    late = make.call(make.MORNING + timedelta(hours=3), outcome="abandoned")
    until = (make.MORNING + timedelta(hours=1)).isoformat()
    found = client.get(f"{BASE}/calls", {"outcome": ["abandoned"], "until": until}).json()
    assert [one["id"] for one in found["items"]] == [lost.id]
    assert late.id not in [one["id"] for one in found["items"]]


@pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 201}, {"since": "2026-11-20T09:00"}, {"wait_from": "x"}])
def test_a_question_without_sense_is_refused_with_its_reason(client, director, asked):
    answer = client.get(f"{BASE}/calls", asked)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_recordings_come_with_what_the_file_and_the_leg_hold(client, director):
    one = make.recording(make.call(talk_seconds=60), status="short", seconds=40)
    (item,) = client.get(f"{BASE}/recordings", {"status": ["short"]}).json()["items"]
    assert (item["id"], item["seconds"], item["talk_seconds"]) == (one.pk, 40.0, 60)
    assert "path" not in item
    assert client.get(f"{BASE}/recordings/{one.pk}").json() == item


def test_a_state_over_midnight_comes_with_both_days_whole(client, director):
    start = make.MORNING.replace(hour=15, minute=30)  # 23:30 in Shanghai
    make.state("1001", "ready", start, 60, queues="sales,care")
    for day in ("2026-11-20", "2026-11-21"):
        (item,) = client.get(f"{BASE}/states", {"day": day}).json()["items"]
        assert item["queues"] == ["sales", "care"]
    assert client.get(f"{BASE}/states", {"day": "2026-11-22"}).json()["items"] == []


def test_a_list_costs_the_same_however_many_rows(client, director, django_assert_max_num_queries):
    for n in range(40):
        make.recording(make.call(agent=f"10{n:02d}"), status="complete")
    with django_assert_max_num_queries(9):
        assert len(client.get(f"{BASE}/calls").json()["items"]) == 40
