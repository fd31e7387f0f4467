# SPDX-License-Identifier: Apache-2.0
"""Exports under review: one's own for the analyst, all of them for who releases."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.vault import releasing
from zuoxi.vault.access import RELEASE
from zuoxi.vault.handing_out import doer_of
from zuoxi.vault.models import HeldExport
from zuoxi.web.access import may
from zuoxi.web.listing import page_of
from zuoxi.web.marks import shows


def _reviewer(request: HttpRequest) -> bool:
    return bool(request.user.may(RELEASE.code))  # type: ignore[union-attr]


def _seen(request: HttpRequest) -> QuerySet[HeldExport]:
    """All of them for a reviewer, else one's own."""
    rows = HeldExport.objects.all()
    return rows if _reviewer(request) else rows.filter(asked_by=doer_of(request).code)


@shows("SEC-002")
@may("vault.exports")
def exports(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = _seen(request)
    if state in HeldExport.State.values:
        rows = rows.filter(state=state)
    page = page_of(request, rows, {"asked": "asked_at", "state": "state"}, "-asked")
    context = {
        "page": page,
        "state": state,
        "states": HeldExport.State.choices,
        "reviewer": _reviewer(request),
        "own": doer_of(request).code,
        "days": releasing.KEPT_DAYS,
    }
    return render(request, "vault/exports.html", context)


@may("vault.exports")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, for who looks at it or has it released."""
    if not _seen(request).filter(pk=pk).exists():
        raise Http404(str(pk))
    try:
        found, content = releasing.fetch(pk, doer_of(request), timezone.now(), reviewer=_reviewer(request))
    except releasing.NotReleased as wrong:
        messages.error(request, str(wrong))
        return redirect("vault:exports")
    answer = HttpResponse(content, content_type=found.content_type)
    answer.headers["Content-Disposition"] = str(content_disposition_header(True, found.filename))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@may("vault.exports.release")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    if not HeldExport.objects.filter(pk=pk).exists():
        raise Http404(str(pk))
    release = request.POST.get("release") == "1"
    try:
        releasing.decide(
            pk, doer_of(request), timezone.now(), release=release, reason=request.POST.get("reason", "")[:200]
        )
    except releasing.NotReleased as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, _("Released.") if release else _("Turned down; the analyst sees why."))
    return redirect("vault:exports")
