# SPDX-License-Identifier: Apache-2.0
"""The same customer written down twice: finding, merging side by side, undoing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.customers import pairing, services
from zuoxi.customers.models import Customer, Merge
from zuoxi.customers.views.one import standing_or_404
from zuoxi.customers.visibility import visible_customers
from zuoxi.people.models import User
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listing import page_of_rows


@shows("CUS-016")
@may("customers.merge")
def twins(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one customer, and what was merged lately."""
    pairs = pairing.twins(visible_customers(request.user).filter(merged_into=None))
    merges = Merge.objects.select_related("kept", "gone", "by")[:20]
    context = {"page": page_of_rows(request, pairs), "merges": merges}
    return render(request, "customers/twins.html", context)


@shows("CUS-016")
@may("customers.merge")
def merge(request: HttpRequest, kept: int, gone: int) -> HttpResponse:
    """Side by side, a choice for each field; posting merges."""
    one, other = standing_or_404(request, kept), standing_or_404(request, gone)
    if one.pk == other.pk:
        raise Http404
    if request.method == "POST":
        return _merged(request, one, other)
    if one.merged_into_id or other.merged_into_id:
        messages.warning(request, _("One of the two was merged meanwhile. Open the one that stands."))
        return redirect("customers:twins")
    context = {"kept": one, "gone": other, "lines": pairing.side_by_side(one, other)}
    return render(request, "customers/merge.html", context)


def _merged(request: HttpRequest, one: Customer, other: Customer) -> HttpResponse:
    chosen = {name: value for name, value in request.POST.items() if value in ("kept", "gone", "both")}
    staff = staff_of(request.user) if isinstance(request.user, User) else None
    try:
        services.merge_customers(one.pk, other.pk, chosen=chosen, by=staff, now=timezone.now())
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("customers:twins")
    messages.success(request, _("Merged. Calls, tickets and orders of both stand together; it can be undone."))
    return redirect("customers:customer", one.pk)


@require_POST
@may("customers.merge")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Merge, pk=pk, kept__in=visible_customers(request.user))
    user: Any = request.user
    try:
        services.undo_merge(found.pk, by=staff_of(user), now=timezone.now())
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Undone. Both stand as before."))
    return redirect("customers:customer", found.kept_id)
