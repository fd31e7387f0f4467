# SPDX-License-Identifier: Apache-2.0
"""Every page as the posts that open it see it, with a fixed number of queries."""

from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from zuoxi.orders import services
from zuoxi.orders.models import Case, Emergency, Order, PointsGrant, Suspicion
from zuoxi.orders.tests.world import HOUR, NOW

LATER = NOW + 30 * HOUR


@pytest.fixture
def stocked(world):
    """Orders and cases in several states."""
    world.place()
    world.delivered((world.pan, 1))
    order = world.delivered()
    world.case = world.returned(order)
    world.refused = world.shipped()
    services.refuse(world.refused.shipments.get(), by=world.log, now=NOW + 3 * HOUR, reason="price", words="别处便宜")
    with time_machine.travel(LATER, tick=False):
        yield world


def sign_in(client, world, code):
    user = world.house.user(code)
    user.must_change_password = False
    user.save(update_fields=["must_change_password"])
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("code", "name"),
    [("t1", "orders"), ("t1", "new"), ("t2", "verifications"), ("c1", "work"), ("wh", "work"), ("log", "work"),
     ("fin", "work"), ("fin", "payments"), ("wh", "to_ship"), ("log", "parcels"), ("om", "all"), ("om", "cases"),
     ("wh", "products"), ("om", "products"), ("csrl", "points"), ("csrl", "ask_points"), ("csrs", "emergencies"),
     ("qa", "audit"), ("om", "figures"), ("om", "import")],
)  # fmt: skip
def test_a_list_opens_in_few_queries(client, stocked, django_assert_max_num_queries, code, name):
    sign_in(client, stocked, code).get("/")
    with django_assert_max_num_queries(12):
        answer = client.get(reverse(f"orders:{name}"))
    assert answer.status_code == 200, answer.content[:500]


def test_goods_promised_to_orders_are_told_as_such_and_not_as_a_time(client, stocked):
    page = sign_in(client, stocked, "wh").get(reverse("orders:products")).content.decode()
    assert "已占用" in page and "承诺时限" not in page


@pytest.mark.parametrize("code", ["t1", "c1", "wh", "log", "fin", "om", "dir"])
def test_an_order_and_a_case_open_to_every_department(client, stocked, code, django_assert_max_num_queries):
    sign_in(client, stocked, code).get(reverse("orders:all"))
    for order in Order.objects.all():
        with django_assert_max_num_queries(12):
            assert client.get(reverse("orders:order", args=[order.number])).status_code == 200
    with django_assert_max_num_queries(12):
        page = client.get(reverse("orders:case", args=[stocked.case.number])).content.decode()
    assert ('value="inspect"' in page) is (code == "wh")


def test_numbers_are_masked_until_a_purpose_is_written_down(client, stocked):
    sign_in(client, stocked, "c1")
    address = reverse("orders:order", args=[stocked.refused.number])
    assert "13900000001" not in client.get(address).content.decode()
    assert client.post(address + "phone/", {"purpose": ""}).status_code == 422
    assert "13900000001" in client.post(address + "phone/", {"purpose": "核对地址"}).content.decode()


@pytest.mark.clause("ORD-001")
def test_a_return_is_walked_through_by_its_departments(client, stocked):
    case = stocked.case
    address = reverse("orders:step", args=[case.number])
    line = case.lines.get()
    sign_in(client, stocked, "wh").post(address, {"step": "inspect", f"piece_{line.pk}": "1", "words": "一件有划痕"})
    assert client.post(address, {"step": "refund"}).status_code == 409
    sign_in(client, stocked, "fin").post(address, {"step": "refund", "words": "原路退回"})
    assert Case.objects.get(pk=case.pk).refund == Decimal(250)
    second = client.post(address, {"step": "refund", "words": "再退一次"})
    assert second.status_code == 409
    assert "再退一次" in second.content.decode() or "人fin" in second.content.decode()


@pytest.mark.clause("ORD-004")
def test_an_order_is_taken_with_the_keyboard_alone(client, stocked):
    sign_in(client, stocked, "t1")
    address = reverse("orders:new")
    found = client.post(address, {"find": "hg2", "enter": "1", "phone": "13900000009"}).content.decode()
    assert f'name="piece_{stocked.pan.pk}" value="1"' in found
    wrong = client.post(address, {"place": "1", "phone": "13900000009", f"piece_{stocked.pan.pk}": "2"})
    assert wrong.status_code == 422
    assert 'value="2"' in wrong.content.decode()
    fields = {
        "place": "1",
        "phone": "13900000009",
        "name": "云乙",
        "address": "某省某市某区某路二号楼",
        f"piece_{stocked.pan.pk}": "2",
    }
    made = client.post(address, fields)
    assert made.status_code == 302
    order = Order.objects.order_by("-pk").first()
    assert (order.total, order.seller, order.must_verify) == (Decimal(200), stocked.t1, True)


def test_an_exchange_is_opened_from_the_order(client, stocked):
    order = Order.objects.filter(state="delivered", lines__product=stocked.pan).first()
    sign_in(client, stocked, "c1")
    address = reverse("orders:open_case", args=[order.number, "exchange"])
    assert client.get(address).status_code == 200
    line = order.lines.get()
    fields = {f"line_{line.pk}": "1", f"wanted_{line.pk}": "NONE", "reason": "size", "words": "小了一号"}
    wrong = client.post(address, fields)
    assert wrong.status_code == 422
    assert "小了一号" in wrong.content.decode()
    client.post(address, fields | {f"wanted_{line.pk}": "g1"})
    assert Case.objects.filter(kind="exchange").get().difference == Decimal(150)


@pytest.mark.clause("ORD-007")
def test_points_go_up_by_their_number_and_a_matter_is_made_good_once(client, stocked):
    sign_in(client, stocked, "c1")
    address = reverse("orders:ask_points")
    fields = {"number": "13900000001", "points": "60", "basis": "complaint", "basis_ref": "K1", "reason": "发错货"}
    assert client.post(address, fields).status_code == 302
    grant = PointsGrant.objects.get()
    assert grant.finding["details"]["approvers"] == ["TEAM_LEADER", "SUPERVISOR"]
    again = client.post(address, fields)
    assert again.status_code == 422
    assert grant.number in again.content.decode()
    assert PointsGrant.objects.count() == 1


@pytest.mark.clause("ORD-008")
def test_an_emergency_is_dealt_with_by_the_posts_the_handbook_names(client, stocked):
    sign_in(client, stocked, "c1")
    client.post(
        reverse("orders:emergencies"),
        {"kind": "batch_quality", "title": "锅具掉漆", "words": "一批十单", "orders": "10"},
    )
    one = Emergency.objects.get()
    with pytest.raises(services.NotDone):
        services.take_emergency(one, by=stocked.c1, now=LATER)
    address = reverse("orders:emergency", args=[one.number])
    sign_in(client, stocked, "csrs").post(address, {"act": "take"})
    with pytest.raises(services.Overtaken):
        services.take_emergency(one, by=stocked.om, now=LATER)
    client.post(address, {"act": "close", "words": "已全部更换"})
    assert Emergency.objects.get().state == "closed"


@pytest.mark.clause("ORD-009")
def test_a_registration_that_looks_invented_is_judged_and_may_be_appealed(client, stocked):
    order = Order.objects.filter(state="delivered", lines__product=stocked.pan).first()
    services.open_return(order, stocked.asked(order), by=stocked.c1, now=NOW + 26 * HOUR)
    assert services.audit_registrations(LATER) == 2  # the other was returned within a day as well
    assert services.audit_registrations(LATER) == 0
    one = Suspicion.objects.get(order=order)
    address = reverse("orders:judge", args=[one.pk])
    sign_in(client, stocked, "qa").post(address, {"act": "invented", "words": "顾客否认"})
    sign_in(client, stocked, "t1").post(address, {"act": "appeal", "words": "有录音为证"})
    with pytest.raises(services.NotDone):
        services.judge_appeal(one, True, "维持", by=stocked.qa, now=LATER)
    services.judge_appeal(one, False, "录音属实", by=stocked.om, now=LATER)
    assert Suspicion.objects.get(order=order).state == "dismissed"


def test_a_program_places_an_order_once(client, stocked):
    sign_in(client, stocked, "om")
    said = {"foreign": "A1", "phone": "13900000031", "name": "云戊", "address": "某省某市某区某路四号楼",
            "lines": [{"sku": "G2", "quantity": 1}]}  # fmt: skip
    made = client.post("/api/v1/orders/orders", said, content_type="application/json")
    assert made.status_code == 201, made.content
    assert client.post("/api/v1/orders/orders", said, content_type="application/json").status_code == 409
    listed = client.get("/api/v1/orders/orders?limit=1").json()
    assert listed["next"] == listed["items"][0]["id"]


def test_a_program_finds_its_order_calls_it_off_and_asks_for_a_return(client, stocked):
    sign_in(client, stocked, "csrs")
    said = {"foreign": "A2", "phone": "13900000032", "name": "云庚", "address": "某省某市某区某路六号楼",
            "lines": [{"sku": "G2", "quantity": 1}]}  # fmt: skip
    placed = client.post("/api/v1/orders/orders", said, content_type="application/json").json()
    number = placed["number"]
    assert (placed["total"], placed["paid"], placed["lines"][0]["price"]) == ("100.00", "0.00", "100.00")
    found = client.get("/api/v1/orders/orders", {"foreign": "A2"}).json()["items"]
    assert [one["number"] for one in found] == [number]
    off = f"/api/v1/orders/orders/{number}/cancel"
    assert client.post(off, {"words": "x"}, content_type="application/json").status_code == 422
    first = client.post(off, {"words": "客户不要了"}, content_type="application/json")
    again = client.post(off, {"words": "客户不要了"}, content_type="application/json")
    assert (first.status_code, first.json()["state"], again.status_code) == (200, "cancelled", 409)
    assert again["Content-Type"] == "application/problem+json"
    order = Order.objects.filter(state="delivered", lines__product=stocked.pan, cases=None).first()
    cases = f"/api/v1/orders/orders/{order.number}/cases"
    wanted = {"kind": "return", "reason": "quality", "lines": [{"sku": "G2", "quantity": 1}]}
    wrong = client.post(cases, wanted | {"lines": [{"sku": "G3", "quantity": 1}]}, content_type="application/json")
    assert wrong.status_code == 409 and "G3" in wrong.json()["detail"] and wrong.json()["remedy"]
    twice = client.post(cases, wanted | {"lines": wanted["lines"] * 2}, content_type="application/json")
    assert twice.status_code == 409 and twice.json()["remedy"]
    made = client.post(cases, wanted, content_type="application/json")
    assert made.status_code == 201 and made.json()["state"] == "to_collect"
    assert client.post(cases, wanted, content_type="application/json").status_code == 409
    assert client.get(f"/api/v1/orders/cases/{made.json()['number']}").json()["order"] == order.number


@pytest.mark.clause("ORD-002")
def test_an_order_is_split_on_its_page_while_it_has_not_left(client, stocked):
    order = stocked.place((stocked.pot, 3))
    line = order.lines.get()
    address = reverse("orders:order", args=[order.number])
    assert f'name="take_{line.pk}"' in sign_in(client, stocked, "t1").get(address).content.decode()
    act = reverse("orders:act", args=[order.number])
    assert client.post(act, {"act": "split", f"take_{line.pk}": "3"}).status_code == 409
    answer = client.post(act, {"act": "split", f"take_{line.pk}": "1"})
    part = Order.objects.get(origin=order)
    assert answer.url == reverse("orders:order", args=[part.number])
    assert (part.total, part.origin_total) == (Decimal(250), Decimal(750))
    assert client.post(act, {"act": "split"}).status_code == 409
    gone = reverse("orders:order", args=[stocked.refused.number])
    assert 'name="take_' not in client.get(gone).content.decode()
    assert sign_in(client, stocked, "wh").post(act, {"act": "split", f"take_{line.pk}": "1"}).status_code == 403
