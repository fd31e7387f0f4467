# SPDX-License-Identifier: Apache-2.0
"""Money of orders that were paid and called off: it goes back through finance, once, and by other hands."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.urls import reverse

from zuoxi.orders import money_back, services
from zuoxi.orders.facts import MoneyBackFacts
from zuoxi.orders.models import Case, MoneyEntry, Order, StepLog
from zuoxi.orders.rules import judge_money_back
from zuoxi.orders.services import NotDone
from zuoxi.orders.tests.test_pages import sign_in
from zuoxi.orders.tests.world import HOUR, NOW
from zuoxi.policy.selectors import site_handbook

pytestmark = pytest.mark.clause("ORD-001")


def paid(world, amount=None, **more):
    order = world.verified(world.place(payment="prepaid", **more))
    services.take_payment(order, amount or order.total, by=world.fin, now=NOW)
    return Order.objects.get(pk=order.pk)


def called_off(world, order, by=None):
    services.cancel_order(order, by=by or world.t1, now=NOW + HOUR, words="顾客改主意")
    return order.cases.filter(kind="money_back").first()


def test_a_paid_order_that_is_called_off_lies_with_finance_and_an_unpaid_one_does_not(world):
    case = called_off(world, paid(world))
    assert (case.state, case.judged_total, case.inspection) == ("to_refund", Decimal(500), "waived")
    assert case.due_at is not None
    assert called_off(world, world.verified(world.place())) is None


def test_finance_pays_it_back_once_and_the_books_come_out_even(world):
    order = paid(world)
    case = called_off(world, order)
    services.refund(case, by=world.fin, now=NOW + 2 * HOUR, ref="原路退回")
    order.refresh_from_db()
    assert (order.paid, order.refunded) == (Decimal(500), Decimal(500))
    assert MoneyEntry.objects.filter(order=order).aggregate(all=Sum("amount"))["all"] == 0
    with pytest.raises(NotDone):
        services.refund(case, by=world.fin, now=NOW + 3 * HOUR)
    services.tell(case, by=world.c1, now=NOW + 4 * HOUR, words="已致电告知")
    case.refresh_from_db()
    assert (case.state, case.refund) == ("closed", Decimal(500))
    assert [one.step for one in StepLog.objects.filter(case=case)] == ["ask", "refund", "tell"]


def test_neither_the_agent_nor_the_warehouse_pays_it_back(world):
    case = called_off(world, paid(world))
    for by in (world.t1, world.c1, world.wh, world.csrs):
        with pytest.raises(NotDone):
            services.refund(case, by=by, now=NOW + 2 * HOUR)
    assert not MoneyEntry.objects.filter(case=case).exists()


def test_part_of_the_price_that_was_paid_goes_back_as_a_part(world):
    assert called_off(world, paid(world, Decimal("99.95"))).judged_total == Decimal("99.95")


def test_an_order_that_lapses_gives_back_what_was_paid_for_it(world):
    order = world.place((world.silk, 2), payment="prepaid")
    services.take_payment(order, Decimal(1000), by=world.fin, now=NOW)
    for nth in range(3):
        services.log_verify_call(order, by=world.t2, now=NOW + nth * 3 * HOUR, reached=False)
    assert services.lapse_unreached(NOW + 60 * HOUR) == 1
    case = order.cases.get()
    assert (case.kind, case.judged_total, case.opened_by) == ("money_back", Decimal(1000), None)


def test_what_verification_takes_out_of_a_paid_order_goes_back(world):
    order = world.place((world.silk, 3), payment="prepaid")
    services.take_payment(order, Decimal(1500), by=world.fin, now=NOW)
    services.log_verify_call(order, by=world.t2, now=NOW, reached=True)
    line = order.lines.get()
    services.confirm_order(order, by=world.t2, now=NOW, corrections=services.Corrections(pieces={line.pk: 2}))
    case = order.cases.get()
    assert (case.reason, case.judged_total) == ("made_smaller", Decimal(500))
    services.refund(case, by=world.fin, now=NOW + HOUR)
    services.ship_order(order, tracking=world.tracking(), carrier="顺达", by=world.wh, now=NOW + 2 * HOUR)
    services.deliver(order.shipments.get(), by=world.log, now=NOW + 3 * HOUR)
    returned = world.inspect(world.returned(Order.objects.get(pk=order.pk)))
    services.refund(returned, by=world.fin, now=NOW + 40 * HOUR)
    assert Order.objects.get(pk=order.pk).refunded == Decimal(1500)


def test_money_that_comes_after_the_order_was_called_off_goes_back_as_well(world):
    order = paid(world, Decimal(200))
    called_off(world, order)
    services.take_payment(order, Decimal(300), by=world.fin, now=NOW + 2 * HOUR)
    cases = order.cases.order_by("pk")
    assert [(one.reason, one.judged_total) for one in cases] == [
        ("called_off", Decimal(200)), ("paid_late", Decimal(300)),
    ]  # fmt: skip
    for case in cases:
        services.refund(case, by=world.fin, now=NOW + 3 * HOUR)
    assert Order.objects.get(pk=order.pk).refunded == Decimal(500)


def test_what_nobody_asked_back_is_found_at_night_and_asked_once(world):
    order = paid(world)
    Order.objects.filter(pk=order.pk).update(state="cancelled")
    assert services.owe_back_missed(NOW + HOUR) == 1
    assert services.owe_back_missed(NOW + HOUR) == 0
    assert order.cases.get().judged_total == Decimal(500)


def test_what_nobody_asked_back_is_found_however_much_there_is(world, monkeypatch):
    monkeypatch.setattr(money_back, "PIECE", 2)
    made = [paid(world) for _nth in range(3)]
    Order.objects.filter(pk__in=[one.pk for one in made]).update(state="cancelled")
    assert services.owe_back_missed(NOW + HOUR) == 3
    assert services.owe_back_missed(NOW + HOUR) == 0


def test_what_was_paid_beyond_a_smaller_order_is_found_at_night_as_well(world):
    order = paid(world)
    Order.objects.filter(pk=order.pk).update(total=400)
    assert services.owe_back_missed(NOW + HOUR) == 1
    assert services.owe_back_missed(NOW + HOUR) == 0
    case = order.cases.get()
    assert (case.reason, case.judged_total) == ("made_smaller", Decimal(100))
    services.refund(case, by=world.fin, now=NOW + 2 * HOUR)
    assert services.owe_back_missed(NOW + 3 * HOUR) == 0


def test_the_rest_is_found_where_only_a_part_was_asked_back(world):
    order = paid(world)
    case = called_off(world, order)
    Case.objects.filter(pk=case.pk).update(judged_total=300)
    assert services.owe_back_missed(NOW + 2 * HOUR) == 1
    assert sorted(order.cases.values_list("judged_total", flat=True)) == [Decimal(200), Decimal(300)]


def test_what_was_paid_on_top_for_dearer_goods_is_not_owed(world):
    order = world.delivered((world.pan, 1))
    case = services.open_exchange(order, world.asked(order, wanted=world.pot), by=world.c1, now=NOW + 24 * HOUR)
    services.send(case, tracking=world.tracking(), carrier="顺达", by=world.wh, now=NOW + 25 * HOUR)
    services.collect(case, by=world.log, now=NOW + 26 * HOUR)
    services.receive(case, {one.pk: 1 for one in case.lines.all()}, by=world.wh, now=NOW + 27 * HOUR)
    world.inspect(Case.objects.get(pk=case.pk))
    services.settle(case, by=world.fin, now=NOW + 28 * HOUR)
    assert Order.objects.get(pk=order.pk).paid == Decimal(250)
    assert services.owe_back_missed(NOW + 29 * HOUR) == 0


def test_it_stands_on_the_work_list_of_finance_and_is_paid_there(world, client):
    case = called_off(world, paid(world))
    page = sign_in(client, world, "fin").get(reverse("orders:work"))
    assert case.number in page.content.decode()
    step = reverse("orders:step", args=[case.number])
    assert 'value="refund"' in client.get(reverse("orders:case", args=[case.number])).content.decode()
    assert client.post(step, {"step": "refund", "words": "原路"}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == "to_tell"
    assert client.post(step, {"step": "refund", "words": "原路"}).status_code == 409


def test_a_payment_whose_button_is_pressed_twice_came_in_once(world, client):
    order = world.verified(world.place(payment="prepaid"))
    page = reverse("orders:order", args=[order.number])
    shown = sign_in(client, world, "fin").get(page).content.decode()
    assert 'name="seen" value="0.00"' in shown
    said = {"act": "pay", "amount": "200", "ref": "转账", "seen": "0.00"}
    answers = [client.post(reverse("orders:act", args=[order.number]), said).status_code for _click in (1, 2)]
    assert answers == [302, 409]
    assert Order.objects.get(pk=order.pk).paid == Decimal(200)
    assert 'name="seen" value="200.00"' in client.get(page).content.decode()


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
    return True


def test_the_database_refuses_money_back_for_an_order_that_goes_on(world):
    order = paid(world)
    fields = {
        "number": "K1", "kind": "money_back", "state": "to_refund", "order": order, "customer": order.customer,
        "reason": "called_off", "inspection": "waived", "opened_at": NOW, "state_at": NOW,
    }  # fmt: skip
    assert refused(lambda: Case.objects.create(judged_total=1, **fields))
    case = called_off(world, order)
    entry = {"order": order, "case": case, "what": "refund", "at": NOW}
    assert refused(lambda: Case.objects.create(judged_total=0, **fields))
    assert refused(lambda: Case.objects.create(judged_total=501, **fields))
    assert refused(lambda: MoneyEntry.objects.create(amount=Decimal("-500.01"), **entry))
    assert MoneyEntry.objects.create(amount=Decimal(-500), **entry).pk


def test_the_database_refuses_the_hands_that_called_the_order_off(world):
    case = called_off(world, paid(world))
    assert refused(lambda: Case.objects.filter(pk=case.pk).update(paid_by=world.t1))
    assert Case.objects.filter(pk=case.pk).update(paid_by=world.fin) == 1


def test_a_return_is_never_paid_as_if_no_inspection_were_asked_for(world):
    case = world.returned(world.delivered())
    Case.objects.filter(pk=case.pk).update(inspection="waived")
    entry = {"order": case.order, "case": case, "what": "refund", "amount": Decimal(-1), "at": NOW}
    assert refused(lambda: MoneyEntry.objects.create(**entry))


@pytest.mark.parametrize(
    ("facts", "outcome", "amount"),
    [
        ((100, 0, 0, False), "owed", "100"),
        ((100, 100, 0, False), "nothing_owed", "0"),
        ((100, "99.99", 0, False), "owed", "0.01"),
        ((100, 0, 100, False), "nothing_owed", "0"),
        ((100, 0, "99.99", True), "owed", "0.01"),
        ((100, 0, 0, True), "return_first", "0"),
        ((0, 0, 100, False), "nothing_owed", "0"),
    ],
)
@pytest.mark.django_db
def test_what_is_owed_without_goods(facts, outcome, amount):
    *money, shipped = facts
    found = judge_money_back(MoneyBackFacts(*map(Decimal, money), shipped), site_handbook().on(NOW.date()))
    assert (found.outcome, found.details["amount"]) == (outcome, amount)
