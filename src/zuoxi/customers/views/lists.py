# SPDX-License-Identifier: Apache-2.0
"""The list of customers, with filters that people keep."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.approvals import services as approvals
from zuoxi.customers import keeping
from zuoxi.customers.cards import entries
from zuoxi.customers.finding import searched
from zuoxi.customers.models import Customer
from zuoxi.customers.requests import CHANGEABLE, CODE
from zuoxi.customers.visibility import visible_customers
from zuoxi.people.models import User
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.vault import masking
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

FILTERS = ("q", "kind", "grade", "source", "tag", "mine")


def narrowed(request: HttpRequest, rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """The rows that the filters of the page leave."""
    asked = request.GET
    rows = searched(asked.get("q", ""), rows)
    for field in ("kind", "grade", "source"):
        if asked.get(field):
            rows = rows.filter(**{field: asked[field]})
    if asked.get("tag"):
        rows = rows.filter(tags__icontains=asked["tag"][:20])
    if asked.get("mine"):
        staff = staff_of(request.user) if isinstance(request.user, User) else None
        rows = rows.filter(seller=staff) if staff else rows.none()
    return rows


@shows("CUS-016")
@may("customers.view")
def customers(request: HttpRequest) -> HttpResponse:
    """The list for those who may browse; everybody else finds by name or whole number."""
    user: Any = request.user
    rows = narrowed(request, visible_customers(user).filter(merged_into=None)).prefetch_related("numbers")
    asked = any(request.GET.get(name, "").strip() for name in ("q", "mine"))
    if not asked and not user.may("customers.browse"):
        rows = rows.none()
    page = page_of(request, rows, {"name": "name", "changed": "changed_at"}, "-changed")
    grades, sources = entries()
    lines = [
        (one, [masking.phone(number.number) for number in one.numbers.all()], grades.get(one.grade))
        for one in page.rows
    ]
    context = {
        "page": page,
        "lines": lines,
        "words": request.GET.get("q", ""),
        "grades": grades,
        "sources": sources,
        "kinds": Customer.Kind.choices,
        "kept": keeping.filters_of(user.pk),
        "query": _query(request.GET),
        "changeable": CHANGEABLE,
    }
    return render(request, "customers/list.html", context)


def _query(asked: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for name in FILTERS:
        if text := str(asked.get(name) or ""):
            kept[name] = text
    return kept.urlencode()


@require_POST
@may("customers.view")
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filters shown under a name; the same name again replaces them."""
    query = _query(QueryDict(request.POST.get("query", "")[:1000]))
    name = request.POST.get("name", "").strip()[:60]
    if name:
        keeping.keep_filter(int(request.user.pk or 0), name, query)
    return redirect(f"{reverse('customers:customers')}?{query}")


@require_POST
@may("customers.view")
def drop_filter(request: HttpRequest, pk: int) -> HttpResponse:
    if not keeping.drop_filter(int(request.user.pk or 0), pk):
        raise Http404
    return redirect("customers:customers")


@require_POST
@may("customers.audit")
def change_many(request: HttpRequest) -> HttpResponse:
    """Ask for one change of many customers; it happens when it was approved (CUS-002)."""
    user: Any = request.user
    staff = staff_of(user)
    chosen = [int(one) for one in request.POST.getlist("customer") if one.isdecimal() and len(one) < 19]
    ids = list(visible_customers(request.user).filter(pk__in=chosen).values_list("pk", flat=True))
    if staff is None or not ids:
        messages.error(request, _("Choose the customers in the list first."))
        return redirect("customers:customers")
    data = {
        "customers": ",".join(map(str, sorted(ids))),
        "field": request.POST.get("field", ""),
        "value": request.POST.get("value", ""),
        "reason": request.POST.get("reason", ""),
    }
    try:
        made = approvals.submit(CODE, staff, data, by=user, now=timezone.now())
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return redirect("customers:customers")
    except (approvals.Refused, approvals.NotDone) as wrong:
        messages.error(request, str(wrong))
        return redirect("customers:customers")
    told = _("Asked for under %(number)s. Nothing changes before it is approved.") % {"number": made.number}
    messages.success(request, told)
    return redirect("customers:customers")
