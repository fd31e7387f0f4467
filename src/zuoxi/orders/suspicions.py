# SPDX-License-Identifier: Apache-2.0
"""The audit of registrations that look invented: found by rule, judged by a person, open to an appeal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Overtaken
from zuoxi.orders.facts import FakeFacts
from zuoxi.orders.models import Case, Order, RefusalReason, Suspicion
from zuoxi.orders.rules import judge_fake
from zuoxi.orders.states import CaseKind, OrderState
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

_DROPPED = (OrderState.CANCELLED, OrderState.VOID)


@transaction.atomic
@enforces("ORD-009")
def audit_registrations(now: datetime) -> int:
    """Look at the orders of the last days; returns how many were newly found. Running it again finds nothing twice."""
    handbook = site_handbook()
    reading = handbook.on(timezone.localdate(now))
    since = now - timedelta(days=reading.whole("orders.fake.window_days"))
    orders = list(Order.objects.filter(placed_at__gte=since, placed_at__lte=now).exclude(state__in=_DROPPED))
    known = set(Suspicion.objects.filter(order__placed_at__gte=since).values_list("order_id", flat=True))
    phones, addresses = _shared(orders, "phone", since), _shared(orders, "address", since)
    returned, denied = _returned(since), _denied(since)
    made = []
    for one in orders:
        if one.pk in known:
            continue
        facts = FakeFacts(
            phones.get(one.phone, 1), addresses.get(one.address, 1), one.pk in denied or None, returned.get(one.pk)
        )
        finding = judge_fake(facts, handbook.on(reading.on))
        if finding.outcome == "suspect":
            rule = "+".join(finding.details["reasons"])[:32]
            made.append(
                Suspicion(order=one, rule=rule, staff_id=one.seller_id, finding=finding.as_json(), found_at=now)
            )
    Suspicion.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _shared(orders: Iterable[Order], column: str, since: datetime) -> dict[str, int]:
    """How many customers share a telephone number, or an address."""
    rows = Order.objects.filter(placed_at__gte=since).exclude(**{column: ""}).exclude(state__in=_DROPPED)
    found = rows.order_by().values(column).annotate(people=Count("customer_id", distinct=True)).filter(people__gt=1)
    return {row[column]: row["people"] for row in found}


def _returned(since: datetime) -> dict[int, Decimal]:
    rows = Case.objects.filter(kind=CaseKind.RETURN, opened_at__gte=since, order__delivered_at__isnull=False)
    pairs = rows.values_list("order_id", "opened_at", "order__delivered_at")
    return {pk: Decimal(int(max((at - before).total_seconds(), 0))) / 3600 for pk, at, before in pairs if before}


def _denied(since: datetime) -> set[int]:
    rows = RefusalReason.objects.filter(latest=True, reason="not_mine", source="followup", at__gte=since)
    return set(rows.values_list("shipment__order_id", flat=True))


@transaction.atomic
@enforces("ORD-009")
def judge_suspicion(suspicion: Suspicion, invented: bool, words: str, *, by: Staff, now: datetime) -> Suspicion:
    """Find it invented, or in order; nobody judges his own order."""
    held = Suspicion.objects.select_for_update().get(pk=suspicion.pk)
    if held.state != Suspicion.State.OPEN:
        raise Overtaken(_("This has been judged already."))
    if held.staff_id == by.pk:
        raise NotDone(_("Nobody judges his own orders."))
    if len(words.strip()) < 2:
        raise NotDone(_("Say what was found."))
    held.state = Suspicion.State.CONFIRMED if invented else Suspicion.State.DISMISSED
    held.judged_by, held.judged_at, held.words = by, now, words.strip()[:500]
    held.save()
    vault.record(
        "orders.suspicion.judged", who=by.code, on=("order", held.order_id), purpose=words, invented=invented, at=now
    )
    return held


@transaction.atomic
@enforces("ORD-009")
def appeal_suspicion(suspicion: Suspicion, words: str, *, by: Staff, now: datetime) -> Suspicion:
    """Whoever it fell on says why it is not so; once."""
    held = Suspicion.objects.select_for_update().get(pk=suspicion.pk)
    if held.staff_id != by.pk:
        raise NotDone(_("Only whoever took the order appeals."))
    if held.state != Suspicion.State.CONFIRMED:
        raise Overtaken(_("There is nothing to appeal against, or it was appealed against already."))
    if len(words.strip()) < 2:
        raise NotDone(_("Say why it is not so."))
    held.state, held.appeal, held.appealed_at = Suspicion.State.APPEALED, words.strip()[:500], now
    held.save()
    return held


@transaction.atomic
@enforces("ORD-009")
def judge_appeal(suspicion: Suspicion, upheld: bool, words: str, *, by: Staff, now: datetime) -> Suspicion:
    """Another one than who judged first decides the appeal."""
    held = Suspicion.objects.select_for_update().get(pk=suspicion.pk)
    if held.state != Suspicion.State.APPEALED:
        raise Overtaken(_("This has been judged already."))
    if by.pk in (held.judged_by_id, held.staff_id):
        raise NotDone(_("An appeal is judged by somebody else."))
    if len(words.strip()) < 2:
        raise NotDone(_("Say what was found."))
    held.state = Suspicion.State.UPHELD if upheld else Suspicion.State.DISMISSED
    held.appeal_by, held.appeal_judged_at, held.appeal_words = by, now, words.strip()[:500]
    held.save()
    vault.record(
        "orders.suspicion.appeal", who=by.code, on=("order", held.order_id), purpose=words, upheld=upheld, at=now
    )
    return held
