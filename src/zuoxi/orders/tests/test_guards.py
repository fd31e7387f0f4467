# SPDX-License-Identifier: Apache-2.0
"""What the database refuses, whoever asks."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from zuoxi.customers.services import save_customer
from zuoxi.orders.models import (
    Case,
    CaseLine,
    MoneyEntry,
    Order,
    OrderLine,
    PointsEntry,
    Product,
    RefusalReason,
    Shipment,
    StepLog,
    StockMove,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def order(db):
    customer = save_customer(None, name="测试", tags=[], note="", by=None, now=NOW)
    made = Order.objects.create(
        number="D1", customer=customer, total=100, origin_total=100, state="to_ship", placed_at=NOW, state_at=NOW
    )
    product = Product.objects.create(sku="A1", name="锅")
    OrderLine.objects.create(order=made, product=product, quantity=2, price=Decimal(50))
    return made


def case_of(order, kind="return", **more):
    fields = {"number": f"T{Case.objects.count()}", "order": order, "customer": order.customer, "judged_total": 100}
    return Case.objects.create(kind=kind, reason="quality", opened_at=NOW, state_at=NOW, **fields, **more)


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
    return True


@pytest.mark.clause("ORD-003", "ORD-004")
def test_an_order_cannot_jump_over_a_state(order):
    assert refused(lambda: Order.objects.filter(pk=order.pk).update(state="delivered"))
    assert Order.objects.filter(pk=order.pk).update(state="shipped") == 1


@pytest.mark.clause("ORD-004")
def test_a_parcel_of_an_unverified_order_cannot_be_written_down(order):
    Order.objects.filter(pk=order.pk).update(must_verify=True, verified_at=NOW)
    assert refused(lambda: Order.objects.filter(pk=order.pk).update(verified_at=None))
    other = Order.objects.create(
        number="D2", customer=order.customer, total=1, origin_total=1, state="to_verify", must_verify=True,
        placed_at=NOW, state_at=NOW,
    )  # fmt: skip
    assert refused(lambda: Shipment.objects.create(order=other, tracking="P1", shipped_at=NOW))
    assert refused(lambda: Order.objects.filter(pk=other.pk).update(state="to_ship"))
    assert Shipment.objects.create(order=order, tracking="P2", shipped_at=NOW).pk


@pytest.mark.clause("ORD-001")
def test_no_refund_is_written_without_an_inspection(order):
    case = case_of(order, state="received")
    entry = {"order": order, "case": case, "what": "refund", "amount": Decimal(-5), "at": NOW}
    assert refused(lambda: MoneyEntry.objects.create(**entry))
    assert refused(lambda: Case.objects.filter(pk=case.pk).update(refund=5))
    assert refused(lambda: Case.objects.filter(pk=case.pk).update(inspection="passed"))


@pytest.mark.clause("ORD-003")
@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [("return", "asked", "to_refund"), ("return", "received", "to_send"), ("exchange", "asked", "to_settle"),
     ("reship", "to_approve", "sent"), ("return", "closed", "asked")],
)  # fmt: skip
def test_a_case_cannot_take_a_way_that_its_kind_does_not_know(order, kind, before, after):
    case = case_of(order, kind, state=before)
    assert refused(lambda: Case.objects.filter(pk=case.pk).update(state=after))


@pytest.mark.clause("ORD-002")
def test_a_line_stands_in_one_open_case_at_a_time(order):
    line = order.lines.get()
    first = CaseLine.objects.create(case=case_of(order, "exchange"), line=line, quantity=1)
    assert refused(lambda: CaseLine.objects.create(case=case_of(order), line=line, quantity=1))
    first.open = False
    first.save()
    assert CaseLine.objects.create(case=case_of(order), line=line, quantity=1).pk


@pytest.mark.clause("ORD-006")
def test_a_line_is_refunded_or_sent_again_never_both(order):
    line = order.lines.get()
    OrderLine.objects.filter(pk=line.pk).update(reships=1)
    assert refused(lambda: OrderLine.objects.filter(pk=line.pk).update(refunded=1))


def test_more_cannot_be_refunded_than_was_ordered_or_paid(order):
    assert refused(lambda: OrderLine.objects.update(refunded=3))
    assert refused(lambda: Order.objects.update(paid=10, refunded=11))


def test_ledgers_and_what_was_said_are_never_changed(order):
    MoneyEntry.objects.create(order=order, what="payment", amount=5, at=NOW)
    StepLog.objects.create(order=order, step="place", lane="customer", after="to_ship", at=NOW)
    assert refused(lambda: MoneyEntry.objects.update(amount=6))
    assert refused(lambda: StepLog.objects.update(after="shipped"))


@pytest.mark.clause("ORD-001", "ORD-003", "ORD-005", "ORD-007", "ORD-010")
def test_nothing_leaves_a_ledger(order):
    MoneyEntry.objects.create(order=order, what="payment", amount=5, at=NOW)
    StepLog.objects.create(order=order, step="place", lane="customer", after="to_ship", at=NOW)
    StockMove.objects.create(product=Product.objects.get(), what="counted", on_hand=5, at=NOW)
    PointsEntry.objects.create(customer=order.customer, what="granted", points=5, at=NOW)
    parcel = Shipment.objects.create(order=order, tracking="P9", shipped_at=NOW)
    RefusalReason.objects.create(shipment=parcel, reason="price", words="别处便宜", at=NOW)
    for ledger in (MoneyEntry, StepLog, StockMove, PointsEntry, RefusalReason):
        assert refused(ledger.objects.all().delete)
        assert ledger.objects.count() == 1


@pytest.mark.clause("ORD-001")
def test_a_refund_is_neither_changed_nor_taken_away(order):
    case = case_of(order, state="to_refund", inspection="waived")
    Case.objects.filter(pk=case.pk).update(refund=5)
    assert refused(lambda: Case.objects.filter(pk=case.pk).update(refund=6))
    assert refused(lambda: Case.objects.filter(pk=case.pk).update(refund=None))


@pytest.mark.django_db(transaction=True)
def test_a_test_that_ends_with_empty_tables_leaves_the_guards_up():
    """The rows are gone and the guards stand when the next test begins: `test_nothing_leaves_a_ledger` tells."""
    customer = save_customer(None, name="测试", tags=[], note="", by=None, now=NOW)
    PointsEntry.objects.create(customer=customer, what="granted", points=5, at=NOW)
    call_command("flush", verbosity=0, interactive=False)
    assert not PointsEntry.objects.exists()
    customer = save_customer(None, name="测试", tags=[], note="", by=None, now=NOW)
    PointsEntry.objects.create(customer=customer, what="granted", points=5, at=NOW)
    assert refused(PointsEntry.objects.all().delete)
