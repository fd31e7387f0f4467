# SPDX-License-Identifier: Apache-2.0
"""Home safe: one big button for everybody, and for leaders the list of their shift."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.marks import shows
from zuoxi.reporting.duties import safety
from zuoxi.reporting.duties.delivering import NotNow
from zuoxi.reporting.duties.views.own import now_of, staff_or_404, tell
from zuoxi.reporting.models import DutyItem
from zuoxi.web.access import signed_in


@shows("RPT-011", "RPT-002", "RPT-010")
@signed_in
def home_safe(request: HttpRequest) -> HttpResponse:
    """The button, and the lists of the shifts that one reports on."""
    staff, now = staff_or_404(request), now_of()
    last = safety.homecoming(staff, now)
    context = {"last": last, "over": last is not None and last.over(now), "lists": _lists(staff, now)}
    return render(request, "reporting/duties/home_safe.html", context)


def _lists(staff: Staff, now: datetime) -> list[tuple[DutyItem, list[safety.Expected]]]:
    rows = DutyItem.objects.filter(
        holders__staff=staff, terms__prefill="safe_return", opens_at__lte=now, opens_at__gte=now - timedelta(hours=14)
    )
    return [(item, safety.expected(item)) for item in rows.order_by("-opens_at")[:3]]


@require_POST
@signed_in
def say_safe(request: HttpRequest) -> HttpResponse:
    """I am home; or with a staff number, somebody below told so on the telephone."""
    me = staff_or_404(request)
    code = request.POST.get("staff", "")
    who = people.staff_by_code(code) if code else me
    if who is None:
        raise Http404
    try:
        safety.say_safe(who, now_of(), me)
        messages.success(request, _("Written down: %s is home.") % who.name if who != me else _("Good. Have a rest."))
    except NotNow as refused:
        tell(request, refused)
    return redirect("reporting:home_safe")
