# SPDX-License-Identifier: Apache-2.0
"""Orders: placed at the day's prices, marked for verification, verified, shipped."""

from decimal import Decimal

import pytest

from zuoxi.messaging.models import Message
from zuoxi.orders import services
from zuoxi.orders.models import Order, Price, StepLog, Stock, Verification
from zuoxi.orders.services import NotDone, Overtaken, Refused
from zuoxi.orders.tests.world import HOUR, NOW


def free(product):
    return Stock.objects.get(product=product).free


def calm(world):
    """An order of a customer who has bought before, and small enough to go out unasked."""
    world.delivered((world.pan, 1), now=NOW - 100 * HOUR)
    return world.place((world.pan, 1), now=NOW + 30 * HOUR)


@pytest.mark.clause("ORD-004")
def test_the_first_cash_on_delivery_is_verified_and_the_next_small_one_is_not(world):
    first = world.place((world.pan, 1))
    assert first.must_verify
    assert first.finding["details"]["reasons"] == ["first_cod"]
    assert not calm(world).must_verify


@pytest.mark.clause("ORD-004")
@pytest.mark.parametrize(("pieces", "marked"), [(9, False), (10, True)])
def test_an_order_is_marked_from_a_thousand_yuan_on(world, pieces, marked):
    world.delivered((world.pan, 1), now=NOW - 100 * HOUR)
    assert world.place((world.pan, pieces)).must_verify is marked


@pytest.mark.clause("ORD-004")
def test_whoever_sold_it_does_not_verify_it(world):
    order = world.place(by=world.t1)
    with pytest.raises(NotDone):
        services.take_verification(order, by=world.t1, now=NOW)
    assert services.take_verification(order, by=world.t2, now=NOW).agent == world.t2
    with pytest.raises(Overtaken):
        services.take_verification(order, by=world.c1, now=NOW)


@pytest.mark.clause("ORD-004")
def test_an_unverified_order_does_not_leave(world):
    order = world.place()
    with pytest.raises(Overtaken):
        services.ship_order(order, tracking="SF9000", carrier="顺达", by=world.wh, now=NOW)
    order = world.verified(order)
    assert order.state == "to_ship"
    services.ship_order(order, tracking="SF9000", carrier="顺达", by=world.wh, now=NOW)
    with pytest.raises(Overtaken, match="人wh"):
        services.ship_order(order, tracking="SF9001", carrier="顺达", by=world.wh2, now=NOW)


@pytest.mark.clause("ORD-004")
def test_two_hours_lie_between_calls_and_the_third_in_vain_sends_a_message(world):
    order = world.place()
    services.log_verify_call(order, by=world.t2, now=NOW, reached=False)
    with pytest.raises(Refused):
        services.log_verify_call(order, by=world.t2, now=NOW + 1.99 * HOUR, reached=False)
    services.log_verify_call(order, by=world.t2, now=NOW + 2 * HOUR, reached=False)
    task = services.log_verify_call(order, by=world.t2, now=NOW + 4 * HOUR, reached=False)
    assert task.state == Verification.State.UNREACHED
    assert Message.objects.get(dedupe=f"verify:{order.pk}").to == "13900000001"
    assert services.lapse_unreached(NOW + 51.9 * HOUR) == 0
    before = free(world.pot)
    assert services.lapse_unreached(NOW + 52 * HOUR) == 1
    assert Order.objects.get(pk=order.pk).state == "void"
    assert free(world.pot) == before + 2


@pytest.mark.clause("ORD-004")
def test_a_customer_who_calls_back_after_the_message_is_confirmed_all_the_same(world):
    order = world.place()
    for nth in range(3):
        services.log_verify_call(order, by=world.t2, now=NOW + 2 * nth * HOUR, reached=False)
    services.log_verify_call(order, by=world.t2, now=NOW + 20 * HOUR, reached=True)
    assert services.confirm_order(order, by=world.t2, now=NOW + 20 * HOUR).state == "to_ship"


@pytest.mark.clause("ORD-004")
def test_two_different_numbers_are_both_called(world):
    to = services.Delivery("13900000001", "云甲", "13900000002", "某省某市某区某路一号楼一单元")
    order = world.place(to=to)
    assert "phones_differ" in order.finding["details"]["reasons"]
    services.log_verify_call(order, by=world.t2, now=NOW, reached=True)
    with pytest.raises(NotDone):
        services.confirm_order(order, by=world.t2, now=NOW)
    services.log_verify_call(order, by=world.t2, now=NOW, reached=True, to_receiver=True)
    assert services.confirm_order(order, by=world.t2, now=NOW).state == "to_ship"


@pytest.mark.clause("ORD-004")
def test_what_the_customer_puts_right_is_worked_out_again(world):
    order = world.place((world.pot, 2), (world.pan, 1))
    services.log_verify_call(order, by=world.t2, now=NOW, reached=True)
    first = order.lines.get(product=world.pot)
    made = services.confirm_order(
        order, by=world.t2, now=NOW, corrections=services.Corrections(address="另一个地址三号楼", pieces={first.pk: 1})
    )
    assert (made.total, made.address) == (Decimal(350), "另一个地址三号楼")
    assert Verification.objects.get(order=order).state == "changed"
    assert free(world.pot) == 49


@pytest.mark.clause("ORD-004")
def test_a_cancelled_order_gives_its_goods_back(world):
    order = world.place((world.pot, 3))
    assert free(world.pot) == 47
    with pytest.raises(NotDone):
        services.drop_order(order, "cancelled", by=world.t2, now=NOW, words="")
    services.drop_order(order, "invalid", by=world.t2, now=NOW, words="号码是空号")
    assert free(world.pot) == 50
    with pytest.raises(Overtaken, match="人t2"):
        services.confirm_order(order, by=world.c1, now=NOW)


def test_an_order_keeps_the_price_it_was_placed_at(world):
    order = world.place((world.pan, 1))
    services.set_price(world.pan, Decimal(150), from_on=NOW, by=world.om)
    assert order.lines.get().price == Decimal(100)
    assert world.place((world.pan, 1)).lines.get().price == Decimal(150)
    assert Price.objects.filter(product=world.pan).count() == 2


def test_the_last_piece_is_sold_once(world):
    rare = world.product("G9", 10, on_hand=1)
    world.place((rare, 1))
    with pytest.raises(NotDone, match="0"):
        world.place((rare, 1))
    assert Order.objects.count() == 1


@pytest.mark.parametrize("pieces", [0, -1])
def test_a_quantity_is_at_least_one(world, pieces):
    with pytest.raises(NotDone):
        world.place((world.pan, pieces))


@pytest.mark.clause("ORD-002")
def test_a_split_order_remembers_what_it_came_from(world):
    order = world.place((world.pot, 3))
    part = services.split_order(order, {order.lines.get().pk: 1}, by=world.t1, now=NOW)
    order.refresh_from_db()
    assert (part.total, part.origin_total, part.origin) == (Decimal(250), Decimal(750), order)
    assert (order.total, order.origin_total) == (Decimal(500), Decimal(750))


def test_goods_to_be_paid_in_advance_wait_for_the_money(world):
    order = world.verified(world.place(payment="prepaid"))
    with pytest.raises(NotDone):
        services.ship_order(order, tracking="SF9100", carrier="顺达", by=world.wh, now=NOW)
    with pytest.raises(NotDone):
        services.take_payment(order, Decimal("500.01"), by=world.fin, now=NOW)
    services.take_payment(order, Decimal(500), by=world.fin, now=NOW)
    assert services.ship_order(order, tracking="SF9100", carrier="顺达", by=world.wh, now=NOW).pk


def test_the_carriers_news_count_once(world):
    order = world.shipped()
    parcel = order.shipments.get().tracking
    assert services.carrier_news(parcel, "delivered", key="k1", at=NOW + HOUR)
    assert not services.carrier_news(parcel, "delivered", key="k1", at=NOW + HOUR)
    with pytest.raises(Overtaken):
        services.carrier_news(parcel, "refused", key="k2", at=NOW + 2 * HOUR)
    assert Order.objects.get(pk=order.pk).paid == Decimal(500)


@pytest.mark.clause("ORD-005", "ORD-010")
def test_a_refusal_keeps_every_reason_that_was_given(world):
    order = world.shipped()
    parcel = order.shipments.get()
    services.refuse(parcel, by=world.log, now=NOW, reason="price", words="别处更便宜")
    for reason, words in (("price", "无"), ("price", " "), ("nonsense", "别处更便宜")):
        with pytest.raises(NotDone):
            services.tell_refusal_reason(parcel, reason, words, by=world.c1, now=NOW)
    services.tell_refusal_reason(parcel, "quality", "说包装里有异味", by=world.c1, now=NOW, source="followup")
    assert [one.reason for one in parcel.reasons.all()] == ["price", "quality"]
    assert parcel.reasons.get(latest=True).reason == "quality"


@pytest.mark.clause("ORD-003")
def test_every_step_is_kept_with_its_lane_and_post(world):
    order = world.delivered()
    steps = [(one.step, one.lane, one.post) for one in StepLog.objects.filter(order=order)]
    assert steps == [
        ("place", "customer", "TSR"), ("mark", "system", ""), ("verify", "centre", "TSR"),
        ("ship", "warehouse", "WH"), ("deliver", "logistics", "LOG"),
    ]  # fmt: skip


@pytest.mark.clause("ORD-003")
def test_a_step_of_another_department_is_refused(world):
    order = world.verified(world.place())
    with pytest.raises(NotDone):
        services.ship_order(order, tracking="SF9200", carrier="顺达", by=world.t1, now=NOW)
