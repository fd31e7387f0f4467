# SPDX-License-Identifier: Apache-2.0
"""A second click, a page left open, a post whose step it is not: nothing happens twice, and somebody is told."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from zuoxi.customers.models import Customer
from zuoxi.orders import services
from zuoxi.orders.models import Case, MoneyEntry, Order, Shipment
from zuoxi.orders.tests.test_pages import sign_in
from zuoxi.orders.tests.world import HOUR, NOW


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW + HOUR, tick=False):
        yield


def act_on(order):
    return reverse("orders:act", args=[order.number])


def form(world, **more):
    return {
        "place": "1", "phone": "13900000001", "name": "云甲", "address": "某省某市某区某路二号楼",
        f"piece_{world.pan.pk}": "2",
    } | more  # fmt: skip


@pytest.mark.clause("ORD-002")
def test_the_second_click_on_split_splits_nothing(client, world):
    order = world.place((world.pot, 4))
    fields = {"act": "split", f"take_{order.lines.get().pk}": "1", "seen": "4"}
    sign_in(client, world, "t1")
    assert client.post(act_on(order), fields).status_code == 302
    second = client.post(act_on(order), fields)
    assert second.status_code == 409
    assert "现在有 3 件" in second.content.decode()
    assert Order.objects.filter(origin=order).count() == 1
    assert client.post(act_on(order), fields | {"seen": "3"}).status_code == 302


@pytest.mark.clause("ORD-004")
def test_the_second_click_on_place_places_nothing_unless_he_wants_it_once_more(client, world):
    sign_in(client, world, "t1")
    address = reverse("orders:new")
    assert client.post(address, form(world)).status_code == 302
    first = Order.objects.latest("pk")
    second = client.post(address, form(world))
    assert second.status_code == 422
    assert first.number in second.content.decode() and f'name="again" value="{first.number}"' in second.content.decode()
    assert Order.objects.count() == 1
    again = form(world, again=first.number)
    assert client.post(address, again).status_code == 302
    assert client.post(address, again).status_code == 422  # the second click on "once more"
    assert Order.objects.count() == 2
    assert client.post(address, form(world, again=Order.objects.latest("pk").number)).status_code == 302
    assert Order.objects.count() == 3


@pytest.mark.clause("ORD-004")
@pytest.mark.parametrize(("minutes", "status"), [(4, 422), (5, 302)])
def test_the_same_goods_are_asked_about_for_five_minutes(client, world, minutes, status):
    sign_in(client, world, "t1").post(reverse("orders:new"), form(world))
    with time_machine.travel(NOW + HOUR + timedelta(minutes=minutes), tick=False):
        assert client.post(reverse("orders:new"), form(world)).status_code == status


def test_other_goods_other_pieces_and_another_seller_are_another_order(client, world):
    sign_in(client, world, "t1").post(reverse("orders:new"), form(world))
    assert client.post(reverse("orders:new"), form(world, **{f"piece_{world.pan.pk}": "3"})).status_code == 302
    assert client.post(reverse("orders:new"), form(world, **{f"piece_{world.pot.pk}": "1"})).status_code == 302
    assert sign_in(client, world, "t2").post(reverse("orders:new"), form(world)).status_code == 302


def test_an_order_that_was_called_off_may_be_placed_again_at_once(client, world):
    sign_in(client, world, "t1").post(reverse("orders:new"), form(world))
    services.cancel_order(Order.objects.get(), by=world.t1, now=NOW + HOUR, words="下错了")
    assert client.post(reverse("orders:new"), form(world)).status_code == 302


@pytest.mark.parametrize(
    ("code", "act", "lane"),
    [("c1", "ship", "仓库"), ("wh", "deliver", "物流"), ("log", "pay", "财务"), ("fin", "cancel", "呼叫中心")],
)
def test_whoever_posts_a_step_of_another_post_is_told_whose_it_is(client, world, code, act, lane):
    order = world.place()
    answer = sign_in(client, world, code).post(act_on(order), {"act": act})
    assert answer.status_code == 403
    assert "不是您岗位的步骤" in answer.content.decode() and f"请交由：{lane}" in answer.content.decode()


@pytest.mark.clause("ORD-003")
def test_a_parcel_of_an_exchange_leaves_the_list_of_logistics_once_it_is_there(client, world):
    order = world.delivered((world.pan, 1))
    case = services.open_exchange(order, world.asked(order), by=world.c1, now=NOW + HOUR)
    services.send(case, tracking="SF9001", carrier="顺达", by=world.wh, now=NOW + HOUR)
    parcel = Shipment.objects.get(tracking="SF9001")
    page = sign_in(client, world, "log").get(reverse("orders:parcels")).content.decode()
    assert f'name="parcel" value="{parcel.pk}"' in page
    fields = {"act": "arrived", "parcel": str(parcel.pk), "back": "parcels"}
    assert client.post(act_on(order), fields).url == reverse("orders:parcels")
    assert "SF9001" not in client.get(reverse("orders:parcels")).content.decode()
    assert client.post(act_on(order), fields).status_code == 409
    assert client.post(act_on(order), fields | {"parcel": "999"}).status_code == 404


@pytest.mark.clause("ORD-006")
def test_what_was_sent_again_goes_on_to_be_told_when_logistics_writes_it_down_as_there(client, world):
    order = world.delivered((world.pan, 1))
    case = services.open_reship(order, world.asked(order, reason="missing"), by=world.c1, now=NOW + HOUR)
    services.approve(case, by=world.csrl, now=NOW + HOUR)
    services.send(case, tracking="SF9002", carrier="顺达", by=world.wh, now=NOW + HOUR)
    parcel = Shipment.objects.get(tracking="SF9002")
    sign_in(client, world, "log").post(act_on(order), {"act": "arrived", "parcel": str(parcel.pk)})
    parcel.refresh_from_db()
    assert (Case.objects.get(pk=case.pk).state, parcel.state) == ("to_tell", "delivered")


@pytest.mark.clause("ORD-006")
@pytest.mark.parametrize("who_says", ["logistics", "carrier", "case"])
def test_of_two_parcels_sent_again_only_the_one_that_is_there_goes_on(client, world, who_says):
    order = world.delivered((world.pan, 1), (world.pot, 1))
    cases = []
    for nth, line in enumerate(order.lines.order_by("pk")):
        asked = services.Asked((services.Some(line.pk, 1, None),), "missing", "少了一件")
        case = services.open_reship(order, asked, by=world.c1, now=NOW + HOUR)
        services.approve(case, by=world.csrl, now=NOW + HOUR)
        services.send(case, tracking=f" sf900{nth}", carrier="顺达", by=world.wh, now=NOW + HOUR)
        cases.append(case)
    parcel = Shipment.objects.get(tracking="SF9001")
    if who_says == "logistics":
        sign_in(client, world, "log").post(act_on(order), {"act": "arrived", "parcel": str(parcel.pk)})
        assert [(one.what, world.log.name in one.words) for one in parcel.events.all()] == [("delivered", True)]
    elif who_says == "carrier":
        services.carrier_news("SF9001", "delivered", key="1", at=NOW + 2 * HOUR)
    else:
        services.arrive(cases[1], by=world.log, now=NOW + 2 * HOUR)
    states = {one.tracking: one.state for one in Shipment.objects.filter(kind="reship")}
    assert states == {"SF9000": "shipped", "SF9001": "delivered"}
    assert [Case.objects.get(pk=one.pk).state for one in cases] == ["sent", "to_tell"]


@pytest.mark.clause("ORD-003")
def test_a_parcel_that_came_to_its_end_meanwhile_is_not_ended_again(world):
    order = world.delivered((world.pan, 1))
    case = services.open_exchange(order, world.asked(order), by=world.c1, now=NOW + HOUR)
    services.send(case, tracking="SF9001", carrier="顺达", by=world.wh, now=NOW + HOUR)
    seen = Shipment.objects.get(tracking="SF9001")
    services.parcel_arrived(seen, by=world.log, now=NOW + HOUR)
    with pytest.raises(services.Overtaken):
        services.deliver(seen, by=world.log, now=NOW + 2 * HOUR)
    assert Shipment.objects.get(pk=seen.pk).ended_at == NOW + HOUR


@pytest.mark.clause("ORD-003")
def test_finance_sees_the_payments_that_orders_wait_for_and_writes_each_down_once(client, world):
    order = world.verified(world.place(payment="prepaid"))
    world.place((world.pan, 1))
    page = sign_in(client, world, "fin").get(reverse("orders:payments"))
    assert [line["order"] for line in page.context["lines"]] == [order]
    waiting = sign_in(client, world, "wh").get(reverse("orders:to_ship")).content.decode()
    assert "等待付款" in waiting
    fields = {"act": "pay", "amount": "200", "seen": "0.00", "ref": "银行流水8", "back": "payments"}
    assert sign_in(client, world, "fin").post(act_on(order), fields).url == reverse("orders:payments")
    assert client.post(act_on(order), fields).status_code == 409
    assert client.get(reverse("orders:payments")).context["lines"][0]["order"].owed == Decimal(300)
    client.post(act_on(order), fields | {"amount": "300", "seen": "200.00"})
    assert not client.get(reverse("orders:payments")).context["lines"]
    assert MoneyEntry.objects.filter(order=order).count() == 2


def test_an_exchange_keeps_the_call_and_ticket_it_was_asked_in(client, world):
    order = world.delivered((world.pan, 1))
    address = reverse("orders:open_case", args=[order.number, "exchange"])
    page = sign_in(client, world, "c1").get(f"{address}?call=lab-7&ticket=G1").content.decode()
    assert 'name="call" value="lab-7"' in page and 'name="ticket" value="G1"' in page
    client.post(address, {f"line_{order.lines.get().pk}": "1", "reason": "size", "call": "lab-7", "ticket": "G1"})
    assert (Case.objects.get().call, Case.objects.get().ticket) == ("lab-7", "G1")


def test_enter_takes_the_first_article_once_and_afterwards_only_works_the_total_out(client, world):
    sign_in(client, world, "t1")
    fields = {"find": "hg2", "enter": "1", "phone": "13900000009"}
    page = client.post(reverse("orders:new"), fields).content.decode()
    assert f'name="piece_{world.pan.pk}" value="1"' in page and 'value="hg2"' not in page
    assert page.index('name="enter"') < page.index('name="add"')  # the button that Enter presses in every field
    basket = {f"piece_{world.pan.pk}": "1"}
    again = client.post(reverse("orders:new"), basket | {"find": "", "enter": "1"}).content.decode()
    assert f'name="piece_{world.pan.pk}" value="1"' in again
    counted = client.post(reverse("orders:new"), basket | {"find": "hg2", "count": "1"}).content.decode()
    assert f'name="piece_{world.pan.pk}" value="1"' in counted
    missed = client.post(reverse("orders:new"), basket | {"find": "zzz", "enter": "1"}).content.decode()
    assert f'name="piece_{world.pan.pk}" value="1"' in missed and 'value="zzz"' in missed


def test_the_seller_is_not_offered_the_verification_of_his_own_order(client, world):
    order = world.place((world.silk, 3))
    verify = reverse("orders:verify", args=[order.number])
    page = reverse("orders:order", args=[order.number])
    assert verify not in sign_in(client, world, "t1").get(page).content.decode()
    assert verify in sign_in(client, world, "t2").get(page).content.decode()


@pytest.mark.parametrize(("code", "name"), [("wh", "to_ship"), ("log", "parcels"), ("fin", "payments")])
def test_a_department_finds_one_order_in_its_list(client, world, code, name):
    for nth in range(2):
        order = world.verified(world.place((world.pan, nth + 1), payment="prepaid" if code == "fin" else "cod"))
        if code == "log":
            services.ship_order(order, tracking=f"SF77{nth}", carrier="顺达", by=world.wh, now=NOW)
    other = Order.objects.exclude(pk=order.pk).get()
    page = sign_in(client, world, code).get(reverse(f"orders:{name}"), {"q": order.number}).content.decode()
    assert order.number in page and other.number not in page
    if code == "log":
        assert order.number in client.get(reverse("orders:parcels"), {"q": "sf771"}).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"kind": "nothing"}, {"address": ""}, {"lines": [{"sku": "NONE", "quantity": 1}]}, {"phone": "1.38E+10"}]
)
def test_an_order_that_a_program_may_not_place_leaves_nobody_behind(client, world, wrong):
    before = Customer.objects.count()
    said = {"foreign": "A9", "phone": "13900000077", "name": "云己", "address": "某省某市某区某路五号楼",
            "lines": [{"sku": "G2", "quantity": 1}]} | wrong  # fmt: skip
    answer = sign_in(client, world, "om").post("/api/v1/orders/orders", said, content_type="application/json")
    assert answer.status_code == 409 and answer.json()["detail"]
    assert (Customer.objects.count(), Order.objects.count()) == (before, 0)
