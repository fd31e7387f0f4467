# SPDX-License-Identifier: Apache-2.0
"""Goods with the price of today and what lies in the warehouse; prices through time; counting the shelf."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from zuoxi.orders import selectors, services
from zuoxi.orders.models import Product
from zuoxi.orders.views.asking import done, told, who, whole
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


@shows("ORD-011", "ORD-012")
@may("orders.stock")
def products(request: HttpRequest) -> HttpResponse:
    rows = selectors.goods(request.GET.get("q", ""), timezone.localdate())
    page = page_of(request, rows, {"sku": "sku", "name": "name", "price": "now", "stock": "stock__on_hand"}, "sku")
    return render(request, "orders/products.html", {"page": page, "asked": request.GET})


@require_POST
@may("orders.prices")
def price(request: HttpRequest, sku: str) -> HttpResponse:
    product = get_object_or_404(Product, sku=sku)
    try:
        amount = Decimal(request.POST.get("amount", "").strip())
    except InvalidOperation:
        amount = Decimal(-1)
    told(request, done(request, lambda: services.set_price(product, amount, from_on=timezone.now(), by=who(request))))
    return redirect("orders:products")


@require_POST
@may("orders.warehouse")
def count(request: HttpRequest, sku: str) -> HttpResponse:
    product = get_object_or_404(Product, sku=sku)
    pieces, words = whole(request.POST.get("pieces", "")), request.POST.get("words", "")
    told(
        request,
        done(request, lambda: services.count_stock(product, pieces, by=who(request), now=timezone.now(), words=words)),
    )
    return redirect("orders:products")
