# SPDX-License-Identifier: Apache-2.0
"""What is done to an order itself, each by the post whose step it is; the services ask whether it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.orders import services
from zuoxi.orders.handbook import LANES
from zuoxi.orders.models import Order, Shipment
from zuoxi.orders.views.asking import done, key_of, who, whole
from zuoxi.orders.views.order import found, page
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may

Act = Callable[[Order, QueryDict, Staff, datetime], Any]


def _parcel(order: Order) -> Shipment:
    parcel = order.shipments.filter(kind=Shipment.Kind.SALE).order_by("-shipped_at", "-pk").first()
    if parcel is None:
        raise Http404(order.number)
    return parcel


def _named(order: Order, data: QueryDict) -> Shipment:
    """The parcel that the form names."""
    parcel = order.shipments.filter(pk=key_of(data.get("parcel", ""))).first()
    if parcel is None:
        raise Http404(order.number)
    return parcel


def _taken(data: QueryDict) -> dict[int, int]:
    """Line id → pieces, from fields named take_<id>; noughts fall out."""
    found = {key_of(key[5:]): whole(str(data[key])) for key in data if key.startswith("take_") and key_of(key[5:])}
    return {line: pieces for line, pieces in found.items() if pieces}


def _amount(text: str) -> Decimal:
    try:
        found = Decimal(text.strip() or "0")
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


ACTS: dict[str, tuple[str, Act]] = {
    "cancel": (
        "orders.sell",
        lambda order, data, by, now: services.cancel_order(order, by=by, now=now, words=data.get("words", "")),
    ),
    "split": (
        "orders.sell",
        lambda order, data, by, now: services.split_order(
            order, _taken(data), by=by, now=now, seen=whole(data.get("seen", "")) if "seen" in data else None
        ),
    ),
    "ship": (
        "orders.warehouse",
        lambda order, data, by, now: services.ship_order(
            order, tracking=data.get("tracking", ""), carrier=data.get("carrier", ""), by=by, now=now
        ),
    ),
    "come_back": ("orders.warehouse", lambda order, data, by, now: services.come_back(order, by=by, now=now)),
    "deliver": ("orders.logistics", lambda order, data, by, now: services.deliver(_parcel(order), by=by, now=now)),
    "arrived": (
        "orders.logistics",
        lambda order, data, by, now: services.parcel_arrived(_named(order, data), by=by, now=now),
    ),
    "refuse": (
        "orders.logistics",
        lambda order, data, by, now: services.refuse(
            _parcel(order), by=by, now=now, reason=data.get("reason", ""), words=data.get("words", "")
        ),
    ),
    "redeliver": (
        "orders.logistics",
        lambda order, data, by, now: services.redeliver(
            order, tracking=data.get("tracking", ""), carrier=data.get("carrier", ""), by=by, now=now
        ),
    ),
    "reason": (
        "orders.serve",
        lambda order, data, by, now: services.tell_refusal_reason(
            _parcel(order), data.get("reason", ""), data.get("words", ""), by=by, now=now, source="centre"
        ),
    ),
    "pay": (
        "orders.finance",
        lambda order, data, by, now: services.take_payment(
            order,
            _amount(data.get("amount", "")),
            by=by,
            now=now,
            ref=data.get("ref", ""),
            seen=_amount(data.get("seen", "")) if "seen" in data else None,
        ),
    ),
}


LANES_OF = {
    "orders.sell": "centre", "orders.serve": "centre", "orders.warehouse": "warehouse", "orders.logistics": "logistics",
    "orders.finance": "finance",
}  # fmt: skip


def not_yours(right: str) -> services.NotDone:
    """Whose step it is, for whoever kept a page open that he may not use any more, or never could."""
    lane = site_handbook().entries(LANES).get(LANES_OF[right])
    return services.NotDone(
        _("This is not a step of your post."), _("Leave it to: %(lane)s.") % {"lane": lane.label if lane else right}
    )


@require_POST
@may("orders.view")
def act(request: HttpRequest, number: str) -> HttpResponse:
    """One verb, named by the button; back to the order, or where the form came from."""
    one = found(request, number)
    user: Any = request.user
    right, verb = ACTS.get(request.POST.get("act", ""), ("", None))
    if verb is None:
        raise Http404(number)
    if not user.may(right):
        return page(request, one, 403, refusal=not_yours(right))
    made: list[Any] = []
    refusal = done(request, lambda: made.append(verb(one, request.POST, who(request), timezone.now())))
    if refusal is not None:
        return page(request, found(request, number), 409, refusal=refusal, typed=request.POST)
    if request.POST["act"] == "split":
        return redirect("orders:order", made[0].number)
    lists = {"to_ship": "orders:to_ship", "parcels": "orders:parcels", "payments": "orders:payments"}
    back = lists.get(request.POST.get("back", ""))
    return redirect(back) if back else redirect("orders:order", number)
