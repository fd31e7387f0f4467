# SPDX-License-Identifier: Apache-2.0
"""The queue of orders to verify, and verifying one: calls, corrections, what came of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.orders import selectors, services
from zuoxi.orders.models import Order, Verification
from zuoxi.orders.views.asking import done, masked, who, whole
from zuoxi.orders.views.lists import verification_rows
from zuoxi.orders.views.order import found
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.vault import masking
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


@shows("ORD-004")
@may("orders.verify")
def queue(request: HttpRequest) -> HttpResponse:
    """What may be called now stands first; one's own sales are left out."""
    now, staff = timezone.now(), who(request)
    rows = verification_rows().exclude(order__seller=staff)
    page = page_of(request, rows, {"next": "next_at", "due": "due_at"}, "next")
    lines = [
        {
            "task": one,
            "ripe": one.next_at <= now and one.state == Verification.State.OPEN,
            "late": one.due_at < now,
            "phone": masked(one.order.phone),
            "why": Finding.from_json(one.order.finding).why if one.order.finding else "",
        }
        for one in page.rows
    ]
    return render(request, "orders/verifications.html", {"page": page, "lines": lines})


@may("orders.verify")
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """One verification: every form on it posts here with the name of what was done."""
    one = found(request, number)
    refusal = None
    if request.method == "POST":
        refusal = done(request, lambda: _act(request, one, request.POST))
        if refusal is None:
            again = request.POST.get("act") in ("call", "take")
            return redirect("orders:verify", number) if again else redirect("orders:verifications")
    task = selectors.verification_of(one)
    if task is None:
        raise Http404(number)
    mine = task.agent_id == who(request).pk and task.closed_at is None
    context = {
        "one": one,
        "task": task,
        "mine": mine,
        "phone": one.phone if mine else masked(one.phone),
        "receiver_phone": one.receiver_phone if mine else masked(one.receiver_phone),
        "address": one.address if mine else masking.address(one.address),
        "calls": list(task.calls.all()),
        "rows": list(one.lines.select_related("product")),
        "finding": Finding.from_json(one.finding) if one.finding else None,
        "two_numbers": one.phone != one.receiver_phone,
        "own": one.seller_id == who(request).pk,
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "orders/verify.html", context, status=409 if refusal else 200)


def _act(request: HttpRequest, one: Order, data: QueryDict) -> Any:
    by, now, words = who(request), timezone.now(), data.get("words", "")
    match data.get("act"):
        case "take":
            return services.take_verification(one, by=by, now=now)
        case "call":
            return services.log_verify_call(
                one, by=by, now=now, reached=data.get("reached") == "yes", to_receiver="receiver" in data, words=words
            )
        case "confirm":
            pieces = {line.pk: whole(data.get(f"line_{line.pk}", str(line.quantity))) for line in one.lines.all()}
            said = services.Corrections(data.get("receiver"), data.get("receiver_phone"), data.get("address"), pieces)
            return services.confirm_order(one, by=by, now=now, words=words, corrections=said)
        case "cancelled" | "invalid" as result:
            return services.drop_order(one, result, by=by, now=now, words=words)
    raise services.NotDone(_("Choose what came of it."))
