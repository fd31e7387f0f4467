# SPDX-License-Identifier: Apache-2.0
"""Overtime lists: made, agreed to, announced, answered."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people.selectors import Matter, scope_of, staff_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import page_of
from zuoxi.workforce import services
from zuoxi.workforce.forms import OvertimeForm
from zuoxi.workforce.models import OvertimeList
from zuoxi.workforce.visibility import overtime_seen


@shows("SCH-009", "SCH-010", "PAY-003")
@may("workforce.day")
def lists(request: HttpRequest) -> HttpResponse:
    """Every list in reach, the newest day first."""
    rows = overtime_seen(request.user, timezone.localdate()).select_related("made_by", "team", "project")
    page = page_of(request, rows.prefetch_related("calls"), {"day": "day"}, "-day")
    lines = [
        (one, len(calls := one.calls.all()), sum(call.answer == "confirmed" for call in calls)) for one in page.rows
    ]
    notice = site_handbook().on(timezone.localdate()).figure("overtime.notice_hours")
    return render(request, "workforce/overtime.html", {"page": page, "lines": lines, "notice": notice})


@shows("SCH-009")
@may("workforce.day")
def new(request: HttpRequest) -> HttpResponse:
    """A new list."""
    by, today = staff_of(request.user), timezone.localdate()
    if by is None:
        raise Http404
    people = scope_of(request.user, today, Matter.OPERATIONS).staff(today).order_by("code")
    form = OvertimeForm(request.POST or None, people=people, initial={"day": today, "clock": "18:00-21:00"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.make_list(by=by, now=timezone.now(), **said)
        except services.OvertimeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The list is made; it needs to be agreed to before it is announced."))
            return redirect("workforce:overtime_list", made.pk)
    return render(request, "workforce/overtime_new.html", {"form": form}, status=422 if form.errors else 200)


def _list(request: HttpRequest, pk: int) -> OvertimeList:
    rows = overtime_seen(request.user, timezone.localdate())
    return get_object_or_404(rows.select_related("made_by", "agreed_by", "team", "project"), pk=pk)


@shows("SCH-009", "SCH-010", "PAY-003")
@may("workforce.day")
def overtime_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One list with everybody's answer."""
    found = _list(request, pk)
    roles = request.user.roles  # type: ignore[union-attr]
    context = {
        "list": found,
        "calls": found.calls.select_related("staff"),
        "finding": Finding.from_json(found.finding) if found.finding else None,
        "may_agree": request.user.may("workforce.overtime.agree")  # type: ignore[union-attr]
        and services.may_agree(roles, timezone.localdate()),
    }
    return render(request, "workforce/overtime_list.html", context)


@require_POST
@may("workforce.overtime.agree")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _list(request, pk), staff_of(request.user)
    if by is None:
        raise Http404
    try:
        services.agree_to(found, by=by, roles=request.user.roles, now=timezone.now())  # type: ignore[union-attr]
    except services.OvertimeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Agreed. It can be announced now."))
    return redirect("workforce:overtime_list", pk)


@require_POST
@may("workforce.day")
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _list(request, pk), staff_of(request.user)
    if by is None:
        raise Http404
    try:
        finding = services.announce(found, by=by, now=timezone.now())
    except services.OvertimeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        (messages.success if finding.outcome == "in_time" else messages.warning)(request, str(finding.why))
    return redirect("workforce:overtime_list", pk)


@require_POST
@may("workforce.day")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _list(request, pk), staff_of(request.user)
    if by is not None and services.cancel(found, by=by, now=timezone.now()):
        messages.success(request, _("The list is off; confirmed hours have left the roster."))
    return redirect("workforce:overtime_list", pk)
