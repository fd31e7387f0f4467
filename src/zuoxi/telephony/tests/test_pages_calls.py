# SPDX-License-Identifier: Apache-2.0
"""The call list and the call page, through the door."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from zuoxi.telephony.models import Call
from zuoxi.telephony.page_models import SavedView
from zuoxi.telephony.tests import factories as make
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db
CALLS = "/calls/?when=all"


@pytest.fixture
def director(client):
    user = make.user("9001", "DIR")
    client.force_login(user)
    return user


def rows(response):
    return [line.id for line in response.context["lines"]]


def test_strangers_are_sent_to_the_sign_in_page(client):
    assert client.get(CALLS).status_code == 302


def test_the_front_desk_has_no_door_to_calls(client):
    client.force_login(make.user("9100", "FD"))
    assert client.get(CALLS).status_code == 403


@pytest.mark.clause("SEC-013")
def test_an_agent_sees_his_own_calls_and_not_his_neighbours(client):
    team = make.team()
    client.force_login(make.user("1001", "TSR", team))
    make.person("1002", "TSR", team)
    mine, other = make.call(agent="1001"), make.call(agent="1002")
    assert rows(client.get(CALLS)) == [mine.id]
    assert client.get(reverse("telephony:call", args=[other.id])).status_code == 404


def test_a_leader_sees_the_calls_of_his_team_only(client):
    ours, theirs = make.team("t1"), make.team("t2")
    make.person("1001", "TSR", ours)
    make.person("1002", "TSR", theirs)
    client.force_login(make.user("2001", "TSRL", ours))
    seen = make.call(agent="1001")
    make.call(agent="1002")
    assert rows(client.get(CALLS)) == [seen.id]


@pytest.mark.clause("SEC-006")
def test_customers_numbers_are_masked_in_the_list(client, director):
    make.call(caller="13812345678")
    body = client.get(CALLS).content.decode()
    assert "138****5678" in body
    assert "13812345678" not in body


def test_a_whole_number_is_found_in_any_way_of_writing_it(client, director):
    call = make.call(caller="13812345678")
    make.call(caller="13900000000")
    for written in ("13812345678", "138 1234 5678", "+8613812345678", "013812345678"):
        assert rows(client.get("/calls/", {"when": "all", "number": written})) == [call.id], written


def test_part_of_a_number_finds_nothing(client, director):
    make.call(caller="13812345678")
    for part in ("138", "5678", "1381234567", "%", "138****5678"):
        assert rows(client.get("/calls/", {"when": "all", "number": part})) == [], part


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"queue": "care"}, ["care"]),
        ({"agent": "1002"}, ["other agent"]),
        ({"outcome": "abandoned"}, ["lost"]),
        ({"outcome": ["abandoned", "overflow"]}, ["lost", "overflowed"]),
        ({"direction": "outbound"}, ["placed"]),
        ({"wait_from": "60"}, ["long wait"]),
        ({"talk_to": "3"}, ["short talk"]),
        ({"doubts": "on"}, ["doubtful"]),
        ({"recording": "missing"}, ["no file"]),
        ({"team": "t2"}, ["other agent"]),
    ],
)
def test_each_filter_leaves_only_what_it_means(client, director, asked, wanted):
    make.person("1002", "TSR", make.team("t2"))
    make.queue("sales")
    make.queue("care")
    calls = {
        "plain": make.call(),
        "care": make.call(queue="care"),
        "other agent": make.call(agent="1002"),
        "lost": make.call(outcome="abandoned"),
        "overflowed": make.call(outcome="overflow"),
        "placed": make.call(direction="outbound", queue=""),
        "long wait": make.call(wait_seconds=60),
        "short talk": make.call(talk_seconds=3),
        "doubtful": make.call(doubts="clock"),
        "no file": make.call(),
    }
    make.recording(calls["no file"], status="missing")
    names = {call.id: name for name, call in calls.items()}
    found = rows(client.get("/calls/", {"when": "all", **asked}))
    assert sorted(names[pk] for pk in found) == sorted(wanted)


def test_a_call_is_found_by_every_queue_it_waited_in_and_every_agent_who_had_a_part(client, director):
    make.queue("sales")
    make.queue("care")
    call = make.call(queue="sales", agent="1001")
    from zuoxi.telephony.models import QueueVisit

    QueueVisit.objects.create(call_id=call.id, seq=2, queue="care", entered_at=call.offered_at, outcome="overflow")
    make.part(call, "1005")
    assert rows(client.get("/calls/", {"when": "all", "queue": "care"})) == [call.id]
    assert rows(client.get("/calls/", {"when": "all", "agent": "1005"})) == [call.id]


def test_the_end_of_a_period_is_the_first_moment_that_is_not_in_it(client, director):
    call = make.call(make.MORNING)
    at = make.MORNING.isoformat()
    later = (make.MORNING + timedelta(seconds=1)).isoformat()
    assert rows(client.get("/calls/", {"since": at, "until": later})) == [call.id]
    assert rows(client.get("/calls/", {"until": at})) == []


def test_a_period_that_ends_before_it_begins_says_so_and_shows_nothing(client, director):
    make.call()
    page = client.get("/calls/", {"since": "2026-11-20T10:00", "until": "2026-11-20T09:00"})
    assert rows(page) == []
    assert page.context["form"].errors["until"]


def test_today_means_the_day_of_the_site_not_of_greenwich(client, director, time_machine):
    time_machine.move_to("2026-11-20T17:00:00+00:00", tick=False)  # the 21st, one o'clock in the night, in Shanghai
    yesterday = make.call(timezone.now() - timedelta(hours=2))
    today = make.call(timezone.now() - timedelta(minutes=30))
    assert rows(client.get("/calls/")) == [today.id]
    assert rows(client.get("/calls/?when=yesterday")) == [yesterday.id]


def test_pages_walk_forth_and_back_over_every_call_once(client, director):
    made = [make.call(make.MORNING + timedelta(seconds=n // 3)) for n in range(120)]
    newest_first = [call.id for call in sorted(made, key=lambda one: (one.offered_at, one.id), reverse=True)]
    address, walked = CALLS, []
    while address:
        page = client.get(address)
        walked.append(rows(page))
        following = page.context["pager"]["next"]
        address = f"/calls/{following}" if following else ""
    assert [pk for one in walked for pk in one] == newest_first
    assert [len(one) for one in walked] == [50, 50, 20]
    back = client.get(f"/calls/{page.context['pager']['previous']}")
    assert rows(back) == walked[1]
    first = client.get(f"/calls/{back.context['pager']['previous']}")
    assert rows(first) == walked[0]
    assert first.context["pager"]["previous"] == ""


@pytest.mark.parametrize("sort", ["wait", "-wait", "talk", "-talk", "offered_at", "hold", "survey"])
def test_every_sort_pages_without_loss_even_where_values_are_unknown(client, director, sort):
    made = {make.call(wait_seconds=n % 7, talk_seconds=None if n % 5 == 0 else n % 4).id for n in range(70)}
    first = client.get(CALLS, {"when": "all", "sort": sort})
    second = client.get(f"/calls/{first.context['pager']['next']}")
    assert set(rows(first)) | set(rows(second)) == made
    assert not set(rows(first)) & set(rows(second))


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "1~y",
        "~",
        "2026-11-20T01:00:00~5",
        "1~1~1",
        "9" * 400 + "~1",
        "2026-11-20T01:00:00+00:00~" + "9" * 30,
        "nan~1",
    ],
)
def test_a_cursor_without_sense_shows_the_first_page(client, director, cursor):
    call = make.call()
    assert rows(client.get("/calls/", {"when": "all", "after": cursor})) == [call.id]


def test_counting_stops_at_ten_thousand(client, director, monkeypatch):
    monkeypatch.setattr("zuoxi.telephony.call_search.MOST_COUNTED", 3)
    for _ in range(4):
        make.call()
    page = client.get(CALLS)
    assert (page.context["count"], page.context["more"]) == (3, True)


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_asks_at_most_twelve_queries_however_many_rows(client, director, django_assert_max_num_queries, count):
    for n in range(count):
        make.recording(make.call(agent=f"10{n:02d}"))
    with django_assert_max_num_queries(12):
        assert len(rows(client.get(CALLS))) == count


def test_a_saved_view_keeps_filters_and_columns_but_no_customers_number(client, director):
    query = "when=7d&outcome=abandoned&col=number&col=wait&number=13812345678&after=1~2"
    client.post(reverse("telephony:save_view", args=["calls"]), {"name": "昨天没接到的", "query": query})
    view = SavedView.objects.get()
    assert (view.user, view.name) == (director, "昨天没接到的")
    assert "outcome=abandoned" in view.query
    assert "138" not in view.query
    assert "after" not in view.query


def test_nobody_drops_the_view_of_somebody_else(client, director):
    view = SavedView.objects.create(user=make.user("9002", "OM"), page="calls", name="x")
    assert client.post(f"/telephony/views/{view.pk}/drop/").status_code == 404
    assert SavedView.objects.exists()


def test_the_page_of_a_call_tells_its_whole_story(client, director):
    make.queue("sales")
    make.person("1001", "TSR", name="王芳")
    call = make.call(doubts="clock")
    make.attempt(call, "1002")
    make.event("queue.joined", call.offered_at, call.uid, queue="sales", caller=call.caller, position=1)
    make.state("1001", "on_call", call.offered_at + timedelta(seconds=5), 1, subject=call.uid)
    body = client.get(reverse("telephony:call", args=[call.id])).content.decode()
    for words in ("王芳 1001", "k-talk", "k-missed", "k-state-on_call", "queue.joined"):
        assert words in body, words
    assert call.caller not in body


def test_the_story_of_a_call_costs_the_same_however_long_it_is(client, director, django_assert_max_num_queries):
    call = make.call()
    for n in range(40):
        make.attempt(call, f"10{n:02d}")
        make.event("agent.ringing", call.offered_at, call.uid, f"10{n:02d}", queue="sales")
    with django_assert_max_num_queries(22):
        client.get(reverse("telephony:call", args=[call.id]))


def test_whoever_has_no_use_for_raw_evidence_does_not_get_it(client):
    team = make.team()
    client.force_login(make.user("1001", "TSR", team))
    call = make.call(agent="1001")
    make.event("queue.joined", call.offered_at, call.uid, queue="sales")
    assert "queue.joined" not in client.get(reverse("telephony:call", args=[call.id])).content.decode()


@pytest.mark.clause("CALL-002")
@pytest.mark.parametrize(
    ("fields", "recording", "words"),
    [
        ({"outcome": "abandoned"}, None, "没有接通"),
        ({}, None, "没有报告开始录音"),
        ({}, "missing", "文件不在"),
        ({}, "deleted", "保存期满"),
    ],
)
def test_a_call_without_a_recording_says_so_and_why(client, director, fields, recording, words):
    call = make.call(**fields)
    if recording:
        make.recording(call, status=recording)
    body = client.get(reverse("telephony:call", args=[call.id])).content.decode()
    assert "无录音可查" in body
    assert words in body


@pytest.mark.clause("SEC-013")
def test_a_number_is_shown_only_after_the_purpose_is_in_the_audit_chain(client, director):
    call = make.call(caller="13812345678")
    address = reverse("telephony:reveal_number", args=[call.id])
    refused = client.post(address, {"purpose": ""})
    assert refused.status_code == 422
    assert "13812345678" not in refused.content.decode()
    assert not AuditEntry.objects.filter(verb="telephony.number.revealed").exists()
    shown = client.post(address, {"purpose": "complaint", "words": "回访投诉"})
    assert "13812345678" in shown.content.decode()
    entry = AuditEntry.objects.get(verb="telephony.number.revealed")
    assert (entry.who, entry.on_id, entry.purpose) == ("9001", str(call.id), "complaint: 回访投诉")
    assert "13812345678" not in str(entry.detail)


def test_asking_for_a_number_by_a_link_does_not_show_it(client, director):
    call = make.call()
    assert client.get(reverse("telephony:reveal_number", args=[call.id])).status_code == 405


def test_nobody_is_shown_the_number_of_a_call_he_may_not_see(client):
    client.force_login(make.user("1001", "TSR", make.team()))
    other = make.call(agent="1002")
    answer = client.post(reverse("telephony:reveal_number", args=[other.id]), {"purpose": "quality"})
    assert answer.status_code == 404
    assert not AuditEntry.objects.filter(verb="telephony.number.revealed").exists()


def test_text_from_the_switch_cannot_become_markup(client, director):
    call = make.call(ended_by="<b>x</b>"[:10], diverted_to="<script>1")
    make.event("call.started", call.offered_at, call.uid, caller="<img src=x onerror=1>")
    body = client.get(reverse("telephony:call", args=[call.id])).content.decode()
    assert "<script>1" not in body
    assert "<img src=x" not in body
    assert Call.objects.count() == 1


def exported(client, **asked):
    return client.post(reverse("telephony:export_calls"), {"when": "all", "purpose": "月度话务分析", **asked})


@pytest.mark.clause("SEC-001")
@pytest.mark.parametrize(
    ("role", "may"),
    [("DA", True), ("OM", True), ("SM", True), ("DIR", True), ("ODM", False), ("TSRL", False), ("TSR", False)],
)
def test_only_the_analyst_managers_and_the_director_take_the_list_out(client, role, may, settings, tmp_path):
    settings.HOME = tmp_path
    client.force_login(make.user("9005", role, make.team()))
    assert ("export-purpose" in client.get(CALLS).content.decode()) is may
    assert exported(client).status_code == ((302 if role == "DA" else 200) if may else 403)


@pytest.mark.clause("SEC-006")
def test_the_file_holds_the_same_rows_and_columns_as_the_page_and_masked_numbers(client, director):
    make.call(caller="13812345678", outcome="abandoned", wait_seconds=12)
    make.call(caller="13900001111")
    answer = exported(client, outcome="abandoned", col=["number", "wait"])
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == ["客户,等待", "138****5678,12"]


def test_the_spreadsheet_opens_with_the_same_rows(client, director):
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    make.call(caller="13812345678", wait_seconds=12)
    content = b"".join(exported(client, format="xlsx", col=["number", "wait"]).streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows == [["客户", "等待"], ["138****5678", 12.0]]


def test_the_release_is_in_the_chain_with_purpose_and_without_the_number_searched(client, director):
    make.call(caller="13812345678")
    assert exported(client, purpose="  ").status_code == 422
    b"".join(exported(client, number="13812345678").streaming_content)
    entry = AuditEntry.objects.get(verb="telephony.calls.exported")
    assert (entry.purpose, entry.detail["rows"]) == ("月度话务分析", 1)
    assert "13812345678" not in str(entry.detail)


def test_an_agents_name_cannot_become_a_formula(client, director):
    make.person("1001", "TSR", name="=cmd|' /C calc'!A0")
    make.call(agent="1001", uid="=1+1")
    text = b"".join(exported(client, col=["uid"]).streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1] == "'=1+1"


def test_a_span_linked_with_its_zone_is_shown_in_the_sites_time_and_survives_the_next_choice(client, director):
    page = client.get("/calls/", {"since": "2026-11-20T01:00:00+00:00", "until": "2026-11-20T01:00:30+00:00"})
    body = page.content.decode()
    assert 'value="2026-11-20T09:00"' in body
    assert 'value="2026-11-20T09:00:30"' in body
    assert page.context["form"]["when"].value() == "custom"


def test_a_number_inside_a_channels_name_is_masked_in_the_evidence(client, director):
    call = make.call()
    make.event("leg.joined", call.offered_at, call.uid, "1001", channel="Local/13812345678@out-0001", bridge="x")
    assert "13812345678" not in client.get(reverse("telephony:call", args=[call.id])).content.decode()


def test_an_internal_call_that_went_outside_shows_no_whole_number(client, director):
    make.call(direction="internal", queue="", caller="1001", called="13812345678")
    assert "13812345678" not in client.get(CALLS).content.decode()


def test_agents_are_named_by_number_or_by_name(client, director):
    make.person("1001", "TSR", name="王芳")
    make.person("1002", "TSR", name="李娜")
    first, second = make.call(agent="1001"), make.call(agent="1002")
    assert rows(client.get("/calls/", {"when": "all", "agent": "王芳"})) == [first.id]
    assert rows(client.get("/calls/", {"when": "all", "agent": "王芳，1002"})) == [second.id, first.id]
    assert rows(client.get("/calls/", {"when": "all", "agent": "没有这个人"})) == []


def test_a_few_agents_calls_are_looked_up_and_not_walked_through(db):
    """At ten million calls a walk takes seconds; the plan must begin at the agent's own indexes."""
    from django.db import connection
    from django.utils import timezone

    from zuoxi.telephony.call_search import CallQuery, matching, preset_period

    if connection.vendor != "sqlite":
        pytest.skip("the plan is SQLite's")
    for preset in ("30d", "all"):
        query = CallQuery(period=preset_period(preset, timezone.now()), agents=("1001",))
        plan = matching(Call.objects.all(), query).order_by("-offered_at", "-pk")[:51].explain()
        assert "USING INDEX call_agent" in plan, plan
        assert "USING INDEX leg_aside" in plan, plan
        assert "SCAN telephony_call" not in plan, plan
