# SPDX-License-Identifier: Apache-2.0
"""An order from the call to the refund, through the hands of every department."""

from decimal import Decimal

import pytest

from zuoxi.orders import moments, services
from zuoxi.orders.models import Case, MoneyEntry, Order, StepLog
from zuoxi.orders.tests.world import HOUR, NOW, World


@pytest.fixture
def world(db, settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HOME = tmp_path
    return World()


@pytest.mark.clause("ORD-001", "ORD-003", "ORD-004", "ORD-005")
def test_a_refused_order_paid_in_advance_is_inspected_and_refunded_in_part(world):
    told = []
    for moment in (moments.REFUSED_BY_CUSTOMER, moments.RETURNED, moments.CASE_CLOSED):
        moment.listen(told.append)
    try:
        order = world.place((world.pot, 4), payment="prepaid")
        services.take_verification(order, by=world.t2, now=NOW)
        services.log_verify_call(order, by=world.t2, now=NOW + HOUR, reached=True)
        services.confirm_order(order, by=world.t2, now=NOW + HOUR)
        services.take_payment(order, Decimal(1000), by=world.fin, now=NOW + 2 * HOUR)
        parcel = services.ship_order(order, tracking="SF1001", carrier="顺达", by=world.wh, now=NOW + 3 * HOUR)
        services.refuse(parcel, by=world.log, now=NOW + 40 * HOUR, reason="packing", words="箱子破了")
        case = services.come_back(order, by=world.wh, now=NOW + 60 * HOUR)
        line = case.lines.get()
        services.inspect(case, {line.pk: 1}, by=world.wh, now=NOW + 61 * HOUR, words="一只锅有凹痕")
        paid = services.refund(Case.objects.get(pk=case.pk), by=world.fin, now=NOW + 70 * HOUR, ref="原路退回")
        services.tell(paid, by=world.c1, now=NOW + 71 * HOUR, words="已告知退款250元")
    finally:
        for moment in (moments.REFUSED_BY_CUSTOMER, moments.RETURNED, moments.CASE_CLOSED):
            moment.leave(told.append)
    assert [one.number for one in told] == [order.number, order.number, case.number]
    assert [entry.amount for entry in MoneyEntry.objects.filter(order=order)] == [Decimal(1000), Decimal(-250)]
    lanes = list(StepLog.objects.filter(case=case).values_list("lane", flat=True))
    assert lanes == ["customer", "warehouse", "warehouse", "finance", "centre"]
    assert Order.objects.get(pk=order.pk).state == "sent_back"


@pytest.mark.clause("ORD-002")
@pytest.mark.parametrize(("price", "first"), [("500.00", "to_send"), ("500.01", "to_collect")])
def test_an_exchange_goes_out_at_once_up_to_five_hundred_yuan(world, price, first):
    order = world.delivered((world.product("G7", price), 1))
    case = services.open_exchange(order, world.asked(order), by=world.c1, now=NOW + 30 * HOUR)
    assert Case.objects.get(pk=case.pk).state == first


@pytest.mark.clause("ORD-006")
def test_what_was_missing_is_sent_again_for_nothing_and_somebody_calls_back(world):
    order = world.delivered((world.pan, 1))
    case = services.open_reship(order, world.asked(order, reason="missing"), by=world.c1, now=NOW + 30 * HOUR)
    services.approve(case, by=world.csrl, now=NOW + 31 * HOUR)
    services.send(case, tracking="SF2001", carrier="顺达", by=world.wh, now=NOW + 32 * HOUR)
    assert services.carrier_news("SF2001", "delivered", key="n1", at=NOW + 60 * HOUR)
    closed = services.tell(case, by=world.c1, now=NOW + 61 * HOUR, words="已收到", blame="warehouse")
    assert (closed.state, closed.blame) == ("closed", "warehouse")
    assert MoneyEntry.objects.filter(order=order).count() == 1
