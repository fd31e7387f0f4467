# SPDX-License-Identifier: Apache-2.0
"""Two at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection, connections

from zuoxi.orders import services
from zuoxi.orders.models import Case, MoneyEntry, Order, Stock
from zuoxi.orders.tests.world import HOUR, NOW, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time is what SQLite itself keeps"),
]
LATER = NOW + 30 * HOUR


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HOME = tmp_path
    return World()


def both(*acts):
    """What each act gave or raised, begun together on connections of their own."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(10)
            return act()
        except Exception as trouble:
            return trouble
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def lost(given):
    return [one for one in given if isinstance(one, services.NotDone)]


@pytest.mark.clause("ORD-001")
def test_a_refund_that_two_click_at_once_is_paid_once(world):
    case = world.inspect(world.returned(world.delivered()))
    given = both(*[lambda: services.refund(Case.objects.get(pk=case.pk), by=world.fin, now=LATER)] * 2)
    assert len(lost(given)) == 1, given
    assert MoneyEntry.objects.filter(case=case, what="refund").count() == 1
    assert Order.objects.get(pk=case.order_id).refunded == Decimal(500)


@pytest.mark.clause("ORD-001")
def test_money_of_an_order_that_two_call_off_and_two_pay_back_at_once_leaves_once(world):
    order = world.verified(world.place(payment="prepaid"))
    services.take_payment(order, order.total, by=world.fin, now=NOW)
    given = both(*[lambda: services.cancel_order(order, by=world.t1, now=NOW, words="改主意")] * 2)
    assert len(lost(given)) == 1, given
    case = order.cases.get()
    given = both(*[lambda: services.refund(Case.objects.get(pk=case.pk), by=world.fin, now=LATER)] * 2)
    assert len(lost(given)) == 1, given
    assert MoneyEntry.objects.filter(case=case, what="refund").count() == 1
    assert Order.objects.get(pk=order.pk).refunded == Decimal(500)


@pytest.mark.clause("ORD-001")
def test_a_payment_that_comes_while_the_order_is_called_off_goes_back_once(world):
    order = world.verified(world.place(payment="prepaid"))
    services.take_payment(order, Decimal(200), by=world.fin, now=NOW)
    both(
        lambda: services.cancel_order(order, by=world.t1, now=NOW, words="改主意"),
        lambda: services.take_payment(order, Decimal(300), by=world.fin, now=NOW),
    )
    for case in order.cases.all():
        services.refund(case, by=world.fin, now=LATER)
    order.refresh_from_db()
    assert (order.paid, order.refunded) == (Decimal(500), Decimal(500))


def test_the_last_piece_is_sold_to_one_of_two(world):
    rare = world.product("G9", 10, on_hand=1)
    given = both(lambda: world.place((rare, 1), by=world.t1), lambda: world.place((rare, 1), by=world.t2))
    assert len(lost(given)) == 1, given
    assert Stock.objects.get(product=rare).reserved == 1


@pytest.mark.clause("ORD-002")
def test_an_exchange_and_a_return_of_the_same_line_do_not_both_open(world):
    order = world.delivered()
    asked = world.asked(order)
    given = both(
        lambda: services.open_exchange(order, asked, by=world.c1, now=LATER),
        lambda: services.open_return(order, asked, by=world.c1, now=LATER),
    )
    assert len(lost(given)) == 1, given
    assert Case.objects.count() == 1


def test_two_of_the_warehouse_send_one_parcel(world):
    order = world.verified(world.place())
    given = both(
        lambda: services.ship_order(order, tracking="SF7001", carrier="", by=world.wh, now=LATER),
        lambda: services.ship_order(order, tracking="SF7002", carrier="", by=world.wh2, now=LATER),
    )
    assert len(lost(given)) == 1, given
    assert order.shipments.count() == 1


@pytest.mark.clause("ORD-004")
def test_two_clicks_at_once_place_one_order_though_the_first_of_the_day(world):
    given = both(*[lambda: world.place((world.pan, 2), once=True)] * 2)
    assert len(lost(given)) == 1, given
    assert Order.objects.count() == 1


@pytest.mark.clause("ORD-006")
def test_a_reship_that_arrives_by_its_parcel_and_by_its_case_at_once_arrives_once(world):
    order = world.delivered((world.pan, 1))
    case = services.open_reship(order, world.asked(order, reason="missing"), by=world.c1, now=LATER)
    services.approve(case, by=world.csrl, now=LATER)
    services.send(case, tracking="SF7003", carrier="", by=world.wh, now=LATER)
    parcel = order.shipments.get(tracking="SF7003")
    given = both(
        lambda: services.parcel_arrived(parcel, by=world.log, now=LATER),
        lambda: services.arrive(case, by=world.log, now=LATER),
    )
    assert len(lost(given)) == 1, given
    assert Case.objects.get(pk=case.pk).state == "to_tell"
