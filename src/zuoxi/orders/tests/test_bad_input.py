# SPDX-License-Identifier: Apache-2.0
"""What goes wrong at a desk: numbers that are none, two who click at once, a customer who is merged while he talks."""

import pytest

from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import found_by, identities_of
from zuoxi.customers.services import merge_customers, save_customer
from zuoxi.orders import selectors, services
from zuoxi.orders.models import Order
from zuoxi.orders.services import NotDone, Overtaken
from zuoxi.orders.tests.test_pages import sign_in
from zuoxi.orders.tests.world import HOUR, NOW

PLACE = "某省某市某区某路一号楼一单元"


def to(phone, receiver=""):
    return services.Delivery(phone, "云甲", receiver, PLACE)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("１３９００００００４４", "13900000044"),
        ("+86 139-0000-0044", "13900000044"),
        ("0532-88888888 转 801", "053288888888"),
        ("05328888 8888,801", "053288888888"),
        ("+1 650 253 0000", "0016502530000"),
    ],
)
def test_a_number_is_kept_in_its_one_form_and_without_its_extension(world, written, kept):
    order = world.place(to=to(written, written))
    assert (order.phone, order.receiver_phone) == (kept, kept)
    assert ("801" in order.note) is ("801" in written)


def test_an_extension_in_wide_figures_or_told_while_verifying_stands_in_the_note(world):
    wide = "0532-88888888 转 ８０１"
    there = save_customer(None, name="云乙", tags=[], note="", by=None, now=NOW, number=wide)
    assert found_by(wide) == there
    order = world.place((world.silk, 2), to=to("13900000044"), note="长" * 600)
    services.log_verify_call(order, by=world.t2, now=NOW, reached=True)
    services.confirm_order(order, by=world.t2, now=NOW, corrections=services.Corrections(receiver_phone=wide))
    order.refresh_from_db()
    assert (order.receiver_phone, len(order.note)) == ("053288888888", 500)
    assert order.note.endswith("801")


@pytest.mark.parametrize("written", ["1.38E+10", "1390000004", "139000000444", "不知道", "+999 1"])
def test_a_number_that_is_none_is_refused_wherever_it_stands(world, written):
    for where in (to(written), to("13900000001", written)):
        with pytest.raises(NotDone):
            world.place(to=where)
    assert not Order.objects.exists()


def test_whoever_has_the_line_is_found_though_an_extension_was_written(world):
    there = save_customer(None, name="云乙", tags=[], note="", by=None, now=NOW, number="0532-88888888 转 801")
    assert found_by("0532-88888888 转 801") == there


def test_an_order_of_a_customer_who_was_merged_meanwhile_belongs_to_the_one_that_stands(world):
    other = save_customer(None, name="云甲", tags=[], note="", by=None, now=NOW, number="13900000002")
    merge_customers(world.customer.pk, other.pk, chosen={}, by=world.c1, now=NOW)
    order = world.place(customer=other)  # the page of the call still named the record that went
    assert order in selectors.orders_of(identities_of(world.customer.pk))
    assert order in selectors.orders_of(identities_of(Customer.objects.get(pk=other.pk).pk))


def test_the_second_of_two_clerks_hears_who_was_first(world):
    order = world.delivered()
    case = services.open_return(order, world.asked(order), by=world.c1, now=NOW + 24 * HOUR)
    services.collect(case, by=world.log, now=NOW + 25 * HOUR)
    with pytest.raises(Overtaken, match=world.log.name):
        services.collect(case, by=world.log, now=NOW + 25 * HOUR)


def test_another_system_that_sends_an_order_again_with_other_goods_is_told(client, world):
    sign_in(client, world, "om")
    said = {"foreign": "A1", "phone": "13900000031", "name": "云戊", "address": PLACE}
    first = said | {"lines": [{"sku": "G2", "quantity": 1}]}
    second = said | {"lines": [{"sku": "G1", "quantity": 5}]}
    assert client.post("/api/v1/orders/orders", first, content_type="application/json").status_code == 201
    again = client.post("/api/v1/orders/orders", second, content_type="application/json")
    assert again.status_code == 409
    assert "A1" in again.json()["detail"]
    assert Order.objects.get(foreign="A1").total == 100


@pytest.mark.parametrize("by", ["number", "end", "phone", "receiver_phone", "customer", "tracking", "foreign"])
def test_an_order_is_found_by_whatever_people_know_of_it(world, by):
    order = world.shipped()
    Order.objects.filter(pk=order.pk).update(foreign="W-77", receiver_phone="13900000055")
    order.refresh_from_db()
    world.place((world.pan, 1), customer=save_customer(None, name="李四", tags=[], note="", by=None, now=NOW),
                to=to("13900000099"))  # fmt: skip
    words = {
        "number": order.number.lower(), "end": order.number[-4:], "phone": "139 0000 0001",
        "receiver_phone": "13900000055", "customer": "云甲", "tracking": order.shipments.get().tracking.lower(),
        "foreign": "W-77",
    }[by]  # fmt: skip
    found = list(selectors.found(words, Order.objects.filter(customer=world.customer)))
    assert found == [order]


def test_a_search_that_finds_nothing_finds_nothing(world):
    world.place()
    assert not selectors.found("D99999999-9999", Order.objects.all()).exists()
    assert not selectors.found("孙悟空", Order.objects.all()).exists()
