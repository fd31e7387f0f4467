# SPDX-License-Identifier: Apache-2.0
"""What waits for a decision, what one has decided, copies for one's files, and the requests of one's people."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.approvals import selectors, services
from zuoxi.approvals.access import OVERSEE
from zuoxi.approvals.forms import DecisionForm, InboxFilterForm
from zuoxi.approvals.listing import lines_of
from zuoxi.approvals.models import Request
from zuoxi.approvals.views.who import user_of
from zuoxi.approvals.visibility import people_requests
from zuoxi.policy.marks import shows
from zuoxi.web.access import Principal, may
from zuoxi.web.listing import page_of

SORTS = {"submitted": "submitted_at", "number": "number", "kind": "kind", "name": "applicant__code", "state": "state"}


def _filtered(request: HttpRequest, rows: QuerySet[Request], form: InboxFilterForm) -> QuerySet[Request]:
    form.is_valid()
    given = form.cleaned_data
    if given.get("kind"):
        rows = rows.filter(kind=given["kind"])
    if given.get("state"):
        rows = rows.filter(state=given["state"])
    if word := given.get("q", "").strip():
        rows = rows.filter(Q(number__icontains=word) | Q(applicant__name__icontains=word) | Q(applicant__code=word))
    return rows.select_related("applicant")


def _tabs(request: HttpRequest, current: str, waiting: int | None = None) -> list[dict[str, Any]]:
    rows = [
        ("inbox", _("Waiting for me"), waiting),
        ("decided", _("Decided by me"), None),
        ("copies", _("Copies for me"), None),
    ]
    if cast(Principal, request.user).may(OVERSEE.code):
        rows.append(("people", _("My people's requests"), None))
    return [
        {"url": reverse(f"approvals:{name}"), "label": label, "count": count, "current": name == current}
        for name, label, count in rows
    ]


@shows("ORG-003", "ATT-006", "ATT-007", "ATT-010", "ATT-011", "ATT-014")
@may("approvals.decide")
def inbox(request: HttpRequest) -> HttpResponse:
    return _inbox(request)


def _inbox(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    now = timezone.now()
    form = InboxFilterForm(request.GET)
    rows = _filtered(request, selectors.waiting_for(request.user, now), form)
    page = page_of(request, rows, SORTS, "submitted", count=True)
    context = {"form": form, "page": page, "lines": lines_of(page.rows), "tabs": _tabs(request, "inbox", page.total)}
    return render(request, "approvals/inbox.html", context | more, status=status)


@require_POST
@may("approvals.decide")
def decide_many(request: HttpRequest) -> HttpResponse:
    """One word for several; each row says what came of it."""
    form = DecisionForm(request.POST)
    now = timezone.now()
    asked = request.POST.getlist("number")
    if not form.is_valid():
        return _inbox(request, 400, wrong=_("Choose what to do with them."))
    if not asked:
        return _inbox(request, 400, wrong=_("Tick the requests first."))
    given = form.cleaned_data
    rows = {one.number: one for one in selectors.waiting_for(request.user, now).filter(number__in=asked)}
    known = Request.objects.filter(number__in=[number for number in asked if number not in rows])
    seen = {one.number: one for one in known if one.signatures.filter(approver__user=user_of(request)).exists()}
    chosen = [found for number in asked if (found := rows.get(number) or seen.get(number))]
    if given["verdict"] != "approve" and not given["note"].strip():
        return _inbox(request, 400, wrong=_("Give the reason: the applicants will read it."), ticked=asked)
    try:
        results = services.decide_many(
            chosen, by=user_of(request), verdict=given["verdict"], note=given["note"], now=now
        )
    except ValidationError as wrong:
        return _inbox(request, 400, wrong=" ".join(wrong.messages), ticked=asked)
    lines = {line.request.number: line for line in lines_of([one for one, _why in results])}
    return _inbox(request, results=[(lines[one.number], why) for one, why in results])


@may("approvals.decide")
def decided(request: HttpRequest) -> HttpResponse:
    form = InboxFilterForm(request.GET, states=True)
    staff = getattr(request.user, "staff_member", None)
    rows = Request.objects.filter(signatures__decided_by=staff).distinct() if staff else Request.objects.none()
    return _list(request, "decided", rows, form)


@may("approvals.oversee")
def people(request: HttpRequest) -> HttpResponse:
    return _list(
        request, "people", people_requests(request.user, timezone.now()), InboxFilterForm(request.GET, states=True)
    )


def _list(request: HttpRequest, name: str, rows: QuerySet[Request], form: InboxFilterForm) -> HttpResponse:
    page = page_of(request, _filtered(request, rows, form), SORTS, "-submitted")
    context = {"form": form, "page": page, "lines": lines_of(page.rows), "tabs": _tabs(request, name)}
    return render(request, "approvals/list.html", context)


@shows("ORG-027", "ORG-036")
@may("approvals.use")
def copies(request: HttpRequest) -> HttpResponse:
    """What was put before the person for the files, and whether he acknowledged it."""
    page = page_of(request, selectors.filings_for(request.user), {"made": "made_at"}, "-made")
    lines = {line.request.pk: line for line in lines_of([one.request for one in page.rows])}
    context = {
        "page": page,
        "rows": [(one, lines[one.request_id]) for one in page.rows],
        "tabs": _tabs(request, "copies"),
        "may_decide": getattr(request.user, "may", lambda _code: False)("approvals.decide"),
    }
    return render(request, "approvals/copies.html", context)
