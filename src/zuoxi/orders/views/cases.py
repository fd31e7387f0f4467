# SPDX-License-Identifier: Apache-2.0
"""Returns, exchanges and reships: each department's work, the list of all, and one with its lanes and next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.orders import flow, selectors, services
from zuoxi.orders.handbook import CASE_REASONS, LANES, positions_for
from zuoxi.orders.lanes import drawn
from zuoxi.orders.models import Case
from zuoxi.orders.states import ENDED, CaseKind
from zuoxi.orders.stepping import refund_due
from zuoxi.orders.views.asking import done, who, whole
from zuoxi.orders.visibility import lanes_of, visible_cases, work_of
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import between, page_of

Step = Callable[[Case, QueryDict, Staff, datetime], Any]


def _words(data: QueryDict) -> str:
    return str(data.get("words", ""))


def _pieces(data: QueryDict) -> dict[int, int]:
    return {int(key[6:]): whole(str(data[key])) for key in data if key.startswith("piece_") and key[6:].isdecimal()}


def _said(verb: Any) -> Step:
    return lambda case, data, by, now: verb(case, by=by, now=now, words=_words(data))


def _referred(verb: Any) -> Step:
    return lambda case, data, by, now: verb(case, by=by, now=now, ref=_words(data))


def _counted(verb: Any) -> Step:
    return lambda case, data, by, now: verb(case, _pieces(data), by=by, now=now, words=_words(data))


def _sent(verb: Any) -> Step:
    return lambda case, data, by, now: verb(
        case, tracking=data.get("tracking", ""), carrier=data.get("carrier", ""), by=by, now=now
    )


STEPS: dict[str, Step] = {
    "check": _said(services.accept),
    "decline": _said(services.decline),
    "cancel": _said(services.call_off),
    "collect": _said(services.collect),
    "receive": _counted(services.receive),
    "inspect": _counted(services.inspect),
    "refund": _referred(services.refund),
    "approve": _said(services.approve),
    "deny": _said(services.deny),
    "exempt": _said(services.exempt),
    "send": _sent(services.send),
    "no_stock": _said(services.no_stock),
    "arrive": lambda case, data, by, now: services.arrive(case, by=by, now=now),
    "claim": _said(services.claim),
    "settle": _referred(services.settle),
    "explain": _said(services.explain),
    "send_back": _sent(services.send_back),
    "tell": lambda case, data, by, now: services.tell(
        case, by=by, now=now, words=_words(data), blame=data.get("blame", "")
    ),
}


def _table(request: HttpRequest, rows: QuerySet[Case], default: str = "due") -> dict[str, Any]:
    rows = rows.select_related("order", "customer", "opened_by")
    kind = request.GET.get("kind", "")
    if kind in CaseKind.values:
        rows = rows.filter(kind=kind)
    if request.GET.get("late"):
        rows = rows.filter(due_at__lt=timezone.now())
    sorts = {"due": "due_at", "opened": "opened_at", "number": "number"}
    page = page_of(request, rows, sorts, default)
    reasons = site_handbook().entries(CASE_REASONS)
    now = timezone.now()
    lines = [
        {
            "case": one,
            "next": _next_label(one),
            "late": one.due_at is not None and one.due_at < now and one.state not in ENDED,
            "reason": reasons[one.reason].label if one.reason in reasons else one.reason,
        }
        for one in page.rows
    ]
    return {"page": page, "lines": lines, "kinds": CaseKind.choices, "asked": request.GET}


def _next_label(one: Case) -> Any:
    following = flow.flow_of(one.kind).next_at(one.state)
    return following[1].label if following else ""


@shows("ORD-001", "ORD-002", "ORD-003", "ORD-006")
@may("orders.view")
def work(request: HttpRequest) -> HttpResponse:
    """What waits for a department; everybody sees the lanes of his post."""
    mine = lanes_of(request.user)
    asked = request.GET.get("lane", "")
    lane = asked if asked in mine else next(iter(mine), "")
    labels = site_handbook().entries(LANES)
    tabs = [
        {"label": labels[key].label, "url": f"?lane={key}", "current": key == lane,
         "count": work_of(key, request.user).count()}
        for key in mine
    ]  # fmt: skip
    context = _table(request, work_of(lane, request.user))
    more = {"tabs": tabs, "lane": lane, "lane_label": labels[lane].label if lane in labels else ""}
    return render(request, "orders/work.html", context | more)


@may("orders.view")
def cases(request: HttpRequest) -> HttpResponse:
    rows = visible_cases(request.user)
    if request.GET.get("open"):
        rows = rows.exclude(state__in=ENDED)
    rows = between(rows, request.GET, "opened_at")
    if request.GET.get("asked"):  # for by the customer: what a refused parcel brought is none of them
        rows = rows.filter(refused_parcel__isnull=True)
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(number__iexact=words) | rows.filter(order__number__iexact=words)
    return render(request, "orders/cases.html", _table(request, rows, "-opened"))


def _found(request: HttpRequest, number: str) -> Case:
    rows = visible_cases(request.user).select_related(
        "order", "customer", "opened_by", "inspected_by", "approved_by", "paid_by", "refused_parcel", "origin"
    )
    one = rows.filter(number=number).first()
    if one is None:
        raise Http404(number)
    return one


@shows("ORD-001", "ORD-002", "ORD-003", "ORD-006")
@may("orders.view")
def case(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, _found(request, number))


def _page(request: HttpRequest, one: Case, status: int = 200, **more: Any) -> HttpResponse:
    user: Any = request.user
    body = flow.flow_of(one.kind)
    open_steps = {
        key: step for key, step in body.steps.items()
        if one.state in step.at and (not positions_for(step) or user.roles & positions_for(step))
    }  # fmt: skip
    if one.kind == CaseKind.EXCHANGE and one.state == "to_send" and not one.direct:
        open_steps.pop("cancel", None)
    if one.kind != CaseKind.RETURN or "decline" not in open_steps:
        open_steps.pop("check", None)
    following = body.next_at(one.state)
    reasons = site_handbook().entries(CASE_REASONS)
    context = {
        "one": one,
        "rows": list(one.lines.select_related("line__product", "wanted")),
        "flow": body,
        "lanes": drawn(body, selectors.steps_of(one.order, one), one.state, one.due_at, timezone.now()),
        "steps": open_steps,
        "plain": set(open_steps) - {"receive", "inspect", "send", "send_back"},
        "waits_for": site_handbook().entry(LANES, following[1].lane).label if following else "",
        "next": following[1].label if following else "",
        "late": one.due_at is not None and one.due_at < timezone.now() and one.state not in ENDED,
        "reason": reasons[one.reason].label if one.reason in reasons else one.reason,
        "finding": Finding.from_json(one.finding) if one.finding else None,
        "photos": list(one.photos.all()),
        "blames": Case.Blame.choices,
        "refund_due": refund_due(one) if one.state == "to_refund" else None,
        "own_inspection": one.inspected_by_id is not None and one.inspected_by.user_id == user.pk,  # type: ignore[union-attr]
        "own_call_off": one.kind == CaseKind.MONEY_BACK
        and one.opened_by is not None
        and one.opened_by.user_id == user.pk,
        "ended": one.state in ENDED,
        "typed": QueryDict(),
    }
    return render(request, "orders/case.html", context | more, status=status)


@require_POST
@may("orders.view")
def step(request: HttpRequest, number: str) -> HttpResponse:
    """Take the step that the button names; whether it is one's turn and one's post the services say."""
    one = _found(request, number)
    verb = STEPS.get(request.POST.get("step", ""))
    if verb is None:
        raise Http404(number)
    refusal = done(request, lambda: verb(one, request.POST, who(request), timezone.now()))
    if refusal is not None:
        return _page(request, _found(request, number), 409, refusal=refusal, typed=request.POST)
    return redirect("orders:case", number)


@require_POST
@may("orders.view")
def add_photo(request: HttpRequest, number: str) -> HttpResponse:
    one = _found(request, number)
    file = request.FILES.get("photo")
    if file is None:
        return _page(request, one, 422, refusal=services.NotDone(_("Choose a picture.")))
    refusal = done(request, lambda: services.add_photo(one, file, by=who(request), now=timezone.now()))
    if refusal is not None:
        return _page(request, one, 422, refusal=refusal)
    return redirect("orders:case", number)


@may("orders.view")
def photo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One picture; the browser is told to take it for nothing else."""
    found = _found(request, number).photos.filter(pk=pk).first()
    if found is None:
        raise Http404(number)
    try:
        content = services.photo_bytes(found)
    except FileNotFoundError as lost:
        raise Http404(number) from lost
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=600"}
    return HttpResponse(content, content_type=found.content_type, headers=headers)
