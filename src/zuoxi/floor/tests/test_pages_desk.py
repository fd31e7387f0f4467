# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zuoxi.customers import services as customers
from zuoxi.floor import desk, keeper, services
from zuoxi.floor.models import OpenDesk
from zuoxi.floor.tests.centre import ago
from zuoxi.telephony.models import Command, Extension, Number, QueueMembership, Switch, WrapUp
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


def in_hand(code: str) -> desk.CallInHand:
    found = desk.call_in_hand(desk.Now.of(code, keeper.keeper().picture(timezone.now())))
    assert found is not None
    return found


def test_the_desk_belongs_to_whoever_signed_in(switch, as_):
    switch.sign_in("1001")
    page = as_("1001").get("/desk/").content.decode()
    own = page.split("<main")[1].split("desk-queues")[0]
    assert 'data-state="ready"' in own and "售后" not in own


def test_signing_in_asks_for_the_queues_that_are_assigned(switch, as_):
    as_("1002").post("/desk/state", {"verb": "sign_in"}, headers=HX)
    command = Command.objects.get()
    assert (command.verb, command.agent, command.arguments) == ("sign_in", "1002", {"queues": ["care", "sales"]})
    assert command.status == "pending"


def test_somebody_without_a_queue_is_told_what_to_do(switch, as_):
    QueueMembership.objects.all().delete()
    told = as_("1001").post("/desk/state", {"verb": "sign_in"}, headers=HX).content.decode()
    assert "班长" in told and not Command.objects.exists()


def test_a_wish_stays_pending_until_the_switch_answers_and_a_refusal_says_why(switch, as_):
    client = as_("1001")
    pending = client.post("/desk/state", {"pause": "break"}, headers=HX).content.decode()
    command = Command.objects.get()
    assert f"/desk/commands/{command.pk}/" in pending and 'data-tone="wait"' in pending
    Command.objects.update(status="failed", message="the telephone is busy")
    told = client.get(f"/desk/commands/{command.pk}/").content.decode()
    assert 'data-tone="bad"' in told and "话机占线" in told and "hx-trigger" not in told


def test_nobody_reads_the_wishes_of_others(switch, as_):
    as_("1001").post("/desk/state", {"pause": "break"})
    assert as_("1002").get(f"/desk/commands/{Command.objects.get().pk}/").status_code == 404


@pytest.mark.parametrize("posted", [{"verb": "reload"}, {"verb": ""}, {}])
def test_the_desk_asks_for_nothing_but_its_own_states(switch, as_, posted):
    assert as_("1001").post("/desk/state", posted).status_code == 404


def test_an_unknown_reason_is_refused_in_words(switch, as_):
    as_("1001").post("/desk/state", {"pause": "nap"}, headers=HX)
    assert not Command.objects.exists()


@pytest.mark.clause("CALL-001")
def test_an_incoming_call_shows_the_customer_and_his_last_calls(switch, as_):
    switch.sign_in("1001")
    customers.save_customer(
        None, name="王女士", tags=["VIP"], note="", by=None, now=timezone.now(), number="138 0013 8000"
    )
    earlier = switch.join(1, caller="013800138000", at=ago(days=2))
    switch.connect(earlier, "1001")
    switch.complete(earlier, "1001")
    uid = switch.join(2, caller="13800138000")
    switch.ring(uid, "1001")
    page = as_("1001").get("/desk/call/").content.decode()
    assert "王女士" in page and "VIP" in page and "138****8000" in page and "13800138000" not in page
    assert 'value="answer"' in page and f"/desk/pop/{desk.Call.objects.get(uid=uid).pk}/" in page


def test_a_page_that_is_the_telephone_has_no_buttons_for_the_switch_to_press(switch, as_):
    Switch.objects.update(websocket_url="ws://127.0.0.1:8088/ws", sip_domain="lab")
    Extension.objects.filter(number="1001").update(secret="tops3cret")
    switch.sign_in("1001")
    switch.ring(switch.join(2), "1001")
    assert 'value="answer"' not in as_("1001").get("/desk/call/").content.decode()
    config = as_("1001").get("/desk/softphone.json").json()
    assert config["uri"] == "sip:1001@lab" and config["password"] == "tops3cret"
    assert as_("1002").get("/desk/softphone.json").json()["password"] != "tops3cret"


def test_the_settings_of_a_telephone_are_not_given_where_there_is_none(switch, as_):
    assert as_("1001").get("/desk/softphone.json").status_code == 404


@pytest.mark.clause("CALL-014")
def test_a_caller_on_hold_brings_the_prompt_of_the_handbook(switch, as_):
    switch.sign_in("1001")
    uid = switch.join(2)
    switch.connect(uid, "1001")
    switch.say("call.held", uid, "1001", channel="PJSIP/1001-1")
    page = as_("1001").get("/desk/call/").content.decode()
    assert 'data-alarm-after="11"' in page and "对不起，请稍等" in page
    switch.say("call.resumed", uid, "1001", channel="PJSIP/1001-1")
    assert "对不起，请稍等" not in as_("1001").get("/desk/call/").content.decode()


@pytest.mark.clause("CALL-001")
def test_the_wrap_up_is_kept_and_ends_the_wrap_up_when_asked(switch, as_):
    switch.sign_in("1001")
    uid = switch.join(2)
    switch.connect(uid, "1001")
    switch.complete(uid, "1001")
    switch.pause("1001", "wrapup")
    client = as_("1001")
    page = client.get("/desk/call/").content.decode()
    assert "data-until" in page and 'value="extend"' in page
    call = in_hand("1001").call
    form = {"call": call.pk, "topic": "delivery", "result": "solved", "success": "yes", "note": "明早送达"}
    client.post("/desk/wrap-up", {**form, "do": "ready"}, headers=HX)
    kept = WrapUp.objects.get()
    assert (kept.call_id, kept.topic, kept.success, kept.note) == (call.pk, "delivery", True, "明早送达")
    assert Command.objects.get().verb == "ready"


def test_a_wrap_up_without_topic_and_result_is_not_taken(switch, as_):
    uid = switch.join(2)
    switch.connect(uid, "1001")
    call = desk.Call.objects.get(uid=uid)
    told = as_("1001").post("/desk/wrap-up", {"call": call.pk, "topic": "", "result": ""}, headers=HX)
    assert 'data-tone="bad"' in told.content.decode() and not WrapUp.objects.exists()


def test_wrap_up_is_extended_once(switch, as_):
    switch.sign_in("1001")
    uid = switch.join(2)
    switch.connect(uid, "1001")
    switch.complete(uid, "1001")
    switch.pause("1001", "wrapup")
    before = in_hand("1001")
    client = as_("1001")
    client.post("/desk/wrap-up", {"do": "extend"}, headers=HX)
    after = in_hand("1001")
    assert after.extended and after.wrap_until - before.wrap_until == timedelta(seconds=before.queue.wrap_seconds)
    assert "disabled" in client.get("/desk/call/").content.decode().split('value="extend"')[1][:40]


def test_nobody_writes_up_or_calls_back_the_call_of_another(switch, as_):
    uid = switch.join(2)
    switch.connect(uid, "1002")
    switch.complete(uid, "1002")
    call = desk.Call.objects.get(uid=uid)
    form = {"call": call.pk, "topic": "order", "result": "solved"}
    assert as_("1001").post("/desk/wrap-up", form).status_code == 404
    assert as_("1001").post(f"/desk/redial/{call.pk}").status_code == 404


def test_calling_back_never_shows_the_number(switch, as_):
    uid = switch.join(2, caller="13812345678")
    switch.connect(uid, "1001")
    switch.complete(uid, "1001")
    call = desk.Call.objects.get(uid=uid)
    told = as_("1001").post(f"/desk/redial/{call.pk}", headers=HX).content.decode()
    assert Command.objects.get().arguments == {"number": "13812345678"}
    assert "13812345678" not in told


def test_only_the_centres_own_numbers_are_presented(switch, as_):
    Number.objects.create(number="4000000000", switch=Switch.objects.get(), presented=True)
    client = as_("1001")
    client.post("/desk/dial", {"number": "139 0000 1234", "present": "4000000000"}, headers=HX)
    assert Command.objects.get().arguments == {"number": "13900001234", "present": "4000000000"}
    client.post("/desk/dial", {"number": "13900001234", "present": "110"}, headers=HX)
    assert Command.objects.count() == 1


def test_a_new_caller_is_written_down_under_his_number(switch, as_):
    switch.sign_in("1001")
    switch.connect(switch.join(2, caller="13812345678"), "1001")
    client = as_("1001")
    call = in_hand("1001").call
    page = client.post("/desk/customer", {"call": call.pk, "name": "李先生"}, headers=HX).content.decode()
    assert "李先生" in page
    from zuoxi.customers.selectors import found_by

    assert found_by("+86 138 1234 5678").name == "李先生"


@pytest.mark.clause("CALL-009")
def test_a_second_seat_is_refused_and_written_down(switch):
    now = timezone.now()
    assert services.open_desk("1001", "tab-a", "session-a", "10.0.0.1", now) is None
    standing = services.open_desk("1001", "tab-b", "session-b", "10.0.0.2", now)
    assert standing.address == "10.0.0.1"
    entry = AuditEntry.objects.get(verb="floor.desk.second_sign_in")
    assert (entry.who, entry.ip) == ("1001", "10.0.0.2")
    with pytest.raises(services.Refused):
        services.take_desk("1001", "tab-b", "session-b", "10.0.0.2", now)


@pytest.mark.clause("CALL-009")
def test_a_second_tab_of_the_same_sign_in_is_told_and_may_take_the_desk(switch):
    now = timezone.now()
    services.open_desk("1001", "tab-a", "session-a", "", now)
    assert services.open_desk("1001", "tab-b", "session-a", "", now).tab == "tab-a"
    services.take_desk("1001", "tab-b", "session-a", "", now)
    assert not services.keep_desk("1001", "tab-a", now) and services.keep_desk("1001", "tab-b", now)
    assert not AuditEntry.objects.filter(verb="floor.desk.second_sign_in").exists()


def test_a_desk_that_nobody_has_seen_for_a_while_is_free(switch):
    now = timezone.now()
    services.open_desk("1001", "tab-a", "session-a", "", now)
    assert services.open_desk("1001", "tab-b", "session-b", "", now + timedelta(seconds=45)) is not None
    assert services.open_desk("1001", "tab-b", "session-b", "", now + timedelta(seconds=46)) is None


@pytest.mark.clause("CALL-009")
def test_a_second_seat_cannot_move_the_state(switch, as_):
    OpenDesk.objects.create(agent="1001", tab="a", session="another", opened_at=timezone.now(), seen_at=timezone.now())
    told = as_("1001").post("/desk/state", {"verb": "sign_in"}, headers=HX).content.decode()
    assert "另一席位" in told and not Command.objects.exists()


@pytest.mark.clause("FLR-005", "CALL-022")
def test_a_hand_goes_up_once_and_down_again(switch, as_):
    client = as_("1001")
    client.post("/desk/hand", {"do": "raise", "note": "系统慢"}, headers=HX)
    client.post("/desk/hand", {"do": "raise", "note": "系统很慢"}, headers=HX)
    from zuoxi.floor.models import RaisedHand

    assert RaisedHand.objects.get().note == "系统很慢"
    client.post("/desk/hand", {"do": "lower"}, headers=HX)
    assert RaisedHand.objects.get().lowered_at is not None


def test_the_day_of_an_agent_is_reckoned_from_his_own_rows(switch):
    from zuoxi.floor.selectors import figures_today

    switch.sign_in("1001")
    uid = switch.join(2)
    switch.connect(uid, "1001")
    switch.complete(uid, "1001")
    figures = figures_today("1001", timezone.now())
    assert (figures.handled, figures.talk_seconds, figures.missed) == (1, 20, 0)
    assert figures.success_rate is None


def test_the_desk_asks_few_questions(switch, as_):
    client = as_("1001")
    switch.sign_in("1001")
    for number in range(12):
        uid = switch.join(number, caller="13800138000")
        switch.connect(uid, "1001")
        switch.complete(uid, "1001")
    client.get("/desk/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/desk/")
    assert len(asked) <= 12, [one["sql"][:110] for one in asked]
