# SPDX-License-Identifier: Apache-2.0
"""Taking an order on the call: articles by number, name or first sounds, the total at once, by keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import found_by, numbers_of
from zuoxi.customers.services import Refused as NotAPerson
from zuoxi.customers.services import ensure_customer
from zuoxi.customers.visibility import visible_customers
from zuoxi.orders import selectors, services
from zuoxi.orders.handbook import KINDS
from zuoxi.orders.models import Order, Product
from zuoxi.orders.services import NotDone
from zuoxi.orders.views.asking import key_of, who, whole
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may


@dataclass(frozen=True, slots=True)
class BasketLine:
    product: Product
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.price * self.quantity


def basket_of(data: QueryDict) -> dict[int, int]:
    """Product id → pieces, from fields named piece_<id>; noughts fall out."""
    found = {key_of(key[6:]): whole(str(data[key])) for key in data if key.startswith("piece_") and key_of(key[6:])}
    return {product: pieces for product, pieces in found.items() if pieces}


def _with_added(data: QueryDict) -> dict[int, int]:
    """The basket with what was just chosen: a button, or the first that the words find (Enter in the form)."""
    basket = basket_of(data)
    added = key_of(data.get("add", ""))
    if not added and data.get("enter") and data.get("find", "").strip():
        hits = selectors.products_found(data.get("find", ""), timezone.localdate(), 1)
        added = hits[0][0].pk if hits else 0
    if added:
        basket[added] = basket.get(added, 0) + 1
    return basket


def _lines(basket: dict[int, int]) -> list[BasketLine]:
    prices = selectors.price_on(basket, timezone.localdate())
    products = selectors.products_by_id(basket)
    return [
        BasketLine(products[pk], pieces, prices[pk]) for pk, pieces in basket.items() if pk in products and pk in prices
    ]


def _customer(request: HttpRequest, data: QueryDict) -> Customer | None:
    asked = key_of(data.get("customer", ""))
    if asked:
        return visible_customers(request.user).filter(pk=asked).first()
    return found_by(data.get("phone", ""))


def _context(request: HttpRequest, data: QueryDict, basket: dict[int, int]) -> dict[str, Any]:
    lines = _lines(basket)
    customer = _customer(request, data)
    number = data.get("phone", "") or next(iter(numbers_of([customer.pk]) if customer else ()), "")
    asked = data.get("find", "") if basket == basket_of(data) else ""  # what was just taken is looked for no more
    kinds = site_handbook().entries(KINDS)
    chosen = data.get("kind", "") if data.get("kind", "") in kinds else next(iter(kinds), "sale")
    return {
        "customer": customer,
        "lines": lines,
        "total": sum((line.amount for line in lines), Decimal(0)),
        "pieces": sum(line.quantity for line in lines),
        "hits": selectors.products_found(asked, timezone.localdate()),
        "find": asked,
        "typed": data,
        "phone": number,
        "name": data.get("name", "") or (customer.name if customer else ""),
        "kinds": [(key, body.label) for key, body in kinds.items()],
        "kind": chosen,
        "timed": kinds[chosen].timed if chosen in kinds else False,
        "payments": Order.Payment.choices[:2],
    }


def _sold_here() -> None:
    """Raises Http404 where the pack takes no orders: there is no such page in that trade."""
    if not site_handbook().entries(KINDS):
        raise Http404("orders")


@may("orders.sell")
def goods(request: HttpRequest) -> HttpResponse:
    """The articles that the words find, as buttons of the form."""
    _sold_here()
    hits = selectors.products_found(request.GET.get("find", ""), timezone.localdate())
    return render(request, "orders/hits.html", {"hits": hits, "find": request.GET.get("find", "")})


@may("orders.sell")
def new(request: HttpRequest) -> HttpResponse:
    """The form; every change of the basket draws it anew with its total, and only “place” places the order."""
    _sold_here()
    data = request.POST if request.method == "POST" else request.GET
    if request.method == "POST" and data.get("place"):
        return _place(request, data)
    basket = _with_added(data)
    return render(request, "orders/new.html", _context(request, data, basket))


def _place(request: HttpRequest, data: QueryDict) -> HttpResponse:
    basket = basket_of(data)
    now, by = timezone.now(), who(request)
    try:
        with transaction.atomic():  # a refused order leaves no customer behind
            customer = _customer(request, data) or ensure_customer(
                data.get("phone", ""), data.get("name", "").strip(), by=by, now=now
            )
            order = services.place_order(
                customer=customer,
                lines=[services.Wanted(product, pieces) for product, pieces in basket.items()],
                to=services.Delivery(
                    data.get("phone", ""),
                    data.get("name", ""),
                    data.get("receiver_phone", ""),
                    data.get("address", ""),
                    _moment(data.get("deliver_at", "")),
                ),
                by=by,
                now=now,
                kind=data.get("kind", "sale"),
                payment="prepaid" if data.get("payment") == "prepaid" else "cod",
                call=data.get("call", ""),
                note=data.get("note", ""),
                once=True,
                besides=data.get("again", ""),
            )
    except (NotDone, NotAPerson) as refusal:
        twin = refusal.order if isinstance(refusal, services.Twice) else None
        context = _context(request, data, basket) | {"refusal": refusal, "twin": twin}
        return render(request, "orders/new.html", context, status=422)
    said = (
        _("Order %(number)s is placed and goes to verification.")
        if order.must_verify
        else _("Order %(number)s is placed.")
    )
    messages.success(request, said % {"number": order.number})
    return redirect("orders:order", order.number)


def _moment(text: str) -> Any:
    from django.utils.dateparse import parse_datetime

    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found
