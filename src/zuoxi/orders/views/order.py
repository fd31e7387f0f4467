# SPDX-License-Identifier: Apache-2.0
"""One order: what it holds, where it stands in its lanes, its money and parcels, and what may be asked about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.orders import flow, selectors, services
from zuoxi.orders.handbook import CASE_REASONS, REFUSAL_REASONS, kind_of
from zuoxi.orders.lanes import drawn
from zuoxi.orders.models import Order, Verification, VerificationCall
from zuoxi.orders.services import NotDone
from zuoxi.orders.states import CaseKind, OrderState
from zuoxi.orders.views.asking import masked, who, whole
from zuoxi.orders.views.lists import TONES
from zuoxi.orders.visibility import visible_orders
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import masking
from zuoxi.vault import services as vault
from zuoxi.web.access import may

OPENERS = {
    "return": services.open_return,
    "exchange": services.open_exchange,
    "reship": services.open_reship,
}


def found(request: HttpRequest, number: str) -> Order:
    rows = visible_orders(request.user).select_related(
        "customer", "seller", "verified_by", "origin", "verification__agent"
    )
    one = rows.filter(number=number).first()
    if one is None:
        raise Http404(number)
    return one


@shows("ORD-002", "ORD-003", "ORD-004")
@may("orders.view")
def order(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, found(request, number))


def page(request: HttpRequest, one: Order, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "orders/order.html", context_of(request, one) | more, status=status)


def context_of(request: HttpRequest, one: Order) -> dict[str, Any]:
    now, user = timezone.now(), request.user
    handbook = site_handbook()
    body, sale = kind_of(handbook, one.kind), flow.flow_of(flow.SALE)
    due = flow.due_after(one.state, sale, one.state_at)
    may_serve = one.state == OrderState.DELIVERED and user.may("orders.serve")  # type: ignore[union-attr]
    may_cancel = one.state in (OrderState.TO_VERIFY, OrderState.TO_SHIP) and user.may("orders.sell")  # type: ignore[union-attr]
    rows = list(one.lines.select_related("product"))
    pieces = sum(line.quantity for line in rows)
    return {
        "one": one,
        "tone": TONES.get(one.state, "plain"),
        "kind": body.label,
        "rows": rows,
        "phone": masked(one.phone),
        "receiver_phone": masked(one.receiver_phone),
        "address": masking.address(one.address),
        "lanes": drawn(sale, selectors.steps_of(one), one.state, due, now),
        "flow": sale,
        "cases": list(one.cases.order_by("opened_at")),
        "money": list(one.money.select_related("by")),
        "parcels": list(one.shipments.prefetch_related("events")),
        "reasons": list(selectors.reasons_of(one)),
        "verification": _verification(one),
        "finding": Finding.from_json(one.finding) if one.finding else None,
        "openers": [(key, CaseKind(key).label) for key in body.after] if may_serve else [],
        "may_cancel": may_cancel,
        "may_split": may_cancel and not one.paid and pieces > 1,
        "pieces": pieces,
        "owed": one.total - one.paid,
        "refusal_reasons": [(key, reason.label) for key, reason in handbook.entries(REFUSAL_REASONS).items()],
        "typed": QueryDict(),
    }


def _verification(one: Order) -> Verification | None:
    """With its calls, for one query and no more."""
    task: Verification | None = getattr(one, "verification", None)
    if task is not None:
        prefetch_related_objects([task], Prefetch("calls", VerificationCall.objects.select_related("by")))
    return task


@require_POST
@may("orders.view")
def phone(request: HttpRequest, number: str) -> HttpResponse:
    """The whole number and address, after the purpose has been written down."""
    one = found(request, number)
    purpose = request.POST.get("purpose", "").strip()
    if len(purpose) < 2:
        messages.error(request, _("Say what the number is needed for."))
        return page(request, one, 422)
    vault.record_request(request, "orders.phone.revealed", on=("order", one.number), purpose=purpose)
    shown: dict[str, Any] = {
        "phone": one.phone,
        "receiver_phone": one.receiver_phone,
        "address": one.address,
        "revealed": True,
    }
    return page(request, one, **shown)


@may("orders.serve")
def open_case(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The form of a return, an exchange or a reship; a refusal keeps what was typed."""
    one = found(request, number)
    if kind not in OPENERS:
        raise Http404(kind)
    data = request.POST
    refusal = None
    if request.method == "POST":
        try:
            made = OPENERS[kind](one, _asked(one, data), by=who(request), now=timezone.now())
        except NotDone as refused:
            refusal = refused
        else:
            messages.success(request, _("%(number)s is written down.") % {"number": made.number})
            return redirect("orders:case", made.number)
    reasons = site_handbook().entries(CASE_REASONS)
    rows = [
        (line, line.quantity - line.refunded - line.exchanged, data.get(f"line_{line.pk}", ""),
         data.get(f"wanted_{line.pk}", ""))
        for line in one.lines.select_related("product")
    ]  # fmt: skip
    context = {
        "one": one,
        "kind": kind,
        "label": CaseKind(kind).label,
        "rows": rows,
        "reasons": [(key, body.label) for key, body in reasons.items() if kind in body.kinds and key != "refused"],
        "typed": data,
        "call": data.get("call", "") or request.GET.get("call", ""),
        "ticket": data.get("ticket", "") or request.GET.get("ticket", ""),
        "refusal": refusal,
    }
    return render(request, "orders/open_case.html", context, status=422 if refusal else 200)


def _asked(one: Order, data: QueryDict) -> services.Asked:
    """Pieces by line, and what an exchange should send instead, by article number."""
    lines = []
    for line in one.lines.all():
        pieces = whole(data.get(f"line_{line.pk}", ""))
        if pieces:
            lines.append(services.Some(line.pk, pieces, _wanted(data.get(f"wanted_{line.pk}", ""))))
    words = data.get("words", "")
    return services.Asked(tuple(lines), data.get("reason", ""), words, data.get("ticket", ""), data.get("call", ""))


def _wanted(text: str) -> int | None:
    sku = text.strip()
    if not sku:
        return None
    product = selectors.product_named(sku)
    if product is None:
        raise NotDone(_("There is no article “%(sku)s”.") % {"sku": sku}, _("Look it up in the list of goods."))
    return product.pk
