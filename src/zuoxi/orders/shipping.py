# SPDX-License-Identifier: Apache-2.0
"""Parcels: out of the warehouse, delivered, refused, back again, and why they were refused."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Overtaken
from zuoxi.orders import stock
from zuoxi.orders.facts import OrderTold
from zuoxi.orders.flow import held_order, move_order
from zuoxi.orders.handbook import REFUSAL_REASONS, kind_of
from zuoxi.orders.models import MoneyEntry, Order, RefusalReason, Shipment, ShipmentEvent
from zuoxi.orders.moments import DELIVERED, REFUSED_BY_CUSTOMER
from zuoxi.orders.money import is_money
from zuoxi.orders.money_back import PAID_LATE, owe_back
from zuoxi.orders.placing import goods_of
from zuoxi.orders.states import OrderState
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.listed import listed


@transaction.atomic
@enforces("ORD-004")
def ship_order(order: Order, *, tracking: str, carrier: str, by: Staff, now: datetime) -> Shipment:
    """Hand the ordered goods to the carrier. Raises Overtaken for an order that is not to leave (again)."""
    held = held_order(order.pk)
    if waits_for_money(held):
        raise NotDone(
            _("This order is to be paid in advance, and the money has not come."),
            _("It may leave as soon as finance has written the payment down."),
        )
    move_order(held, "ship", OrderState.SHIPPED, by=by, now=now, words=tracking)
    if kind_of(site_handbook(), held.kind).stocked:
        stock.send_out(goods_of(held), held.number, by, now)
    return write_parcel(held, Shipment.Kind.SALE, tracking, carrier, now)


def waits_for_money(order: Order) -> bool:
    """Whether an order is to be paid in advance and is not yet."""
    return order.payment == Order.Payment.PREPAID and order.paid < order.total


def write_parcel(order: Order, kind: str, tracking: str, carrier: str, now: datetime) -> Shipment:
    """A parcel under its tracking number. Raises NotDone for one that is empty or used."""
    number = tracking.strip().upper()
    if not 4 <= len(number) <= 40:
        raise NotDone(_("Write down the tracking number of the parcel."))
    try:
        with transaction.atomic():
            return Shipment.objects.create(
                order=order, kind=kind, tracking=number, carrier=carrier.strip()[:40], shipped_at=now
            )
    except IntegrityError as error:
        raise NotDone(_("This tracking number belongs to another parcel.")) from error


@transaction.atomic
def deliver(shipment: Shipment, *, by: Staff | None, now: datetime) -> Order:
    """The ordered goods were handed over; what is still owed of cash on delivery is paid with it."""
    order = held_order(shipment.order_id)
    if shipment.kind != Shipment.Kind.SALE:
        on_way = Shipment.objects.filter(pk=shipment.pk, state=Shipment.State.SHIPPED)
        if not on_way.update(state=Shipment.State.DELIVERED, ended_at=now):
            raise Overtaken(_("This parcel has come to its end already."), _("Look at the page again."))
        return order
    order.delivered_at = now
    owed = order.total - order.paid
    if order.payment == Order.Payment.COD and owed > 0:
        order.paid = order.total
        MoneyEntry.objects.create(order=order, what="payment", amount=owed, at=now, by=by, ref=shipment.tracking)
    move_order(order, "deliver", OrderState.DELIVERED, by=by, now=now)
    Shipment.objects.filter(pk=shipment.pk).update(state=Shipment.State.DELIVERED, ended_at=now)
    DELIVERED.tell(OrderTold(order.pk, order.number, order.customer_id, now, shipment.tracking))
    return order


@transaction.atomic
@enforces("ORD-005", "ORD-010")
def refuse(shipment: Shipment, *, by: Staff | None, now: datetime, reason: str = "", words: str = "") -> Order:
    """The customer did not take the ordered goods. What the courier heard is kept; somebody asks him afterwards."""
    if shipment.kind != Shipment.Kind.SALE:
        raise NotDone(_("Only ordered goods can be refused like this."))
    order = held_order(shipment.order_id)
    move_order(order, "refuse", OrderState.REFUSED, by=by, now=now, words=words)
    Shipment.objects.filter(pk=shipment.pk).update(state=Shipment.State.REFUSED, ended_at=now)
    keep_news(shipment, f"refused:{now.isoformat()}", "refused", now, words=words)
    if reason and words.strip():
        tell_refusal_reason(shipment, reason, words, by=by, now=now)
    REFUSED_BY_CUSTOMER.tell(OrderTold(order.pk, order.number, order.customer_id, now, shipment.tracking))
    return order


def keep_news(shipment: Shipment, key: str, what: str, at: datetime, *, words: str = "", place: str = "") -> bool:
    """Keep what the carrier said; False when it was known."""
    _row, new = ShipmentEvent.objects.get_or_create(
        shipment=shipment, key=key[:80], defaults={"what": what, "at": at, "words": words[:200], "place": place[:80]}
    )
    return new


@transaction.atomic
@enforces("ORD-005", "ORD-010")
def tell_refusal_reason(
    shipment: Shipment, reason: str, words: str, *, by: Staff | None, now: datetime, source: str = "courier"
) -> RefusalReason:
    """Keep why a parcel was refused; what was said before stays and no longer counts. Raises NotDone for a reason that
    the pack does not know, and for words that say nothing."""
    handbook = site_handbook()
    if not handbook.has("refusal_reasons", reason):
        known = listed(str(one.label) for one in handbook.entries(REFUSAL_REASONS).values())
        raise NotDone(_("Choose one of the reasons: %(known)s.") % {"known": known})
    said = words.strip()
    if len(said) < 2 or said.casefold() in {"无", "没有", "none", "n/a"}:
        raise NotDone(_("Write down what the customer said, in his words."))
    RefusalReason.objects.filter(shipment=shipment, latest=True).update(latest=False)
    return RefusalReason.objects.create(
        shipment=shipment, reason=reason, words=said[:500], source=source[:16], by=by, at=now
    )


@transaction.atomic
def redeliver(order: Order, *, tracking: str, carrier: str, by: Staff, now: datetime) -> Shipment:
    """The customer takes it after all: the refused goods go out once more."""
    held = held_order(order.pk)
    move_order(held, "redeliver", OrderState.SHIPPED, by=by, now=now, words=tracking)
    return write_parcel(held, Shipment.Kind.SALE, tracking, carrier, now)


@transaction.atomic
def take_payment(
    order: Order, amount: Decimal, *, by: Staff | None, now: datetime, ref: str = "", seen: Decimal | None = None
) -> Order:
    """Money of the customer came in; it goes back where the order is called off already.

    `seen`: what stood as paid when it was written down. Raises Overtaken where more has come in since (a second click),
    NotDone beyond what the order still costs.
    """
    held = held_order(order.pk)
    if seen is not None and seen != held.paid:
        left = {"left": held.total - held.paid}
        raise Overtaken(_("%(left)s yuan are still to be paid on this order.") % left, _("Look at the page again."))
    if not is_money(amount) or not 0 < amount <= held.total - held.paid:
        raise NotDone(_("%(left)s yuan are still to be paid on this order.") % {"left": held.total - held.paid})
    held.paid += amount
    held.save(update_fields=["paid"])
    MoneyEntry.objects.create(order=held, what="payment", amount=amount, at=now, by=by, ref=ref.strip()[:80])
    if held.state in (OrderState.CANCELLED, OrderState.VOID):
        owe_back(held, PAID_LATE, by=None, now=now, words=ref)
    return held
