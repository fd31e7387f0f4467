# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zuoxi.floor import services
from zuoxi.floor.models import WallLink
from zuoxi.floor.tests.centre import user
from zuoxi.people.models import Assignment, Position, Staff, Team
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.models import Command, Queue, QueueMembership, StateInterval
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.mark.clause("CALL-004")
def test_the_floor_counts_who_waits_who_rests_and_who_is_on_the_inside_line(switch, as_):
    for agent in ("1001", "1002", "1003", "1004"):
        switch.sign_in(agent)
    switch.pause("1001", "break")
    switch.pause("1002", "meal")
    switch.say("call.started", "lab-1/9.0", "1003", direction="internal", caller="1003", number="1004", channel="x")
    switch.join(1)
    page = as_("8001").get("/floor/").content.decode()
    assert '<strong id="count-resting">2</strong>' in page
    assert '<strong id="count-internal">1</strong>' in page
    assert 'id="total-waiting"' in page and ">1</span>" in page.split('id="total-waiting"')[1][:400]


@pytest.mark.parametrize("code", ["1001", "3003"])
def test_agents_and_quality_inspectors_do_not_open_the_floor(switch, as_, code):
    assert as_(code).get("/floor/").status_code == 403
    assert as_(code).get("/floor/stream").status_code == 403


def test_a_leader_sees_his_team_and_nobody_else(switch, as_):
    for agent in ("1001", "1002", "1003", "1004"):
        switch.sign_in(agent)
    client = as_("2001")
    page = client.get("/floor/").content.decode()
    assert 'id="agent-1001"' in page and 'id="agent-1003"' in page
    assert 'id="agent-1002"' not in page and 'id="agent-1004"' not in page
    assert client.get("/floor/agents/1001/").status_code == 200
    assert client.get("/floor/agents/1002/").status_code == 404


def test_a_leader_sees_the_queues_that_his_team_serves(switch, as_):
    page = as_("2001").get("/floor/").content.decode()
    assert 'id="queue-sales"' in page and 'id="queue-care"' not in page


def test_the_callers_number_is_masked_on_the_floor(switch, as_):
    switch.sign_in("1001")
    uid = switch.join(1, caller="13812345678")
    switch.connect(uid, "1001")
    page = as_("8001").get("/floor/").content.decode()
    assert "138****5678" in page and "13812345678" not in page


def _crowd(count: int) -> None:
    sales, now, day = Queue.objects.get(code="sales"), timezone.now(), timezone.localdate()
    position, team = Position.objects.get(code="TSR"), Team.objects.get(code="t1")
    staff = Staff.objects.bulk_create([Staff(code=str(5000 + n), name=f"座席{n}") for n in range(count)])
    Assignment.objects.bulk_create([Assignment(staff=one, position=position, team=team, from_on=day) for one in staff])
    QueueMembership.objects.bulk_create([QueueMembership(queue=sales, staff=one) for one in staff])
    StateInterval.objects.bulk_create(
        [StateInterval(agent=one.code, state="ready", from_at=now, cause="member.added") for one in staff]
    )


@pytest.mark.parametrize("path", ["/floor/", "/floor/?view=teams", "/wall/live/", "/floor/curve.json"])
def test_a_page_asks_few_questions_however_many_people_there_are(switch, as_, path):
    client = as_("8001")
    _crowd(500)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) <= 12, [one["sql"][:90] for one in asked]


def test_the_number_of_questions_is_the_same_for_five_people_and_for_five_hundred(switch, as_):
    from zuoxi.floor import keeper

    client = as_("8001")

    def asked() -> int:
        keeper.begin_anew()
        site_handbook()  # which looks every few seconds whether it was amended: one question now and then
        with CaptureQueriesContext(connection) as queries:
            client.get("/floor/")
        return len(queries)

    asked()
    few = asked()
    _crowd(500)
    assert asked() == few


def test_filters_keep_only_whom_they_name(switch, as_):
    for agent in ("1001", "1002"):
        switch.sign_in(agent)
    team = Team.objects.get(code="t1")
    page = as_("8001").get(f"/floor/?team={team.pk}&view=cards").content.decode()
    assert 'id="agent-1001"' in page and 'id="agent-1002"' not in page
    page = as_("8001").get("/floor/?queue=care").content.decode()
    assert 'id="queue-care"' in page and 'id="queue-sales"' not in page


@pytest.mark.parametrize("query", ["team=x", "team=99999999999", "state=%27", "view=huge", "queue=%F0%9F%93%9E"])
def test_nonsense_in_the_filters_breaks_nothing(switch, as_, query):
    assert as_("8001").get(f"/floor/?{query}").status_code == 200


def test_listening_is_asked_of_the_switch_and_written_down(switch, as_):
    answer = as_("2001").post("/floor/agents/1001/monitor", {"verb": "listen"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    command = Command.objects.get()
    assert (command.verb, command.agent, command.arguments) == ("listen", "2001", {"target": "1001"})
    entry = AuditEntry.objects.get(verb="floor.listen")
    assert (entry.who, entry.on_id) == ("2001", "1001")


def test_nobody_listens_outside_his_team(switch, as_):
    assert as_("2001").post("/floor/agents/1002/monitor", {"verb": "listen"}).status_code == 404
    assert not Command.objects.exists()


def test_a_wish_that_cannot_be_written_down_is_not_asked_of_the_switch(switch, as_, monkeypatch):
    def full(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr("zuoxi.floor.asking.vault.record", full)
    leader = as_("2001")
    for address, data in (("monitor", {"verb": "listen"}), ("force", {"verb": "pause", "reason": "meal"})):
        with pytest.raises(OSError, match="disk full"):
            leader.post(f"/floor/agents/1001/{address}", data)
    assert not Command.objects.exists()


def talking(switch, *agents):
    for number, agent in enumerate(agents, start=1):
        switch.connect(switch.join(number), agent)


def test_quality_listens_to_everybodys_calls_from_a_page_of_its_own(switch, as_):
    talking(switch, "1001", "1002")
    quality = as_("3003")
    page = quality.get("/floor/calls/").content.decode()
    assert "正在通话" in page and 'id="live-1001"' in page and 'id="live-1002"' in page
    assert "耳语" not in page
    said = quality.post("/floor/agents/1002/monitor", {"verb": "listen"}, headers={"HX-Request": "true"})
    assert "您的话机在响，请接起。" in said.content.decode()
    command = Command.objects.get()
    assert (command.verb, command.agent, command.arguments) == ("listen", "3003", {"target": "1002"})
    assert AuditEntry.objects.get(verb="floor.listen").who == "3003"
    Command.objects.update(status="done")
    assert (
        "您能听到通话" in quality.get(f"/floor/commands/{command.pk}/", headers={"HX-Request": "true"}).content.decode()
    )
    assert quality.post("/floor/agents/1002/monitor", {"verb": "listen"}).url == "/floor/calls/"


@pytest.mark.parametrize("verb", ["whisper", "barge", "take_over"])
def test_quality_speaks_in_nobodys_call(switch, as_, verb):
    talking(switch, "1001")
    assert as_("3003").post("/floor/agents/1001/monitor", {"verb": verb}).status_code == 403
    assert not Command.objects.exists()


def test_who_leads_a_team_and_inspects_quality_hears_everybody_and_speaks_in_his_teams_calls_alone(switch, as_):
    inspects = Assignment(position=Position.objects.get(code="QA"), from_on=timezone.localdate())
    inspects.staff = Staff.objects.get(code="2001")
    inspects.save()
    talking(switch, "1001", "1002")
    leader = as_("2001")
    page = leader.get("/floor/calls/").content.decode()
    own, other = page.split('id="live-1002"')
    assert 'id="live-1001"' in own and "耳语" in own and "耳语" not in other
    for verb in ("whisper", "barge", "take_over"):
        assert leader.post("/floor/agents/1002/monitor", {"verb": verb}).status_code == 403
    assert not Command.objects.exists()
    leader.post("/floor/agents/1002/monitor", {"verb": "listen"})
    leader.post("/floor/agents/1001/monitor", {"verb": "whisper"})
    assert list(Command.objects.order_by("pk").values_list("verb", flat=True)) == ["listen", "whisper"]


def test_a_leader_finds_the_calls_of_his_own_team_alone(switch, as_):
    talking(switch, "1001", "1002")
    htmx = {"HX-Request": "true", "HX-Target": "section#live-calls"}
    page = as_("2001").get("/floor/calls/", headers=htmx).content.decode()
    assert 'id="live-1001"' in page and 'id="live-1002"' not in page and "耳语" in page
    assert "<html" not in page


def test_an_empty_page_of_calls_says_what_will_stand_there(switch, as_):
    assert "无人通话" in as_("3003").get("/floor/calls/?team=x&page=９").content.decode()


def test_the_page_of_calls_asks_the_same_few_questions_for_one_call_and_for_many(
    switch, as_, django_assert_max_num_queries
):
    client = as_("3003")
    talking(switch, "1001", "1002")
    client.get("/floor/calls/")
    with django_assert_max_num_queries(12):
        client.get("/floor/calls/")


def test_a_state_is_forced_in_the_agents_name_by_the_leader(switch, as_):
    as_("2001").post("/floor/agents/1001/force", {"verb": "pause", "reason": "meal"})
    command = Command.objects.get()
    assert (command.verb, command.agent, command.arguments) == ("pause", "1001", {"reason": "meal"})
    assert command.asked_by.code == "2001"


def test_a_quality_inspector_may_not_force_anybody(switch, as_):
    assert as_("3003").post("/floor/agents/1001/force", {"verb": "ready"}).status_code == 403


@pytest.mark.clause("FLR-005")
def test_the_first_leader_takes_a_raised_hand_and_the_second_is_told(switch, as_):
    hand = services.raise_hand("1001", "", timezone.now())
    assert as_("2001").post(f"/floor/hands/{hand.pk}/answer", headers={"HX-Request": "true"}).status_code == 204
    told = as_("8001").post(f"/floor/hands/{hand.pk}/answer", headers={"HX-Request": "true"}).content.decode()
    assert "甲班长" in told
    hand.refresh_from_db()
    assert hand.answered_by.code == "2001"


def test_a_message_stands_on_the_agents_desk_until_read(switch, as_):
    as_("2001").post("/floor/agents/1001/message", {"text": "注意语速"})
    desk = as_("1001")
    page = desk.get("/desk/").content.decode()
    assert "注意语速" in page
    note = page.split("/desk/messages/")[1].split("/")[0]
    desk.post(f"/desk/messages/{note}/read")
    assert "注意语速" not in desk.get("/desk/").content.decode()


def test_a_kiosk_shows_numbers_and_no_names_without_a_sign_in(switch, as_):
    switch.sign_in("1001")
    as_("8001").post("/wall/", {"label": "大厅", "language": "zh-hans", "rotate_seconds": 20})
    link = WallLink.objects.get()
    token = signing.Signer(salt="floor.wall").sign(str(link.pk))
    page = Client().get(f"/wall/k/{token}/").content.decode()
    assert "大厅" in page and 'id="wall-queue-sales"' in page
    assert "座席0" not in page and "1001" not in page


def test_a_kiosk_link_that_was_revoked_or_made_up_opens_nothing(switch, as_):
    link = services.make_wall_link("x", [], names=False, language="en", rotate_seconds=20, by=None, now=timezone.now())
    token = signing.Signer(salt="floor.wall").sign(str(link.pk))
    assert Client().get(f"/wall/k/{link.pk}:{'A' * 43}/").status_code == 404
    assert Client().get(f"/wall/k/{token}/").status_code == 200
    as_("8001").post(f"/wall/links/{link.pk}/revoke")
    assert Client().get(f"/wall/k/{token}/").status_code == 404
    assert Client().get(f"/wall/k/{token}/stream").status_code == 404


def test_names_on_the_wall_are_shown_only_where_the_link_allows_them(switch):
    switch.sign_in("1001")
    link = services.make_wall_link(
        "x", [], names=True, language="zh-hans", rotate_seconds=20, by=None, now=timezone.now()
    )
    token = signing.Signer(salt="floor.wall").sign(str(link.pk))
    assert "座席0" in Client().get(f"/wall/k/{token}/").content.decode()


def test_agents_make_no_wall_links(switch, as_):
    assert as_("1001").get("/wall/").status_code == 403


def test_who_left_the_firm_no_longer_opens_the_floor(switch, as_):
    client = as_("2001")
    assert client.get("/floor/").status_code == 200
    Staff.objects.filter(code="2001").update(status="left")
    assert client.get("/floor/").status_code == 403
    assert user("2001").roles == frozenset()


def test_who_listens_is_told_to_take_up_his_telephone_and_may_leave_again(switch, as_):
    leader = as_("2001")
    htmx = {"HX-Request": "true"}
    call = switch.join(1)
    switch.connect(call, "1001")
    asked = leader.post("/floor/agents/1001/monitor", {"verb": "whisper"}, headers=htmx).content.decode()
    assert "您的话机在响，请接起。" in asked
    command = Command.objects.get()
    command.status = "done"
    command.save()
    here = f"/floor/commands/{command.pk}/"
    inside = leader.get(here, headers=htmx).content.decode()
    assert "座席能听到您，客户听不到。" in inside and "离开通话" in inside
    leave = {"verb": "leave", "command": command.pk}
    left = leader.post("/floor/agents/1001/monitor", leave, headers=htmx)
    assert left.status_code == 200
    assert [(one.verb, one.agent) for one in Command.objects.order_by("pk")] == [
        ("whisper", "2001"),
        ("hang_up", "2001"),
    ]
    Command.objects.update(status="done")
    assert "您已离开通话。" in leader.get(f"{here}?again=1", headers=htmx).content.decode()
    late = leader.post("/floor/agents/1001/monitor", leave, headers=htmx)
    assert "您已离开通话。" in late.content.decode() and Command.objects.count() == 2


@pytest.mark.parametrize("command", ["", "0", "１", "9" * 30])
def test_only_a_call_that_one_listens_to_is_left(switch, as_, command):
    left = as_("2001").post("/floor/agents/1001/monitor", {"verb": "leave", "command": command})
    assert left.status_code == 404 and not Command.objects.exists()


def test_a_listeners_telephone_is_in_the_floors_page_where_it_is_one_of_the_browser(switch, as_):
    from zuoxi.people.models import Staff
    from zuoxi.telephony.models import Extension, Switch

    leader = as_("2001")
    assert leader.get("/floor/softphone.json").status_code == 404
    assert "softphone" not in leader.get("/floor/").content.decode()
    Switch.objects.update(websocket_url="wss://zuoxi.example.com/ws")
    staff = Staff.objects.get(code="2001")
    Extension.objects.create(number="2001", switch=Switch.objects.first(), staff=staff, browser=True, secret="secret")
    assert leader.get("/floor/softphone.json").json()["user"] == "2001"
    for url in ("/floor/", "/floor/agents/1001/"):
        assert 'data-config-url="/floor/softphone.json"' in leader.get(url).content.decode()
    assert "softphone" not in as_("8001").get("/floor/").content.decode(), "another's telephone"
