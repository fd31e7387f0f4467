# SPDX-License-Identifier: Apache-2.0
"""The customer beside the call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zuoxi.customers import selectors as found
from zuoxi.customers import services as customers
from zuoxi.customers.models import Customer
from zuoxi.floor import linking
from zuoxi.floor.models import CallCustomer
from zuoxi.floor.tests.centre import ago
from zuoxi.people.models import Staff
from zuoxi.telephony.models import Call, WrapUp
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


def made(name, number, **more):
    values = {"tags": [], "note": "", **more}
    return customers.save_customer(None, name=name, by=None, now=timezone.now(), number=number, **values)


@pytest.fixture
def talk(switch):
    switch.sign_in("1001")
    for day in range(1, 9):
        earlier = switch.join(day, caller="013800138000", at=ago(days=day))
        switch.connect(earlier, "1001")
        switch.complete(earlier, "1001")
    uid = switch.join(50, caller="13800138000")
    switch.connect(uid, "1001")
    return Call.objects.get(uid=uid)


@pytest.mark.clause("CUS-001")
def test_who_calls_and_what_to_mind_stands_beside_the_call_in_few_queries(talk, as_):
    wang = made("王女士", "13800138000", grade="vip", tags=["老客户"], note="上午勿扰")
    customers.bar_number(
        "13800138000", scope="offers", reason="本人要求", source="customer", by=None, now=timezone.now()
    )
    customers.add_address(wang, {"city": "青岛市", "line": "香港路8号"}, by=None, now=timezone.now())
    client = as_("1001")
    client.get(f"/desk/pop/{talk.pk}/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/desk/pop/{talk.pk}/").content.decode()
    assert len(asked) <= 12, [one["sql"][:110] for one in asked]
    assert "王女士" in page and "重要客户" in page and "上午勿扰" in page and "香港路8号" in page
    assert "不要推销" in page and "移动" in page and "13800138000" not in page
    with CaptureQueriesContext(connection) as asked:
        last = client.get(f"/desk/pop/{talk.pk}/last/").content.decode()
    assert last.count("客户来电") == 6 and len(asked) <= 12, [one["sql"][:110] for one in asked]


def test_the_whole_history_asks_few_questions_however_many_packages_tell(talk, as_):
    wang = made("王女士", "13800138000")
    linking.link(talk.uid, wang, by=Staff.objects.get(code="1001"), now=timezone.now())
    client = as_("1001")
    address = f"/customers/{wang.pk}/history/"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200 and answer.content.decode().count("客户来电") == 9
    assert len(asked) <= 12, [one["sql"][:110] for one in asked]


def test_a_number_finds_the_whole_person_at_once(talk, django_assert_num_queries):
    wang, gone = made("王女士", "13800138000"), made("王小美", "13900139000")
    Customer.objects.filter(pk=gone.pk).update(merged_into=wang)
    with django_assert_num_queries(1):
        person = found.person_with("+86 138-0013-8000")
    assert (person.customer, person.ids) == (wang, (wang.pk, gone.pk))
    assert set(person.numbers) == {"13800138000", "13900139000"}
    assert found.person_with("13900139000") == person  # the number that stayed with who was merged
    assert found.person_with("13700137000") is None and found.person_with("") is None
    assert linking.person_of(talk.uid, "13800138000") == person


def test_what_packages_say_of_the_caller_comes_in_two_pieces_of_few_queries(talk, as_):
    made("王女士", "13800138000")
    client = as_("1001")
    for piece, word in (("", "<details"), ("?rest=1", "<details")):
        client.get(f"/desk/pop/{talk.pk}/beside/{piece}")
        with CaptureQueriesContext(connection) as asked:
            page = client.get(f"/desk/pop/{talk.pk}/beside/{piece}").content.decode()
        assert len(asked) <= 12, [one["sql"][:110] for one in asked]
        assert word in page
    assert as_("1002").get(f"/desk/pop/{talk.pk}/beside/").status_code == 404


def test_nobody_sees_the_customer_of_anothers_call(talk, as_):
    assert as_("1002").get(f"/desk/pop/{talk.pk}/").status_code == 404


@pytest.mark.clause("CUS-001")
def test_another_of_the_family_is_linked_and_the_history_follows(talk, as_):
    made("王女士", "13800138000")
    son = made("王小明", "13900139000")
    client = as_("1001")
    listed = client.get(f"/desk/pop/{talk.pk}/find/?q=小明").content.decode()
    assert "王小明" in listed and "139****9000" in listed
    page = client.post(f"/desk/pop/{talk.pk}/link", {"customer": son.pk}, headers=HX).content.decode()
    assert "王小明" in page and CallCustomer.objects.get().customer == son
    assert "王小明" in client.get("/desk/call/").content.decode()
    entry = AuditEntry.objects.get(verb="floor.call.customer")
    assert (entry.who, entry.on_id) == ("1001", str(son.pk))
    mother = client.get(f"/customers/{found.found_by('13800138000').pk}/history/").content.decode()
    assert mother.count("客户来电") == 8  # the call of the son is not hers


@pytest.mark.clause("CUS-001")
def test_a_customer_merged_during_the_call_stands_merged_on_the_desk(talk, as_):
    mistyped, real = made("王女", "13800138000"), made("王女士", "13900139000")
    linking.link(talk.uid, mistyped, by=real.made_by or user_of("1001"), now=timezone.now())
    customers.merge_customers(real.pk, mistyped.pk, chosen={}, by=None, now=timezone.now())
    client = as_("1001")
    assert "王女士" in client.get("/desk/call/").content.decode()
    form = {"call": talk.pk, "topic": "order", "result": "solved", "do": "save"}
    assert client.post("/desk/wrap-up", form, headers=HX).status_code == 200
    assert "王女士" in client.get(f"/desk/pop/{talk.pk}/").content.decode()


def user_of(code):
    from zuoxi.people.selectors import staff_by_code

    return staff_by_code(code)


@pytest.mark.clause("CUS-001")
def test_a_withheld_number_is_written_down_as_unknown_once(switch, as_):
    switch.sign_in("1001")
    uid = switch.join(7, caller="")
    switch.connect(uid, "1001")
    call = Call.objects.get(uid=uid)
    client = as_("1001")
    page = client.post(f"/desk/pop/{call.pk}/unknown", headers=HX).content.decode()
    client.post(f"/desk/pop/{call.pk}/unknown", headers=HX)
    unknown = CallCustomer.objects.get().customer
    assert unknown.unknown and "待核实" in page and unknown.changes.count() == 0


@pytest.mark.clause("CUS-001")
def test_the_wrap_up_keeps_whose_call_it_was(talk, as_):
    wang = made("王女士", "13800138000")
    form = {"call": talk.pk, "topic": "order", "result": "solved", "do": "save"}
    as_("1001").post("/desk/wrap-up", form, headers=HX)
    assert CallCustomer.objects.get(call=talk.uid).customer == wang


def test_a_link_to_nobody_is_refused(talk, as_):
    page = as_("1001").post(f"/desk/pop/{talk.pk}/link", {"customer": "x"}, headers=HX).content.decode()
    assert "从列表中选择" in page and not CallCustomer.objects.exists()


def test_a_call_that_goes_on_is_not_told_as_missed(talk, as_):
    page = as_("1001").get(f"/desk/pop/{talk.pk}/last/").content.decode()
    assert "进行中" in page and "未接" not in page


def test_the_page_of_a_call_names_what_was_written_in_the_words_of_the_form(talk, as_):
    WrapUp.objects.create(call_id=talk.pk, agent="1001", topic="delivery", result="solved", saved_at=timezone.now())
    page = as_("1001").get(f"/calls/{talk.pk}/").content.decode()
    assert "物流配送" in page and "当场解决" in page and "delivery" not in page


@pytest.mark.clause("CUS-001")
def test_the_customer_stays_on_the_desk_while_a_colleague_is_asked(talk, switch, as_):
    made("王女士", "13800138000")
    client = as_("1001")
    second = "lab-1/51.0"
    switch.say("call.started", second, "1001", direction="internal", caller="1001", number="1003", channel="c")
    switch.say("leg.joined", second, "1001", channel="PJSIP/1001-2")
    page = client.get("/desk/call/").content.decode()
    assert "王女士" in page and f'id="desk-pop-{talk.pk}"' in page
    switch.say("leg.left", second, "1001", channel="PJSIP/1001-2")
    switch.say("call.ended", second, cause="16", channel="c")
    assert "王女士" in client.get("/desk/call/").content.decode()


@pytest.mark.parametrize("heard", ["ended", "open"])
def test_an_old_call_whose_end_went_unheard_is_not_taken_for_the_one_that_waits(switch, as_, heard):
    made("王女士", "13800138000")
    long_ago = timezone.now() - timedelta(hours=5)
    switch.sign_in("1001", at=long_ago)
    old = switch.join(1, at=long_ago)
    switch.say("agent.connected", old, "1001", at=long_ago, queue="sales", wait=3, ring=2, channel="PJSIP/1001-1")
    if heard == "ended":  # the call, not his part in it
        switch.say("call.ended", old, at=long_ago + timedelta(minutes=4), cause="16", channel="t")
    switch.say("leg.ended", old, "1001", at=long_ago + timedelta(minutes=3), channel="PJSIP/1001-1")
    switch.say("call.started", "lab-1/52.0", "1001", direction="internal", caller="1001", number="1003", channel="c")
    switch.say("leg.joined", "lab-1/52.0", "1001", channel="PJSIP/1001-3")
    page = as_("1001").get("/desk/call/").content.decode()
    assert "王女士" not in page and "desk-pop-" not in page


def test_a_talk_with_a_colleague_alone_shows_no_customer(switch, as_):
    made("王女士", "13800138000")
    switch.sign_in("1001")
    switch.say("call.started", "lab-1/52.0", "1001", direction="internal", caller="1001", number="1003", channel="c")
    switch.say("leg.joined", "lab-1/52.0", "1001", channel="PJSIP/1001-3")
    page = as_("1001").get("/desk/call/").content.decode()
    assert "王女士" not in page and "desk-pop-" not in page
