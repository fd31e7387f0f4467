# SPDX-License-Identifier: Apache-2.0
"""Whom one lets decide for oneself, and for whom one decides."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from zuoxi.approvals import services
from zuoxi.approvals.forms import DelegationForm
from zuoxi.approvals.kinds import kinds
from zuoxi.approvals.models import Delegation
from zuoxi.approvals.views.who import user_of
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_of
from zuoxi.web.access import may
from zuoxi.web.listed import listed
from zuoxi.web.roles import MANAGERS, Role

DUTY = "DUTY_SUPERVISOR"


def _appoints(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "roles", frozenset()) & (MANAGERS | {Role.DIR}))


def _own(request: HttpRequest) -> Staff:
    staff = staff_of(request.user)
    if staff is None:
        raise PermissionDenied("no staff record")
    return staff


@may("approvals.decide")
def delegations(request: HttpRequest) -> HttpResponse:
    staff, duty = _own(request), _appoints(request)
    if request.method != "POST":
        today = timezone.localdate()
        return _page(request, staff, DelegationForm(duty=duty, initial={"from_on": today, "until_on": today}))
    form = DelegationForm(request.POST, duty=duty)
    if not form.is_valid():
        return _page(request, staff, form, 400)
    given = form.cleaned_data
    for_duty = given.get("for_duty", False)
    try:
        services.delegate(
            None if for_duty else staff,
            given["taker"],
            role=DUTY if for_duty else "",
            from_on=given["from_on"],
            until_on=given["until_on"],
            kinds=given["kinds"],
            reason=given["reason"],
            by=user_of(request),
            now=timezone.now(),
        )
    except services.NotDone as refused:
        return _page(request, staff, form, 409, refused=refused)
    return redirect("approvals:delegations")


def _page(request: HttpRequest, staff: Staff, form: DelegationForm, status: int = 200, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    wanted = Q(giver=staff) | Q(taker=staff)
    if _appoints(request):
        wanted |= Q(giver__isnull=True)
    rows = Delegation.objects.filter(wanted).select_related("giver", "taker")[:100]
    titles = {code: str(kind.title) for code, kind in kinds().items()}
    lines = [
        {
            "row": row,
            "kinds": listed(titles.get(code, code) for code in row.kinds),
            "now": row.revoked_at is None and row.from_on <= today <= row.until_on,
            "over": row.revoked_at is not None or row.until_on < today,
            "revocable": row.revoked_at is None
            and row.until_on >= today
            and (row.giver_id == staff.pk or row.giver_id is None),
        }
        for row in rows
    ]
    context = {"form": form, "lines": lines, "me": staff}
    return render(request, "approvals/delegations.html", context | more, status=status)


@require_POST
@may("approvals.decide")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    staff = _own(request)
    row = Delegation.objects.filter(pk=pk).select_related("giver", "taker").first()
    if row is None:
        raise Http404(str(pk))
    if row.giver_id != staff.pk and not (row.giver_id is None and _appoints(request)):
        raise PermissionDenied(str(pk))
    services.revoke(row, by=user_of(request), now=timezone.now())
    return redirect("approvals:delegations")
