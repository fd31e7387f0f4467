# SPDX-License-Identifier: Apache-2.0
"""What a search of orders leaves out is told, and a refused order leaves nothing behind."""

import pytest
from django.urls import reverse

from zuoxi.customers.models import Customer
from zuoxi.orders import selectors
from zuoxi.orders.models import Order
from zuoxi.orders.tests.test_pages import sign_in

pytestmark = pytest.mark.django_db


def test_a_name_that_more_customers_share_than_are_looked_at_is_told(client, world, monkeypatch):
    monkeypatch.setattr(selectors, "_NAMESAKES", 1)
    order = world.place()
    Customer.objects.update(name="云甲")
    address, words = reverse("orders:all"), {"q": "云甲"}
    sign_in(client, world, "om")
    assert client.get(address, words).context["namesakes"] == 0
    Customer.objects.create(name="云甲", made_at=order.placed_at, changed_at=order.placed_at)
    answer = client.get(address, words)
    assert answer.context["namesakes"] == 1
    assert "超过 1 位" in answer.content.decode()
    assert client.get(address, {"q": order.number}).context["namesakes"] == 0


@pytest.mark.parametrize(("who", "name"), [("wh", "to_ship"), ("fin", "payments"), ("log", "parcels")])
def test_every_list_that_is_searched_by_name_tells_it(client, world, monkeypatch, who, name):
    monkeypatch.setattr(selectors, "_NAMESAKES", 1)
    order = world.place()
    Customer.objects.update(name="云甲")
    Customer.objects.create(name="云甲", made_at=order.placed_at, changed_at=order.placed_at)
    answer = sign_in(client, world, who).get(reverse(f"orders:{name}"), {"q": "云甲"})
    assert "超过 1 位" in answer.content.decode()


@pytest.mark.parametrize(("more", "status", "made"), [({"address": ""}, 422, 0), ({}, 302, 1)])
def test_an_order_that_is_refused_on_the_page_leaves_no_customer_behind(client, world, more, status, made):
    before = Customer.objects.count(), Order.objects.count()
    fields = {
        "place": "1", "phone": "13900000777", "name": "云新", "address": "某省某市某区某路二号楼",
        f"piece_{world.pan.pk}": "2",
    } | more  # fmt: skip
    answer = sign_in(client, world, "t1").post(reverse("orders:new"), fields)
    assert answer.status_code == status
    assert (Customer.objects.count() - before[0], Order.objects.count() - before[1]) == (made, made)
