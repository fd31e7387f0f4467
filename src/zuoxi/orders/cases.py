# SPDX-License-Identifier: Apache-2.0
"""Opening returns, exchanges and reships: what may be opened, on which lines, and which way it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Overtaken, Refused
from zuoxi.orders.facts import CaseTold, ExchangeFacts, ReshipFacts, ReturnWindowFacts
from zuoxi.orders.flow import checked_step, due_after, flow_of, held_order, log, move_case
from zuoxi.orders.handbook import CASE_REASONS, kind_of
from zuoxi.orders.models import Case, CaseLine, Order, OrderLine, Shipment
from zuoxi.orders.moments import CASE_OPENED
from zuoxi.orders.rules import judge_exchange, judge_reship, judge_return_window
from zuoxi.orders.selectors import open_case_on, price_on
from zuoxi.orders.series import next_number
from zuoxi.orders.states import CaseKind, CaseState, OrderState
from zuoxi.orders.stock import reserve
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

_LETTERS = {CaseKind.RETURN: "T", CaseKind.EXCHANGE: "H", CaseKind.RESHIP: "B"}


@dataclass(frozen=True, slots=True)
class Some:
    """A line of the order and how many pieces; `wanted`: the product an exchange sends instead (None: the same)."""

    line: int
    quantity: int
    wanted: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer asks for and says. `ticket`, `call`: where it was said, as linked text."""

    lines: tuple[Some, ...]
    reason: str
    words: str = ""
    ticket: str = ""
    call: str = ""


@transaction.atomic
@enforces("ORD-001", "ORD-003")
def open_return(order: Order, asked: Asked, *, by: Staff, now: datetime) -> Case:
    """Write a return down. In time it goes on to be collected; later it waits for the leader's or supervisor's word.

    Raises NotDone, Overtaken (another case is about the line), Refused.
    """
    held, rows = _ready(order, asked, CaseKind.RETURN)
    if any(rows[one.line].reships for one in asked.lines):
        raise NotDone(
            _("Goods that were sent again are not refunded as well."), _("Exchange them, or ask the supervisor.")
        )
    reading = site_handbook().on(timezone.localdate(now))
    days = None
    if held.delivered_at is not None:
        days = max((timezone.localdate(now) - timezone.localdate(held.delivered_at)).days, 0)  # a carrier's clock ahead
    finding = judge_return_window(ReturnWindowFacts(days), reading)
    case = _open(held, asked, CaseKind.RETURN, rows, finding, by=by, now=now)
    if finding.outcome == "within":
        move_case(case, "check", CaseState.TO_COLLECT, by=by, now=now, words=finding.why.zh)
    return case


@transaction.atomic
@enforces("ORD-002", "ORD-003")
def open_exchange(order: Order, asked: Asked, *, by: Staff, now: datetime) -> Case:
    """Write an exchange down; the amount says whether new goods go out at once or after the inspection.

    The amount is that of the order as it was placed, whatever it was split into since.
    """
    held, rows = _ready(order, asked, CaseKind.EXCHANGE)
    reading = site_handbook().on(timezone.localdate(now))
    total = held.origin_total
    if reading.flag("orders.exchange.per_line"):
        total = sum((rows[one.line].price * one.quantity for one in asked.lines), Decimal(0))
    finding = judge_exchange(ExchangeFacts(total), reading)
    case = _open(held, asked, CaseKind.EXCHANGE, rows, finding, by=by, now=now)
    case.judged_total, case.direct = total, finding.outcome == "direct"
    case.difference = _difference(case, reading)
    after = CaseState.TO_SEND if case.direct else CaseState.TO_COLLECT
    if case.direct:
        reserve(goods_wanted(case), case.number, by, now)
    return move_case(case, "check", after, by=by, now=now, words=finding.why.zh)


@transaction.atomic
@enforces("ORD-006")
def open_reship(order: Order, asked: Asked, *, by: Staff, now: datetime) -> Case:
    """Write down what was missing or broken; the leader approves before it is sent again free of charge."""
    held, rows = _ready(order, asked, CaseKind.RESHIP)
    reading = site_handbook().on(timezone.localdate(now))
    lines = [rows[one.line] for one in asked.lines]
    facts = ReshipFacts(max(line.reships for line in lines), any(line.refunded for line in lines))
    finding = judge_reship(facts, reading)
    if finding.outcome != "allowed":
        used_up = finding.outcome == "used_up"
        raise Refused(finding, _("Open a return instead.") if used_up else _("Exchange them, or ask the supervisor."))
    case = _open(held, asked, CaseKind.RESHIP, rows, finding, by=by, now=now)
    return move_case(case, "check", CaseState.TO_APPROVE, by=by, now=now)


def follow_refusal(order: Order, shipment: Shipment, *, by: Staff | None, now: datetime) -> Case:
    """The return of a refused parcel that has come back: it is on its way already and goes on to be received."""
    lines = tuple(Some(line.pk, line.quantity) for line in order.lines.all())
    asked = Asked(lines, "refused")
    _free(asked)
    rows = {line.pk: line for line in order.lines.all()}
    case = _made(order, asked, CaseKind.RETURN, rows, by=None, now=now, state=CaseState.ON_WAY)
    case.refused_parcel = shipment
    case.due_at = due_after(CaseState.ON_WAY, flow_of(CaseKind.RETURN), now)
    case.save()
    log(order, CaseKind.RETURN, "ask", "", CaseState.ON_WAY, by=by, now=now, case=case)
    _tell(case, now)
    return case


def _ready(order: Order, asked: Asked, kind: str) -> tuple[Order, Mapping[int, OrderLine]]:
    """The held order and its lines. Raises NotDone for what cannot be asked."""
    handbook = site_handbook()
    held = held_order(order.pk)
    if kind not in kind_of(handbook, held.kind).after:
        raise NotDone(_("Orders of this kind know no such case."))
    if held.state != OrderState.DELIVERED:
        raise NotDone(
            _("The order is “%(state)s”; this is for goods that were delivered.") % {"state": held.get_state_display()},
            _("Cancel it, or wait until the parcel has come."),
        )
    reasons = handbook.entries(CASE_REASONS)
    if asked.reason not in reasons or kind not in reasons[asked.reason].kinds:
        raise NotDone(_("Choose a reason."))
    rows = {line.pk: line for line in OrderLine.objects.select_for_update().filter(order=held)}
    if not asked.lines:
        raise NotDone(_("Choose what it is about."))
    if len({one.line for one in asked.lines}) < len(asked.lines):
        raise NotDone(_("The same article stands there twice."), _("Say it once, with all its pieces."))
    for one in asked.lines:
        line = rows.get(one.line)
        left = line.quantity - line.refunded - line.exchanged if line else 0
        if line is None or not 1 <= one.quantity <= left:
            raise NotDone(
                _("Only %(left)d pieces of this line are left.") % {"left": max(left, 0)},
                _("What was refunded or exchanged is not there any more."),
            )
    _free(asked)
    return held, rows


def _free(asked: Asked) -> None:
    standing = open_case_on([one.line for one in asked.lines])
    if standing is not None:
        raise taken(standing)


def taken(standing: Case) -> Overtaken:
    """Another case is about the line, and which."""
    words = {"kind": standing.get_kind_display(), "number": standing.number}
    return Overtaken(
        _("%(kind)s %(number)s about this article is not closed yet.") % words,
        _("Finish that one or call it off; then open a new one."),
    )


def _open(
    order: Order,
    asked: Asked,
    kind: str,
    rows: Mapping[int, OrderLine],
    finding: Finding,
    *,
    by: Staff | None,
    now: datetime,
) -> Case:
    checked_step(kind, "check", CaseState.ASKED, by=by, now=now, done=None)
    case = _made(order, asked, kind, rows, by=by, now=now)
    case.finding = finding.as_json()
    case.due_at = due_after(CaseState.ASKED, flow_of(kind), now)
    case.save()
    log(order, kind, "ask", "", CaseState.ASKED, by=None, now=now, case=case, words=asked.words)
    _tell(case, now)
    return case


def _made(
    order: Order,
    asked: Asked,
    kind: str,
    rows: Mapping[int, OrderLine],
    *,
    by: Staff | None,
    now: datetime,
    state: str = CaseState.ASKED,
) -> Case:
    case = Case.objects.create(
        number=next_number(_LETTERS[CaseKind(kind)], now), kind=kind, state=state, order=order, customer=order.customer,
        reason=asked.reason, words=asked.words.strip()[:500], ticket=asked.ticket[:40], call=asked.call[:64],
        judged_total=order.origin_total, opened_by=by, opened_at=now, state_at=now,
    )  # fmt: skip
    prices = price_on([one.wanted for one in asked.lines if one.wanted], timezone.localdate(now))
    try:
        with transaction.atomic():
            CaseLine.objects.bulk_create(_case_lines(case, asked.lines, rows, prices))
    except IntegrityError as error:
        standing = open_case_on([one.line for one in asked.lines])
        raise (taken(standing) if standing else error) from error
    return case


def _case_lines(
    case: Case, lines: Iterable[Some], rows: Mapping[int, OrderLine], prices: Mapping[int, Decimal]
) -> list[CaseLine]:
    made = []
    for one in lines:
        wanted = one.wanted if one.wanted != rows[one.line].product_id else None
        if wanted and wanted not in prices:
            raise NotDone(_("This article is not on sale."), _("Look one up by name, sounds or number."))
        price = prices[wanted] if wanted else None
        made.append(
            CaseLine(case=case, line=rows[one.line], quantity=one.quantity, wanted_id=wanted, wanted_price=price)
        )
    return made


def _difference(case: Case, reading: Reading) -> Decimal:
    """What the customer pays (positive) or gets back; the same article stays at the price of the order."""
    lines = list(case.lines.select_related("line"))
    same = [one.line.product_id for one in lines if one.wanted_id is None]
    today = {} if reading.flag("orders.exchange.same_at_order_price") else price_on(same, reading.on)
    difference = Decimal(0)
    for one in lines:
        new = one.wanted_price if one.wanted_id else today.get(one.line.product_id, one.line.price)
        difference += ((new if new is not None else one.line.price) - one.line.price) * one.quantity
    return difference


def goods_wanted(case: Case) -> dict[int, int]:
    """Product id → pieces that go out for the case."""
    found: dict[int, int] = {}
    for one in case.lines.select_related("line"):
        product = one.wanted_id or one.line.product_id
        found[product] = found.get(product, 0) + one.quantity
    return found


def _tell(case: Case, now: datetime) -> None:
    CASE_OPENED.tell(CaseTold(case.pk, case.number, case.kind, case.order.number, case.customer_id, now))
