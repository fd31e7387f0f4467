# SPDX-License-Identifier: Apache-2.0
"""Where the trade takes no orders, or takes them no longer."""

import pytest
from django.urls import reverse

from zuoxi.customers.panels import Subject
from zuoxi.orders import services
from zuoxi.orders.models import Order, Stock
from zuoxi.orders.panels import orders
from zuoxi.orders.tests.test_pages import sign_in
from zuoxi.orders.tests.world import HOUR, NOW


def test_beside_a_call_no_order_is_offered_where_the_trade_takes_none(world, settings, rf):
    caller, known = Subject(None, number="13900000009"), Subject(customer=world.customer, number="13900000001")
    assert orders(rf.get("/"), caller)["sells"]
    settings.PACK = "heating"
    assert orders(rf.get("/"), caller) is None
    assert orders(rf.get("/"), known) is None


def test_an_order_whose_kind_left_the_pack_is_read_and_called_off_and_gives_its_goods_back(client, world, settings, rf):
    order = world.place((world.pan, 1))
    assert Stock.objects.get(product=world.pan).reserved == 1
    settings.PACK = "heating"
    page = sign_in(client, world, "t1").get(reverse("orders:order", args=[order.number])).content.decode()
    assert order.number in page
    found = orders(rf.get("/"), Subject(customer=world.customer, number="13900000001"))
    assert ([one["order"] for one in found["lines"]], found["sells"]) == ([order], False)
    services.cancel_order(order, by=world.t1, now=NOW + HOUR, words="客户不要了")
    assert Stock.objects.get(product=world.pan).reserved == 0


def test_the_form_of_an_order_is_no_page_where_nothing_is_sold(client, world, settings):
    sign_in(client, world, "t1")
    assert client.get(reverse("orders:new")).status_code == 200
    settings.PACK = "heating"
    said = {"place": "1", "phone": "13900000091", "name": "云辛", f"piece_{world.pan.pk}": "1"}
    assert client.get(reverse("orders:new")).status_code == 404
    assert client.get(reverse("orders:new_goods")).status_code == 404
    assert client.post(reverse("orders:new"), said).status_code == 404
    assert not Order.objects.exists()


def test_no_return_is_opened_on_an_order_whose_kind_left_the_pack(world, settings):
    order = world.delivered((world.pan, 1))
    settings.PACK = "heating"
    with pytest.raises(services.NotDone):
        world.returned(order)
