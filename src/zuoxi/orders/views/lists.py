# SPDX-License-Identifier: Apache-2.0
"""Lists of orders: one's own, the team's, all; what the warehouse sends and what is on its way."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.customers.selectors import identities_of
from zuoxi.customers.visibility import visible_customers
from zuoxi.orders import figures, selectors
from zuoxi.orders.models import Order, OrderLine, Shipment, Verification
from zuoxi.orders.shipping import waits_for_money
from zuoxi.orders.states import OrderState
from zuoxi.orders.views.asking import begin_of, masked
from zuoxi.orders.visibility import sold_by, visible_orders
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listed import listed
from zuoxi.web.listing import between, page_of

LINES = Prefetch("lines", OrderLine.objects.select_related("product"))
TONES = {
    "to_verify": "warn", "to_ship": "info", "shipped": "info", "delivered": "good", "refused": "bad",
    "sent_back": "plain", "cancelled": "plain", "void": "plain",
}  # fmt: skip


def narrowed(request: HttpRequest, rows: QuerySet[Order]) -> QuerySet[Order]:
    """By the words, states and days of the address."""
    asked = request.GET
    if asked.get("state") in OrderState.values:
        refused = ("refused", "sent_back")
        rows = rows.filter(state__in=refused) if asked["state"] == "refused" else rows.filter(state=asked["state"])
    if asked.get("verification") in ("in_time", "confirmed"):
        tasks = between(Verification.objects.all(), asked, "opened_at")
        good = Q(state__in=(Verification.State.CONFIRMED, Verification.State.CHANGED))
        good = Q(closed_at__lte=F("due_at")) if asked["verification"] == "in_time" else good
        rows = rows.filter(pk__in=tasks.filter(good).values("order_id"))
    elif asked.get("parcel") in ("sent", "refused"):
        parcels = Shipment.objects.filter(kind=Shipment.Kind.SALE)
        if asked["parcel"] == "refused":
            parcels = parcels.filter(state__in=(Shipment.State.REFUSED, Shipment.State.RETURNED))
        rows = rows.filter(pk__in=between(parcels, asked, "shipped_at").values("order_id"))
    else:
        rows = between(rows, asked, "placed_at")
    if asked.get("reason"):
        rows = rows.filter(shipments__reasons__latest=True, shipments__reasons__reason=asked["reason"]).distinct()
    if asked.get("verified") == "good":
        rows = rows.filter(must_verify=True, verified_at__isnull=False)
    elif asked.get("verified") == "ended":
        rows = rows.filter(must_verify=True).exclude(state=OrderState.TO_VERIFY)
    return selectors.found(asked.get("q", ""), rows)


def _lines(rows: Any) -> list[dict[str, Any]]:
    return [
        {
            "order": one,
            "tone": TONES.get(one.state, "plain"),
            "goods": listed(f"{line.product.name}×{line.quantity}" for line in one.lines.all()),
            "phone": masked(one.phone),
        }
        for one in rows
    ]


def _list(request: HttpRequest, rows: QuerySet[Order], **more: Any) -> HttpResponse:
    rows = narrowed(request, rows).select_related("customer", "seller").prefetch_related(LINES)
    sorts = {"placed": "placed_at", "total": "total", "number": "number"}
    page = page_of(request, rows, sorts, "-placed")
    context = {"page": page, "lines": _lines(page.rows), "states": OrderState.choices, "asked": request.GET}
    return render(request, "orders/list.html", context | _namesakes(request) | more)


def _namesakes(request: HttpRequest) -> dict[str, int]:
    """What the page tells where more customers share the name that is looked for than are looked at."""
    return {"namesakes": selectors.namesakes_beyond(_words(request))}


@may("orders.sell")
def orders(request: HttpRequest) -> HttpResponse:
    """What I sold today, or what my people sold."""
    user: Any = request.user
    whose = "team" if request.GET.get("whose") == "team" else "mine"
    now = timezone.now()
    rows = sold_by(user, whose, timezone.localdate(now))
    count, total = figures.sold_today(rows.filter(placed_at__gte=begin_of(timezone.localdate(now))))
    tabs = [
        {"label": _("Mine"), "url": "?", "current": whose == "mine"},
        {"label": _("My people's"), "url": "?whose=team", "current": whose == "team"},
    ]
    more = {"title": _("My orders"), "tabs": tabs, "today": count, "today_total": total, "whose": whose}
    return _list(request, rows, **more, states_of=figures.open_work(rows))


@may("orders.view")
def everything(request: HttpRequest) -> HttpResponse:
    return _list(request, visible_orders(request.user), title=_("All orders"))


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:60]


@may("orders.warehouse")
def to_ship(request: HttpRequest) -> HttpResponse:
    """What has to leave the warehouse, the oldest first, and refused parcels that are to come back."""
    rows = visible_orders(request.user).filter(state__in=(OrderState.TO_SHIP, OrderState.REFUSED))
    rows = selectors.found(_words(request), rows).select_related("customer").prefetch_related(LINES)
    page = page_of(request, rows, {"placed": "placed_at"}, "placed")
    lines = [line | {"unpaid": waits_for_money(line["order"])} for line in _lines(page.rows)]
    context = {"page": page, "lines": lines, "asked": request.GET}
    return render(request, "orders/to_ship.html", context | _namesakes(request))


@may("orders.finance")
def payments(request: HttpRequest) -> HttpResponse:
    """Orders to be paid in advance whose money has not come: the warehouse waits for it."""
    rows = selectors.unpaid(visible_orders(request.user)).select_related("customer", "seller")
    rows = selectors.found(_words(request), rows).annotate(owed=F("total") - F("paid"))
    page = page_of(request, rows, {"placed": "placed_at", "total": "total", "number": "number"}, "placed")
    context = {"page": page, "lines": _lines(page.rows), "asked": request.GET}
    return render(request, "orders/payments.html", context | _namesakes(request))


@may("orders.logistics")
def parcels(request: HttpRequest) -> HttpResponse:
    """Parcels that are neither delivered nor refused yet."""
    rows = Shipment.objects.filter(state=Shipment.State.SHIPPED).select_related("order")
    rows = rows.filter(order__in=selectors.found(_words(request), visible_orders(request.user)))
    page = page_of(request, rows, {"shipped": "shipped_at"}, "shipped")
    return render(request, "orders/parcels.html", {"page": page, "asked": request.GET} | _namesakes(request))


@shows("ORD-012")
@may("orders.view")
def of_customer(request: HttpRequest, customer: int) -> HttpResponse:
    """Every order of one person, under all the rows that are him."""
    found = get_object_or_404(visible_customers(request.user), pk=customer)
    rows = visible_orders(request.user).filter(customer_id__in=identities_of(found.pk))
    back = reverse("customers:customer", args=[found.pk])
    return _list(request, rows, title=_("Orders of %(name)s") % {"name": found}, back=back, customer=found)


def verification_rows() -> QuerySet[Verification]:
    return Verification.objects.filter(closed_at__isnull=True).select_related("order__customer", "agent")
