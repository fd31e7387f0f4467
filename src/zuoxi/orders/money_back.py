# SPDX-License-Identifier: Apache-2.0
"""Money that goes back although no goods do: an order that was paid and called off before it left, or made smaller.

It is a case of its own kind: finance pays it on its work list, never whoever called the order off, and the customer is
told. What was delivered goes back as a return, after its inspection (ORD-001).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Refused
from zuoxi.orders.facts import CaseTold, MoneyBackFacts
from zuoxi.orders.flow import due_after, flow_of, held_order, log
from zuoxi.orders.models import Case, MoneyEntry, Order
from zuoxi.orders.moments import CASE_OPENED
from zuoxi.orders.rules import judge_money_back
from zuoxi.orders.series import next_number
from zuoxi.orders.states import CaseKind, CaseState, OrderState
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

PIECE: Final = 1000
CALLED_OFF, MADE_SMALLER, PAID_LATE = "called_off", "made_smaller", "paid_late"
_DEAD = (OrderState.CANCELLED, OrderState.VOID)


@enforces("ORD-001", "ORD-003")
def owe_back(order: Order, reason: str, *, by: Staff | None, now: datetime, words: str = "") -> Case | None:
    """Let finance give back what a held order no longer costs; None where nothing is owed.

    `by`: who called it off, and so does not pay it out; None: the program. `reason` is a key of case_reasons.
    """
    asked = order.cases.filter(kind=CaseKind.MONEY_BACK, refund=None).aggregate(all=Sum("judged_total"))["all"]
    costs = _costs(order)
    shipped = order.shipments.exists()
    facts = MoneyBackFacts(order.paid, order.refunded + (asked or Decimal(0)), costs, shipped)
    finding = judge_money_back(facts, site_handbook().on(timezone.localdate(now)))
    if finding.outcome != "owed":
        return None
    case = Case.objects.create(
        number=next_number("K", now), kind=CaseKind.MONEY_BACK, state=CaseState.TO_REFUND, order=order,
        customer=order.customer, reason=reason, words=words.strip()[:500], inspection=Case.Inspection.WAIVED,
        judged_total=Decimal(str(finding.details["amount"])), finding=finding.as_json(), opened_by=by, opened_at=now,
        state_at=now, due_at=due_after(CaseState.TO_REFUND, flow_of(CaseKind.MONEY_BACK), now),
    )  # fmt: skip
    log(order, CaseKind.MONEY_BACK, "ask", "", case.state, by=by, now=now, case=case, words=words)
    CASE_OPENED.tell(CaseTold(case.pk, case.number, case.kind, order.number, case.customer_id, now))
    return case


def money_back_due(case: Case, order: Order, by: Staff, now: datetime) -> Decimal:
    """What finance pays on a held case of a held order. Raises NotDone, Refused."""
    if case.opened_by_id == by.pk:
        raise NotDone(
            _("Whoever called the order off does not pay the money back."), _("Leave it to a colleague in finance.")
        )
    costs = _costs(order)
    shipped = order.state in _DEAD and order.shipments.exists()
    facts = MoneyBackFacts(order.paid, order.refunded, costs, shipped)
    finding = judge_money_back(facts, site_handbook().on(timezone.localdate(now)))
    if finding.outcome == "return_first":
        raise Refused(finding, _("Open a return instead."))
    return case.judged_total


def _costs(order: Order) -> Decimal:
    """What an order costs now: nothing once it is called off; dearer goods of its exchanges were paid on top."""
    if order.state in _DEAD:
        return Decimal(0)
    dearer = order.money.filter(what="difference", amount__gt=0).aggregate(all=Sum("amount"))["all"]
    return order.total + (dearer or Decimal(0))


@enforces("ORD-001")
def owe_back_missed(now: datetime) -> int:
    """Find orders that hold more money than they cost, called off or made smaller, which nobody was asked to pay back;
    returns how many."""
    asked = Case.objects.filter(order=OuterRef("pk"), kind=CaseKind.MONEY_BACK, refund=None).order_by()
    settled = MoneyEntry.objects.filter(order=OuterRef("pk"), what="difference", amount__gt=0).order_by()
    dead, beyond = Q(state__in=_DEAD), Q(paid__gt=F("refunded") + F("total"))
    paid = Order.objects.filter(dead & Q(paid__gt=F("refunded")) | ~dead & beyond)
    paid = paid.annotate(
        asked=_sum(asked, "judged_total"), settled=_sum(settled, "amount"), spare=F("paid") - F("refunded") - F("asked")
    )
    missed = paid.filter(dead & Q(spare__gt=0) | ~dead & Q(spare__gt=F("total") + F("settled")))
    owed = upto = 0
    while some := list(missed.filter(pk__gt=upto).order_by("pk").values_list("pk", flat=True)[:PIECE]):
        owed += sum(_owe_one(pk, now) for pk in some)
        upto = some[-1]
    return owed


def _sum(rows: QuerySet[Any], amount: str) -> Coalesce:
    """The amounts of rows of one order; nought for none."""
    nought = Value(Decimal(0), output_field=DecimalField(max_digits=12, decimal_places=2))
    return Coalesce(Subquery(rows.values("order").annotate(all=Sum(amount)).values("all")), nought)


@transaction.atomic
def _owe_one(order_id: int, now: datetime) -> bool:
    held = held_order(order_id)
    reason = CALLED_OFF if held.state in _DEAD else MADE_SMALLER
    return owe_back(held, reason, by=None, now=now) is not None
