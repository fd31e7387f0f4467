# SPDX-License-Identifier: Apache-2.0
"""What one was told."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from zuoxi.approvals import selectors, services
from zuoxi.approvals.views.who import user_of
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


@may("approvals.use")
def notices(request: HttpRequest) -> HttpResponse:
    rows = selectors.notices_of(request.user)
    if request.GET.get("unread"):
        rows = rows.filter(read_at__isnull=True)
    page = page_of(request, rows, {"created": "created_at"}, "-created")
    return render(request, "approvals/notices.html", {"page": page, "unread": selectors.unread_count(request.user)})


@require_POST
@may("approvals.use")
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it read and go where it points."""
    notice = selectors.notices_of(request.user).filter(pk=pk).first()
    if notice is None:
        raise Http404(str(pk))
    services.mark_read(user_of(request), pk)
    safe = notice.url and url_has_allowed_host_and_scheme(notice.url, {request.get_host()}, request.is_secure())
    return redirect(notice.url if safe else "approvals:notices")


@require_POST
@may("approvals.use")
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_read(user_of(request))
    return redirect("approvals:notices")
