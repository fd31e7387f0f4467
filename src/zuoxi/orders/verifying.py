# SPDX-License-Identifier: Apache-2.0
"""Verifying orders by hand: somebody who did not sell it calls, three times at most, and says what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Overtaken, Refused
from zuoxi.messaging import services as messaging
from zuoxi.orders import stock
from zuoxi.orders.facts import VerifyCallFacts
from zuoxi.orders.flow import held_order, move_order
from zuoxi.orders.handbook import kind_of
from zuoxi.orders.models import Order, OrderLine, Verification, VerificationCall
from zuoxi.orders.money import check_total
from zuoxi.orders.money_back import CALLED_OFF, MADE_SMALLER, owe_back
from zuoxi.orders.placing import give_back, goods_of, reached_at, with_extension
from zuoxi.orders.rules import judge_verify_call
from zuoxi.orders.states import OrderState
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

OPEN = (Verification.State.OPEN, Verification.State.UNREACHED)
SMS = "sms"


@dataclass(frozen=True, slots=True)
class Corrections:
    """What the customer puts right on the call; None or an empty mapping leaves it. `pieces`: line id → how many."""

    receiver: str | None = None
    receiver_phone: str | None = None
    address: str | None = None
    pieces: Mapping[int, int] = field(default_factory=dict)


def _held(order: Order, by: Staff) -> tuple[Order, Verification]:
    held = held_order(order.pk)
    task = Verification.objects.select_for_update(of=("self",)).filter(order=held).select_related("closed_by").first()
    if task is None or task.state not in OPEN:
        name = task.closed_by.name if task and task.closed_by else ""
        said = _("%(name)s has concluded this verification already.") % {"name": name} if name else ""
        raise Overtaken(said or _("This order does not wait for a verification."), _("Look at the page again."))
    if held.seller_id == by.pk:
        raise NotDone(_("Whoever took the order does not verify it."), _("Leave it to somebody else."))
    return held, task


@transaction.atomic
@enforces("ORD-004")
def take_verification(order: Order, *, by: Staff, now: datetime) -> Verification:
    """Put one's name on a verification, which shows number and address; nobody verifies what he sold, and nobody takes
    what another has."""
    held, task = _held(order, by)
    if task.agent_id not in (None, by.pk):
        raise Overtaken(_("%(name)s is calling this customer.") % {"name": task.agent}, _("Take the next one."))
    if task.agent_id is None:
        vault.record("orders.phone.revealed", who=by.code, on=("order", held.number), purpose="verification", at=now)
    task.agent = by
    task.save(update_fields=["agent"])
    return task


@transaction.atomic
@enforces("ORD-004")
def log_verify_call(
    order: Order, *, by: Staff, now: datetime, reached: bool, to_receiver: bool = False, words: str = ""
) -> Verification:
    """Keep a call. In vain for the last time: a text message goes out and the order is void after its hours.

    Raises Refused for a call too soon after the last one, or one too many; a second number of the same order may be
    called at once.
    """
    held, task = _held(order, by)
    if task.state == Verification.State.UNREACHED and not reached:
        raise NotDone(_("The text message is out; the order lapses by itself unless the customer calls."))
    reading = site_handbook().on(timezone.localdate(now))
    earlier = [one for one in task.calls.all() if not one.reached]
    other = [one for one in earlier if one.to_receiver == to_receiver]
    finding = judge_verify_call(VerifyCallFacts(len(other), _hours(other[-1].at, now) if other else None), reading)
    if finding.outcome != "allowed" and not reached:
        raise Refused(finding, _("It comes up in the queue again when it is time."))
    VerificationCall.objects.create(
        verification=task, at=now, by=by, to_receiver=to_receiver, reached=reached, words=words.strip()[:300]
    )
    task.agent = task.agent or by
    task.next_at = now + timedelta(hours=float(reading.number("orders.verify.pause_hours")))
    if not reached and len(other) + 1 >= reading.whole("orders.verify.calls"):
        _tell_by_message(held, task, now, reading.whole("orders.verify.void_hours"))
    task.save()
    return task


def _hours(since: datetime, now: datetime) -> Decimal:
    return Decimal(int((now - since).total_seconds())) / 3600


def _tell_by_message(order: Order, task: Verification, now: datetime, hours: int) -> None:
    task.state, task.void_at = Verification.State.UNREACHED, now + timedelta(hours=hours)
    task.next_at = task.void_at
    text = _(
        "We could not reach you about your order %(number)s. Please call us within %(hours)d hours; "
        "otherwise it is cancelled."
    ) % {"number": order.number, "hours": hours}
    about = f"order:{order.pk}"
    messaging.send(SMS, order.phone or order.receiver_phone, text, dedupe=f"verify:{order.pk}", about=about)


@transaction.atomic
@enforces("ORD-004")
def confirm_order(
    order: Order, *, by: Staff, now: datetime, words: str = "", corrections: Corrections | None = None
) -> Order:
    """The customer confirms, with `corrections` where he puts something right; the order may leave now.

    Raises NotDone while one of two different numbers was not reached.
    """
    held, task = _held(order, by)
    reached = {one.to_receiver for one in task.calls.all() if one.reached}
    if not reached:
        raise NotDone(_("Nobody was reached yet."), _("Write the call down first."))
    if held.phone != held.receiver_phone and len(reached) < 2:
        raise NotDone(_("The order names two numbers; both are called."), _("Call the other number and write it down."))
    changed = corrections is not None and _correct(held, corrections, by, now)
    held.verified_at, held.verified_by = now, by
    move_order(held, "verify", OrderState.TO_SHIP, by=by, now=now, words=words)
    _close(task, Verification.State.CHANGED if changed else Verification.State.CONFIRMED, by, now, words)
    owe_back(held, MADE_SMALLER, by=by, now=now, words=words)
    return held


def _correct(order: Order, said: Corrections, by: Staff, now: datetime) -> bool:
    changed = False
    for name, longest in (("receiver", 80), ("address", 240)):
        value = (getattr(said, name) or "").strip()[:longest]
        if value and value != getattr(order, name):
            setattr(order, name, value)
            changed = True
    if said.receiver_phone and (bare := reached_at(said.receiver_phone)) and bare != order.receiver_phone:
        order.receiver_phone = bare
        order.note = with_extension(order.note, said.receiver_phone)
        changed = True
    return _new_pieces(order, said.pieces, by, now) or changed


def _new_pieces(order: Order, pieces: Mapping[int, int], by: Staff, now: datetime) -> bool:
    """Quantities as the customer wants them; the total is worked out again, stock is promised again."""
    rows = {line.pk: line for line in order.lines.all()}
    wanted = {pk: count for pk, count in pieces.items() if pk in rows and count != rows[pk].quantity}
    if not wanted:
        return False
    if any(count < 0 for count in wanted.values()):
        raise NotDone(_("A quantity is a whole number from one up."))
    if not any(pieces.get(pk, line.quantity) for pk, line in rows.items()):
        raise NotDone(_("Nothing would be left: cancel the order instead."))
    give_back(order, by, now)
    for pk, count in wanted.items():
        if count:
            OrderLine.objects.filter(pk=pk).update(quantity=count)
        else:
            rows[pk].delete()
    if kind_of(site_handbook(), order.kind).stocked:
        stock.reserve(goods_of(order), order.number, by, now)
    order.total = sum((line.price * line.quantity for line in order.lines.all()), Decimal(0))
    check_total(order.total)
    if order.origin_id is None:
        order.origin_total = max(order.origin_total, order.total)
    return True


@transaction.atomic
@enforces("ORD-004")
def drop_order(order: Order, result: str, *, by: Staff, now: datetime, words: str) -> Order:
    """The customer cancels ("cancelled") or the order is found invalid ("invalid"); the reason is kept."""
    if result not in (Verification.State.CANCELLED, Verification.State.INVALID):
        raise NotDone(_("Choose what came of it."))
    if len(words.strip()) < 2:
        raise NotDone(_("Say why the order is cancelled."))
    held, task = _held(order, by)
    move_order(held, "cancel", OrderState.CANCELLED, by=by, now=now, words=words)
    give_back(held, by, now)
    _close(task, result, by, now, words)
    vault.record("orders.cancelled", who=by.code, on=("order", held.number), purpose=words)
    owe_back(held, CALLED_OFF, by=by, now=now, words=words)
    return held


def _close(task: Verification, state: str, by: Staff | None, now: datetime, words: str) -> None:
    task.state, task.closed_at, task.closed_by, task.words = state, now, by, words.strip()[:500]
    task.save()


@enforces("ORD-004")
def lapse_unreached(now: datetime) -> int:
    """Make void what nobody confirmed in time after the text message; returns how many."""
    due = Verification.objects.filter(state=Verification.State.UNREACHED, void_at__lte=now)
    return sum(_lapse(order_id, now) for order_id in due.values_list("order_id", flat=True))


@transaction.atomic
def _lapse(order_id: int, now: datetime) -> bool:
    order = held_order(order_id)
    task = Verification.objects.select_for_update().get(order=order)
    if task.state != Verification.State.UNREACHED or order.state != OrderState.TO_VERIFY:
        return False
    move_order(order, "lapse", OrderState.VOID, by=None, now=now)
    give_back(order, None, now)
    _close(task, Verification.State.LAPSED, None, now, "")
    owe_back(order, CALLED_OFF, by=None, now=now)
    return True
