# SPDX-License-Identifier: Apache-2.0
"""The steps of returns, exchanges and reships, one verb each: under the row's lock, by the post that the pack names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Refused
from zuoxi.orders import stock
from zuoxi.orders.cases import follow_refusal, goods_wanted
from zuoxi.orders.facts import CaseTold, OrderTold, RefundFacts
from zuoxi.orders.flow import check_case, held_case, held_order, log, move_case, move_order
from zuoxi.orders.models import Case, CaseLine, MoneyEntry, Order, OrderLine, Shipment
from zuoxi.orders.moments import CASE_CLOSED, RETURNED
from zuoxi.orders.money_back import money_back_due
from zuoxi.orders.rules import judge_refund
from zuoxi.orders.selectors import paid_in
from zuoxi.orders.series import next_number
from zuoxi.orders.shipping import write_parcel
from zuoxi.orders.states import CaseKind, CaseState, OrderState
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


def _begin(case: Case, key: str, by: Staff | None, now: datetime) -> Case:
    held = held_case(case.pk)
    check_case(held, key, by, now)
    return held


@transaction.atomic
def accept(case: Case, *, by: Staff, now: datetime, words: str = "") -> Case:
    """Take a return that was asked for too late after all; only who may decline it may accept it."""
    held = _begin(case, "check", by, now)
    check_case(held, "decline", by, now)
    return move_case(held, "check", CaseState.TO_COLLECT, by=by, now=now, words=words)


@transaction.atomic
def decline(case: Case, *, by: Staff, now: datetime, words: str) -> Case:
    held = _begin(case, "decline", by, now)
    _reason(words)
    return _ended(move_case(held, "decline", CaseState.REFUSED, by=by, now=now, words=words), now)


@transaction.atomic
def call_off(case: Case, *, by: Staff, now: datetime, words: str) -> Case:
    """The customer changes his mind before anything moved."""
    held = _begin(case, "cancel", by, now)
    _reason(words)
    if held.state == CaseState.TO_SEND:
        if not held.direct:
            raise NotDone(_("The customer's goods are here already; send him the new ones."))
        stock.release(goods_wanted(held), held.number, by, now)
    return _ended(move_case(held, "cancel", CaseState.CANCELLED, by=by, now=now, words=words), now)


def _reason(words: str) -> None:
    if len(words.strip()) < 2:
        raise NotDone(_("Give a reason."))


@transaction.atomic
def collect(case: Case, *, by: Staff, now: datetime, words: str = "") -> Case:
    """Logistics has the goods; `words` the number of the parcel."""
    return move_case(_begin(case, "collect", by, now), "collect", CaseState.ON_WAY, by=by, now=now, words=words)


@transaction.atomic
def receive(case: Case, received: Mapping[int, int], *, by: Staff, now: datetime, words: str = "") -> Case:
    """The warehouse counts what came back (case line id → pieces). Raises NotDone for more than was sent."""
    held = _begin(case, "receive", by, now)
    for one in held.lines.all():
        pieces = received.get(one.pk, 0)
        if not 0 <= pieces <= one.quantity:
            raise NotDone(_("At most %(n)d pieces of this line can come back.") % {"n": one.quantity})
        CaseLine.objects.filter(pk=one.pk).update(received=pieces)
    move_case(held, "receive", CaseState.RECEIVED, by=by, now=now, words=words)
    order = held.order
    told = held.refused_parcel.tracking if held.refused_parcel else ""
    RETURNED.tell(OrderTold(order.pk, order.number, order.customer_id, now, told))
    return held


@transaction.atomic
def come_back(order: Order, *, by: Staff, now: datetime, words: str = "") -> Case:
    """A refused parcel is in the warehouse again: the order ends, its goods are received for inspection."""
    held = held_order(order.pk)
    shipment = held.shipments.filter(kind=Shipment.Kind.SALE).order_by("-shipped_at", "-pk").first()
    if shipment is None:
        raise NotDone(_("This order has no parcel."))
    move_order(held, "come_back", OrderState.SENT_BACK, by=by, now=now, words=words)
    Shipment.objects.filter(pk=shipment.pk).update(state=Shipment.State.RETURNED)
    case = follow_refusal(held, shipment, by=by, now=now)
    return receive(case, {one.pk: one.quantity for one in case.lines.all()}, by=by, now=now, words=words)


@transaction.atomic
@enforces("ORD-001", "ORD-002")
def inspect(case: Case, passed: Mapping[int, int], *, by: Staff, now: datetime, words: str = "") -> Case:
    """The warehouse says how many pieces are sound (case line id → pieces); sound goods are stock again.

    Raises NotDone for more than came back, or for a judgement without words where something did not pass.
    """
    held = _begin(case, "inspect", by, now)
    rows = list(held.lines.select_related("line"))
    for one in rows:
        one.passed = passed.get(one.pk, 0)
        if not 0 <= one.passed <= (one.received or 0):
            raise NotDone(_("At most %(n)d pieces of this line came back.") % {"n": one.received or 0})
    good, all_of_them = sum(one.passed or 0 for one in rows), sum(one.quantity for one in rows)
    held.inspection = "passed" if good == all_of_them else "partial" if good else "failed"
    if held.inspection != "passed":
        _reason(words)
    CaseLine.objects.bulk_update(rows, ["passed"])
    held.inspected_by, held.inspected_at, held.inspection_words = by, now, words.strip()[:500]
    sound: dict[int, int] = {}
    for one in rows:
        sound[one.line.product_id] = sound.get(one.line.product_id, 0) + (one.passed or 0)
    if held.origin_id is None:  # what a reship could not replace never came back: here "sound" says that it is missing
        stock.take_in(sound, held.number, by, now)
    after = _after_return(held) if held.kind == CaseKind.RETURN else _after_exchange(held)
    return move_case(held, "inspect", after, by=by, now=now, words=words)


def _after_return(case: Case) -> str:
    if case.inspection == "failed":
        paid = case.order.paid > case.order.refunded
        return CaseState.FAILED if paid or case.refused_parcel_id is None else CaseState.TO_TELL
    return CaseState.TO_REFUND if refund_due(case) > 0 else CaseState.TO_TELL


def _after_exchange(case: Case) -> str:
    if case.direct:
        if case.inspection != "passed":
            return CaseState.TO_CLAIM
        return CaseState.TO_SETTLE if case.difference else CaseState.TO_TELL
    return CaseState.TO_APPROVE if case.inspection == "passed" else CaseState.FAILED


def refund_due(case: Case) -> Decimal:
    """What the sound goods cost, never more than was paid and is not given back yet; without goods, what is owed."""
    if case.kind == CaseKind.MONEY_BACK:
        return case.judged_total
    worth = sum((one.line.price * (one.passed or 0) for one in case.lines.select_related("line")), Decimal(0))
    return min(worth, case.order.paid - case.order.refunded)


@transaction.atomic
@enforces("ORD-001")
def refund(case: Case, *, by: Staff, now: datetime, ref: str = "") -> Case:
    """Finance pays the sound goods back, or what is owed without goods, once. Raises Refused without an inspection that
    passed, NotDone where whoever inspected the goods or called the order off would pay."""
    held = _begin(case, "refund", by, now)
    order = held.order = held_order(held.order_id)
    if held.kind == CaseKind.MONEY_BACK:
        amount = money_back_due(held, order, by, now)
    else:
        _must_have_passed(held, now)
        _not_the_inspector(held, by)
        amount = refund_due(held)
    if amount <= 0 or amount > paid_in(order):
        raise NotDone(_("There is nothing left to refund on this order."))
    order.refunded += amount
    order.save(update_fields=["refunded"])
    for one in held.lines.all():
        OrderLine.objects.filter(pk=one.line_id).update(refunded=F("refunded") + (one.passed or 0))
    held.refund, held.paid_by, held.paid_at = amount, by, now
    move_case(held, "refund", CaseState.TO_TELL, by=by, now=now, words=ref)
    _book(held, "refund", -amount, by=by, now=now, ref=ref)
    vault.record("orders.refunded", who=by.code, on=("order", order.number), case=held.number, amount=str(amount))
    return held


def _must_have_passed(case: Case, now: datetime) -> None:
    finding = judge_refund(RefundFacts(case.inspection), site_handbook().on(timezone.localdate(now)))  # type: ignore[arg-type]
    if finding.outcome == "refused":
        raise Refused(finding, _("Wait for the warehouse's inspection."))


def _not_the_inspector(case: Case, by: Staff) -> None:
    if case.inspected_by_id == by.pk:
        raise NotDone(_("Whoever inspected the goods does not pay for them."), _("Leave it to a colleague in finance."))


def _book(case: Case, what: str, amount: Decimal, *, by: Staff, now: datetime, ref: str) -> None:
    try:
        with transaction.atomic():
            MoneyEntry.objects.create(
                order=case.order, case=case, what=what, amount=amount, at=now, by=by, ref=ref.strip()[:80]
            )
    except IntegrityError as error:
        raise NotDone(_("This was paid already.")) from error


@transaction.atomic
@enforces("ORD-002")
def approve(case: Case, *, by: Staff, now: datetime, words: str = "") -> Case:
    """A leader or supervisor lets an exchange above the limit, or a reship, go out; not who opened it."""
    held = _begin(case, "approve", by, now)
    if held.opened_by_id == by.pk:
        raise NotDone(_("Whoever opened it does not approve it."), _("Leave it to another leader or the supervisor."))
    held.approved_by = by
    stock.reserve(goods_wanted(held), held.number, by, now)
    return move_case(held, "approve", CaseState.TO_SEND, by=by, now=now, words=words)


@transaction.atomic
def deny(case: Case, *, by: Staff, now: datetime, words: str) -> Case:
    """Not approved: a reship ends, the goods of an exchange go back to the customer."""
    held = _begin(case, "deny", by, now)
    _reason(words)
    if held.kind == CaseKind.RESHIP:
        return _ended(move_case(held, "deny", CaseState.REFUSED, by=by, now=now, words=words), now)
    return move_case(held, "deny", CaseState.TO_SEND_BACK, by=by, now=now, words=words)


@transaction.atomic
@enforces("ORD-001")
def exempt(case: Case, *, by: Staff, now: datetime, words: str) -> Case:
    """The director lets new goods out although the old ones did not pass; he says why."""
    held = _begin(case, "exempt", by, now)
    _reason(words)
    held.approved_by = by
    stock.reserve(goods_wanted(held), held.number, by, now)
    vault.record("orders.exempted", who=by.code, on=("order", held.order.number), purpose=words, case=held.number)
    return move_case(held, "exempt", CaseState.TO_SEND, by=by, now=now, words=words)


@transaction.atomic
@enforces("ORD-002", "ORD-006")
def send(case: Case, *, tracking: str, carrier: str, by: Staff, now: datetime) -> Case:
    """The new goods of an exchange, or the added ones of a reship, leave the warehouse; a reship costs nothing."""
    held = _begin(case, "send", by, now)
    goods = goods_wanted(held)
    stock.send_out(goods, held.number, by, now)
    counter = "exchanged" if held.kind == CaseKind.EXCHANGE else "reships"
    for one in held.lines.all():
        OrderLine.objects.filter(pk=one.line_id).update(
            **{counter: F(counter) + (one.quantity if counter == "exchanged" else 1)}
        )
    write_parcel(held.order, held.kind, tracking, carrier, now)
    if held.kind == CaseKind.RESHIP:
        after: str = CaseState.SENT
    elif held.direct:
        after = CaseState.TO_COLLECT
    else:
        after = CaseState.TO_SETTLE if held.difference else CaseState.TO_TELL
    return move_case(held, "send", after, by=by, now=now, words=tracking)


@transaction.atomic
@enforces("ORD-006")
def no_stock(case: Case, *, by: Staff, now: datetime, words: str = "") -> Case:
    """What cannot be sent again is refunded: the reship ends and a return begins at the warehouse, which confirms
    that the goods are missing. Returns the return."""
    held = _begin(case, "no_stock", by, now)
    stock.release(goods_wanted(held), held.number, by, now)
    move_case(held, "no_stock", CaseState.NO_STOCK, by=by, now=now, words=words)
    _ended(held, now)
    made = Case.objects.create(
        number=next_number("T", now), kind=CaseKind.RETURN, state=CaseState.ON_WAY, order=held.order,
        customer=held.customer, reason="missing", words=held.words, origin=held, judged_total=held.judged_total,
        opened_by=held.opened_by, opened_at=now, state_at=now,
    )  # fmt: skip
    CaseLine.objects.bulk_create(
        CaseLine(case=made, line_id=one.line_id, quantity=one.quantity) for one in held.lines.all()
    )
    log(made.order, CaseKind.RETURN, "ask", "", CaseState.ON_WAY, by=by, now=now, case=made, words=held.number)
    return made


def case_sent_in(shipment: Shipment) -> Case | None:
    """The reship that waits for this parcel: its step of sending names the number. None for every other parcel."""
    if shipment.kind != Shipment.Kind.RESHIP:
        return None
    sent = shipment.order.cases.filter(kind=CaseKind.RESHIP, state=CaseState.SENT, steps__step="send")
    known = sent.values_list("steps__words", "pk")
    wanted = next((pk for words, pk in known if words.strip().upper() == shipment.tracking), None)
    return Case.objects.filter(pk=wanted).first() if wanted else None


@transaction.atomic
def arrive(case: Case, *, by: Staff | None, now: datetime) -> Case:
    """What was sent again has been signed for; `by` None: the carrier says so."""
    held = _begin(case, "arrive", by, now)
    own = {one.strip().upper() for one in held.steps.filter(step="send").values_list("words", flat=True)}
    parcels = held.order.shipments.filter(kind=Shipment.Kind.RESHIP, state=Shipment.State.SHIPPED, tracking__in=own)
    parcels.update(state=Shipment.State.DELIVERED, ended_at=now)
    return move_case(held, "arrive", CaseState.TO_TELL, by=by, now=now)


@transaction.atomic
def claim(case: Case, *, by: Staff, now: datetime, words: str) -> Case:
    """Missing or damaged old goods: what is claimed from whom."""
    held = _begin(case, "claim", by, now)
    _reason(words)
    after = CaseState.TO_SETTLE if held.difference else CaseState.TO_TELL
    return move_case(held, "claim", after, by=by, now=now, words=words)


@transaction.atomic
@enforces("ORD-002")
def settle(case: Case, *, by: Staff, now: datetime, ref: str = "") -> Case:
    """Finance takes or gives back the difference of an exchange, once."""
    held = _begin(case, "settle", by, now)
    _not_the_inspector(held, by)
    order = held.order = held_order(held.order_id)
    if held.difference > 0:
        order.paid += held.difference
    else:
        order.refunded -= held.difference
    if order.refunded > order.paid:
        raise NotDone(_("There is nothing left to refund on this order."))
    order.save(update_fields=["paid", "refunded"])
    held.paid_by, held.paid_at = by, now
    move_case(held, "settle", CaseState.TO_TELL, by=by, now=now, words=ref)
    _book(held, "difference", held.difference, by=by, now=now, ref=ref)
    vault.record(
        "orders.settled", who=by.code, on=("order", order.number), case=held.number, amount=str(held.difference)
    )
    return held


@transaction.atomic
def explain(case: Case, *, by: Staff, now: datetime, words: str) -> Case:
    """The customer hears why the goods did not pass, and that they come back to him."""
    held = _begin(case, "explain", by, now)
    _reason(words)
    return move_case(held, "explain", CaseState.TO_SEND_BACK, by=by, now=now, words=words)


@transaction.atomic
def send_back(case: Case, *, tracking: str, carrier: str, by: Staff, now: datetime) -> Case:
    held = _begin(case, "send_back", by, now)
    write_parcel(held.order, Shipment.Kind.BACK, tracking, carrier, now)
    return _ended(move_case(held, "send_back", CaseState.CLOSED, by=by, now=now, words=tracking), now)


@transaction.atomic
@enforces("ORD-003", "ORD-006")
def tell(case: Case, *, by: Staff, now: datetime, words: str, blame: str = "") -> Case:
    """The customer is told and the case closed; a reship says whose fault it was."""
    held = _begin(case, "tell", by, now)
    _reason(words)
    if held.kind == CaseKind.RESHIP and blame not in Case.Blame.values:
        raise NotDone(_("Say whose fault it was."))
    held.blame = blame if blame in Case.Blame.values else ""
    return _ended(move_case(held, "tell", CaseState.CLOSED, by=by, now=now, words=words), now)


def _ended(case: Case, now: datetime) -> Case:
    CASE_CLOSED.tell(CaseTold(case.pk, case.number, case.kind, case.order.number, case.customer_id, now))
    return case
