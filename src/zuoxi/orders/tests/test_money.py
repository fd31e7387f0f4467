# SPDX-License-Identifier: Apache-2.0
"""Money and goods that must come out even: amounts that are none, payments twice, goods that never came."""

from decimal import Decimal
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db.models import Sum
from django.urls import reverse

from zuoxi.orders import imports, services
from zuoxi.orders.models import Case, MoneyEntry, Order, PointsGrant, Stock
from zuoxi.orders.services import NotDone
from zuoxi.orders.tests.test_pages import sign_in
from zuoxi.orders.tests.world import HOUR, NOW
from zuoxi.orders.views.asking import key_of
from zuoxi.vault.models import AuditEntry

LATER = NOW + 30 * HOUR


@pytest.mark.parametrize("price", ["1E+30", "0.001", "NaN", "-0.01", "10000000000"])
def test_an_amount_that_no_till_knows_is_no_price(world, price):
    with pytest.raises(NotDone):
        services.set_price(world.pan, Decimal(price), from_on=NOW, by=world.om)
    line = services.Wanted(world.pan.pk, 1, Decimal(price))
    to = services.Delivery("13900000001", "云甲", "", "某省某市某区某路一号楼")
    with pytest.raises(NotDone):
        services.place_order(customer=world.customer, lines=[line], to=to, by=None, now=NOW, source="api")


def test_an_order_that_comes_to_more_than_can_be_written_is_refused_and_not_broken(world):
    line = services.Wanted(world.pan.pk, 9999, Decimal("9999999999.99"))
    to = services.Delivery("13900000001", "云甲", "", "某省某市某区某路一号楼")
    with pytest.raises(NotDone):
        services.place_order(customer=world.customer, lines=[line], to=to, by=None, now=NOW, source="api")


def test_what_was_paid_before_the_delivery_is_not_booked_twice(world):
    order = world.shipped()
    services.take_payment(order, Decimal(100), by=world.fin, now=NOW)
    with pytest.raises(NotDone):
        services.take_payment(order, Decimal("0.001"), by=world.fin, now=NOW)
    services.deliver(order.shipments.get(), by=world.log, now=NOW + 2 * HOUR)
    order.refresh_from_db()
    booked = MoneyEntry.objects.filter(order=order).aggregate(all=Sum("amount"))["all"]
    assert (order.paid, booked) == (Decimal(500), Decimal(500))


def test_the_number_on_the_parcel_is_as_short_as_numbers_are(world):
    to = services.Delivery("13900000001", "云甲", "1" * 30, "某省某市某区某路一号楼一单元")
    with pytest.raises(NotDone):
        world.place(to=to)
    order = world.place()
    services.log_verify_call(order, by=world.t2, now=NOW, reached=True)
    said = services.Corrections(receiver_phone="1" * 30)
    with pytest.raises(NotDone):
        services.confirm_order(order, by=world.t2, now=NOW, corrections=said)
    said = services.Corrections(address="长" * 300)
    assert len(services.confirm_order(order, by=world.t2, now=NOW, corrections=said).address) == 240


@pytest.mark.clause("ORD-006")
def test_what_could_not_be_sent_again_is_refunded_and_never_becomes_stock(world):
    order = world.delivered()
    case = services.open_reship(order, world.asked(order, "missing", 1), by=world.c1, now=LATER)
    services.approve(case, by=world.csrl, now=LATER)
    before = Stock.objects.get(product=world.pot).on_hand
    made = services.no_stock(case, by=world.wh, now=LATER, words="断货")
    line = made.lines.get()
    services.receive(made, {line.pk: 1}, by=world.wh, now=LATER)
    services.inspect(made, {line.pk: 1}, by=world.wh, now=LATER, words="确认漏寄")
    assert services.refund(made, by=world.fin, now=LATER).refund == Decimal(250)
    assert Stock.objects.get(product=world.pot).on_hand == before


@pytest.mark.clause("ORD-003")
def test_a_delivery_told_ahead_of_its_time_does_not_stop_a_return(world):
    order = world.delivered()
    Order.objects.filter(pk=order.pk).update(delivered_at=NOW + 72 * HOUR)
    assert services.open_return(order, world.asked(order), by=world.c1, now=LATER).state == "to_collect"


def test_a_file_with_amounts_and_numbers_that_cannot_be_is_told_line_by_line(world):
    head = "外部单号,电话,姓名,地址,货号,数量,单价"
    rows = [f"W1,13900000021,云丙,某省某市某区某路三号楼,g2,2,{price}" for price in ("1E30", "0.001", "NaN")]
    rows.append("W" * 65 + ",13900000021,云丙,某省某市某区某路三号楼,G2,1,90")
    looked = imports.look("\n".join([head, *rows]).encode())
    assert [one.line for one in looked.problems] == [2, 3, 4, 5]
    assert not looked.ready


@pytest.mark.clause("ORD-007")
def test_the_points_of_colleagues_out_of_reach_are_not_shown(world, client):

    for by, ref in ((world.c1, "K1"), (world.t1, "K2")):
        PointsGrant.objects.create(
            number=f"J{ref}", customer=world.customer, points=70, reason="致歉", basis="complaint", basis_ref=ref,
            state="granted", asked_by=by, asked_at=NOW, decided_at=NOW,
        )  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        page = sign_in(client, world, "c1").get(reverse("orders:points"))
    assert [one["asked_by__code"] for one in page.context["people"]] == ["c1"]
    assert page.context["total"] == 70


@pytest.mark.clause("ORD-004")
def test_whom_to_call_is_shown_to_whoever_took_the_verification_and_written_down(world, client):
    order = world.place()
    address = reverse("orders:verify", args=[order.number])
    assert "13900000001" not in sign_in(client, world, "t2").get(address).content.decode()
    services.take_verification(order, by=world.t2, now=NOW)
    assert "13900000001" in client.get(address).content.decode()
    assert AuditEntry.objects.filter(verb="orders.phone.revealed", who="t2").count() == 1
    assert "13900000001" not in sign_in(client, world, "c1").get(address).content.decode()


@pytest.mark.once
def test_a_key_of_the_five_millionth_customer_is_one_and_nonsense_is_none():
    assert (key_of("4321567"), key_of("1" * 25), key_of("-1"), key_of("x")) == (4_321_567, 0, 0, 0)


def test_figures_open_exactly_their_rows(world, client):
    refused = world.shipped()
    services.refuse(refused.shipments.get(), by=world.log, now=NOW + 3 * HOUR, reason="price", words="别处便宜")
    services.come_back(refused, by=world.wh, now=NOW + 4 * HOUR)
    world.returned(world.delivered((world.pan, 1)))
    world.place((world.silk, 1))
    with time_machine.travel(LATER, tick=False):
        sign_in(client, world, "om")
        page = client.get(reverse("orders:figures"), {"from": "2026-11-20", "to": "2026-11-21"})
        for tile in page.context["tiles"]:
            listed = client.get(tile["href"])
            assert len(listed.context["lines"]) == tile["rate"].hits, (tile["rate"], urlsplit(tile["href"]).query)
    assert Case.objects.filter(kind="return").count() == 2
    assert {one["rate"].key: one["rate"].hits for one in page.context["tiles"]}["return"] == 1


@pytest.mark.clause("ORD-007")
def test_points_for_an_order_need_an_order_of_that_customer(world):
    order = world.place()
    asked = {"reason": "发错货", "basis": "order", "by": world.c1, "now": NOW}
    with pytest.raises(services.NotDone, match="D99999999"):
        services.ask_points(world.customer, 20, basis_ref="D99999999-1", **asked)
    assert services.ask_points(world.customer, 20, basis_ref=order.number.lower(), **asked).points == 20
