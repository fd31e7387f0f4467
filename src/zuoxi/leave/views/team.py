# SPDX-License-Identifier: Apache-2.0
"""What leaders see: who is away, whom to call, which papers are awaited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.approvals.selectors import papers_awaited
from zuoxi.leave import services
from zuoxi.leave.asking import CODE
from zuoxi.leave.forms import TryForm
from zuoxi.leave.kinds import kind_label
from zuoxi.leave.models import Contact, LeaveState
from zuoxi.leave.months import month_of, shifted, team_month
from zuoxi.leave.places import places_a_day
from zuoxi.leave.selectors import floor_log, people_on_leave
from zuoxi.leave.views.who import own_record, user_of
from zuoxi.leave.visibility import visible_contacts, visible_requests, visible_staff
from zuoxi.leave.wishes import Wish
from zuoxi.people.selectors import members_between, team_choices
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

_SOON = timedelta(days=14)  # calls that are shown ahead
_MOST = 80  # people of one sheet; more are chosen by team


@shows("ATT-008", "ATT-019", "ATT-020", "SCH-008")
@may("leave.team")
def team(request: HttpRequest) -> HttpResponse:
    """The month of a team: who is away against the roster, what is asked for, days without a place."""
    user, today = user_of(request), timezone.localdate()
    month = month_of(request.GET.get("month"), today)
    people = visible_staff(user, today).exclude(status="left")
    chosen = request.GET.get("team", "")
    if chosen:
        people = people.filter(code__in=members_between([chosen], month, shifted(month, 1)))
    shown = list(people.order_by("code")[: _MOST + 1])
    ids = {one.pk for one in shown}
    asked = [(one.applicant_id, Wish.of(one.data)) for one in visible_requests(user, today) if one.applicant_id in ids]
    places = places_a_day(site_handbook().on(today))
    context = {
        "sheet": team_month(shown[:_MOST], month, asked, places),
        "more": len(shown) > _MOST,
        "month": month,
        "before": shifted(month, -1),
        "after": shifted(month, 1),
        "today": today,
        "teams": team_choices(),
        "team": chosen,
        "away": people_on_leave(today),
        "log": floor_log(today, ids),
    }
    return render(request, "leave/team.html", context)


@shows("ATT-012")
@may("leave.team")
def contacts(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    """Whom to call on long leave: what is due, and what came of the last calls."""
    user, today = user_of(request), timezone.localdate()
    rows = visible_contacts(user, today).select_related("leave__staff").prefetch_related("tries__by")
    due = list(
        rows.filter(state=Contact.State.DUE, due_on__lte=today, leave__state=LeaveState.APPROVED).order_by("due_on")
    )
    soon = (today + timedelta(days=1), today + _SOON)
    coming = rows.filter(state=Contact.State.DUE, due_on__range=soon, leave__state=LeaveState.APPROVED)
    done = rows.exclude(state__in=(Contact.State.DUE, Contact.State.DROPPED)).order_by("-due_on")[:20]
    context = {
        "due": [(one, kind_label(one.leave.kind), TryForm(prefix=f"c{one.pk}")) for one in due],
        "coming": list(coming.order_by("due_on")[:20]),
        "done": list(done),
        "today": today,
    }
    return render(request, "leave/contacts.html", context | more, status=status)


@require_POST
@may("leave.record")
def tried(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an attempt down."""
    contact = get_object_or_404(visible_contacts(user_of(request), timezone.localdate()), pk=pk)
    form = TryForm(request.POST, prefix=f"c{pk}")
    if not form.is_valid():
        messages.error(request, _("Write down what was said or tried."))
        return redirect("leave:contacts")
    reached = form.cleaned_data["reached"] == "yes"
    try:
        services.tried(
            contact, by=own_record(request), reached=reached, note=form.cleaned_data["note"], now=timezone.now()
        )
    except services.NotDone as refused:
        messages.error(request, f"{refused.message} {refused.remedy}")
    else:
        messages.success(request, _("Written down."))
    return redirect("leave:contacts")


@shows("ATT-013", "ATT-015", "ATT-032")
@may("leave.team")
def papers(request: HttpRequest) -> HttpResponse:
    """Papers that are still to come, the most urgent first."""
    user, now = user_of(request), timezone.now()
    people = visible_staff(user, timezone.localdate(now)).order_by().values("pk")
    rows = papers_awaited(CODE).filter(request__applicant__in=people)
    page = page_of(request, rows, {"due": "due_at", "who": "request__applicant__code"}, "due")
    return render(request, "leave/papers.html", {"page": page, "now": now})
