# SPDX-License-Identifier: Apache-2.0
"""Returns, exchanges and reships, step by step."""

from decimal import Decimal

import pytest

from zuoxi.orders import services
from zuoxi.orders.models import Case, MoneyEntry, Order, Stock
from zuoxi.orders.services import NotDone, Overtaken, Refused
from zuoxi.orders.tests.world import HOUR, NOW

LATER = NOW + 30 * HOUR


@pytest.mark.clause("ORD-001")
def test_nothing_is_refunded_before_the_inspection(world):
    case = world.returned(world.delivered())
    with pytest.raises(Overtaken):
        services.refund(case, by=world.fin, now=LATER)
    case = world.inspect(case)
    case = services.refund(case, by=world.fin, now=LATER, ref="原路退回")
    assert (case.refund, case.state) == (Decimal(500), "to_tell")
    with pytest.raises(Overtaken, match="人fin"):
        services.refund(case, by=world.fin, now=LATER)
    assert MoneyEntry.objects.filter(what="refund").count() == 1


@pytest.mark.clause("ORD-001")
def test_what_passed_in_part_is_refunded_in_part_and_only_that_is_stock_again(world):
    case = world.inspect(world.returned(world.delivered()), passed=1)
    assert case.inspection == "partial"
    assert services.refund(case, by=world.fin, now=LATER).refund == Decimal(250)
    assert Stock.objects.get(product=world.pot).on_hand == 49


@pytest.mark.clause("ORD-001")
def test_what_did_not_pass_goes_back_to_the_customer(world):
    case = world.inspect(world.returned(world.delivered()), passed=0)
    assert case.state == "failed"
    with pytest.raises(Overtaken):
        services.refund(case, by=world.fin, now=LATER)
    services.explain(case, by=world.c1, now=LATER, words="已说明人为损坏")
    case = services.send_back(case, tracking="SF8000", carrier="顺达", by=world.log, now=LATER)
    assert case.state == "closed"
    assert not case.lines.get().open


@pytest.mark.clause("ORD-001")
def test_more_cannot_come_back_or_pass_than_went_out(world):
    case = services.open_return(order := world.delivered(), world.asked(order), by=world.c1, now=LATER)
    services.collect(case, by=world.log, now=LATER)
    line = case.lines.get()
    with pytest.raises(NotDone):
        services.receive(case, {line.pk: 3}, by=world.wh, now=LATER)
    services.receive(case, {line.pk: 1}, by=world.wh, now=LATER)
    with pytest.raises(NotDone):
        services.inspect(case, {line.pk: 2}, by=world.wh, now=LATER)


@pytest.mark.clause("ORD-003")
@pytest.mark.parametrize(("days", "state"), [(7, "to_collect"), (8, "asked")])
def test_a_return_after_the_seventh_day_waits_for_the_leader(world, days, state):
    order = world.delivered()
    case = services.open_return(order, world.asked(order), by=world.c1, now=NOW + days * 24 * HOUR)
    assert Case.objects.get(pk=case.pk).state == state
    if state == "asked":
        with pytest.raises(NotDone):
            services.accept(case, by=world.c1, now=NOW + 200 * HOUR)
        assert services.accept(case, by=world.csrl, now=NOW + 200 * HOUR).state == "to_collect"


@pytest.mark.clause("ORD-002")
def test_five_hundred_goes_out_at_once_and_its_old_goods_come_later(world):
    order = world.delivered()
    case = services.open_exchange(order, world.asked(order), by=world.c1, now=LATER)
    assert (case.direct, case.state) == (True, "to_send")
    case = services.send(case, tracking="SF8100", carrier="顺达", by=world.wh, now=LATER)
    assert case.state == "to_collect"
    services.collect(case, by=world.log, now=LATER)
    services.receive(case, {case.lines.get().pk: 2}, by=world.wh, now=LATER)
    case = world.inspect(case)
    assert case.state == "to_tell"
    assert services.tell(case, by=world.c1, now=LATER, words="已告知").state == "closed"


@pytest.mark.clause("ORD-002")
def test_above_five_hundred_the_goods_come_back_are_inspected_and_approved_first(world):
    penny = world.product("G5", "500.01")
    order = world.delivered((penny, 1))
    case = services.open_exchange(order, world.asked(order), by=world.csrl, now=LATER)
    assert (case.direct, case.state) == (False, "to_collect")
    services.collect(case, by=world.log, now=LATER)
    services.receive(case, {case.lines.get().pk: 1}, by=world.wh, now=LATER)
    case = world.inspect(case)
    assert case.state == "to_approve"
    with pytest.raises(NotDone):
        services.approve(case, by=world.csrl, now=LATER)
    with pytest.raises(NotDone):
        services.approve(case, by=world.c1, now=LATER)
    assert services.approve(case, by=world.csrs, now=LATER).state == "to_send"


@pytest.mark.clause("ORD-002")
def test_splitting_an_order_does_not_make_its_exchange_direct(world):
    order = world.place((world.pot, 3))
    part = services.split_order(order, {order.lines.get().pk: 1}, by=world.t1, now=NOW)
    part = world.verified(part)
    services.ship_order(part, tracking="SF8200", carrier="顺达", by=world.wh, now=NOW)
    services.deliver(part.shipments.get(), by=world.log, now=NOW)
    part = Order.objects.get(pk=part.pk)
    case = services.open_exchange(part, world.asked(part), by=world.c1, now=LATER)
    assert (case.direct, case.judged_total) == (False, Decimal(750))


@pytest.mark.clause("ORD-002")
def test_the_difference_of_an_exchange_is_settled_once(world):
    order = world.delivered((world.pan, 1))
    case = services.open_exchange(order, world.asked(order, wanted=world.pot), by=world.c1, now=LATER)
    assert case.difference == Decimal(150)
    services.send(case, tracking="SF8300", carrier="顺达", by=world.wh, now=LATER)
    services.collect(case, by=world.log, now=LATER)
    services.receive(case, {case.lines.get().pk: 1}, by=world.wh, now=LATER)
    case = world.inspect(case)
    assert case.state == "to_settle"
    services.settle(case, by=world.fin, now=LATER)
    assert Order.objects.get(pk=order.pk).paid == Decimal(250)
    with pytest.raises(Overtaken):
        services.settle(case, by=world.fin, now=LATER)


def test_the_same_article_is_exchanged_at_the_price_of_the_order(world):
    order = world.delivered((world.pan, 1))
    services.set_price(world.pan, Decimal(180), from_on=NOW, by=world.om)
    assert services.open_exchange(order, world.asked(order), by=world.c1, now=LATER).difference == 0


@pytest.mark.clause("ORD-001", "ORD-002")
def test_an_open_exchange_forbids_a_return_of_the_same_line_and_the_other_way_round(world):
    order = world.delivered()
    services.open_exchange(order, world.asked(order), by=world.c1, now=LATER)
    with pytest.raises(Overtaken, match="H2026"):
        services.open_return(order, world.asked(order), by=world.c1, now=LATER)
    other = world.delivered((world.pan, 1))
    services.open_return(other, world.asked(other), by=world.c1, now=LATER)
    with pytest.raises(Overtaken, match="T2026"):
        services.open_exchange(other, world.asked(other), by=world.c1, now=LATER)


@pytest.mark.clause("ORD-001")
def test_what_was_exchanged_or_refunded_is_not_there_to_be_returned_again(world):
    order = world.delivered()
    case = world.inspect(world.returned(order))
    services.refund(case, by=world.fin, now=LATER)
    services.tell(case, by=world.c1, now=LATER, words="已告知")
    with pytest.raises(NotDone):
        services.open_return(order, world.asked(order), by=world.c1, now=LATER)


@pytest.mark.clause("ORD-001")
def test_goods_that_did_not_pass_are_exchanged_only_with_the_directors_word(world):
    order = world.delivered((world.silk, 2))
    case = services.open_exchange(order, world.asked(order), by=world.c1, now=LATER)
    services.collect(case, by=world.log, now=LATER)
    services.receive(case, {case.lines.get().pk: 2}, by=world.wh, now=LATER)
    case = world.inspect(case, passed=1)
    assert case.state == "failed"
    with pytest.raises(NotDone):
        services.exempt(case, by=world.csrs, now=LATER, words="老顾客")
    assert services.exempt(case, by=world.dir, now=LATER, words="老顾客").state == "to_send"


@pytest.mark.clause("ORD-006")
def test_a_reship_is_approved_by_the_leader_costs_nothing_and_happens_twice_at_most(world):
    order = world.delivered((world.pan, 1))
    for nth in (1, 2):
        case = services.open_reship(order, world.asked(order, reason="missing"), by=world.c1, now=LATER)
        services.approve(case, by=world.csrl, now=LATER)
        services.send(case, tracking=f"SF85{nth}0", carrier="顺达", by=world.wh, now=LATER)
        services.arrive(case, by=world.log, now=LATER)
        with pytest.raises(NotDone):
            services.tell(case, by=world.c1, now=LATER, words="已回访")
        services.tell(case, by=world.c1, now=LATER, words="已回访", blame="warehouse")
    assert MoneyEntry.objects.filter(order=order).count() == 1
    with pytest.raises(Refused):
        services.open_reship(order, world.asked(order, reason="missing"), by=world.c1, now=LATER)
    with pytest.raises(NotDone):
        services.open_return(order, world.asked(order), by=world.c1, now=LATER)


@pytest.mark.clause("ORD-006")
def test_what_was_refunded_is_not_sent_again(world):
    order = world.delivered()
    case = world.inspect(world.returned(order, quantity=1))
    services.refund(case, by=world.fin, now=LATER)
    services.tell(case, by=world.c1, now=LATER, words="已告知")
    with pytest.raises(Refused):
        services.open_reship(order, world.asked(order, reason="missing", quantity=1), by=world.c1, now=LATER)


@pytest.mark.clause("ORD-006")
def test_a_reship_without_stock_becomes_a_return_that_the_warehouse_confirms(world):
    order = world.delivered((world.pan, 1))
    case = services.open_reship(order, world.asked(order, reason="missing"), by=world.c1, now=LATER)
    services.approve(case, by=world.csrl, now=LATER)
    made = services.no_stock(case, by=world.wh, now=LATER)
    assert (made.kind, made.state, made.origin) == ("return", "on_way", case)
    assert Case.objects.get(pk=case.pk).state == "no_stock"


@pytest.mark.clause("ORD-001", "ORD-005")
def test_a_refused_parcel_comes_back_is_inspected_and_what_was_paid_is_refunded(world):
    order = world.shipped(payment="prepaid")
    services.refuse(order.shipments.get(), by=world.log, now=NOW + 3 * HOUR)
    case = services.come_back(order, by=world.wh, now=LATER)
    assert Order.objects.get(pk=order.pk).state == "sent_back"
    case = world.inspect(Case.objects.get(pk=case.pk))
    assert services.refund(case, by=world.fin, now=LATER).refund == Decimal(500)


@pytest.mark.clause("ORD-005")
def test_a_refused_parcel_can_go_out_once_more(world):
    order = world.shipped()
    services.refuse(order.shipments.get(), by=world.log, now=NOW + 3 * HOUR)
    services.redeliver(order, tracking="SF8700", carrier="顺达", by=world.log, now=LATER)
    assert Order.objects.get(pk=order.pk).state == "shipped"


def test_a_return_can_be_called_off_until_it_is_collected(world):
    order = world.delivered()
    case = services.open_return(order, world.asked(order), by=world.c1, now=LATER)
    services.call_off(case, by=world.c1, now=LATER, words="顾客不退了")
    again = services.open_return(order, world.asked(order), by=world.c1, now=LATER)
    services.collect(again, by=world.log, now=LATER)
    with pytest.raises(Overtaken):
        services.call_off(again, by=world.c1, now=LATER, words="顾客不退了")
